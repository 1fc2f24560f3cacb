package sqlalchemy

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// describe writes what was read: tables with their columns, then marks.
func describe(m *annotations.Markup) string {
	var b strings.Builder
	for _, t := range m.Tables {
		fmt.Fprintf(&b, "%s %s\n", strings.TrimPrefix(t.Database+"."+t.Name, "."), t.Class)
		for _, c := range t.Columns {
			fmt.Fprintf(&b, "  %s %s%s", c.Name, c.Type, flags(c))
			for _, fk := range c.ForeignKeys {
				fmt.Fprintf(&b, " -> %s.%s", fk.Table, fk.Column)
			}
			b.WriteString("\n")
		}
	}
	for _, k := range m.Marks {
		text := k.Spec.Treatment.Kind
		for _, c := range k.Spec.Cases {
			text += fmt.Sprintf("[%s %s]", c.When, c.Treatment.Kind)
		}
		for path, p := range k.Spec.Treatment.Paths {
			text += fmt.Sprintf(" %s=%s", path, p.Kind)
		}
		fmt.Fprintf(&b, "%s.%s: %s (%s:%d)%s\n", k.Table, k.Column, text, filepath.Base(k.Position.File), k.Position.Line, k.Reason)
	}
	for _, r := range m.Rows {
		fmt.Fprintf(&b, "%s rows: none %v, where %q\n", r.Table, r.Spec.None, r.Spec.Where)
	}
	for _, p := range m.Problems {
		severity := p.Severity.String()
		if p.Unresolved {
			severity = "unresolved"
		}
		fmt.Fprintf(&b, "%s: %s:%d: %s\n", severity, filepath.Base(p.Position.File), p.Position.Line, p.Msg)
	}
	return b.String()
}

func flags(c annotations.ModelColumn) string {
	text := ""
	for _, f := range []struct {
		set  bool
		name string
	}{{c.PrimaryKey, "pk"}, {c.AutoIncrement, "auto"}, {c.Boolean, "bool"}, {c.Generated, "generated"}, {c.Uncertain, "uncertain"}} {
		if f.set {
			text += " " + f.name
		}
	}
	return text
}

