"""treated.py COLUMNS SOCKET CHARS: the values of treated columns, to look for where they must not be.

Reads what "fuzzy show --columns --json" says of a snapshot from the file COLUMNS and prints, one a line, each text value
of at least CHARS characters that stands in a treated column of the database "original", and in no public one, not even
within a value, nor in the name of a table or a column. Left out are values with signs that a dump or the client escapes,
and those of digits and points alone, such as IPv4 addresses, which another value's pseudonym may hit by chance.
"""
import json, re, subprocess, sys

columns, socket, chars = sys.argv[1], sys.argv[2], int(sys.argv[3])


tables = json.load(open(columns))["tables"]


def values(status):
    queries = [
        "SELECT DISTINCT `%s` FROM `%s` WHERE CHAR_LENGTH(`%s`) >= %d;" % (c["name"], t["name"], c["name"], chars)
        for t in tables
        for c in t["columns"]
        if c["status"] == status
    ]
    assert queries, "no column is " + status
    client = ["mariadb", "--no-defaults", "--user=root", "--socket=" + socket, "--default-character-set=utf8mb4"]
    out = subprocess.run(client + ["--batch", "--skip-column-names", "original"], input="\n".join(queries).encode(),
                         stdout=subprocess.PIPE, check=True).stdout.decode("utf-8", "replace")
    return set(out.split("\n"))


public = "\n".join(values("public").union(*({t["name"]} | {c["name"] for c in t["columns"]} for t in tables)))
for value in sorted(values("treated")):
    odd = len(value) < chars or re.search(r"""[\\'"\x00-\x1f\x7f\ufffd]""", value)
    if not odd and not re.fullmatch(r"[0-9./:-]+", value) and value not in public:
        print(value)
