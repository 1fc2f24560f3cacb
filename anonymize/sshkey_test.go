package anonymize

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"testing"
)

// sshKeyOf makes a public key of fields.
func sshKeyOf(kind string, fields ...[]byte) (line string, raw []byte) {
	for _, f := range append([][]byte{[]byte(kind)}, fields...) {
		raw = binary.BigEndian.AppendUint32(raw, uint32(len(f)))
		raw = append(raw, f...)
	}
	return kind + " " + base64.StdEncoding.EncodeToString(raw), raw
}

func randomBytes(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// Two bytes of the key were once kept. Here every bit of it must change in one key or another, and nothing of the header in any.
func TestSSHKeysKeepNoKeyMaterial(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	fixed := func(b ...byte) func() []byte { return func() []byte { return b } }
	some := func(n int, first ...byte) func() []byte {
		return func() []byte { return append(bytes.Clone(first), randomBytes(random, n)...) }
	}
	for name, c := range map[string]struct {
		kind   string
		fields []func() []byte
		header int
	}{
		"ed25519":          {"ssh-ed25519", []func() []byte{some(32)}, 4 + 11 + 4},
		"rsa":              {"ssh-rsa", []func() []byte{fixed(1, 0, 1), some(256, 0)}, 4 + 7 + 4 + 3 + 4 + 1},
		"rsa, odd size":    {"ssh-rsa", []func() []byte{fixed(1, 0, 1), some(257, 0)}, 4 + 7 + 4 + 3 + 4 + 1},
		"rsa, no sign":     {"ssh-rsa", []func() []byte{fixed(1, 0, 1), some(255, 0x5a)}, 4 + 7 + 4 + 3 + 4},
		"rsa, exponent":    {"ssh-rsa", []func() []byte{some(2, 0), some(256, 0)}, 4 + 7 + 4},
		"ecdsa":            {"ecdsa-sha2-nistp256", []func() []byte{fixed([]byte("nistp256")...), some(64, 4)}, 4 + 19 + 4 + 8 + 4},
		"ecdsa, no curve":  {"ecdsa-sha2-nistp256", []func() []byte{some(8), some(64, 4)}, 4 + 19 + 4},
		"security key":     {"sk-ssh-ed25519@openssh.com", []func() []byte{some(32), some(4)}, 4 + 26 + 4},
		"nothing after it": {"ssh-ed25519", nil, 4 + 11},
	} {
		t.Run(name, func(t *testing.T) {
			var changed []byte
			rows := rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: kindSSHKey})
			for range 64 {
				var fields [][]byte
				for _, f := range c.fields {
					fields = append(fields, f())
				}
				line, raw := sshKeyOf(c.kind, fields...)
				out := applyOne(t, rows, line)
				body, ok := strings.CutPrefix(out, c.kind+" ")
				got, err := base64.StdEncoding.Strict().DecodeString(body)
				if !ok || err != nil || len(got) != len(raw) || len(out) != len(line) {
					t.Fatalf("%q became %q: %v", line, out, err)
				}
				if changed == nil {
					changed = make([]byte, len(raw))
				}
				for i := range raw {
					changed[i] |= raw[i] ^ got[i]
				}
			}
			for i, bits := range changed {
				if i < c.header && bits != 0 || i >= c.header && bits != 0xff {
					t.Errorf("byte %d of the key, of which %d are the header: the bits %08b changed", i, c.header, bits)
				}
			}
		})
	}
}

// The word before the key is kept, so it must be the type of a key and not any word that begins like one.
func TestSSHTypesAreKnown(t *testing.T) {
	rows := rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: kindSSHKey})
	for _, in := range []string{"ssh-jane-doe-of-berlin AAAAC3NzaC1lZDI1NTE5AAAA", "sk-janes-token AAAAC3NzaC1lZDI1NTE5AAAA"} {
		if out := applyOne(t, rows, in); strings.Contains(out, "jane") {
			t.Errorf("%q became %q", in, out)
		}
	}
	for _, kind := range []string{"ssh-rsa", "ssh-rsa-cert-v01@openssh.com", "sk-ssh-ed25519-cert-v01@openssh.com"} {
		line, _ := sshKeyOf(kind, make([]byte, 32))
		if out := applyOne(t, rows, line); !strings.HasPrefix(out, kind+" ") {
			t.Errorf("%q became %q", line, out)
		}
	}
}
