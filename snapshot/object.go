package snapshot

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// ObjectKind says what a DDL object is.
type ObjectKind string

// The kinds of objects.
const (
	ObjectDatabase ObjectKind = "database" // CREATE DATABASE
	ObjectTable    ObjectKind = "table"
	ObjectSequence ObjectKind = "sequence"
	ObjectSetVal   ObjectKind = "setval" // SELECT SETVAL(…) of a sequence
	// ObjectStandIn is a view with the columns of a later view and no more, so that views on views can be created in any order.
	// The view replaces it: drop the stand-in first.
	ObjectStandIn ObjectKind = "stand-in"
	ObjectView    ObjectKind = "view"
	ObjectTrigger ObjectKind = "trigger"
	ObjectRoutine ObjectKind = "routine" // procedure, function or package
	ObjectEvent   ObjectKind = "event"
	ObjectAlter   ObjectKind = "alter" // an ALTER that completes another object
)

// Object is one statement of DDL and the session in which it must run. In a
// snapshot it is one line of JSON.
type Object struct {
	Kind     ObjectKind `json:"kind"`
	Database string     `json:"database"`
	Name     string     `json:"name"`
	// SQL is the statement, in UTF-8, without terminator and without DEFINER.
	SQL string `json:"sql"`
	// The session's variables; an empty one is left as the server has it.
	SQLMode             string `json:"sql_mode"`
	CharacterSetClient  string `json:"character_set_client,omitempty"`
	CollationConnection string `json:"collation_connection,omitempty"`
	TimeZone            string `json:"time_zone,omitempty"`
	// DatabaseCollation is the collation that the database had when a stored object was created; empty when it has it still.
	DatabaseCollation string `json:"database_collation,omitempty"`
}

// maxObjectBytes bounds one object's JSON and maxObjectsBytes all of a layer.
const (
	maxObjectBytes  = 64 << 20
	maxObjectsBytes = 1 << 30
)

// marshalObjects returns objects as lines of JSON.
func marshalObjects(objects []Object) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, o := range objects {
		if !utf8.ValidString(o.SQL) || !utf8.ValidString(o.Name) || !utf8.ValidString(o.Database) {
			return nil, fmt.Errorf("definition of %s %s is not valid UTF-8", o.Kind, tableKey{o.Database, o.Name})
		}
		before := b.Len()
		if err := enc.Encode(o); err != nil {
			return nil, fmt.Errorf("encode definition of %s %s: %w", o.Kind, tableKey{o.Database, o.Name}, err)
		}
		if b.Len()-before > maxObjectBytes {
			return nil, fmt.Errorf("definition of %s %s is longer than %d bytes", o.Kind, tableKey{o.Database, o.Name}, maxObjectBytes)
		}
	}
	return b.Bytes(), nil
}

// readObjects reads lines of JSON.
func readObjects(r io.Reader) ([]Object, error) {
	in := bufio.NewScanner(io.LimitReader(r, maxObjectsBytes))
	in.Buffer(make([]byte, 0, 64<<10), maxObjectBytes)
	objects := []Object{}
	for in.Scan() {
		var o Object
		if err := json.Unmarshal(in.Bytes(), &o); err != nil {
			return nil, fmt.Errorf("line %d: %w", len(objects)+1, err)
		}
		if o.Kind == "" || o.SQL == "" {
			return nil, fmt.Errorf("line %d: %w", len(objects)+1, errNoObject)
		}
		objects = append(objects, o)
	}
	return objects, in.Err()
}

var errNoObject = errors.New("not a definition: kind or sql is missing")
