package python

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A probe works a name of a module out: it stands for a framework in tests.
type probe struct {
	module, name string
	got          string
}

func (*probe) Opaque() []string { return []string{"sql"} }

func (*probe) Base(c *Call) ([]Value, bool) {
	if c.Callee() != "sql.base" {
		return nil, false
	}
	arg, _ := c.Arg(0, "cls")
	return []Value{arg.Value()}, true
}

func (*probe) Fold(*Project, *Call) Value { return nil }

func (f *probe) Read(p *Project) {
	for _, m := range p.Given() {
		if m.Name == f.module || f.module == "" {
			f.got = render(m.lookup(f.name, 1<<62))
			return
		}
	}
}

// render writes a value so that a test can compare it.
func render(v Value) string {
	var items []string
	switch v := v.(type) {
	case nil:
		return "nothing"
	case Text:
		return fmt.Sprintf("%q", string(v))
	case Number:
		return string(v)
	case Bool:
		return fmt.Sprint(bool(v))
	case None:
		return "None"
	case *List:
		for _, i := range v.Items {
			items = append(items, render(i))
		}
		if v.Open {
			items = append(items, "…")
		}
		return "[" + strings.Join(items, ", ") + "]"
	case *Map:
		for _, p := range v.Pairs {
			items = append(items, render(p.Key)+": "+render(p.Value))
		}
		if v.Open {
			items = append(items, "…")
		}
		return "{" + strings.Join(items, ", ") + "}"
	case *Choice:
		for _, o := range v.Of {
			items = append(items, render(o))
		}
		return strings.Join(items, " or ")
	case *Call:
		for _, a := range v.Args {
			text := render(a.Value())
			if a.Splat {
				text = "*"
			}
			if a.Name != "" {
				text = a.Name + "=" + text
			}
			items = append(items, text)
		}
		return render(v.Func) + "(" + strings.Join(items, ", ") + ")"
	case *Attribute:
		return render(v.Of) + "." + v.Name
	case *Generic:
		for _, a := range v.Args {
			items = append(items, render(a.Value()))
		}
		return render(v.Of) + "[" + strings.Join(items, ", ") + "]"
	case *Unknown:
		return "unknown: " + v.Why
	case *Class:
		return "class " + v.Name
	case *Function:
		return "function " + v.Name
	case *Module:
		return "module " + v.Name
	case *External:
		return v.Name
	}
	return "?"
}

