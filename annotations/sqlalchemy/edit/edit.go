package edit

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// A Mark says how a column is to be treated.
type Mark struct {
	Column string // its name in the database
	Kind   string
}

// A Place is where the marks of one table go.
type Place struct {
	Position annotations.Position // of the class or the call of Table, as annotations.ModelTable has it
	Class    string               // its name, or that of the variable that holds the Table
	Marks    []Mark               // in the order to be written
}

// A Refusal is what cannot be written.
type Refusal struct {
	Position annotations.Position
	Class    string
	Columns  []string
	Reason   string
}

// Error says what cannot be written, where, and why.
func (r *Refusal) Error() string {
	return fmt.Sprintf("%s: cannot mark %s of %s: %s", r.Position, strings.Join(r.Columns, ", "), r.Class, r.Reason)
}

// Write adds marks to source. It gives the files that change, with their new source, and what could not be written. Files that
// are not Python are errors.
func Write(ctx context.Context, files []python.File, places []Place) (changed []python.File, refused []*Refusal, err error) {
	w := &writer{places: places}
	if _, err := python.ReadFiles(ctx, files, w); err != nil {
		return nil, nil, err
	}
	for _, f := range files {
		if edits := w.edits[f.Path]; len(edits) > 0 {
			changed = append(changed, python.File{Path: f.Path, Source: apply(f.Source, edits)})
		}
	}
	if err := check(ctx, changed, w.written); err != nil {
		return nil, nil, err
	}
	return changed, w.refused, nil
}

// An insertion is text to put into source at an offset.
type insertion struct {
	offset int
	text   string
}

// apply makes the insertions; those at one offset stand in the order in which they were asked for.
func apply(source []byte, edits []insertion) []byte {
	slices.SortStableFunc(edits, func(a, b insertion) int { return cmp.Compare(a.offset, b.offset) })
	text := bytes.TrimPrefix(source, []byte(byteOrderMark)) // offsets do not count it
	out := slices.Clone(source[:len(source)-len(text)])
	done := 0
	for _, e := range edits {
		out = append(out, text[done:e.offset]...)
		out = append(out, e.text...)
		done = e.offset
	}
	return append(out, text[done:]...)
}

const byteOrderMark = "\xef\xbb\xbf"

// A writer finds the places in the syntax trees that package python makes.
type writer struct {
	places  []Place
	edits   map[string][]insertion // by file
	refused []*Refusal
	written []written
}

// written is a place that was written to, as it can be found again in the new source.
type written struct {
	file  string
	class classID // zero for a Table
	marks []Mark
}

// Opaque, Base and Fold are for frameworks that read models.
func (*writer) Opaque() []string { return nil }

// Base knows no call.
func (*writer) Base(*python.Call) ([]python.Value, bool) { return nil, false }

// Fold knows no call.
func (*writer) Fold(*python.Project, *python.Call) python.Value { return nil }

// Read plans the insertions.
func (w *writer) Read(p *python.Project) {
	w.edits = map[string][]insertion{}
	files := map[*python.Module]*file{}
	for _, place := range w.places {
		i := slices.IndexFunc(p.Given(), func(m *python.Module) bool { return m.File == place.Position.File })
		if i < 0 {
			w.refuse(place, place.Marks, errors.New("its file was not given"))
			continue
		}
		m := p.Given()[i]
		if files[m] == nil {
			files[m] = newFile(m)
		}
		w.place(files[m], place)
	}
}

func (w *writer) refuse(p Place, marks []Mark, why error) {
	r := &Refusal{Position: p.Position, Class: p.Class, Reason: why.Error()}
	for _, m := range marks {
		r.Columns = append(r.Columns, m.Column)
	}
	w.refused = append(w.refused, r)
}

// place plans the insertions for one place.
func (w *writer) place(f *file, p Place) {
	var marks []Mark
	for _, m := range p.Marks {
		if !plain(m.Column) || !plain(m.Kind) {
			w.refuse(p, []Mark{m}, errors.New("the name cannot be written as a plain text"))
			continue
		}
		marks = append(marks, m)
	}
	if len(marks) == 0 {
		return
	}
	id, class := f.class(p)
	if class != nil {
		edits, err := f.markClass(class, marks)
		if err != nil {
			w.refuse(p, marks, err)
			return
		}
		w.edits[f.module.File] = append(w.edits[f.module.File], edits...)
		w.written = append(w.written, written{f.module.File, id, marks})
		return
	}
	for _, m := range marks {
		edits, err := f.markColumn(p, m)
		if err != nil {
			w.refuse(p, []Mark{m}, err)
			continue
		}
		w.edits[f.module.File] = append(w.edits[f.module.File], edits...)
		w.written = append(w.written, written{file: f.module.File, marks: []Mark{m}})
	}
}

// plain reports whether a text can stand between quotes as it is.
func plain(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == '\'' || r == '"' || r == '\\' || r == 0x7f })
}
