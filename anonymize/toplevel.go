package anonymize

import "strings"

// Top-level domains. A generated name must not be anybody's, so its last label is one
// of a set U of labels that are not delegated:
//
//   - one letter: all 26, of which none is delegated;
//   - two letters: those that are no country's code in ISO 3166-1, nor delegated beside
//     it (ac eu su uk). The user-assigned codes (aa, qm–qz, xa–xz, zz) are among them;
//   - longer: labels that start with qq, qx, qz, xq, xz, zq, zx or zz, with which no
//     delegated domain starts (IANA's root zone database).
//
// U is smaller than the set of all labels, so that a bijection cannot exist. But the
// domains listed below map into U injectively, by a keyed bijection of U: among names
// under them the mapping is injective by construction. Other last labels share the
// rest of U, by a keyed hash: for two names of which one ends so, uniqueness is only
// likely, and to be checked.

// countries are the two-letter domains that are delegated or countries' codes.
const countries = "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs bt bv bw by bz " +
	"ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et eu fi fj fk fm fo fr " +
	"ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp " +
	"ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz " +
	"na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw " +
	"sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz " +
	"ua ug uk um us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw"

// listed are the longer domains that map injectively: the original generic ones, the
// widely used new ones, and names of private networks. Their order is part of the
// mapping: append only.
const listed = "com net org edu gov mil int biz pro cat tel xxx app dev xyz top icu vip fun win bid men red art bar law nyc ovh bio eco ngo ong lan test corp home " +
	"arpa info name mobi jobs aero asia coop post shop site tech club live news blog work life team host zone wiki page link chat city land care cash gmbh gold meme space cloud local " +
	"store world email media group today games video photo press trade rocks house works tools solar agency global online travel museum social design center energy studio expert events family gallery " +
	"example invalid digital company network systems website science support services software solutions technology internal intranet private localhost localdomain novalocal openstack openstacklocal domain"

const undelegatedStarts = "qqqxqzxqxzzqzxzz"

// maxSuffix is how many letters after the first two are numbered: 8·26^9 labels are
// plenty; further letters are filled pseudorandomly.
const maxSuffix = 9

// maxTopLevels bounds the labels that a domain remembers.
const maxTopLevels = 1 << 10

// topLevel appends the undelegated label of the same length for the last label v.
func (d *domain) topLevel(dst, v []byte) []byte {
	var lower [64]byte
	label := appendLower(lower[:0], v)
	out := d.topLevels[string(label)]
	if out == nil {
		out = d.undelegated(label)
		if len(d.topLevels) == maxTopLevels {
			clear(d.topLevels)
		}
		d.topLevels[string(label)] = out
	}
	return appendCased(dst, out, v)
}

// undelegated computes the label of U for a label in lower case.
func (d *domain) undelegated(label []byte) []byte {
	n := len(label)
	p := d.perm(familyTLD)
	size := undelegatedCount(n)
	index, count, ok := listIndex(label)
	if !ok {
		s := p.Stream(p.Tweak(label))
		index = count + s.Uint64n(size-count)
	}
	index = p.Uint64(p.Tweak([]byte{'t', byte(n)}), size, index)
	out := appendUndelegated(nil, n, index)
	s := p.Stream(p.Tweak(label))
	for len(out) < n {
		out = append(out, 'a'+byte(s.Uint16n(26)))
	}
	return out
}

// appendCased appends lower-case letters in the case of v's.
func appendCased(dst, letters, v []byte) []byte {
	for i, c := range letters {
		if v[i] >= 'A' && v[i] <= 'Z' {
			c &^= 0x20
		}
		dst = append(dst, c)
	}
	return dst
}

// undelegatedCount is the size of U for labels of n letters.
func undelegatedCount(n int) uint64 {
	switch n {
	case 1:
		return 26
	case 2:
		return 26*26 - uint64(len(countries)+1)/3
	}
	size := uint64(len(undelegatedStarts) / 2)
	for range min(n-2, maxSuffix) {
		size *= 26
	}
	return size
}

// listIndex returns the rank of a label among the listed ones of its length, and how
// many those are. Single letters are all listed.
func listIndex(label []byte) (index, count uint64, ok bool) {
	if len(label) == 1 {
		return uint64(label[0] - 'a'), 26, true
	}
	list := listed
	if len(label) == 2 {
		list = countries
	}
	for entry := range strings.SplitSeq(list, " ") {
		if len(entry) != len(label) {
			continue
		}
		if entry == string(label) {
			index, ok = count, true
		}
		count++
	}
	return index, count, ok
}

// listedTopLevels returns the longer labels that map one to one; single letters do all.
func listedTopLevels() map[string]bool {
	set := map[string]bool{}
	for entry := range strings.FieldsSeq(countries + " " + listed) {
		set[entry] = true
	}
	return set
}

// appendUndelegated appends the label of U with n letters and an index.
func appendUndelegated(dst []byte, n int, index uint64) []byte {
	switch n {
	case 1:
		return append(dst, 'a'+byte(index))
	case 2:
		return appendNoCountry(dst, index)
	}
	starts := uint64(len(undelegatedStarts) / 2)
	start := index % starts
	index /= starts
	dst = append(dst, undelegatedStarts[2*start:2*start+2]...)
	for range min(n-2, maxSuffix) {
		dst = append(dst, 'a'+byte(index%26))
		index /= 26
	}
	return dst
}

// appendNoCountry appends the two-letter label that index others of U come before.
func appendNoCountry(dst []byte, index uint64) []byte {
	for a := byte('a'); a <= 'z'; a++ {
		for b := byte('a'); b <= 'z'; b++ {
			if isCountry(a, b) {
				continue
			}
			if index == 0 {
				return append(dst, a, b)
			}
			index--
		}
	}
	return append(dst, "zz"...)
}

func isCountry(a, b byte) bool {
	for i := 0; i < len(countries); i += 3 {
		if countries[i] == a && countries[i+1] == b {
			return true
		}
	}
	return false
}