func TestValues(t *testing.T) {
	for name, test := range map[string]struct{ src, want string }{
		"concatenation":                  {"x = 'a' 'b' + 'c'", `"abc"`},
		"a formatted string":             {"n = 'b'\nx = f'{{a}}{n}\\x63'", `"{a}bc"`},
		"a format with a specifier":      {"x = f'{1:>3}'", "unknown: it is computed"},
		"percent":                        {"x = '%s_%d%%_%s' % ('a', 2, 'c')", `"a_2%_c"`},
		"percent by name":                {"x = '%(a)s' % {'a': 'b'}", `"b"`},
		"percent with a width":           {"x = '%5s' % 'a'", "unknown: it is computed"},
		"str.format":                     {"x = '{}{1}{n}{{}}'.format('a', 'b', n=3)", `"ab3{}"`},
		"methods of text":                {"x = 'aB c'.upper().lower().title().replace(' ', '_').strip('A')", `"b_C"`},
		"a prefix and a suffix":          {"x = 'FooModel'.removesuffix('Model').removeprefix('F')", `"oo"`},
		"join and split":                 {"x = '-'.join('a b'.split(' '))", `"a-b"`},
		"slices":                         {"x = ['abc'[:-1], 'abc'[1:], 'abc'[-1], [1, 2][0], 'abc'[5:]]", `["ab", "bc", "c", 1, ""]`},
		"an index out of range":          {"x = [1][3]", "unknown: it is computed"},
		"snake case by looking ahead":    {"import re\nx = re.sub(r'(?<!^)(?=[A-Z])', '_', 'FooBar').lower()", `"foo_bar"`},
		"snake case by groups":           {"import re\nx = re.sub('([a-z])([A-Z])', r'\\1_\\2', 'FooBar')", `"Foo_Bar"`},
		"snake case but the first":       {"import re\nx = re.sub('(?!^)([A-Z]+)', r'_\\1', 'FooBar')", `"Foo_Bar"`},
		"a pattern that Go lacks":        {"import re\nx = re.sub('(?<=a)b', '', 'ab')", `re.sub("(?<=a)b", "", "ab")`},
		"arithmetic":                     {"A = 0x10\nx = A * 2 - 1_0", "22"},
		"a division":                     {"x = 4 / 2", "unknown: it is computed"},
		"splats":                         {"a = [1]\nb = {'k': 1}\nx = [[*a, 2], {**b, 'l': 2}, [*c]]", `[[1, 2], {"k": 1, "l": 2}, […]]`},
		"a comprehension":                {"x = [n + '_id' for n in ('a', 'b', 'c') if n != 'b']", `["a_id", "c_id"]`},
		"a condition":                    {"x = 'a' if 1 in [1] and not None else 'b'", `"a"`},
		"a condition not known":          {"x = 'a' if f() else 'b'", `"a" or "b"`},
		"comparisons":                    {"x = [1 < 2, 'a' in 'ab', 'k' in {'k': 1}, 1 is None, len([1, 2]) == 2]", "[true, true, true, false, true]"},
		"names that are bound later":     {"x = y\ny = 1", "y"},
		"names that are bound again":     {"y = 1\nx = y\ny = 2", "1"},
		"what refers to itself":          {"x = 1\nx = x + 1", "2"},
		"a condition in the module":      {"if f():\n    x = 1\nelse:\n    x = 2", "1 or 2"},
		"an import that may fail":        {"try:\n    from a.b import x\nexcept ImportError:\n    from c import x", "a.b.x"},
		"a list that grows":              {"x = ['a']\nx.append('b')\nx += ['c']\nx.extend(['d'])", `["a", "b", "c", "d"]`},
		"a list that grows unseen":       {"x = ['a']\nx.extend(f())", `["a", …]`},
		"a dict that is changed":         {"x = {'a': 1}\nx.update(b=2)\nx.pop('a')", `{"b": 2}`},
		"what is deleted":                {"x = 1\ndel x", "unknown: it is bound in a way that says nothing"},
		"a loop over what is known":      {"for n in ('a', 'b'):\n    x = make_table(n)", `make_table("b")`},
		"a loop over what is not":        {"for x in f(): pass", "unknown: it is bound in a way that says nothing"},
		"a call that is not known":       {"import sql as s\nx = s.Column(s.String(3), key=1)", "sql.Column(sql.String(3), key=1)"},
		"a function":                     {"def f(a, b=2, *c, d, **e): return [a, b, c, d, e]\nx = f(1, 3, 4, d=5, g=6)", `[1, 3, [4], 5, {"g": 6}]`},
		"a function without its values":  {"def f(a): return a\nx = f()", "unknown: the arguments do not fit the parameters"},
		"a function with splats":         {"def f(*a, **k):\n    k['n'] = 1\n    k.setdefault('m', 2)\n    return g(*a, **k)\nx = f('t', n=3)", `g("t", n=1, m=2)`},
		"splats that are not known":      {"x = f(*g())", "f(*)"},
		"variables of a function":        {"def f(a):\n    b = a + 'b'\n    c, d = b, 'd'\n    b += c\n    return b + d\nx = f('a')", `"ababd"`},
		"branches of a function":         {"def f(a):\n    if a == 1:\n        return 'one'\n    elif a == 2:\n        return 'two'\n    return 'more'\nx = [f(1), f(2), f(3)]", `["one", "two", "more"]`},
		"branches not known":             {"def f(a):\n    if a:\n        b = 1\n    else:\n        b = 2\n    return b\nx = f(g())", "1 or 2"},
		"a loop in a function":           {"def f():\n    l = []\n    for n in 'a', 'b':\n        l.append(n)\n    return l\nx = f()", `["a", "b"]`},
		"a loop not known":               {"def f():\n    for n in g(): return n\nx = f()", "unknown: the function does more than can be followed"},
		"a function that returns none":   {"def f(): pass\nx = f()", "None"},
		"a function that raises":         {"def f(a):\n    if a: raise E\n    return 1\nx = f(g())", "1"},
		"try in a function":              {"def f():\n    try:\n        return 1\n    except E:\n        return 2\n    finally:\n        pass\nx = f()", "1 or 2"},
		"a function of a function":       {"def f(a):\n    def g(b): return a + b\n    return g\nx = f('a')('b')", `"ab"`},
		"a lambda":                       {"x = (lambda a: a + 'b')('a')", `"ab"`},
		"endless calls":                  {"def f(): return f()\nx = f()", "unknown: it calls too deep"},
		"calls that double":              {"def f(a): return [f(a), f(a)]\nx = f(1)", "unknown: it takes too long to work out"},
		"a text that doubles":            {"x = 'a'\n" + strings.Repeat("x += x\n", 60), "unknown: it is computed"},
		"a list that doubles":            {"x = [1]\n" + strings.Repeat("x = x + x\n", 60), "unknown: it is computed"},
		"loops in loops":                 {"def f(a):\n    for b in range(999):\n        for c in range(999):\n            a = a + 'x'\n    return a\nx = f('')", "unknown: it takes too long to work out"},
		"partial":                        {"from functools import partial\nfrom sql import Column\nC = partial(Column, 1)\nx = C(2, n=3)", "sql.Column(1, 2, n=3)"},
		"an attribute of a class":        {"class A:\n    a = 'a'\nclass B(A):\n    b = A.a + 'b'\nx = B.b + B.a", `"aba"`},
		"what a class is called":         {"class A:\n    class B: pass\nx = [A.B.__name__, A.B.__qualname__]", `["B", "A.B"]`},
		"a class method":                 {"class A:\n    @classmethod\n    def f(cls, s): return cls.__name__ + s\nx = A.f('s')", `"As"`},
		"a static method":                {"class A:\n    @staticmethod\n    def f(s): return s\nx = A.f('s')", `"s"`},
		"a loop in a class":              {"class A:\n    for n in ['a', 'b']:\n        locals()[n] = n + '1'\nx = [A.a, A.b]", `["a1", "b1"]`},
		"a condition in a class":         {"Y = True\nclass A:\n    if Y:\n        a = 1\n    else:\n        a = 2\nx = A.a", "1"},
		"what is set after the class":    {"class A: a = 1\nA.a = 2\nsetattr(A, 'b' + 'c', 3)\nx = [A.a, A.bc]", "[2, 3]"},
		"what a function sets":           {"class A: pass\ndef f(c): setattr(c, 'a', 1)\nf(A)\nx = A.a", "1"},
		"what a decorator sets":          {"def d(n):\n    def inner(c):\n        setattr(c, n, 1)\n        return c\n    return inner\n@d('a')\nclass A: pass\nx = A.a", "1"},
		"an instance":                    {"class A: pass\nx = A(1).b", "class A(1).b"},
		"getattr and hasattr":            {"class A: a = 1\nx = [getattr(A, 'a'), getattr(A, 'b', 2), hasattr(A, 'a')]", "[1, 2, true]"},
		"a base that a call makes":       {"import sql\nclass A: a = 1\nB = sql.base(cls=A)\nclass C(B): pass\nx = C.a", "1"},
		"the order of bases":             {"class A: v = 'a'\nclass B(A): pass\nclass C(A): v = 'c'\nclass D(B, C): pass\nx = D.v", `"c"`},
		"a class that is its own base":   {"class A(A): v = 1\nx = A.v", "1"},
		"types":                          {"from t import L, M\nx = M[L[int] | None]", "t.M[Union[t.L[int], None]]"},
		"a class that a function makes":  {"def f(n):\n    class A: v = n\n    return A\nx = f('a').v", `"a"`},
		"a generator":                    {"def f():\n    yield 1\nx = f()", "unknown: the function does more than can be followed"},
		"range":                          {"x = list(range(1, 6, 2))", "[1, 3, 5]"},
		"dict(…)":                        {"x = dict({'a': 1}, b=2)", `{"a": 1, "b": 2}`},
		"methods of dicts":               {"d = {'a': 1}\nx = [d.get('a'), d.get('b'), d.get('b', 2), list(d), d.items()]", `[1, None, 2, ["a"], [["a", 1]]]`},
		"a dict that is joined":          {"x = {'a': 1} | {'b': 2}", `{"a": 1, "b": 2}`},
		"a text that is no literal":      {"x = b'a'", "unknown: it is no text"},
		"a wildcard of something unread": {"from sql import *\ny = Column\nx = [y, str]", "[sql.Column, str]"},
	} {
		t.Run(name, func(t *testing.T) {
			p := &probe{name: "x"}
			if _, err := ReadFiles(t.Context(), []File{{Path: "m.py", Source: []byte(test.src + "\n")}}, p); err != nil {
				t.Fatal(err)
			}
			if p.got != test.want {
				t.Errorf("got %s, want %s", p.got, test.want)
			}
		})
	}
}

