package scrub

import "bytes"

// keptComments are the beginnings of the comment lines that dump programs write and that name schema objects only.
var keptComments = [][]byte{
	[]byte("-- MySQL dump "), []byte("-- MariaDB dump "), []byte("-- Server version"), []byte("-- -----"),
	[]byte("-- Table structure for table "), []byte("-- Dumping data for table "), []byte("-- Sequence structure for "),
	[]byte("-- Temporary table structure for view "), []byte("-- Temporary view structure for view "),
	[]byte("-- Final view structure for view "), []byte("-- Dump completed"), []byte("-- Current Database: "),
}

// replacedComments name a host or a database: they stay as lines, because dump readers look for them, without the name.
var replacedComments = []struct{ prefix, replacement []byte }{
	{[]byte("-- Host: "), []byte("-- Host: -    Database: -")},
	{[]byte("-- Dumping events for database "), []byte("-- Dumping events")},
	{[]byte("-- Dumping routines for database "), []byte("-- Dumping routines")},
}

// cleanComments returns blanks and comments, which is all that text holds, with only the lines that dump programs write and
// that name nobody.
func cleanComments(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		line := text
		if i := bytes.IndexByte(text, '\n'); i >= 0 {
			line = text[:i+1]
		}
		text = text[len(line):]
		out = appendCleanLine(out, line)
	}
	return out
}

func appendCleanLine(out, line []byte) []byte {
	trimmed := bytes.TrimSpace(line)
	if len(trimmed) == 0 || bytes.Equal(trimmed, []byte("--")) {
		return append(out, line...)
	}
	for _, prefix := range keptComments {
		if bytes.HasPrefix(trimmed, prefix) {
			return append(out, line...)
		}
	}
	for _, r := range replacedComments {
		if bytes.HasPrefix(trimmed, r.prefix) {
			return append(append(out, r.replacement...), '\n')
		}
	}
	return out
}
