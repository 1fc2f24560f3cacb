package anonymize

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Treatment is a kind with its options: what becomes of a column's values.
type Treatment struct {
	// Kind is the name of a kind, or an alias of one.
	Kind string `json:"kind"`
	// Domain separates or joins columns: values that are equal in two columns get
	// the same pseudonym when the domains are the same. "" is the domain that all
	// columns without one share.
	Domain string `json:"domain,omitempty"`
	// Value is what the kind constant writes; nil for all other kinds.
	Value *string `json:"value,omitempty"`
	// Paths treats parts of a JSON document apart (kind json only): keys such as
	// $.owner.email, $.ports[0], $.ports[*].mac. A rule holds for everything
	// below its path; the longest path wins.
	Paths map[string]Treatment `json:"paths,omitempty"`
	// Prefix is PreservePrefix where values that begin alike are to begin alike in the copy, as a unique index on a prefix needs
	// it (kinds string and blob only). It reveals which values begin alike, and how far.
	Prefix string `json:"prefix,omitempty"`
	// Range is where pseudonyms stay (kinds integer and datetime only), such as for a CHECK: whole numbers are permuted within it,
	// dates treated as ever, and what lies outside becomes the limit next to it. Distinct values may become equal.
	Range *Range `json:"range,omitempty"`
	// Format keeps the first and last characters (kinds string and digits only).
	Format *Format `json:"format,omitempty"`
}

// NewTreatment builds a treatment from markup: the kind and its options as they
// were decoded ("domain": string, "value": string, "paths": map from path to a
// kind's name or to a map with "kind" and options). An option that this version
// does not carry out is an error, never ignored; all mistakes are reported at
// once.
func NewTreatment(kind string, options map[string]any) (Treatment, error) {
	t := Treatment{Kind: kind}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(options)) {
		errs = append(errs, t.setOption(name, options[name]))
	}
	errs = append(errs, t.Validate())
	if err := errors.Join(errs...); err != nil {
		return Treatment{}, err
	}
	return t, nil
}

func (t *Treatment) setOption(name string, value any) error {
	switch name {
	case "domain":
		s, ok := value.(string)
		if !ok || s == "" {
			return errors.New("option domain must be a text")
		}
		t.Domain = s
	case "value":
		s, ok := value.(string)
		if !ok {
			return errors.New("option value must be a text")
		}
		t.Value = &s
	case "paths":
		return t.setPaths(value)
	case "prefix":
		s, ok := value.(string)
		if !ok || s == "" {
			return errors.New("option prefix must be preserve")
		}
		t.Prefix = s
	case "range":
		return t.setRange(value)
	case "format":
		return t.setFormat(value)
	case "when":
		return errors.New("a condition stands in a list of treatments")
	case "children":
		return errors.New("option children belongs to rows")
	default:
		return fmt.Errorf("unknown option %q", name)
	}
	return nil
}

func (t *Treatment) setPaths(value any) error {
	paths, ok := value.(map[string]any)
	if !ok {
		return errors.New("option paths must map paths to kinds")
	}
	t.Paths = make(map[string]Treatment, len(paths))
	var errs []error
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		sub, err := treatmentOf(paths[path])
		if err != nil {
			errs = append(errs, fmt.Errorf("path %s: %w", path, err))
		}
		t.Paths[path] = sub
	}
	return errors.Join(errs...)
}

func treatmentOf(value any) (Treatment, error) {
	switch v := value.(type) {
	case string:
		return NewTreatment(v, nil)
	case map[string]any:
		kind, _ := v["kind"].(string)
		options := maps.Clone(v)
		delete(options, "kind")
		return NewTreatment(kind, options)
	}
	return Treatment{}, errors.New("want a kind's name, or a map with kind and options")
}

// Validate reports every mistake of a treatment: an unknown kind, an option the
// kind does not take, a path that cannot be read.
func (t Treatment) Validate() error {
	kind, ok := KindByName(t.Kind)
	if !ok {
		return fmt.Errorf("unknown kind %q", t.Kind)
	}
	var errs []error
	if (kind.Name == kindConstant) != (t.Value != nil) {
		errs = append(errs, errors.New("kind constant, and no other, takes the option value"))
	}
	if t.Domain != "" && !kind.Keyed {
		errs = append(errs, fmt.Errorf("kind %s takes no domain", t.Kind))
	}
	if len(t.Paths) > 0 && kind.Name != kindJSON {
		errs = append(errs, fmt.Errorf("kind %s takes no paths", t.Kind))
	}
	errs = append(errs, t.validateOptions(kind.Name))
	for _, path := range slices.Sorted(maps.Keys(t.Paths)) {
		errs = append(errs, validatePath(path, t.Paths[path]))
	}
	return errors.Join(errs...)
}

func validatePath(path string, t Treatment) error {
	if _, err := parsePath(path); err != nil {
		return err
	}
	if kind, ok := KindByName(t.Kind); ok && !kind.leaf() {
		return fmt.Errorf("path %s: kind %s cannot treat a part of a document", path, t.Kind)
	}
	if t.hasOptions() {
		return fmt.Errorf("path %s: prefix, range and format are for whole columns", path)
	}
	if err := t.Validate(); err != nil {
		return fmt.Errorf("path %s: %w", path, err)
	}
	return nil
}

// Equal reports whether two treatments give equal pseudonyms to equal values:
// the same kind (aliases are the same), domain and options.
func (t Treatment) Equal(u Treatment) bool {
	return t.canonical() == u.canonical()
}

// canonical spells a treatment in one way only.
func (t Treatment) canonical() string {
	var b strings.Builder
	kind, _ := KindByName(t.Kind)
	fmt.Fprintf(&b, "%s domain=%q", kind.Name, t.Domain)
	if t.Value != nil {
		fmt.Fprintf(&b, " value=%q", *t.Value)
	}
	b.WriteString(t.canonicalOptions())
	for _, path := range slices.Sorted(maps.Keys(t.Paths)) {
		fmt.Fprintf(&b, " path=%q (%s)", path, t.Paths[path].canonical())
	}
	return b.String()
}
