package detect

import (
	"strings"
	"testing"
)

func TestShapes(t *testing.T) {
	d := New()
	random := "Zx81kQ0pVb7TnR3mWc5Y"
	for _, tt := range []struct {
		name, value string
		want        Shape
	}{
		{"uuid", "6ba7b811-9dad-41d1-80b4-00c04fd430c8", shapeUUID},
		{"IPv4", "192.0.2.17", shapeIP},
		{"IPv6", "2001:db8::17", shapeIP},
		{"network", "192.0.2.0/24", shapeCIDR},
		{"MAC", "fa:16:3e:4c:2c:30", shapeMAC},
		{"e-mail", "jane.doe@example.org", shapeEmail},
		{"URL", "https://example.org/a?b=c", shapeURL},
		{"URL with a password", "https://jane:s3cret@example.org/", shapeURLSecret},
		{"DSN", "postgresql+psycopg2://app:s3cret@db/main", shapeURLSecret},
		{"URL with a user only", "https://jane@example.org/", shapeURL},
		{"private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIB", shapePrivateKey},
		{"certificate", "-----BEGIN CERTIFICATE-----\nMIIB", shapeCert},
		{"SSH key", "ssh-rsa " + strings.Repeat("AAAAB3NzaC1yc2E", 6) + " jane@laptop", shapeSSHKey},
		{"document", `{"size": 1, "flags": [true]}`, shapeJSON},
		{"document about a person", `{"owner": {"e-mail": "x"}}`, shapePersonal},
		{"document with a secret", `[{"dbPassword": "x"}]`, shapePersonal},
		{"not quite a document", `{broken`, shapeWord},
		{"random", random, shapeToken},
		{"bcrypt", "$2b$12$abcdefghijklmnopqrstuv", shapeToken},
		{"a name with digits is not random", "my-service-name-prod-2014", shapeWord},
		{"checksum", strings.Repeat("0123456789abcdef", 4), shapeHex},
		{"card", "4111 1111 1111 1111", shapeCard},
		{"card with a wrong check digit", "4111 1111 1111 1112", shapePhone + "?"},
		{"phone", "+49 30 901820", shapePhone},
		{"phone with an area code", "(030) 901820", shapePhone},
		{"a number is no phone", "49309018201", shapeNumber},
		{"date", "2014-02-14", shapeDate},
		{"moment", "2014-02-14 10:31:22", shapeDate},
		{"another date is no phone", "14-02-2014", shapeWord},
		{"decimal", "-273.15", shapeNumber},
		{"path", "/var/lib/images", shapePath},
		{"host", "db-01.prod.example.com", shapeHost},
		{"file", "report.pdf", shapeWord},
		{"name", "Jane Doe", shapePerson},
		{"name with a particle", "Ludwig van Beethoven", shapePerson},
		{"name with accents", "Zoë Çelik-Nuñez", shapePerson},
		{"two words", "red shirt", shapeWord},
		{"text", "the quick brown fox", shapeText},
		{"text with an address", "ask jane@example.org about it", shapeTelling},
		{"word", "active", shapeWord},
		{"bytes", "\xff\xfe\x00", shapeBytes},
		{"long text is cut inside a character", strings.Repeat("ä ", lookedAt), shapeText},
	} {
		got := d.shapeOf([]byte(tt.value))
		if strings.HasSuffix(string(tt.want), "?") {
			if got == shapeCard {
				t.Errorf("%s: %s", tt.name, got)
			}
			continue
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func FuzzShape(f *testing.F) {
	for _, s := range []string{"", "x", "{", `{"a":`, "[[[", "::", "+1 2", "4111111111111111", "\xff", "a@b", "://", "-----BEGIN "} {
		f.Add([]byte(s))
	}
	d := New()
	f.Fuzz(func(t *testing.T, v []byte) {
		before := string(v)
		if d.shapeOf(v) == "" {
			t.Error("no shape")
		}
		if string(v) != before {
			t.Error("the value was changed")
		}
	})
}

// Rounding: nothing that fewer than ten values have in common is told, nor that all but a few have something.
func TestShare(t *testing.T) {
	for _, tt := range []struct {
		n, of int64
		want  float64
	}{
		{0, 100, 0},
		{9, 100, 0},
		{10, 100, 0.1},
		{19, 100, 0.1},
		{10, 100000, 0.01},
		{91, 100, 0.9}, // nine others are not told from none
		{99, 100, 0.9},
		{100, 100, 0.9},
		{19, 19, 0.5},
		{2000, 2000, 0.95},
		{900, 1000, 0.9},
		{9, 9, 0},
	} {
		if got := share(tt.n, tt.of); got != tt.want {
			t.Errorf("share(%d, %d) = %g, want %g", tt.n, tt.of, got, tt.want)
		}
	}
}

func TestSamplerThinsOut(t *testing.T) {
	var s sampler
	for range 1_000_000 {
		s.next()
	}
	if s.taken < firstRows || s.taken > 12000 {
		t.Errorf("%d of a million rows are looked at", s.taken)
	}
	var short sampler
	for range firstRows {
		short.next()
	}
	if short.taken != firstRows {
		t.Errorf("%d of %d rows are looked at", short.taken, firstRows)
	}
}
