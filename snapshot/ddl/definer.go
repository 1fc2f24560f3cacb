package ddl

// StripDefiner returns the text of a CREATE VIEW, TRIGGER, PROCEDURE, FUNCTION,
// PACKAGE or EVENT statement without its DEFINER clause, which names an account
// of the source. A conditional comment that held nothing else goes with it:
//
//	CREATE DEFINER=`a`@`b` PROCEDURE p() …             CREATE PROCEDURE p() …
//	/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER …*/
//	                                                   /*!50003 CREATE*/ /*!50003 TRIGGER …*/
//	/*!50013 DEFINER=`a`@`b` SQL SECURITY DEFINER */   /*!50013 SQL SECURITY DEFINER */
//
// Everything else stays byte for byte; nothing after the object's kind is
// looked at. Text without such a clause is returned as it is.
func StripDefiner(sql []byte, m Mode) []byte {
	lex := NewLexer(sql, m)
	if !lex.Next().Is("CREATE") {
		return sql
	}
	for {
		t := lex.Next()
		switch {
		case t.Kind == EOF, t.Kind == Bad, isObjectKind(t):
			return sql
		case t.Is("DEFINER"):
			if end := definerEnd(lex); end > 0 {
				return cut(sql, t.Start, end)
			}
		}
	}
}

func isObjectKind(t Token) bool {
	return t.IsOneOf("VIEW", "TRIGGER", "PROCEDURE", "FUNCTION", "PACKAGE", "EVENT", "TABLE", "DATABASE")
}

// definerEnd reads "= account" and returns where it ends, or 0 for anything
// else, such as SQL SECURITY DEFINER.
func definerEnd(lex *Lexer) int {
	look := *lex
	if !look.Next().IsPunct('=') {
		return 0
	}
	user := look.Next()
	if !user.IsName() && user.Kind != String {
		return 0
	}
	end := user.End
	after := look
	switch next := after.Next(); {
	case next.Kind == Variable: // @host
		end = next.End
	case next.IsPunct('('): // CURRENT_USER()
		if next = after.Next(); next.IsPunct(')') {
			end = next.End
		}
	}
	return end
}

// cut removes sql[start:end] with the blanks after it, and the conditional
// comment around it when nothing else is inside.
func cut(sql []byte, start, end int) []byte {
	after := skipBlanks(sql, end)
	before := start
	for before > 0 && isSpace(sql[before-1]) {
		before--
	}
	if open := conditionalBefore(sql, before); open >= 0 && after+2 <= len(sql) && string(sql[after:after+2]) == "*/" {
		start, end = open, skipBlanks(sql, after+2)
	} else if after < len(sql) && string(sql[after:min(after+2, len(sql))]) != "*/" {
		end = after
	}
	out := make([]byte, 0, len(sql))
	return append(append(out, sql[:start]...), sql[end:]...)
}

func skipBlanks(b []byte, i int) int {
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	return i
}

// conditionalBefore returns where the opening of a conditional comment starts
// that ends at i, or -1.
func conditionalBefore(sql []byte, i int) int {
	for n := 3; n <= 10 && n <= i; n++ {
		if ConditionalOpen(sql[i-n:i]) == n {
			return i - n
		}
	}
	return -1
}
