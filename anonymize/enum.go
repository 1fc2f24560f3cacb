package anonymize

import (
	"bytes"
	"strings"
)

// enum maps members of an ENUM or a SET by a keyed permutation of the members, the
// same for all columns with the same members. An empty member stays, as all empty values do.
type enum struct {
	d       *domain
	members []string
	image   []int
	set     bool
}

func newEnum(d *domain, members []string, set bool) *enum {
	e := &enum{d: d, members: members, image: make([]int, len(members)), set: set}
	p := d.perm(familyEnum)
	tweak := p.Tweak([]byte(strings.Join(members, "\x00")))
	var filled []int
	for i, member := range members {
		e.image[i] = i
		if member != "" {
			filled = append(filled, i)
		}
	}
	for rank, i := range filled {
		e.image[i] = filled[p.Uint64(tweak, uint64(len(filled)), uint64(rank))]
	}
	return e
}

// apply reports false for a value that is no member. The empty string, which servers
// store for an invalid member and for an empty SET, stays.
func (e *enum) apply(dst, v []byte) ([]byte, bool) {
	if len(v) == 0 {
		return dst, true
	}
	if !e.set {
		i := memberIndex(e.members, v)
		if i < 0 {
			return dst, false
		}
		return append(dst, e.members[e.image[i]]...), true
	}
	var chosen uint64 // a SET has 64 members at most
	for part := range bytes.SplitSeq(v, []byte(",")) {
		i := memberIndex(e.members, part)
		if i < 0 || i > 63 {
			return dst, false
		}
		chosen |= 1 << e.image[i]
	}
	return e.appendMembers(dst, chosen), true
}

// appendMembers appends members in the order of the definition, as servers print them.
func (e *enum) appendMembers(dst []byte, chosen uint64) []byte {
	first := true
	for i, member := range e.members {
		if i < 64 && chosen&(1<<i) != 0 {
			if !first {
				dst = append(dst, ',')
			}
			dst, first = append(dst, member...), false
		}
	}
	return dst
}

// memberIndex returns the rank of a member, or -1.
func memberIndex(members []string, v []byte) int {
	for i, member := range members {
		if string(v) == member {
			return i
		}
	}
	for i, member := range members {
		if strings.EqualFold(string(v), member) {
			return i
		}
	}
	return -1
}
