package django

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// describe writes what was read: columns by table, then marks and problems.
func describe(m *annotations.Markup) string {
	var b strings.Builder
	for _, t := range m.Tables {
		fmt.Fprintf(&b, "%s:", t.Name)
		for _, c := range t.Columns {
			fmt.Fprintf(&b, " [%s]", oracleLine(c))
		}
		b.WriteString("\n")
	}
	for _, k := range m.Marks {
		fmt.Fprintf(&b, "%s.%s: %s (%s:%d)\n", k.Table, k.Column, k.Spec.Treatment.Kind, filepath.Base(k.Position.File), k.Position.Line)
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

func TestReadReports(t *testing.T) {
	const head = "from django.db import models\n"
	const model = head + "class A(models.Model):\n"
	for name, test := range map[string]struct{ src, want string }{
		"a table name that is computed": {model + "    class Meta:\n        db_table = prefix() + 'a'\n", "unresolved: models.py:2: the table name of A cannot be resolved (app/models.py:4)"},
		"the same with markup":          {model + "    __confidential__ = {'x': 'email'}\n    class Meta:\n        db_table = prefix()\n", "error: models.py:2: the table name of A cannot be resolved"},
		"a column name":                 {model + "    x = models.TextField(db_column=prefix())\n", "unresolved: models.py:3: the name of the column of field x of class A cannot be resolved"},
		"arguments":                     {model + "    x = models.TextField(**options)\n", "unresolved: models.py:3: arguments of field x cannot be read"},
		"a field that was not read":     {"from lib import PhoneField\n" + model + "    x = PhoneField()\n", "unresolved: models.py:4: attribute x of class A may be a field: lib.PhoneField was not read"},
		"a field of a field not read":   {"from lib import Phone\nclass XField(Phone): pass\n" + model + "    x = XField()\n", "unresolved: models.py:5: attribute x of class A may be a field: XField was not read"},
		"a field by a function":         {"def f():\n    while True: return 1\n" + model + "    x = f()\n", "unresolved: models.py:5: attribute x of class A may be a field: the function does more than can be followed"},
		"a field that adds others": {
			head + "class XField(models.TextField):\n    def contribute_to_class(self, cls, name):\n        cls.add_to_class(name + '_y', models.TextField())\nclass A(models.Model):\n    x = XField()\n",
			"unresolved: models.py:6: field x of class A: contribute_to_class of XField adds others when the class is made",
		},
		"a field that adds fields":   {head + "class XField(models.TextField):\n    def contribute_to_class(self, cls, name):\n        super().contribute_to_class(cls, name)\n        models.TextField().contribute_to_class(cls, name + '_y')\nclass A(models.Model):\n    x = XField()\n", "unresolved: models.py:7: field x of class A: contribute_to_class of XField adds others when the class is made"},
		"a field without a column":   {head + "class XField(models.Field):\n    def contribute_to_class(self, cls, name):\n        super().contribute_to_class(cls, name, private_only=True)\nclass A(models.Model):\n    x = XField()\n", "unresolved: models.py:6: field x of class A: contribute_to_class of XField may make it a field without a column"},
		"a field that names itself":  {head + "class XField(models.TextField):\n    def get_attname_column(self): return 'x', 'y'\nclass A(models.Model):\n    x = XField()\n", "unresolved: models.py:5: field x of class A: get_attname_column of XField may change its column"},
		"a field that is the key":    {head + "class XField(models.UUIDField):\n    def __init__(self): super().__init__(primary_key=True)\nclass A(models.Model):\n    x = XField()\n", "unresolved: models.py:5: field x of class A: __init__ of XField may set primary_key: write that where the field is"},
		"one that says so":           {head + "class XField(models.TextField):\n    def __init__(self, **kw):\n        kw.setdefault('primary_key', True)\n        super().__init__(**kw)\nclass A(models.Model):\n    x = XField(primary_key=True)\n", "app_a: [x XField=TextField pk]\n"},
		"options by a call":          {model + "    Meta = type('Meta', (), {'abstract': True})\n", "unresolved: models.py:3: the options of class A cannot be read: Meta is no class statement"},
		"a model of type()":          {head + "A = type('A', (models.Model,), {'__module__': __name__, 'x': models.TextField()})\n", "unresolved: models.py:2: the model that type(…) makes is not read"},
		"the same in a function":     {model + "    class Meta: abstract = True\ndef make(n):\n    class Meta: db_table = n\n    return type(n, (A,), {'Meta': Meta})\nB = make('b')\n", "unresolved: models.py:6: the model that type(…) makes is not read"},
		"fields of locals()":         {model + "    locals().update({n: models.TextField() for n in 'ab'})\n", "unresolved: models.py:3: fields in locals().update(…) are not read"},
		"a field by assignment":      {model + "    y = models.TextField()\nA.x = models.TextField()\n", "app_a: [id AutoField pk] [y TextField]\n"},
		"a field by a function's":    {"def add(cls):\n    cls.add_to_class('x', models.TextField())\n" + model + "    pass\nadd(A)\n", "app_a: [id AutoField pk] [x TextField]\n"},
		"two models of a table":      {model + "    x = models.TextField()\nclass B(models.Model):\n    y = models.TextField()\n    x = models.TextField()\n    class Meta:\n        managed = False\n        db_table = 'app_a'\n", "app_a: [id AutoField pk] [x TextField] [y TextField]\n"},
		"a link that is none":        {model + "    pass\nclass B(A):\n    other = models.OneToOneField(A, models.CASCADE, related_name='+')\n", "app_b: [a_ptr_id OneToOneField pk -> app_a.id] [other_id OneToOneField -> app_a.id]\n"},
		"a base with fields":         {"from lib import Base\n" + head + "class A(Base):\n    x = models.TextField()\n", "unresolved: models.py:3: class A has fields, but base class Base, which was not read, must tell whether it is a model"},
		"a base without fields":      {"from lib import Base\nimport django\nclass A(Base): pass\n", "unresolved: models.py:3: class A may be a model: base class Base was not read"},
		"a base beside Model":        {"from lib import Base\n" + head + "class A(Base, models.Model): pass\n", "unresolved: models.py:3: base class lib.Base of A was not read: columns and markup that it brings are unknown"},
		"a manager is no model":      {"from lib import BaseManager\nimport django\nclass A(BaseManager): pass\n", ""},
		"a metaclass that adds":      {"from django.db.models.base import ModelBase\nclass M(ModelBase):\n    def __new__(cls, *a):\n        c = super().__new__(cls, *a)\n        c.add_to_class('x', 1)\n" + head + "class A(models.Model, metaclass=M): pass\n", "unresolved: models.py:7: metaclass M of A adds attributes, perhaps columns"},
		"a metaclass not read":       {"from lib import M\n" + head + "class A(models.Model, metaclass=M): pass\n", "unresolved: models.py:3: metaclass M of A was not read: it may add columns"},
		"a target that is computed":  {model + "    x = models.ForeignKey(target(), models.CASCADE)\n", "unresolved: models.py:3: the target of foreign key x of class A cannot be resolved"},
		"a target that was not read": {model + "    x = models.ForeignKey('other.Thing', models.CASCADE)\n", "warning: models.py:3: the model other.thing, to which x of class A refers, was not read"},
		// What a foreign key refers to decides how it is treated: never the primary key for a guess.
		"a field that is computed":     {model + "    x = models.ForeignKey('A', models.CASCADE, to_field=key())\n", "[x_id ForeignKey]\nunresolved: models.py:3: the field to which foreign key x of class A refers cannot be resolved"},
		"a field that is not there":    {model + "    x = models.ForeignKey('A', models.CASCADE, to_field='mail')\n", "[x_id ForeignKey]\nunresolved: models.py:3: the field to which foreign key x of class A refers cannot be resolved"},
		"a field among more arguments": {model + "    x = models.ForeignKey('A', models.CASCADE, **options)\n", "[x_id ForeignKey]\n"},
		"a field by its place":         {model + "    mail = models.EmailField(unique=True)\n    x = models.OneToOneField('A', models.CASCADE, 'mail')\n    y = models.ForeignKey('A', models.CASCADE, None, None, None, False, 'mail')\n", "[x_id OneToOneField -> app_a.mail] [y_id ForeignKey -> app_a.mail]\n"},
		"a field of a parent":          {model + "    mail = models.EmailField(unique=True)\nclass B(A): pass\nclass C(models.Model):\n    x = models.ForeignKey(B, models.CASCADE, to_field='mail')\n", "[x_id ForeignKey -> app_a.mail]\n"},
		"a key that refers by itself":  {head + "class K(models.ForeignKey):\n    def __init__(self, *a, **kw): super().__init__(*a, to_field='mail', **kw)\nclass A(models.Model):\n    mail = models.EmailField(unique=True)\n    x = K('A', models.CASCADE)\n", "unresolved: models.py:6: field x of class A: __init__ of K may set to_field: write that where the field is"},
		"a primary key or not":         {model + "    x = models.EmailField(primary_key=flag())\n", "unresolved: models.py:3: whether field x of class A is the primary key cannot be resolved"},
		"a field with another name":    {model + "    x = models.EmailField(name='mail')\n    y = models.ForeignKey('self', models.CASCADE, name='boss', null=True)\n    z = models.ManyToManyField('self', name='all')\n", "app_a: [id AutoField pk] [mail EmailField=CharField(254)] [boss_id ForeignKey -> app_a.id]\napp_a_all: "},
		"a field whose name is made":   {model + "    x = models.EmailField(name=n())\n    y = models.ManyToManyField('self', name=n())\n", "unresolved: models.py:3: the name of the column of field x of class A cannot be resolved\nunresolved: models.py:4: the name of field y of class A cannot be resolved"},
		"many to what is computed":     {model + "    x = models.ManyToManyField(target())\n", "unresolved: models.py:3: the model that field x of class A refers to cannot be resolved"},
		"a name that is computed":      {model + "A.add_to_class(name(), models.TextField())\n", "unresolved: models.py:3: an attribute of class A may be a field: its name is computed"},
		"abstract or not":              {"from django.conf import settings\n" + model + "    class Meta:\n        abstract = settings.X != 1\n", "unresolved: models.py:5: option abstract of class A cannot be resolved"},
		"abstract if not installed":    {"from django.conf import settings\n" + model + "    class Meta:\n        abstract = 'app' not in settings.INSTALLED_APPS\n", "app_a: [id AutoField pk]\n"},
		"an unknown kind":              {model + "    __confidential__ = {'x': 'emial'}\n", `error: models.py:3: unknown kind "emial"; did you mean "email"?`},
		"markup that is computed":      {model + "    __confidential__ = MARKUP\n", "error: models.py:3: markup must be literal"},
		"markup of no model":           {"class A:\n    __confidential__ = {'x': 'email'}\n", "unresolved: models.py:2: the markup of class A belongs to no table: no model that was read is made of it"},
		"a misspelt attribute":         {model + "    __confidental__ = {}\n", "error: models.py:3: unknown attribute __confidental__ of class A; did you mean __confidential__?"},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := ReadFiles(t.Context(), []python.File{{Path: "app/models.py", Source: []byte(test.src)}})
			if err != nil {
				t.Fatal(err)
			}
			if got := describe(m); test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("got:\n%s\nwant: %s", got, test.want)
			}
		})
	}
}

