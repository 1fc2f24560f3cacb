package detect_test

import (
	"testing"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/detect"
)

// propose gives the proposals by "table.column".
func propose(tables ...detect.Table) map[string]detect.Proposal {
	found := map[string]detect.Proposal{}
	for _, p := range detect.New().Propose(tables) {
		found[p.Table+"."+p.Column] = p
	}
	return found
}

// One name means different things in different places: the head of the name, the table and the type decide.
func TestContext(t *testing.T) {
	tests := []struct {
		name, table, column, typ string
		class                    detect.Class // "" for no proposal
		kind                     string
	}{
		{"a person's address", "customers", "address", "varchar(255)", detect.Postal, "string"},
		{"an address of a network", "floating_ips", "address", "varchar(255)", detect.IP, "ip_address"},
		{"an address by its length", "things", "address", "varchar(39)", detect.IP, "ip_address"},
		{"an address in hardware", "pci_devices", "address", "varchar(12)", "", ""},
		{"a name of a person", "patients", "name", "varchar(80)", detect.Person, "name"},
		{"a name of a product", "products", "name", "varchar(80)", "", ""},
		{"a name of a machine", "hosts", "name", "varchar(80)", detect.Hostname, "hostname"},
		{"a hash of a password", "users", "password_hash", "varchar(128)", detect.Secret, "secret"},
		{"a hash of a file", "uploads", "md5", "char(32)", "", ""},
		{"a date about a password", "users", "password_changed_at", "datetime", "", ""},
		{"a switch about e-mail", "users", "email_verified", "tinyint(1)", "", ""},
		{"a count of tokens", "plans", "max_tokens", "int(11)", "", ""},
		{"a type of token", "tokens", "token_type", "varchar(20)", "", ""},
		{"a key among keys", "api_keys", "key", "varchar(64)", detect.Secret, "secret"},
		{"a key with a value", "settings", "key", "varchar(64)", "", ""},
		{"a date of birth, the other way round", "people", "DateOfBirth", "date", detect.Birth, "datetime"},
		{"a card's number as a number", "payments", "card_no", "bigint(20)", detect.Card, "digits"},
		{"a number for rows", "employees", "emp_no", "int(11)", "", ""},
		{"a salary", "employees", "salary", "decimal(10,2)", detect.Income, "decimal"},
		{"a gender as a member", "people", "sex", "enum('f','m')", detect.Demographic, "enum"},
		{"who did it", "orders", "approved_by", "varchar(80)", detect.Username, "username"},
		{"when it was done", "orders", "approved_on", "date", "", ""},
		{"a document", "orders", "payload", "json", detect.Document, "json"},
		{"a document about hardware", "nodes", "cpu_info", "text", "", ""},
		{"an unknown text without end", "orders", "zzz", "text", detect.Text, "text"},
		{"an unknown short text", "orders", "zzz", "varchar(40)", "", ""},
		{"an unknown part of something secret", "users", "password_zzz", "varchar(40)", detect.Secret, "secret"},
		{"a type of its own", "users", "zzz", "EncryptedType(String)", detect.Secret, "secret"},
		{"a constant for the length", "ports", "zzz", "sa.String(length=IP_ADDR_FIELD_SIZE)", detect.IP, "ip_address"},
		{"another language", "kunden", "geburtsdatum", "date", detect.Birth, "datetime"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			columns := []detect.Column{{Name: tt.column, Type: tt.typ}}
			if tt.name == "a key with a value" {
				columns = append(columns, detect.Column{Name: "value", Type: "text"})
			}
			p := propose(detect.Table{Name: tt.table, Columns: columns})[tt.table+"."+tt.column]
			if p.Class != tt.class || p.Kind != tt.kind {
				t.Errorf("class %q, kind %q (%s); want %q, %q", p.Class, p.Kind, p.Reason, tt.class, tt.kind)
			}
		})
	}
}

