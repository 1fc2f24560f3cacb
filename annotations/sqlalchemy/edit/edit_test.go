package edit_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
	"github.com/turbo-hipster/turbo-hipster/annotations/sqlalchemy/edit"
)

// place finds the class or Table of a source by the first line that has a text.
func place(t *testing.T, source, line, class string, marks ...edit.Mark) edit.Place {
	t.Helper()
	before, _, ok := strings.Cut(source, line)
	if !ok {
		t.Fatalf("no line %q", line)
	}
	return edit.Place{Position: annotations.Position{File: "models.py", Line: 1 + strings.Count(before, "\n")}, Class: class, Marks: marks}
}

var (
	email = edit.Mark{Column: "email", Kind: "email"}
	token = edit.Mark{Column: "token", Kind: "secret"}
)

func TestWriteClass(t *testing.T) {
	tests := []struct{ name, before, after string }{
		{
			"behind the names with double underscores",
			"class User(Base):\n    \"\"\"A user.\"\"\"\n\n    __tablename__ = 'users'\n    __table_args__ = (\n        Index('a'),\n    )\n\n    email = Column(String)\n",
			"class User(Base):\n    \"\"\"A user.\"\"\"\n\n    __tablename__ = 'users'\n    __table_args__ = (\n        Index('a'),\n    )\n    __confidential__ = {\n        'email': 'email',\n        'token': 'secret',\n    }\n\n    email = Column(String)\n",
		},
		{
			"behind the docstring",
			"class User(Base):\n    '''A user.'''\n\n    email = Column(String)\n",
			"class User(Base):\n    '''A user.'''\n\n    __confidential__ = {\n        'email': 'email',\n        'token': 'secret',\n    }\n\n    email = Column(String)\n",
		},
		{
			"first, before comments of what follows",
			"class User(Base):  # noqa\n    # The address.\n    email = Column(String)\n",
			"class User(Base):  # noqa\n    __confidential__ = {\n        'email': 'email',\n        'token': 'secret',\n    }\n    # The address.\n    email = Column(String)\n",
		},
		{
			"with a blank line before a class that follows at once",
			"class User(Base):\n    class Meta:\n        pass\n",
			"class User(Base):\n    __confidential__ = {\n        'email': 'email',\n        'token': 'secret',\n    }\n\n    class Meta:\n        pass\n",
		},
		{
			"with a blank line before a function that follows the docstring at once",
			"class User(Base):\n    'doc'\n    @property\n    def x(self): pass\n",
			"class User(Base):\n    'doc'\n\n    __confidential__ = {\n        'email': 'email',\n        'token': 'secret',\n    }\n\n    @property\n    def x(self): pass\n",
		},
		{
			"behind statements that share a line, and a comment",
			"class User(\n    Base,\n):\n    __tablename__ = 'users'; x = \"\"\"\n'''\"\"\"  # both\n    email = 1",
			"class User(\n    Base,\n):\n    __tablename__ = 'users'; x = \"\"\"\n'''\"\"\"  # both\n    __confidential__ = {\n        'email': 'email',\n        'token': 'secret',\n    }\n    email = 1",
		},
		{
			"double quotes, two blanks, Windows line ends, no last comma",
			"class User(Base):\r\n  __tablename__ = \"users\"\r\n  email = Column(\r\n    String,\r\n    info=None\r\n  )\r\n",
			"class User(Base):\r\n  __tablename__ = \"users\"\r\n  __confidential__ = {\r\n    \"email\": \"email\",\r\n    \"token\": \"secret\"\r\n  }\r\n  email = Column(\r\n    String,\r\n    info=None\r\n  )\r\n",
		},
		{
			"tabs and a class in a function",
			"def make():\n\tclass User(Base):\n\t\t__tablename__ = 'users'\n",
			"def make():\n\tclass User(Base):\n\t\t__tablename__ = 'users'\n\t\t__confidential__ = {\n\t\t\t'email': 'email',\n\t\t\t'token': 'secret',\n\t\t}\n",
		},
		{
			"a byte order mark and no line end at the end",
			"\xef\xbb\xbfclass User(Base):\n    __tablename__ = 'users'",
			"\xef\xbb\xbfclass User(Base):\n    __tablename__ = 'users'\n    __confidential__ = {\n        'email': 'email',\n        'token': 'secret',\n    }",
		},
		{
			"more entries, behind a comment",
			"class User(Base):\n    __confidential__ = {\n        'name': 'name',  # of the user\n    }\n",
			"class User(Base):\n    __confidential__ = {\n        'name': 'name',  # of the user\n        'email': 'email',\n        'token': 'secret',\n    }\n",
		},
		{
			"more entries where the last has no comma",
			"class User(Base):\n    __confidential__ = {\n        'name': 'name'  # of the user, you know\n    }\n",
			"class User(Base):\n    __confidential__ = {\n        'name': 'name',  # of the user, you know\n        'email': 'email',\n        'token': 'secret'\n    }\n",
		},
		{
			"before the entry for every other column, and its comment",
			"class User(Base):\n    __confidential__ = {\n        'name': 'name',\n        # the rest\n        '*': 'public',\n    }\n",
			"class User(Base):\n    __confidential__ = {\n        'name': 'name',\n        'email': 'email',\n        'token': 'secret',\n        # the rest\n        '*': 'public',\n    }\n",
		},
		{
			"before an only entry for every other column",
			"class User(Base):\n    __confidential__ = {\n        '*': 'public'\n    }\n",
			"class User(Base):\n    __confidential__ = {\n        'email': 'email',\n        'token': 'secret',\n        '*': 'public'\n    }\n",
		},
		{
			"on one line, before the entry for every other column",
			"class User(Base):\n    __confidential__ = {'name': 'name', '*': 'public'}\n",
			"class User(Base):\n    __confidential__ = {'name': 'name', 'email': 'email', 'token': 'secret', '*': 'public'}\n",
		},
		{
			"on one line",
			"class User(Base):\n    __confidential__ = {'name': 'name'}\n",
			"class User(Base):\n    __confidential__ = {'name': 'name', 'email': 'email', 'token': 'secret'}\n",
		},
		{
			"on one line with a comma",
			"class User(Base):\n    __confidential__ = ({'name': 'name',})  # here\n",
			"class User(Base):\n    __confidential__ = ({'name': 'name', 'email': 'email', 'token': 'secret',})  # here\n",
		},
		{
			"on one line that would become too long",
			"class User(Base):\n    __confidential__ = {'a_rather_long_name': 'hostname', 'another_name': 'name'}\n",
			"class User(Base):\n    __confidential__ = {'a_rather_long_name': 'hostname', 'another_name': 'name',\n                        'email': 'email',\n                        'token': 'secret'}\n",
		},
		{
			"into an empty one",
			"class User(Base):\n    __confidential__ = {}\n",
			"class User(Base):\n    __confidential__ = {\n        'email': 'email',\n        'token': 'secret',\n    }\n",
		},
		{
			"into an empty one with a comment",
			"class User(Base):\n    __confidential__ = {\n        # to be done\n    }\n",
			"class User(Base):\n    __confidential__ = {\n        # to be done\n        'email': 'email',\n        'token': 'secret',\n    }\n",
		},
		{
			"a class on one line is split, its own statements stay on one",
			"class User(Base): __tablename__ = 'users'; email = 1  # all\n",
			"class User(Base):\n    __confidential__ = {\n        'email': 'email',\n        'token': 'secret',\n    }\n    __tablename__ = 'users'; email = 1  # all\n",
		},
		{
			"a class on one line, in a file of two blanks, in another class",
			"class Outer:\n  class User(Base):pass\n",
			"class Outer:\n  class User(Base):\n    __confidential__ = {\n      'email': 'email',\n      'token': 'secret',\n    }\n    pass\n",
		},
		{
			"behind a line that goes on after a backslash",
			"class User(Base):\n    __tablename__ = 'users'; a = 1; \\\n    b = 2\n    c = 3\n",
			"class User(Base):\n    __tablename__ = 'users'; a = 1; \\\n    b = 2\n    __confidential__ = {\n        'email': 'email',\n        'token': 'secret',\n    }\n    c = 3\n",
		},
		{
			"behind an annotation that assigns nothing",
			"class User(Base):\n    __confidential__: dict\n    __tablename__ = 'users'\n",
			"class User(Base):\n    __confidential__: dict\n    __tablename__ = 'users'\n    __confidential__ = {\n        'email': 'email',\n        'token': 'secret',\n    }\n",
		},
		{
			"the class of that line, not another of the name",
			"if x:\n    class User(A):\n        a = 1\nelse:\n    class User(Base):\n        a = 1\n",
			"if x:\n    class User(A):\n        a = 1\nelse:\n    class User(Base):\n        __confidential__ = {\n            'email': 'email',\n            'token': 'secret',\n        }\n        a = 1\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			line := "class User(Base)"
			if !strings.Contains(tt.before, line) {
				line = "class User("
			}
			files := []python.File{{Path: "models.py", Source: []byte(tt.before)}}
			changed, refused, err := edit.Write(t.Context(), files, []edit.Place{place(t, tt.before, line, "User", email, token)})
			if err != nil || len(refused) > 0 || len(changed) != 1 {
				t.Fatalf("%d files changed, refused %v, error %v", len(changed), refused, err)
			}
			if diff := cmp.Diff(tt.after, string(changed[0].Source)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if string(files[0].Source) != tt.before {
				t.Error("the source given was changed")
			}
		})
	}
}