// TestReadMarkup: markup is merged along the bases, and that of a proxy counts for the table that it stands for.
func TestReadMarkup(t *testing.T) {
	const src = `
from django.db import models

class Stamped(models.Model):
    __confidential__ = {'created': 'datetime', 'note': 'text', '*': 'public', '__rows__': 'none'}
    created = models.DateTimeField()

    class Meta:
        abstract = True

class Person(Stamped):
    __confidential__ = {'mail': 'email', 'note': 'redact'}
    mail = models.EmailField()
    note = models.TextField()

class Member(Person):
    __confidential__ = {'number': 'digits'}
    number = models.CharField(max_length=9)

class Friend(Person):
    __confidential__ = {'id': 'integer'}

    class Meta:
        proxy = True
`
	m, err := ReadFiles(t.Context(), []python.File{{Path: "crm/models.py", Source: []byte(src)}})
	if err != nil {
		t.Fatal(err)
	}
	const want = `crm_member: [person_ptr_id OneToOneField pk -> crm_person.id] [number CharField(9)]
crm_person: [id AutoField pk] [created DateTimeField] [mail EmailField=CharField(254)] [note TextField]
crm_person.mail: email (models.py:12)
crm_person.note: redact (models.py:12)
crm_person.created: datetime (models.py:5)
crm_person.*: public (models.py:5)
crm_member.number: digits (models.py:17)
crm_person.id: integer (models.py:21)
crm_person rows: none true, where ""
`
	if got := describe(m); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestReadApps: the label of the app, the type of ids and the user model come from where Django takes them.
func TestReadApps(t *testing.T) {
	const model = "from django.db import models\nclass A(models.Model): pass\n"
	const user = "from django.conf import settings\nfrom django.db import models\nclass A(models.Model):\n    x = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)\n    y = models.ManyToManyField(settings.AUTH_USER_MODEL)\n"
	config := func(body string) string {
		return "from django.apps import AppConfig\nclass C(AppConfig):\n    name = 'app'\n" + body
	}
	for name, test := range map[string]struct {
		files map[string]string
		want  string
	}{
		"a module models":            {map[string]string{"p/app/models.py": model, "p/app/__init__.py": ""}, "app_a: [id AutoField pk]\n"},
		"a package models":           {map[string]string{"app/models/a.py": model, "app/models/__init__.py": "", "app/__init__.py": ""}, "app_a: [id AutoField pk]\n"},
		"a module beside models":     {map[string]string{"app/others.py": model, "app/models.py": "", "app/__init__.py": ""}, "app_a: [id AutoField pk]\n"},
		"an app without a package":   {map[string]string{"app/models.py": model}, "app_a: [id AutoField pk]\n"},
		"the same, configured":       {map[string]string{"app/models.py": model, "app/apps.py": config("    label = 'L'\n")}, "L_a: [id AutoField pk]\n"},
		"a module of no app":         {map[string]string{"lib/others.py": model, "lib/__init__.py": ""}, "unresolved: others.py:2: the table name of A cannot be resolved (no package above it has an AppConfig or a module models: give the directory of its app, or write Meta.app_label or db_table)\n"},
		"a configuration":            {map[string]string{"app/models.py": model, "app/__init__.py": "", "app/apps.py": config("    label = 'L'\n    default_auto_field = 'django.db.models.BigAutoField'\n")}, "L_a: [id BigAutoField pk]\n"},
		"two that disagree":          {map[string]string{"app/models.py": model, "app/__init__.py": "", "app/apps.py": config("    label = 'L'\n") + "class D(AppConfig):\n    name = 'app'\n"}, "unresolved: models.py:2: the table name of A cannot be resolved (app/apps.py:5)\n"},
		"two, one is the default":    {map[string]string{"app/models.py": model, "app/__init__.py": "", "app/apps.py": config("    label = 'L'\n") + "class D(AppConfig):\n    name = 'app'\n    default = True\n"}, "app_a: [id AutoField pk]\n"},
		"the configuration of a sub": {map[string]string{"app/models.py": model, "app/__init__.py": "", "app/apps.py": strings.Replace(config(""), "'app'", "'app.sub'", 1)}, "app_a: [id AutoField pk]\n"},
		"settings": {
			map[string]string{
				"app/models.py": user, "app/__init__.py": "", "site/settings.py": "AUTH_USER_MODEL = 'people.Person'\nDEFAULT_AUTO_FIELD = 'django.db.models.SmallAutoField'\n",
				"people/models.py": strings.ReplaceAll(model, "class A", "class Person"), "people/__init__.py": "",
			},
			"app_a: [id SmallAutoField pk] [x_id ForeignKey -> people_person.id]\n" +
				"app_a_y: [id SmallAutoField pk] [a_id ForeignKey -> app_a.id] [person_id ForeignKey -> people_person.id]\npeople_person: [id SmallAutoField pk]\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var files []python.File
			for path, src := range test.files {
				files = append(files, python.File{Path: path, Source: []byte(src)})
			}
			m, err := ReadFiles(t.Context(), files)
			if err != nil {
				t.Fatal(err)
			}
			if got := describe(m); got != test.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, test.want)
			}
		})
	}
}

// FuzzRead: no source makes the reader panic, and what is read has positions.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"testdata/forms/shop/models/goods.py", "testdata/forms/shop/models/base.py", "testdata/forms/shop/fields.py"} {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(src))
	}
	const head = "from django.db import models\n"
	for _, seed := range []string{
		head + "class A(A, models.Model): pass", head + "class A(models.Model):\n class Meta(Meta): proxy = True", head + "class A(models.Model):\n x = models.ManyToManyField('self')",
		head + "class A(models.Model):\n a = models.OneToOneField('B')\nclass B(A):\n b = models.OneToOneField(A, primary_key=True)",
		head + "class B(models.Model):\n a = models.ForeignKey('B', to_field='a', primary_key=True)\nB.add_to_class(x, B)",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		m, err := ReadFiles(t.Context(), []python.File{{Path: "app/models.py", Source: []byte(src)}})
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