// Columns with a foreign key follow the one they refer to, and what their names say counts for it: both get one kind.
func TestForeignKeys(t *testing.T) {
	to := func(table, column string) []annotations.ModelReference {
		return []annotations.ModelReference{{Table: table, Column: column}}
	}
	found := propose(
		detect.Table{Name: "accounts", Columns: []detect.Column{
			{Name: "id", Type: "char(36)", PrimaryKey: true},
			{Name: "zzz", Type: "varchar(255)", Unique: true},
			{Name: "secret", Type: "varchar(64)"},
		}},
		detect.Table{Name: "logins", Columns: []detect.Column{
			{Name: "account_id", Type: "char(36)", References: to("accounts", "id")},
			{Name: "email", Type: "varchar(255)", References: to("accounts", "zzz")},
			{Name: "token", Type: "varchar(64)", References: to("accounts", "secret")},
			{Name: "gone", Type: "varchar(255)", References: to("nowhere", "x")},
		}},
		detect.Table{Name: "a", Columns: []detect.Column{{Name: "email", Type: "text", References: to("b", "email")}}},
		detect.Table{Name: "b", Columns: []detect.Column{{Name: "email", Type: "text", References: to("a", "email")}}},
	)
	for name, want := range map[string]struct {
		class     detect.Class
		kind      string
		inherited string
	}{
		"accounts.id":       {detect.UUID, "uuid", ""},
		"logins.account_id": {detect.UUID, "uuid", "accounts.id"},
		"accounts.zzz":      {detect.Email, "email", ""},
		"logins.email":      {detect.Email, "email", "accounts.zzz"},
		"accounts.secret":   {detect.Secret, "string", ""}, // a random value would break the key
		"logins.token":      {detect.Secret, "string", "accounts.secret"},
		"logins.gone":       {},
		"a.email":           {detect.Email, "email", ""}, // a circle ends
	} {
		p := found[name]
		if p.Class != want.class || p.Kind != want.kind || p.Inherited != want.inherited {
			t.Errorf("%s: class %q, kind %q, inherited %q; want %+v", name, p.Class, p.Kind, p.Inherited, want)
		}
	}
}

// All columns that foreign keys tie together get one kind, whichever way the keys go.
func TestForeignKeysToSeveralTables(t *testing.T) {
	found := propose(
		detect.Table{Name: "a", Columns: []detect.Column{{Name: "email", Type: "varchar(255)", PrimaryKey: true}}},
		detect.Table{Name: "b", Columns: []detect.Column{{Name: "zzz", Type: "varchar(255)", PrimaryKey: true}}},
		detect.Table{Name: "c", Columns: []detect.Column{{
			Name: "both", Type: "varchar(255)",
			References: []annotations.ModelReference{{Table: "a", Column: "email"}, {Table: "b", Column: "zzz"}},
		}}},
		detect.Table{Name: "protocol", Columns: []detect.Column{{Name: "name", Type: "varchar(20)", PrimaryKey: true}}},
		detect.Table{Name: "listener", Columns: []detect.Column{{
			Name: "token", Type: "varchar(20)", References: []annotations.ModelReference{{Table: "protocol", Column: "name"}},
		}}},
	)
	for _, name := range []string{"a.email", "b.zzz", "c.both"} {
		if p := found[name]; p.Kind != "email" {
			t.Errorf("%s: kind %q (%s), want email", name, p.Kind, p.Reason)
		}
	}
	if p, ok := found["listener.token"]; ok {
		t.Errorf("a reference to a kind of thing is proposed as %s", p.Class)
	}
}

func TestComments(t *testing.T) {
	found := propose(detect.Table{Name: "t", Columns: []detect.Column{
		{Name: "a1", Type: "varchar(255)", Comment: "the customer's e-mail address"},
		{Name: "a2", Type: "varchar(255)", Comment: "how many times we tried"},
		{Name: "a3", Type: "int", Comment: "1 if an e-mail was sent"},
	}})
	if p := found["t.a1"]; p.Class != detect.Email || p.Tier != detect.Should {
		t.Errorf("a comment about e-mail gives %+v", p)
	}
	if len(found) != 1 {
		t.Errorf("got %d proposals, want 1", len(found))
	}
}

func TestDocstrings(t *testing.T) {
	table := detect.FromModel(annotations.ModelTable{
		Name: "t",
		Doc:  "A thing.\n\n:ivar str a1: e-mail address\na2: password of the thing\na3 (str): telephone number\n- `a4` -- IBAN\na5 is nothing\n",
		Columns: []annotations.ModelColumn{
			{Name: "a1", Type: "String"}, {Name: "a2", Type: "String"}, {Name: "a3", Type: "String"}, {Name: "a4", Type: "String"}, {Name: "a5", Type: "String"},
		},
	})
	found := propose(table)
	for column, want := range map[string]detect.Class{"a1": detect.Email, "a2": detect.Secret, "a3": detect.Phone, "a4": detect.Bank, "a5": ""} {
		if got := found["t."+column].Class; got != want {
			t.Errorf("%s: class %q, want %q", column, got, want)
		}
	}
}

// A type of the project's own counts by its name, else by what it comes down to; a limit that only the reader worked out counts.
func TestModelTypes(t *testing.T) {
	found := propose(detect.Table{Name: "t", Columns: []detect.Column{
		{Name: "a1", Type: "JsonEncodedThing()", Stored: "Text"},
		{Name: "a2", Type: "Odd()", Stored: "LargeBinary"},
		{Name: "a3", Type: "Odd()", Stored: "Integer"},
		{Name: "a4", Type: "sa.String(SIZE)", Length: 36},
		{Name: "password", Type: "Odd()", Stored: "DateTime"},
	}})
	for column, want := range map[string]string{"a1": "json", "a2": "blob", "a3": "", "a4": "uuid", "password": ""} {
		if got := found["t."+column].Kind; got != want {
			t.Errorf("%s: kind %q, want %q", column, got, want)
		}
	}
}