func TestWriteOneMark(t *testing.T) {
	before := "class User(Base):\n    __tablename__ = 'users'\n"
	changed, _, err := edit.Write(t.Context(), []python.File{{Path: "models.py", Source: []byte(before)}}, []edit.Place{place(t, before, "class", "User", email)})
	if err != nil {
		t.Fatal(err)
	}
	if want := before + "    __confidential__ = {'email': 'email'}\n"; string(changed[0].Source) != want {
		t.Errorf("got %q, want %q", changed[0].Source, want)
	}
}

func TestWriteTable(t *testing.T) {
	before := `users = sa.Table('users', metadata, sa.Column('id', sa.Integer), sa.Column('email', sa.String(255)),
    sa.Column('token', sa.String(64), nullable=False,),
    sa.Column(
        'name', sa.String(64),
        info={'doc': 'x'},
    ),
    sa.Column(name='phone', type_=sa.String(64), comment='a text that is long, so that there is no room for more'),
)
other = sa.Table('other', metadata, sa.Column('email', sa.String(255)))
`
	after := `users = sa.Table('users', metadata, sa.Column('id', sa.Integer), sa.Column('email', sa.String(255),
                                                                           info={'confidential': 'email'}),
    sa.Column('token', sa.String(64), nullable=False, info={'confidential': 'secret'},),
    sa.Column(
        'name', sa.String(64),
        info={'doc': 'x', 'confidential': 'name'},
    ),
    sa.Column(name='phone', type_=sa.String(64), comment='a text that is long, so that there is no room for more',
              info={'confidential': 'phone'}),
)
other = sa.Table('other', metadata, sa.Column('email', sa.String(255)))
`
	p := place(t, before, "users = ", "users", email, token, edit.Mark{Column: "name", Kind: "name"}, edit.Mark{Column: "phone", Kind: "phone"})
	changed, refused, err := edit.Write(t.Context(), []python.File{{Path: "models.py", Source: []byte(before)}}, []edit.Place{p})
	if err != nil || len(refused) > 0 {
		t.Fatalf("refused %v, error %v", refused, err)
	}
	if diff := cmp.Diff(after, string(changed[0].Source)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// What cannot be written is refused, and nothing else in the file is kept back for it.
func TestWriteRefuses(t *testing.T) {
	before := `class Line(Base): 'lines'
made = Table('made', metadata, column('email'), Column('token', String))
class Other(Base):
    __tablename__ = 'others'
handed = Table('handed', metadata, Column('email', String, **common))
`
	changed, refused, err := edit.Write(t.Context(), []python.File{{Path: "models.py", Source: []byte(before)}}, []edit.Place{
		place(t, before, "class Line", "Line", email),
		place(t, before, "made", "made", email, token),
		place(t, before, "class Other", "Other", edit.Mark{Column: "it's", Kind: "name"}, token),
		place(t, before, "handed", "handed", email), // a second info= would be an error at import
		{Position: annotations.Position{File: "elsewhere.py", Line: 1}, Class: "X", Marks: []edit.Mark{email}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range refused {
		got = append(got, r.Error())
	}
	want := []string{
		"models.py:1: cannot mark email of Line: the class stands on one line",
		"models.py:2: cannot mark email of made: no Column('email', …) stands in the call of Table",
		"models.py:3: cannot mark it's of Other: the name cannot be written as a plain text",
		"models.py:5: cannot mark email of handed: its arguments with ** may have an info already",
		"elsewhere.py:1: cannot mark email of X: its file was not given",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("refusals (-want +got):\n%s", diff)
	}
	after := strings.Replace(before, "Column('token', String)", "Column('token', String, info={'confidential': 'secret'})", 1)
	after = strings.Replace(after, "'others'\n", "'others'\n    __confidential__ = {'token': 'secret'}\n", 1)
	if diff := cmp.Diff(after, string(changed[0].Source)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestWriteRefusesClass: what would become a second markup of a class, or no Python, is refused before anything else is held up.
func TestWriteRefusesClass(t *testing.T) {
	const elsewhere = "__confidential__ is assigned under a condition or together with other names"
	tests := []struct{ name, source, reason string }{
		{"a docstring that would be none any more", "class User(Base): 'doc'; a = 1\n", "the class stands on one line"},
		{"a body behind a backslash", "class User(Base): \\\n    a = 1\n", "the class stands on one line"},
		{"tabs, with a blank behind the colon", "class Outer:\n\tclass User(Base): pass\n", "the class stands on one line"},
		{"a condition", "class User(Base):\n    if x:\n        __confidential__ = {'name': 'name'}\n", elsewhere},
		{"two names", "class User(Base):\n    a = __confidential__ = {'name': 'name'}\n", elsewhere},
		{"several targets", "class User(Base):\n    a, __confidential__ = 1, {'name': 'name'}\n", elsewhere},
		{"a name for a dict", "class User(Base):\n    __confidential__ = COMMON\n", "__confidential__ is no literal dict"},
		{"a form feed", "class User(Base):\n\x0c    a = 1\n", "its indentation has a form feed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			source := tt.source + "class Last(Base):\n    a = 1\n"
			changed, refused, err := edit.Write(t.Context(), []python.File{{Path: "models.py", Source: []byte(source)}}, []edit.Place{
				place(t, source, "class User", "User", email), place(t, source, "class Last", "Last", email),
			})
			if err != nil || len(refused) != 1 || refused[0].Reason != tt.reason {
				t.Fatalf("refused %v, error %v; want %q", refused, err, tt.reason)
			}
			want := tt.source + "class Last(Base):\n    __confidential__ = {'email': 'email'}\n    a = 1\n"
			if got := string(changed[0].Source); strings.ReplaceAll(got, "\t", "    ") != strings.ReplaceAll(want, "\t", "    ") {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestWriteSyntaxError(t *testing.T) {
	_, _, err := edit.Write(t.Context(), []python.File{{Path: "models.py", Source: []byte("class (:\n")}}, nil)
	if err == nil || !strings.Contains(err.Error(), "models.py:1") {
		t.Errorf("got %v, want a syntax error", err)
	}
}

// Whatever the source is: what was there stays, in order, and the result is Python with the mark.
func FuzzWrite(f *testing.F) {
	for _, s := range []string{
		"class User(Base):\n    a = 1\n", "class User:\n\t'''d'''\n", "class User(Base):\n    __confidential__ = {\n    'a': 'name'}\n",
		"class User(Base):\r\n    __t__ = 1;b = 2\r\n", "class User(Base): pass\n", "class User(Base):\n    __confidential__ = {'*': 'public', }\n",
		"class User(Base):\n    __confidential__ = {'a':'name' # c\n , # d\n }\n", "users = Table('u', m, Column('email'))\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		at, _, ok := strings.Cut(source, "User")
		if !ok {
			at, _, _ = strings.Cut(source, "Table(")
		}
		p := edit.Place{Position: annotations.Position{File: "m.py", Line: 1 + strings.Count(at, "\n")}, Class: "User", Marks: []edit.Mark{email}}
		changed, _, err := edit.Write(t.Context(), []python.File{{Path: "m.py", Source: []byte(source)}}, []edit.Place{p})
		if err != nil || len(changed) == 0 {
			return
		}
		rest := string(changed[0].Source)
		for i := range len(source) {
			j := strings.IndexByte(rest, source[i])
			if j < 0 {
				t.Fatalf("byte %d of the source is gone:\n%q\n%q", i, source, changed[0].Source)
			}
			rest = rest[j+1:]
		}
	})
}