// TestImports: names are followed through modules that were asked for, and through those beside them.
func TestImports(t *testing.T) {
	dir := t.TempDir()
	for name, src := range map[string]string{
		"src/app/__init__.py":    "VERSION = 'v'",
		"src/app/db/__init__.py": "from app.db.base import *\nfrom . import base as foundation",
		"src/app/db/base.py":     "from ..names import LIMIT\nclass Base: limit = LIMIT\n_hidden = 1",
		"src/app/names.py":       "import app.cycle\nLIMIT = 5",
		"src/app/cycle.py":       "from app.names import LIMIT\nfrom app.cycle import nothing\nTWICE = LIMIT * 2",
		"src/lib/base.py":        "KIND = 'beside'", // a package without an __init__.py
		"src/sql/__init__.py":    "Column = 1",      // the framework knows it
		"src/broken.py":          "x = (",
		".venv/pyvenv.cfg":       "",
		".venv/lib/python3.11/site-packages/installed/__init__.py": "KIND = 'installed'",
		"given/extra/more.py": "KIND = 'given'",
		"src/extra/more.py":   "KIND = 'found'",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(src+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	models := filepath.Join(dir, "src/app/db/models.py")
	for name, test := range map[string]struct{ src, want string }{
		"from a module":            {"from app.names import LIMIT as x", "5"},
		"a module":                 {"import app.names\nx = app.names.LIMIT", "5"},
		"a module by another name": {"import app.names as n\nx = n.LIMIT", "5"},
		"from the package around":  {"from .. import names\nx = names.LIMIT", "5"},
		"from the same package":    {"from .base import Base\nx = Base.limit", "5"},
		"through a wildcard":       {"from app import db\nx = db.Base.limit", "5"},
		"through a package":        {"from app.db import foundation\nx = foundation.Base.limit", "5"},
		"a package's own name":     {"import app\nx = app.VERSION", `"v"`},
		"through a circle":         {"from app.cycle import TWICE as x", "10"},
		"what is not there":        {"from app.cycle import missing as x", "app.cycle.missing"},
		"a package without init":   {"from lib.base import KIND as x", `"beside"`},
		"a package of a framework": {"from sql import Column as x", "sql.Column"},
		"what is no Python":        {"from broken import x", "broken.x"},
		"an environment beside":    {"from installed import KIND as x", `"installed"`},
		"what was asked for wins":  {"from extra.more import KIND as x", `"given"`},
		"nowhere":                  {"from nowhere import x", "nowhere.x"},
		"a relative nowhere":       {"from ..nowhere import x", "app.nowhere.x"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(models, []byte(test.src+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			p := &probe{module: "app.db.models", name: "x"}
			if _, err := Read(t.Context(), []string{models, filepath.Join(dir, "given")}, p); err != nil {
				t.Fatal(err)
			}
			if p.got != test.want {
				t.Errorf("got %s, want %s", p.got, test.want)
			}
		})
	}
}
