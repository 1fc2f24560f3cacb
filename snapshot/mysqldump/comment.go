package mysqldump

import (
	"bytes"
	"regexp"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

const errComment = problem("a comment that holds a statement, as when the line break between the two was lost; remove it if it is a comment")

// insertInto finds rows in a comment.
var insertInto = regexp.MustCompile(`(?is)(?:insert|replace)(?:\s+(?:low_priority|delayed|high_priority|ignore))*\s+into\s*\S.*\bvalues?\b`)

// hiding finds the first comment that swallowed a statement among the blanks and comments of text, and returns where it starts; else
// -1. A line comment whose line break was lost reaches over the statement after it, which would then be missing without a word.
func hiding(text []byte) int {
	for i := 0; i < len(text); {
		if isSpace(text[i]) {
			i++
			continue
		}
		n := ddl.PlainComment(text[i:])
		if n <= 0 { // a byte order mark
			i++
			continue
		}
		if hides(text[i : i+n]) {
			return i
		}
		i += n
	}
	return -1
}

// hides reports whether a comment holds rows, or a line comment something that follows what a dump program writes in it.
func hides(comment []byte) bool {
	if insertInto.Match(comment) {
		return true
	}
	if comment[0] == '/' {
		return false
	}
	if bytes.Contains(comment, []byte("/*!")) || bytes.Contains(comment, []byte("/*M!")) {
		return true
	}
	line, ok := bytes.CutPrefix(bytes.TrimSpace(comment), []byte("-- "))
	if !ok {
		return false
	}
	for _, t := range titles() {
		if name, ok := bytes.CutPrefix(line, []byte(t.text)); ok && len(name) > 0 && name[0] == t.quote {
			return ddl.QuotedEnd(name, false) < 0 || !onlyQuoted(name)
		}
	}
	return false
}

// title is a comment line of dump programs that ends with a name in quotes.
type title struct {
	text  string
	quote byte
}

func titles() []title {
	return []title{
		{"Table structure for table ", '`'},
		{"Dumping data for table ", '`'},
		{"Sequence structure for ", '`'},
		{"Temporary table structure for view ", '`'},
		{"Temporary view structure for view ", '`'},
		{"Final view structure for view ", '`'},
		{"Current Database: ", '`'},
	}
}

// onlyQuoted reports whether text is one name in quotes and nothing after it.
func onlyQuoted(text []byte) bool {
	for q := text[0]; len(text) > 0 && text[0] == q; {
		n := ddl.QuotedEnd(text, false)
		if n < 0 {
			return false
		}
		text = text[n:]
	}
	return len(text) == 0
}