func TestReadProject(t *testing.T) {
	m, err := Read(t.Context(), []string{"testdata/project"})
	if err != nil {
		t.Fatal(err)
	}
	want := `employees Employee
  id BigInteger pk -> people.id
  salary Numeric
  car String
people Person
  owner String
  note Text
  zone_id Integer -> zones.id
  id BigInteger pk auto
  e_mail Unicode
  extra JSON
  value Text
  label Text
  a Integer -> pairs.a
  b Integer -> pairs.b
  parent BigInteger -> people.id
  admin Boolean bool
  is_admin Boolean bool
zones Zone
  id Integer pk auto
  zone_name String
  open Boolean bool
other.pairs pairs
  a Integer pk
  b Integer pk
  secret String
  twice Integer generated
`
	got := describe(m)
	if i := strings.Index(got, "pairs.secret: "); i < 0 || got[:i] != want {
		t.Errorf("tables (-want +got):\n%s", cmp.Diff(want, got[:max(i, 0)]))
	}
	for _, line := range []string{
		"pairs.secret: secret (models.py:79)\n",
		"pairs.a: int (models.py:87)\n",
		"zones.zone_name: hostname (models.py:22)\n",
		"people.note: redact (models.py:36)never \\needed\n",
		"people.e_mail: email (models.py:37)\n",
		"people.extra: json $.size=public (models.py:38)\n",
		"people.value: [`a` = 'x' email][ string] (models.py:39)\n",
		"people.*: public (models.py:41)\n",
		"people.owner: username (base.py:14)\n",
		"employees.salary: decimal (models.py:66)\n",
		"employees.car: string (models.py:70)\n",
		"people rows: none false, where \"a = 0\"\n",
	} {
		if !strings.Contains(got, line) {
			t.Errorf("lacks %q", line)
		}
	}
	for _, line := range []string{"people.note: text", "employees.*", "nothing", "error", "warning"} {
		if strings.Contains(got, line) {
			t.Errorf("has %q", line)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}

func TestReadReports(t *testing.T) {
	const (
		model   = "class A(Base):\n    __tablename__ = 'a'\n"
		imports = "from sqlalchemy import Column, Column as C, MetaData, String, Table, Text\n"
	)
	for name, test := range map[string]struct{ src, want string }{
		"a name in markup":             {model + "    __confidential__ = MARKUP\n", "error: m.py:3: markup must be literal"},
		"a name in a value":            {model + "    __confidential__ = {\n        'x': KIND}\n", "error: m.py:4: markup must be literal"},
		"unpacking":                    {model + "    __confidential__ = {**other}\n", "error: m.py:3: markup must be literal"},
		"no mapping":                   {model + "    __confidential__ = 'email'\n", "error: m.py:3: __confidential__ must be a mapping of columns to kinds, not text"},
		"a formatted key":              {model + "    __confidential__ = {f'x': 'email'}\n", "error: m.py:3: a key of markup must be a string: a formatted string is not a literal"},
		"bytes":                        {model + "    __confidential__ = {'x': b'email'}\n", "error: m.py:3: a bytes literal is not text"},
		"a misspelt key in info":       {model + "    x = Column(String(9), info={'confidental': 'email'})\n", `error: m.py:3: unknown key "confidental" in info of column x; did you mean "confidential"?`},
		"a key in another case":        {model + "    x = Column(String(9), info={'Confidential': 'email'})\n", `error: m.py:3: unknown key "Confidential" in info of column x; did you mean "confidential"?`},
		"a misspelt attribute":         {model + "    __confidental__ = {'x': 'email'}\n", `error: m.py:3: unknown attribute __confidental__ of class A; did you mean __confidential__?`},
		"an unknown kind":              {model + "    __confidential__ = {\n  'x': 'emial'}\n", `error: m.py:4: unknown kind "emial"; did you mean "email"?`},
		"a column twice":               {model + "    __confidential__ = {'x': 'email', 'X': 'email'}\n", `error: m.py:3: column "X" is given twice`},
		"markup twice":                 {model + "    __confidential__ = {}\n    __confidential__ = {}\n", "error: m.py:4: __confidential__ is given twice in class A, first at line 3"},
		"conditional markup":           {model + "    if x:\n        __confidential__ = {}\n", "error: m.py:4: __confidential__ must not be conditional"},
		"markup in a function":         {model + "    @declared_attr\n    def __confidential__(cls):\n        return {}\n", "error: m.py:4: __confidential__ must be a literal dict, not a function"},
		"markup from outside":          {model + "A.__confidential__ = {'x': 'email'}\n", "error: m.py:3: __confidential__ is only read as a literal dict"},
		"markup that is updated":       {model + "    __confidential__ = {}\nA.__confidential__.update(x='email')\n", "error: m.py:4: __confidential__ is only read as a literal dict"},
		"markup by subscript":          {model + "    __confidential__ = {}\n    __confidential__['x'] = 'email'\n", "error: m.py:4: __confidential__ is only read"},
		"setattr":                      {model + "setattr(A, '__confidential__', {})\n", "error: m.py:3: __confidential__ is only read"},
		"type()":                       {"type('A', (), {'__confidential__': {}})\n", "error: m.py:1: __confidential__ is only read"},
		"info that is a name":          {model + "    x = Column(String, info=INFO)\n", "error: m.py:3: info of column x must be a literal dict"},
		"info with an unknown key":     {model + "    x = Column(String, info={KEY: 'email'})\n", "error: m.py:3: a key in info of column x must be a string literal"},
		"info that is no literal":      {model + "    x = Column(String, info={'confidential': KIND})\n", "error: m.py:3: markup must be literal"},
		"info of no column":            {model + "    x = relationship(A, info={'confidential': 'email'})\n", "error: m.py:3: markup in an info that belongs to no column"},
		"info against the class":       {model + "    __confidential__ = {'x': 'uuid'}\n    x = Column(String, info={'confidential': 'email'})\n", "error: m.py:4: info of column x disagrees with m.py:3"},
		"a dynamic table name":         {"class A(Base):\n    __tablename__ = prefix()\n    __confidential__ = {}\n    x = Column(String, info={'confidential': 'email'})\n", "error: m.py:1: the table name of A cannot be resolved (m.py:2)"},
		"the same without markup":      {"class A(Base):\n    __tablename__ = prefix()\n", "unresolved: m.py:1: the table name of A cannot be resolved (m.py:2)"},
		"a dynamic column name":        {model + "    x = Column('a' + b, String)\n", "unresolved: m.py:3: the name of a column cannot be resolved"},
		"arguments that are hidden":    {model + "    x = Column(String, **options)\n", "unresolved: m.py:3: arguments of column x cannot be read"},
		"a base that was not read":     {"from lib import Base\nclass A(Base):\n    __tablename__ = 'a'\n", "unresolved: m.py:2: base class lib.Base of A was not read"},
		"bases that were not read":     {"from lib import Base as B\nclass A(B):\n    __tablename__ = 'a'\nclass C(A, B):\n    __tablename__ = 'c'\n", "unresolved: m.py:2: base class lib.Base of A and 1 more was not read"},
		"markup of no table":           {"class A:\n    __confidential__ = {'x': 'email'}\n", "unresolved: m.py:2: the markup of class A belongs to no table: no model that was read is made of it"},
		"override":                     {model + "    __confidential__ = {'x': {'kind': 'email', 'override': True}}\n", "error: m.py:3: override belongs into rules files only"},
		"markup of a nameless column":  {model + "    x = Column('a' + b, String, info={'confidential': 'email'})\n", "error: m.py:3: the name of a column cannot be resolved"},
		"a column by a function":       {"def make():\n    for i in others(): return Column(i)\n" + model + "    x = make()\n", "unresolved: m.py:5: attribute x of class A may be a column: the function does more than can be followed"},
		"a function not read":          {"from lib import make\n" + model + "    x = make()\n", "unresolved: m.py:4: attribute x of class A may be a column: lib.make was not read"},
		"a name that is not known":     {model + "setattr(A, name(), Column(String))\n", "unresolved: m.py:3: class A has a column whose name cannot be resolved"},
		"a loop that is not known":     {model + "    for n in names():\n        locals()[n] = Column(String)\n", "unresolved: m.py:4: class A has a column whose name cannot be resolved"},
		"a table without a name":       {"t = Table(name(), metadata)\n", "unresolved: m.py:1: the name of a table cannot be resolved"},
		"a reflected table":            {"t = Table('t', metadata, autoload=True)\n", "unresolved: m.py:1: the columns of table t are only known to the database (autoload)"},
		"a reflected model":            {model + "    __table_args__ = {'autoload': True}\n", "unresolved: m.py:1: the columns of table a are only known to the database (autoload)"},
		"columns that are splat":       {"t = Table('t', metadata, *columns())\n", "unresolved: m.py:1: arguments of table t cannot be read"},
		"a table in a condition":       {"class A(Base):\n    __tablename__ = 'a' if x else 'b'\n", "unresolved: m.py:1: the table name of A cannot be resolved"},
		"columns without a table":      {"from lib import Base\nclass A(Base):\n    x = Column(String)\n", "unresolved: m.py:2: class A has columns, but a base class that was not read must tell its table"},
		"a key to nothing known":       {model + "    x = Column(ForeignKey(other()))\n", "unresolved: m.py:3: the target of a foreign key of a.x cannot be resolved"},
		"a reflecting base":            {"from sqlalchemy.ext.declarative import DeferredReflection\nclass A(DeferredReflection, declarative_base()):\n    __tablename__ = 'a'\n", "unresolved: m.py:2: the columns of table a are only known to the database (DeferredReflection)"},
		"automap":                      {"Base = automap_base()\nclass A(Base):\n    __tablename__ = 'a'\n", "unresolved: m.py:2: the columns of table a are only known to the database (automap_base)"},
		"a metaclass":                  {"from lib import Meta\nclass A(declarative_base(), metaclass=Meta):\n    __tablename__ = 'a'\n", "unresolved: m.py:2: metaclass Meta of A may add columns"},
		"a metaclass that was read":    {"class Meta(type):\n    def __init__(cls, *a): cls.x = Column(Integer)\nclass A(declarative_base(), metaclass=Meta):\n    __tablename__ = 'a'\n", "unresolved: m.py:3: metaclass Meta of A may add columns"},
		"a harmless metaclass":         {"import abc\nclass A(declarative_base(), metaclass=abc.ABCMeta):\n    __tablename__ = 'a'\n", "a A\n"},
		"SQLModel":                     {"from sqlmodel import SQLModel\nclass A(SQLModel, table=True):\n    x: int\n", "unresolved: m.py:2: class A is a model of SQLModel's, which are not read"},
		"a table of the metadata":      {"Table('t', metadata, Column('x', Text))\nclass A(declarative_base()):\n    __table__ = metadata.tables['t']\n    __confidential__ = {'x': 'text'}\n", "t.x: text (m.py:4)"},
		"a name by the subclass":       {"class B(declarative_base()):\n    __abstract__ = True\n    def __init_subclass__(cls):\n        cls.__tablename__ = cls.__name__\nclass A(B):\n    x = Column(Text)\n", "unresolved: m.py:5: the table name of A cannot be resolved (m.py:3)"},
		"columns of type()":            {imports + "A = type('A', bases, {'__tablename__': 'a', 'x': Column(String)})\n", "unresolved: m.py:2: Column(…) belongs to no table that could be read"},
		"the same in a function":       {imports + "def make(n):\n    return type(n, bases, dict(__tablename__=n, x=Column(String)))\nA = make('a')\n", "unresolved: m.py:3: Column(…) belongs to no table that could be read"},
		"a model of type()":            {"class M: x = Column(String)\nA = type('A', (M, declarative_base()), {'__tablename__': 'a'})\n", "unresolved: m.py:2: the class that type(…) makes is not read"},
		"columns of locals()":          {imports + model + "    locals().update({n: Column(String) for n in 'ab'})\n", "unresolved: m.py:4: Column(…) belongs to no table that could be read"},
		"columns of a dataclass":       {imports + model + "    x: str = field(metadata={'sa': C(String)})\n", "unresolved: m.py:4: Column(…) belongs to no table that could be read"},
		"a table in a function":        {imports + "def setup():\n    global t\n    t = Table('t', MetaData())\n    Column('x')\nsetup()\n", "unresolved: m.py:4: Table(…) belongs to no table that could be read"},
		"one that nobody calls":        {imports + "def setup():\n    t = Table('t', MetaData(), Column('x'))\n", ""},
		"a copy of a table":            {imports + "t = Table('t', MetaData())\nu = t.to_metadata(MetaData(), name='u')\n", "unresolved: m.py:3: the copy of a table that to_metadata makes is not read"},
		"a branch that is not taken":   {imports + model + "    if 1 > 2:\n        x = [Column(String)]\n    elif True:\n        y = Column(Text)\n    else:\n        z = [Column(Text)]\n", "a A\n  y Text\nunresolved: m.py:2: base class Base of A was not read: columns and markup that it brings are unknown\n"},
		"two names that are not known": {model + "setattr(A, name(), Column(String))\nA.__table__.append_column(Column('x', String))\n", "a A\n  x String\nunresolved: m.py:1: base class Base of A was not read: columns and markup that it brings are unknown\nunresolved: m.py:3: class A has a column whose name cannot be resolved"},
		"info by **options":            {model + "    x = Column(String, **{'info': {'confidential': 'email'}})\n", "error: m.py:3: info of column x must be a literal dict"},
		"info by a function":           {"def col(**kw): return Column(String, **kw)\n" + model + "    x = col(info={'confidential': 'email'})\n", "error: m.py:1: info of column x must be a literal dict"},
		"other info by a function":     {"def col(**kw): return Column(String, **kw)\n" + model + "    x = col(info={'other': 1})\n", ""},
		"info twice in a line":         {model + "    x = Column(String, info={'confidential': 'email', 'confidential': 'public'})\n", "error: m.py:3: confidential is given twice in info of column x"},
		"info set in the class":        {model + "    x = Column(String)\n    x.info['confidential'] = 'email'\n", "error: m.py:4: markup in an info that belongs to no column"},
		"info set after the class":     {model + "    x = Column(String)\nA.__table__.c.x.info['confidential'] = 'email'\n", "error: m.py:4: markup in an info that belongs to no column"},
		"info that is updated":         {model + "    x = Column(String)\nA.x.info.update(confidential='email')\n", "error: m.py:4: markup in an info that belongs to no column"},
		"info updated by a dict":       {model + "    x = Column(String)\nA.x.info.update({'confidential': 'email'})\n", "error: m.py:4: markup in an info that belongs to no column"},
		"a default of info":            {model + "    x = Column(String)\nA.x.info.setdefault('confidential', 'email')\n", "error: m.py:4: markup in an info that belongs to no column"},
		"info of the table":            {model + "    __table_args__ = {'info': {'confidential': {'x': 'email'}}}\n    x = Column(String)\n", "error: m.py:3: markup in an info that belongs to no column"},
		"info that is only read":       {model + "    x = Column(String, info={'confidential': 'email'})\nprint(A.x.info['confidential'], A.x.info.get('confidential'), {'confidential': 1})\n", ""},
		"markup by :=":                 {model + "    (__confidential__ := {'x': 'email'})\n", "error: m.py:3: __confidential__ is only read"},
		"markup of a loop":             {model + "    for __confidential__ in [{'x': 'email'}]: pass\n", "error: m.py:3: __confidential__ is only read"},
		"markup that is imported":      {model + "    from lib import MARKS as __confidential__\n", "error: m.py:3: __confidential__ is only read"},
		"markup of a with":             {model + "    with marks() as __confidential__: pass\n", "error: m.py:3: __confidential__ is only read"},
		"__setattr__":                  {model + "type.__setattr__(A, '__confidential__', {})\n", "error: m.py:3: __confidential__ is only read"},
		"vars().setdefault":            {model + "    vars().setdefault('__confidential__', {})\n", "error: m.py:3: __confidential__ is only read"},
		"a computed schema":            {"class A(declarative_base()):\n    __tablename__ = 'a'\n    __table_args__ = {'schema': name()}\n", "warning: m.py:1: the schema of a table cannot be resolved"},
		"mapped by a call":             {imports + "from sqlalchemy.orm import registry\nclass A:\n    __tablename__ = 'a'\n    x = Column(String)\nregistry().map_declaratively(A)\n", "a A\n  x String\n"},
		"mapped by nobody":             {imports + "class A:\n    __tablename__ = 'a'\n    x = Column(String)\nA = make_model(A)\n", "unresolved: m.py:2: class A names a table, but nothing that was read makes it a model"},
		"a column class with __init__": {imports + "class Text9(Column):\n    def __init__(self): super().__init__('y', String(9))\n" + model + "    x = Text9()\n", "unresolved: m.py:6: column x cannot be read: Text9 has an __init__ of its own"},
		"an instance that is called":   {imports + "class Make:\n    def __call__(self): return Column(String)\n" + model + "    x = Make()()\n", "unresolved: m.py:6: attribute x of class A may be a column: what is called was not read"},
		"a copy of a table's column":   {model + "    x = other.__table__.c.x.copy()\n", "unresolved: m.py:3: attribute x of class A may be a column"},
		"a mixin is no model":          {"class A:\n    x = Column(String)\nclass B(A, declarative_base()):\n    __tablename__ = 'b'\n", "b B\n  x String\n"},
		"a reading use is fine":        {model + "    __confidential__ = {}\nfor k in A.__confidential__.items(): print(getattr(A, '__confidential__'), k)\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := ReadFiles(t.Context(), []python.File{{Path: "m.py", Source: []byte(test.src)}})
			if err != nil {
				t.Fatal(err)
			}
			got := describe(m)
			if test.want == "" && (strings.Contains(got, "error: ") || strings.Contains(got, "(…)")) || !strings.Contains(got, test.want) {
				t.Errorf("got:\n%s\nwant: %s", got, test.want)
			}
		})
	}
}

func TestReadSyntaxErrors(t *testing.T) {
	for name, test := range map[string]struct {
		src, want string
	}{
		"a bracket that is not closed": {"x = 1\nclass A(Base:\n    y = 2\n", "m.py:2:"},
		"a string without end":         {"x = 1\ny = 'abc\n", "m.py:2:"},
		"two operators":                {"x = 1 +* 2\n", "m.py:1:"},
		"not UTF-8":                    {"x = 1\ny = '\xff'\n", "m.py:2:1: not UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := ReadFiles(t.Context(), []python.File{{Path: "m.py", Source: []byte(test.src)}})
			var syntax *python.SyntaxError
			if !errors.As(err, &syntax) || !strings.HasPrefix(err.Error(), test.want) || m != nil {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// TestBenchModels: the annotated models of the benchmarks decide about every column of their schemas.
func TestBenchModels(t *testing.T) {
	for name, want := range map[string][]string{
		"employees": {"dept_emp.emp_no public inherited", "employees.first_name treated models", "salaries.salary treated models"},
		"nova": {
			"instance_system_metadata.instance_uuid treated inherited", "instances.instance_type_id public inherited", "instances.id public builtin",
			"fixed_ips.address treated models", "block_device_mapping.delete_on_termination public models", "instances.created_at public models",
		},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := Read(t.Context(), []string{"../../bench/" + name + "_models.py"})
			if err != nil {
				t.Fatal(err)
			}
			schema, err := os.ReadFile("../../bench/" + name + ".schema.sql")
			if err != nil {
				t.Fatal(err)
			}
			var tables []annotations.DumpTable
			for line := range strings.SplitSeq(string(schema), ";\n") {
				if !strings.HasPrefix(line, "CREATE TABLE") {
					continue
				}
				table, err := ddl.ParseCreateTable([]byte(line), ddl.Mode{})
				if err != nil {
					t.Fatal(err)
				}
				tables = append(tables, annotations.DumpTable{Database: name, Table: table})
			}
			r, err := annotations.Resolve(tables, []*annotations.Markup{m}, annotations.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range r.Entries {
				got = append(got, fmt.Sprintf("%s.%s %s %s", e.Table, e.Column, e.Status, e.Origin))
			}
			for _, line := range want {
				if !slices.Contains(got, line) {
					t.Errorf("lacks %q", line)
				}
			}
			if u := r.Undecided(); len(u) > 0 || len(r.Problems) > 0 {
				t.Errorf("undecided %v, problems %v", u, r.Problems)
			}
		})
	}
}

// FuzzRead: no source makes the reader panic, and what is read has positions.
func FuzzRead(f *testing.F) {
	for _, name := range []string{
		"testdata/project/db/models.py", "testdata/project/db/base.py", "../../bench/employees_models.py", "testdata/forms/classic/models.py",
		"testdata/forms/classic/base.py", "testdata/forms/classic/names.py", "testdata/forms/typed/models.py",
	} {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(src))
	}
	for _, seed := range []string{
		"class A(A): __tablename__ = 'a'", "a = b = Column()", "class A(declarative_base()): x: Mapped[int]", "from . import *\nclass A(B): pass",
		"class A(B):\n  @declared_attr\n  def __tablename__(cls): return f'{cls.__name__}s'", "Table('a', m, Column('b', ForeignKey(A.b)))", "x = Column(info={'confidential': -1})",
		"class A(B):\n __confidential__={'a': ['\\x4', '\\N{x}']}", "match x:\n  case 1:\n    y = Column()",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		m, err := ReadFiles(t.Context(), []python.File{{Path: "m.py", Source: []byte(src)}})
		if err != nil {
			var syntax *python.SyntaxError
			if !errors.As(err, &syntax) || syntax.Line == 0 {
				t.Errorf("error without a position: %v", err)
			}
			return
		}
		for _, mark := range m.Marks {
			if mark.Position.Line == 0 || mark.Table == "" {
				t.Errorf("mark without position or table: %+v", mark)
			}
		}
	})
}

// BenchmarkRead reads the models of real projects from disk, as fuzzy rules does, where they are installed, with what they need from
// beside. "neutron" is all files of neutron's that define models, migrations and tests aside: 48 in version 21. "neutron_db" is
// every file below neutron/db, the code around the models and the migrations included.
func BenchmarkRead(b *testing.B) {
	for name, paths := range map[string][]string{
		"neutron": neutronModels(b), "neutron_db": {"neutron/db"},
		"nova": {"nova/db/main/models.py"}, "heat": {"heat/db/sqlalchemy/models.py"},
	} {
		b.Run(name, func(b *testing.B) {
			var full []string
			for _, path := range paths {
				full = append(full, filepath.Join(distPackages, path))
			}
			if len(full) == 0 {
				b.Skip("it is not installed")
			}
			if _, err := os.Stat(full[0]); err != nil {
				b.Skip("it is not installed")
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read(b.Context(), full); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// neutronModels lists the files of neutron's that define models.
func neutronModels(tb testing.TB) []string {
	tb.Helper()
	var found []string
	packages := os.DirFS(distPackages)
	err := fs.WalkDir(packages, "neutron", func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "migration" || d.Name() == "tests"):
			return fs.SkipDir
		case !strings.HasSuffix(path, ".py"):
			return nil
		}
		src, err := fs.ReadFile(packages, path)
		if bytes.Contains(src, []byte("model_base")) || bytes.Contains(src, []byte("sa.Column")) {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return found
}

// TestReadPaths: bases may lie below another path; each path's tables are told apart, also where they have one name.
func TestReadPaths(t *testing.T) {
	dir := t.TempDir()
	for name, src := range map[string]string{
		"lib/kit/models.py":  "from sqlalchemy.orm import declarative_base\nfrom sqlalchemy import Column, Integer\nclass HasId:\n    id = Column(Integer, primary_key=True)\nBase = declarative_base()\nclass Own(HasId, Base): __tablename__ = 'own'\n",
		"main/app/models.py": "from kit.models import Base, HasId\nclass A(HasId, Base):\n    __tablename__ = 'a'\n    __confidential__ = {'id': 'integer'}\n",
		"api/app/models.py":  "from kit import models\nfrom sqlalchemy import Column, Text\nclass A(models.Base):\n    __tablename__ = 'a'\n    x = Column(Text)\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, err := python.Read(t.Context(), []string{filepath.Join(dir, "main"), filepath.Join(dir, "api"), filepath.Join(dir, "lib")}, New())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range all {
		got = append(got, describe(m))
	}
	want := []string{
		"a A\n  id Integer pk auto\na.id: integer (models.py:4)\n",
		"a A\n  x Text\n",
		"own Own\n  id Integer pk auto\n",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tables (-want +got):\n%s", diff)
	}
	alone, err := Read(t.Context(), []string{filepath.Join(dir, "main")})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(all[0].Beside); n != 0 {
		t.Errorf("%d tables beside, want none: all were asked for", n)
	}
	if n := len(alone.Problems.Unresolved()); n != 2 || !alone.Tables[0].Partial {
		t.Errorf("without the library: %d unresolved, want 2: %v", n, alone.Problems)
	}
}

// TestReadBeside: a foreign key to a table of a package beside follows that table, which is not listed.
func TestReadBeside(t *testing.T) {
	dir := t.TempDir()
	for name, src := range map[string]string{
		"kit/__init__.py": "", "app/__init__.py": "",
		"kit/models.py": "from sqlalchemy.orm import declarative_base\nfrom sqlalchemy import Column, Integer\nBase = declarative_base()\nclass Root(Base):\n    __tablename__ = 'roots'\n    id = Column(Integer, primary_key=True)\nclass Other(Base):\n    __tablename__ = 'others'\n    id = Column(Integer, primary_key=True)\n",
		"app/models.py": "from kit.models import Base, Root\nfrom sqlalchemy import Column, ForeignKey\nclass A(Base):\n    __tablename__ = 'a'\n    root_id = Column(ForeignKey(Root.id))\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m, err := Read(t.Context(), []string{filepath.Join(dir, "app")})
	if err != nil {
		t.Fatal(err)
	}
	r, err := annotations.ResolveModels([]*annotations.Markup{m}, annotations.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Entries) != 1 || r.Entries[0].Status != "public" || r.Entries[0].Reason != "foreign key to roots.id" || len(m.Beside) != 1 {
		t.Errorf("entries %+v, beside %+v", r.Entries, m.Beside)
	}
}
