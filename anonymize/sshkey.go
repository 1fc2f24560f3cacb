package anonymize

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/anonymize/permute"
)

const base64Chars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// sshKey treats a public SSH key, "type base64 comment": the type stays, the key
// material after the fields that say type and sizes is replaced, keyed by the whole
// value, and the comment is treated as string. Anything else is treated as free text.
func (d *domain) sshKey(dst, v []byte) []byte {
	kind, rest, ok := bytes.Cut(v, []byte(" "))
	if !ok || !isSSHType(kind) {
		return d.text(dst, v)
	}
	body, comment, hasComment := bytes.Cut(rest, []byte(" "))
	if !isBase64(body) || bytes.IndexByte(v, '\n') >= 0 && !bytes.HasSuffix(v, []byte("\n")) {
		return d.text(dst, v)
	}
	p := d.perm(familyText)
	s := p.Stream(p.Tweak(v))
	dst = append(append(dst, kind...), ' ')
	dst = appendKeyBody(dst, body, sshHeader(kind, decodeBody(body)), &s)
	if hasComment {
		dst = d.whole(append(dst, ' '), comment, nil)
	}
	return dst
}

// isSSHType reports whether a word is the type of an SSH key. The list is fixed, because the type is kept.
func isSSHType(word []byte) bool {
	switch strings.TrimSuffix(strings.TrimSuffix(string(word), "@openssh.com"), "-cert-v01") {
	case "ssh-rsa", "ssh-dss", "ssh-ed25519", "ssh-ed448", "sk-ssh-ed25519",
		"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "sk-ecdsa-sha2-nistp256":
		return true
	default:
		return false
	}
}

func isBase64(body []byte) bool {
	for _, c := range bytes.TrimRight(body, "=\r\n") {
		if bytes.IndexByte([]byte(base64Chars), c) < 0 {
			return false
		}
	}
	return len(body) >= 16
}

// appendKeyBody appends base64 text with all but its first header bytes replaced. A character that has bits of both sides keeps
// those of the header; bits that padding leaves unused are zero, as readers demand.
func appendKeyBody(dst, body []byte, header int, s *permute.Stream) []byte {
	end := len(bytes.TrimRight(body, "=\r\n"))
	unused := 2 * bytes.Count(body[end:], []byte("=")) % 6
	for i, c := range body[:end] {
		keep := min(max(header*8-i*6, 0), 6) // bits of the character
		mask := byte(1<<(6-keep) - 1)
		x := byte(bytes.IndexByte([]byte(base64Chars), c))&^mask | byte(s.Uint16n(64))&mask
		if i == end-1 {
			x &^= 1<<unused - 1
		}
		dst = append(dst, base64Chars[x])
	}
	return append(dst, body[end:]...)
}

// decodeBody returns what base64 text says; nil when it is not well formed.
func decodeBody(body []byte) []byte {
	raw, err := base64.StdEncoding.AppendDecode(nil, bytes.TrimRight(body, "\r\n"))
	if err != nil {
		return nil
	}
	return raw
}

// sshHeader returns how many bytes come before the key material: the type's name, what the type implies (the usual exponent of RSA,
// the name of an elliptic curve), and the length of the next field (RFC 4253, 6.6; RFC 5656, 3.1); 0 where the key is not what the
// type says. All of it is public knowledge, or a size.
func sshHeader(kind, raw []byte) int {
	name, at, ok := sshField(raw, 0)
	if !ok || !bytes.Equal(name, kind) {
		return 0
	}
	implied, isCurve := bytes.CutPrefix(kind, []byte("ecdsa-sha2-"))
	isRSA := string(kind) == "ssh-rsa"
	if isRSA {
		implied = []byte{1, 0, 1}
	}
	field, next, ok := sshField(raw, at)
	if ok && (isRSA || isCurve) && bytes.Equal(field, implied) {
		at = next
		field, _, ok = sshField(raw, at)
	} else {
		isRSA = false
	}
	switch {
	case !ok:
		return at
	case isRSA && len(field) > 0 && field[0] == 0: // the sign of the modulus
		return at + 5
	default:
		return at + 4
	}
}

// sshField returns the field of a key that starts at an offset, and where the next one does.
func sshField(raw []byte, at int) (field []byte, next int, ok bool) {
	if len(raw) < at+4 {
		return nil, at, false
	}
	size := binary.BigEndian.Uint32(raw[at:])
	if uint64(size) > uint64(len(raw)-at-4) {
		return nil, at, false
	}
	next = at + 4 + int(size)
	return raw[at+4 : next], next, true
}
