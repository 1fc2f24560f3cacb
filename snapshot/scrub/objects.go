package scrub

import (
	"fmt"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
)

// objectKinds are the statements that become objects of a snapshot.
var objectKinds = map[mysqldump.Kind]snapshot.ObjectKind{
	mysqldump.CreateDatabase: snapshot.ObjectDatabase,
	mysqldump.CreateTable:    snapshot.ObjectTable,
	mysqldump.CreateSequence: snapshot.ObjectSequence,
	mysqldump.SetVal:         snapshot.ObjectSetVal,
	mysqldump.CreateView:     snapshot.ObjectView,
	mysqldump.CreateTrigger:  snapshot.ObjectTrigger,
	mysqldump.CreateRoutine:  snapshot.ObjectRoutine,
	mysqldump.CreateEvent:    snapshot.ObjectEvent,
}

// objects collects a snapshot's objects, in the dump's order.
type objects struct {
	before, after []snapshot.Object
	// databaseCollation is what the last ALTER DATABASE set; dumps write one before a stored object that was created when
	// its database had another collation, and one after it.
	databaseCollation map[string]string
}

// add notes the object that a statement creates, if it creates one that lasts.
func (o *objects) add(st *mysqldump.Statement) error {
	if st.Kind == mysqldump.AlterDatabase {
		return o.alterDatabase(st)
	}
	kind, ok := objectKinds[st.Kind]
	if !ok {
		return nil
	}
	sql, err := objectSQL(st)
	if err != nil {
		return err
	}
	object := snapshot.Object{
		Kind: kind, Database: st.Database, Name: st.Name, SQL: sql, SQLMode: st.Session.SQLMode,
		CharacterSetClient: st.Session.CharacterSetClient, CollationConnection: st.Session.CollationConnection,
	}
	if st.StandIn {
		object.Kind = snapshot.ObjectStandIn
	}
	if kind == snapshot.ObjectDatabase {
		object.Database = st.Name // the one that was in use before says nothing
	}
	switch kind {
	case snapshot.ObjectDatabase, snapshot.ObjectTable, snapshot.ObjectSequence, snapshot.ObjectSetVal:
		if !st.StandIn {
			o.before = append(o.before, object)
			return nil
		}
	case snapshot.ObjectEvent:
		object.TimeZone = st.Session.TimeZone
	default:
	}
	object.DatabaseCollation = o.databaseCollation[st.Database]
	o.after = append(o.after, object)
	return nil
}

// objectSQL returns an object's statement in UTF-8, without DEFINER and comments.
func objectSQL(st *mysqldump.Statement) (string, error) {
	if st.StandIn && st.Table != nil {
		return standIn(st.Table), nil
	}
	// A dump writes stored objects in the bytes of the client character set they were created with.
	if text, ok := st.Session.UTF8(cleanSQL(st)); ok && rowtext.ValidText(text) {
		return string(text), nil
	}
	return "", &mysqldump.SyntaxError{
		Offset: st.Offset, Line: st.Line, Statement: st.Kind.String(), Table: st.Name,
		Msg: fmt.Sprintf("the definition of %s has characters that are not read in character set %s; dump with --default-character-set=utf8mb4",
			st.Name, st.Session.CharacterSetClient),
	}
}

// standIn returns a view with a table's columns: old dump programs write a table in place of a view.
func standIn(t *ddl.Table) string {
	sql := append([]byte("CREATE VIEW "), ddl.AppendName(nil, t.Name)...)
	sql = append(sql, " AS SELECT "...)
	for i, c := range t.Columns {
		if i > 0 {
			sql = append(sql, ", "...)
		}
		sql = ddl.AppendName(append(sql, "NULL AS "...), c.Name)
	}
	return string(sql)
}

// alterDatabase notes the collation that ALTER DATABASE sets.
func (o *objects) alterDatabase(st *mysqldump.Statement) error {
	lex := ddl.NewLexer(st.SQL, st.Session.Mode())
	for t := lex.Next(); t.Kind != ddl.EOF; t = lex.Next() {
		if !t.Is("COLLATE") {
			continue
		}
		if t = lex.Next(); t.IsPunct('=') {
			t = lex.Next()
		}
		if t.IsName() {
			if o.databaseCollation == nil {
				o.databaseCollation = map[string]string{}
			}
			o.databaseCollation[st.Database] = t.Name()
			return nil
		}
	}
	return &mysqldump.SyntaxError{
		Offset: st.Offset, Line: st.Line, Statement: st.Kind.String(), Msg: "ALTER DATABASE names no collation",
	}
}
