package anonymize

// Percent-encoded bytes (%4A) are places like characters: each becomes the encoding of another byte of its class, so that the
// decoded text is hidden like the rest. Which bytes are encoded stays, and whether they are UTF-8.

// The classes of places that a "%" makes. They come after those of charTable.
const (
	classHexLetter   charClass = 0xc0 + iota // a letter after a "%" that encodes nothing, which must not begin to
	classOtherLetter                         // the same for a letter that is no hexadecimal digit
	classEscape                              // the first class of encoded bytes
)

// hexLetters are the letters of classHexLetter; those of classOtherLetter follow them.
const hexLetters = 6

// escapes are the classes of encoded bytes, from classEscape on: the bytes by rank. The bytes that are in none, E0, ED, F0 and F4,
// say what may follow them in UTF-8, and stay.
var escapes = [...][]byte{
	byteRanges('0', '9', 'A', 'Z', 'a', 'z'),
	byteRanges(' ', '/', ':', '@', '[', '`', '{', '~'),
	byteRanges(0x00, 0x1f, 0x7f, 0x7f),
	byteRanges(0xc2, 0xdf),             // the first of two
	byteRanges(0xe1, 0xec, 0xee, 0xef), // the first of three
	byteRanges(0xf1, 0xf3),             // the first of four
	byteRanges(0xc0, 0xc1, 0xf5, 0xff), // not in UTF-8
	byteRanges(0x80, 0xbf),             // the second or later; the rest are second ones
	byteRanges(0x80, 0x9f),             // after E0 (ill-formed) and ED
	byteRanges(0xa0, 0xbf),             // after E0 and ED (ill-formed)
	byteRanges(0x80, 0x8f),             // after F0 (ill-formed) and F4
	byteRanges(0x90, 0xbf),             // after F0 and F4 (ill-formed)
}

// anyLater is the class of the bytes 0x80 to 0xbf after a byte that restricts nothing.
const anyLater = 7

// byteRanges gives the bytes from each low to its high, given in pairs.
func byteRanges(bounds ...int) []byte {
	var out []byte
	for i := 0; i < len(bounds); i += 2 {
		for b := bounds[i]; b <= bounds[i+1]; b++ {
			out = append(out, byte(b))
		}
	}
	return out
}

// escapeRanks has the class and rank of every encoded byte that follows nothing that restricts it.
var escapeRanks = func() (table [256]place) {
	for k, bytes := range escapes[:anyLater+1] {
		for rank, b := range bytes {
			table[b] = place{classEscape + charClass(k), uint16(rank)}
		}
	}
	return table
}()

// isEscape reports whether v starts with a percent-encoded byte.
func isEscape(v []byte) bool {
	return len(v) >= 3 && v[0] == '%' && isHexDigit(v[1]) && isHexDigit(v[2])
}

// decodeEscape returns the byte that v, which isEscape, starts with.
func decodeEscape(v []byte) byte { return byte(hexValue(v[1])<<4 | hexValue(v[2])) }

// percent returns the class, rank and length of the place at v[i:], when it is an encoded byte or a letter right after a "%" that
// encodes none; else the length 0. No encoded byte begins before i and ends after it.
func percent(v []byte, i int) (charClass, uint16, int) {
	if isEscape(v[i:]) {
		b := decodeEscape(v[i:])
		if b&0xc0 == 0x80 && i >= 3 && isEscape(v[i-3:]) {
			class, rank := laterByte(b, decodeEscape(v[i-3:]))
			return class, rank, 3
		}
		p := escapeRanks[b]
		return p.class, p.rank, 3
	}
	letter := v[i] | 0x20 - 'a'
	if v[i] < 'A' || letter >= 26 || (i < 1 || v[i-1] != '%') && (i < 2 || v[i-2] != '%') {
		return classKept, 0, 0
	}
	if letter < hexLetters {
		return classHexLetter, uint16(letter), 1
	}
	return classOtherLetter, uint16(letter - hexLetters), 1
}

// laterByte returns the class and rank of an encoded byte from 0x80 to 0xbf after another: bytes that are well-formed there stay so,
// bytes that are not stay ill-formed, which keeps the mapping a bijection.
func laterByte(b, before byte) (charClass, uint16) {
	class, low := classEscape+anyLater, byte(0x80)
	switch before {
	case 0xe0, 0xed:
		class++
		if b >= 0xa0 {
			class, low = class+1, 0xa0
		}
	case 0xf0, 0xf4:
		class += 3
		if b >= 0x90 {
			class, low = class+1, 0x90
		}
	}
	return class, uint16(b - low)
}

// percentSize returns the number of places of a class from classHexLetter on.
func percentSize(class charClass) int {
	switch class {
	case classHexLetter:
		return hexLetters
	case classOtherLetter:
		return 26 - hexLetters
	default:
		return len(escapes[class-classEscape])
	}
}

// appendPercent appends the place of a class from classHexLetter on and a rank, in the case of old.
func appendPercent(dst, old []byte, class charClass, rank uint16) []byte {
	if class == classOtherLetter {
		rank += hexLetters
	}
	if class < classEscape {
		return append(dst, 'A'+byte(rank)|old[0]&0x20)
	}
	digits := "0123456789ABCDEF"
	if isLower(old[1]) || isLower(old[2]) {
		digits = "0123456789abcdef"
	}
	b := escapes[class-classEscape][rank]
	return append(dst, '%', digits[b>>4], digits[b&15])
}

func isLower(c byte) bool { return c >= 'a' && c <= 'z' }
