package python

import (
	"slices"
	"strings"
)

// IsPlain reports whether a name is that of a class or function of Python's own, which brings no column: of a module of the
// standard library, or a built-in one.
func IsPlain(name string) bool {
	if strings.Contains(name, ".") {
		return isStandard(name)
	}
	return IsBuiltin(name) || strings.HasSuffix(name, "Error") || strings.HasSuffix(name, "Exception") || strings.HasSuffix(name, "Warning")
}

// isStandard reports whether a dotted name is one of the standard library's.
func isStandard(name string) bool {
	first, _, _ := strings.Cut(name, ".")
	return slices.Contains([]string{
		"abc", "argparse", "array", "ast", "asyncio", "base64", "binascii", "bisect", "calendar", "codecs", "collections", "concurrent",
		"configparser", "contextlib", "contextvars", "copy", "csv", "ctypes", "dataclasses", "datetime", "decimal", "difflib", "email",
		"enum", "errno", "fnmatch", "fractions", "functools", "gc", "getpass", "glob", "gzip", "hashlib", "heapq", "hmac", "html", "http",
		"importlib", "inspect", "io", "ipaddress", "itertools", "json", "keyword", "locale", "logging", "math", "mimetypes", "multiprocessing",
		"numbers", "operator", "os", "pathlib", "pickle", "pkgutil", "platform", "pprint", "queue", "random", "re", "secrets", "select",
		"shlex", "shutil", "signal", "socket", "sqlite3", "ssl", "stat", "statistics", "string", "struct", "subprocess", "sys", "tempfile",
		"textwrap", "threading", "time", "traceback", "types", "typing", "typing_extensions", "unicodedata", "unittest", "urllib", "uuid",
		"warnings", "weakref", "xml", "zipfile", "zlib", "zoneinfo",
	}, first) && strings.Contains(name, ".") || first == name && slices.Contains([]string{
		"abc", "collections", "copy", "datetime", "decimal", "enum", "functools", "hashlib", "itertools", "json", "logging", "os", "random",
		"re", "sys", "time", "typing", "uuid", "warnings",
	}, first)
}

// IsBuiltin reports whether a name is Python's own, so that it does not come from a wildcard import of something unread.
func IsBuiltin(name string) bool {
	return slices.Contains([]string{
		"int", "str", "bool", "float", "bytes", "bytearray", "object", "dict", "list", "tuple", "set", "frozenset", "len", "range", "super",
		"property", "classmethod", "staticmethod", "getattr", "setattr", "hasattr", "isinstance", "issubclass", "type", "locals", "vars",
		"globals", "sorted", "reversed", "zip", "enumerate", "map", "filter", "min", "max", "sum", "any", "all", "abs", "round", "open", "print",
		"iter", "next", "repr", "format", "id", "hash", "callable", "Exception", "BaseException", "NotImplemented",
		"NotImplementedError", "ValueError",
	}, name)
}
