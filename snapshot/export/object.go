package export

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/charset"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// object writes a definition and the session that it needs.
func (e *exporter) object(o snapshot.Object) error {
	text, err := encode(o)
	if err != nil {
		return fmt.Errorf("%s %q: %w", o.Kind, o.Name, err)
	}
	if o.DatabaseCollation != "" {
		e.text("-- made when the database had collation %s", o.DatabaseCollation)
	}
	e.session(o)
	if o.Kind == snapshot.ObjectView {
		// Its stand-in, if there is one.
		e.text("/*!50001 DROP VIEW IF EXISTS %s */;", ddl.AppendName(nil, o.Name))
	}
	switch o.Kind {
	case snapshot.ObjectTrigger, snapshot.ObjectRoutine, snapshot.ObjectEvent:
		delimiter := delimiterFor(text)
		e.text("DELIMITER %s", delimiter)
		e.text("%s %s", text, delimiter)
		e.text("DELIMITER ;")
	default:
		e.text("%s;", text)
	}
	if o.CharacterSetClient != "" || o.CollationConnection != "" {
		e.text("SET NAMES utf8mb4;")
	}
	e.text("")
	return nil
}

// session writes the settings of an object's session, as mysqldump does.
func (e *exporter) session(o snapshot.Object) {
	e.text("SET SQL_MODE = %s;", literal(o.SQLMode))
	if o.TimeZone != "" {
		e.text("SET TIME_ZONE = %s;", literal(o.TimeZone))
	}
	if o.CharacterSetClient != "" {
		e.text("SET CHARACTER_SET_CLIENT = %s;", o.CharacterSetClient)
	}
	if o.CollationConnection != "" {
		e.text("SET COLLATION_CONNECTION = %s;", o.CollationConnection)
	}
}

// delimiterFor returns a delimiter that the text does not have.
func delimiterFor(text string) string {
	delimiter := ";;"
	for n := 0; strings.Contains(text, delimiter); n++ {
		delimiter = fmt.Sprintf("$$%d", n)
	}
	return delimiter
}

// encode returns an object's text in the character set of its session: the
// client sends it as it stands in the file, and the server remembers how it was
// sent.
func encode(o snapshot.Object) (string, error) {
	name := strings.ToLower(o.CharacterSetClient)
	if name == "" || name == "binary" || charset.UTF8(name) || ascii(o.SQL) {
		return o.SQL, nil
	}
	set := charset.Of(o.CharacterSetClient)
	if set == nil {
		return "", fmt.Errorf("text in character set %s cannot be written", o.CharacterSetClient)
	}
	out, ok := set.AppendFrom(nil, []byte(o.SQL))
	if !ok {
		return "", fmt.Errorf("text does not fit in character set %s", set.Name())
	}
	return string(out), nil
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}
