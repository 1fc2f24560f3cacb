package datasets

import (
	"maps"
	"time"

	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
)

// DefaultKey is the step name under which a limit for all other steps stands.
const DefaultKey = "default"

// Limits say how much a step may cost before it is warned of. The keys of each
// map are steps ("73->74") or DefaultKey. The zero value limits nothing.
type Limits struct {
	Times       map[string]time.Duration // how long a step may take
	RowsChanged map[string]int64         // rows that a step may insert, update and delete, together
	RowsRead    map[string]int64         // rows that a step may read
}

// Time is the longest time that the step may take; false when there is none.
func (l Limits) Time(from, to string) (time.Duration, bool) { return lookup(l.Times, from, to) }

// MaxRowsChanged is the most rows that the step may change; false when there is
// no limit.
func (l Limits) MaxRowsChanged(from, to string) (int64, bool) { return lookup(l.RowsChanged, from, to) }

// MaxRowsRead is the most rows that the step may read; false when there is no
// limit.
func (l Limits) MaxRowsRead(from, to string) (int64, bool) { return lookup(l.RowsRead, from, to) }

// Override returns these limits with those of over in place of them, key by key.
func (l Limits) Override(over Limits) Limits {
	return Limits{
		Times:       merged(l.Times, over.Times),
		RowsChanged: merged(l.RowsChanged, over.RowsChanged),
		RowsRead:    merged(l.RowsRead, over.RowsRead),
	}
}

func lookup[V any](limits map[string]V, from, to string) (V, bool) {
	if v, ok := limits[from+"->"+to]; ok {
		return v, true
	}
	v, ok := limits[DefaultKey]
	return v, ok
}

func merged[V any](base, over map[string]V) map[string]V {
	if len(base)+len(over) == 0 {
		return nil
	}
	out := make(map[string]V, len(base)+len(over))
	maps.Copy(out, base)
	maps.Copy(out, over)
	return out
}

// LimitFields are the keys that hold limits, in a dataset's settings and in a
// job's; what they hold goes into l.
func LimitFields(l *Limits) strictyaml.Fields {
	return strictyaml.Fields{
		"maximum_migration_times": func(n strictyaml.Node) { l.Times = readLimits(n, strictyaml.Node.Seconds) },
		"XInnodb_rows_changed":    func(n strictyaml.Node) { l.RowsChanged = readLimits(n, rows) },
		"Innodb_rows_read":        func(n strictyaml.Node) { l.RowsRead = readLimits(n, rows) },
	}
}

func readLimits[V any](n strictyaml.Node, value func(strictyaml.Node) V) map[string]V {
	out := map[string]V{}
	n.Each(func(key string, n strictyaml.Node) {
		switch {
		case key != "" && key[0] == '_':
		case key != DefaultKey && !isStep(key):
			n.Mistake(`want "default" or a step such as "73->74"`)
		default:
			out[key] = value(n)
		}
	})
	return out
}

func rows(n strictyaml.Node) int64 { return int64(min(n.Number(), 1<<62)) }
