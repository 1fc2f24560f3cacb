package python

import "math"

// attribute gives an attribute of a value.
func (p *Project) attribute(v Value, name string) Value {
	switch v := v.(type) {
	case *Module:
		if inner := v.lookup(name, math.MaxInt); inner != nil {
			return inner
		}
		if m := p.submodule(v, name); m != nil {
			return m
		}
		return &External{Name: v.Name + "." + name}
	case *External:
		full := v.Name + "." + name
		if m := p.absolute(nil, full); m != nil {
			return m
		}
		return &External{Name: full}
	case *Class:
		return p.classAttribute(v, name)
	case *Generic:
		return p.attribute(v.Of, name)
	case *Choice:
		var values []Value
		for _, a := range v.Of {
			if a != Value(None{}) {
				values = append(values, p.attribute(a, name))
			}
		}
		return choose(values...)
	case *Unknown:
		return v
	}
	return &Attribute{Of: v, Name: name}
}

func (p *Project) classAttribute(c *Class, name string) Value {
	switch name {
	case "__name__":
		return Text(Last(c.Name))
	case "__qualname__":
		return Text(c.Name)
	case "__module__":
		return Text(c.Node.module.Name)
	}
	var values []Value
	for _, b := range c.Lookup(name) {
		v := b.Value()
		if f, ok := v.(*Function); ok {
			v = c.method(f, name)
		}
		values = append(values, v)
	}
	if len(values) == 0 {
		return &Attribute{Of: c, Name: name}
	}
	return choose(values...)
}

// method gives what looking a function up on a class gives.
func (c *Class) method(f *Function, name string) Value {
	switch {
	case HasDecorator(f.Decorators, "declared_attr", "classproperty"):
		return c.Apply(f)
	case HasDecorator(f.Decorators, "classmethod"):
		bound := *f
		bound.self = c
		return &bound
	case len(f.Decorators) == 0, HasDecorator(f.Decorators, "staticmethod"):
		return f
	}
	return &Attribute{Of: c, Name: name}
}
