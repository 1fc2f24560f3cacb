package anonymize

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
)

const base64Chars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// sshKey treats a public SSH key, "type base64 comment": the type stays, the key
// material after the fields that say type and sizes is replaced, keyed by the whole
// value, and the comment is treated as string. Anything else is treated as free text.
func (d *domain) sshKey(dst, v []byte) []byte {
	kind, rest, ok := bytes.Cut(v, []byte(" "))
	if !ok || !bytes.HasPrefix(kind, []byte("ssh-")) && !bytes.HasPrefix(kind, []byte("ecdsa-")) && !bytes.HasPrefix(kind, []byte("sk-")) {
		return d.text(dst, v)
	}
	body, comment, hasComment := bytes.Cut(rest, []byte(" "))
	if !isBase64(body) || bytes.IndexByte(v, '\n') >= 0 && !bytes.HasSuffix(v, []byte("\n")) {
		return d.text(dst, v)
	}
	p := d.perm(familyText)
	s := p.Stream(p.Tweak(v))
	dst = append(append(dst, kind...), ' ')
	keep := keptPrefix(kind, body)
	dst = append(dst, body[:keep]...)
	end := len(bytes.TrimRight(body, "=\r\n"))
	for range max(end-keep, 0) {
		dst = append(dst, base64Chars[s.Uint16n(64)])
	}
	dst = append(dst, body[max(end, keep):]...)
	if hasComment {
		dst = d.whole(append(dst, ' '), comment, nil)
	}
	return dst
}

func isBase64(body []byte) bool {
	for _, c := range bytes.TrimRight(body, "=\r\n") {
		if bytes.IndexByte([]byte(base64Chars), c) < 0 {
			return false
		}
	}
	return len(body) >= 16
}

// keptPrefix returns how many characters of the body hold the type's name and, for
// RSA, the exponent, and the length of the next field (RFC 4253, 6.6), or 0 where the
// body is not what the type says.
func keptPrefix(kind, body []byte) int {
	raw := make([]byte, base64.StdEncoding.DecodedLen(len(body)))
	n, err := base64.StdEncoding.Decode(raw, bytes.TrimRight(body, "\r\n"))
	if err != nil {
		return 0
	}
	raw = raw[:n]
	at := 0
	fields := 1 // the name
	if bytes.Equal(kind, []byte("ssh-rsa")) {
		fields = 2 // and the exponent
	}
	for range fields {
		if len(raw) < at+4 {
			return 0
		}
		size := binary.BigEndian.Uint32(raw[at:])
		if size > uint32(len(raw)-at-4) || at == 0 && !bytes.Equal(raw[4:4+size], kind) {
			return 0
		}
		at += 4 + int(size)
	}
	return min((at+4+2)*4/3, len(body))
}
