package detect

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
)

// A made column has a name that says nothing and made values.
type made struct {
	name    string
	typ     string // "varchar(255)" where empty
	classes string // any of these is right; "" for a harmless column
	value   func(*maker) string
}

// A maker makes values from a seed.
type maker struct{ *rand.Rand }

func (m *maker) pick(list string) string {
	all := strings.Split(list, "|")
	return all[m.IntN(len(all))]
}

func (m *maker) digits(n int) string { return m.from("0123456789", n) }

func (m *maker) from(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[m.IntN(len(alphabet))]
	}
	return string(b)
}

func (m *maker) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(m.IntN(256))
	}
	return b
}

func (m *maker) hex(n int) string { return hex.EncodeToString(m.bytes(n)) }

// luhn adds the check digit of ISO/IEC 7812-1.
func luhn(digits string) string {
	for c := byte('0'); ; c++ {
		if isCard([]byte(digits + string(c))) {
			return digits + string(c)
		}
	}
}

const (
	givenNames = "Anna|Jürgen|María|Zoë|Oleksandr|Siobhán|Thomas|Nguyễn|Fatima|Giulia|Piotr|Emily|João|Björn|Li|Chloé"
	surnames   = "Müller|García|O'Brien|van der Berg|Smith-Jones|Kowalski|Silva|Nguyen|Rossi|Dubois|Şahin|Novák|Andersson|Wang|McDonald|Lefèvre"
	sentences  = "please call back tomorrow before noon|der Kunde wünscht eine Rückmeldung|patient complains of headaches|no se encuentra en casa|il cliente ha chiesto un rimborso|was rude to our staff, do not renew"
	hostWords  = "web|db|mail|proxy|node|cache|vpn|build"
)

func sensitiveColumns() []made {
	name := func(m *maker) string { return m.pick(givenNames) + " " + m.pick(surnames) }
	return []made{
		{"e-mail", "", "email", func(m *maker) string {
			return m.from("abcdefgh", 6) + "@" + m.pick("example.org|mail.example.co.uk|xn--mller-kva.de")
		}},
		{"e-mail with a name", "", "email free_text person_name", func(m *maker) string { return name(m) + " <" + m.from("abcdefgh", 6) + "@example.org>" }},
		{"e-mail in capitals", "", "email", func(m *maker) string { return m.from("ABCDEFGH", 6) + "+tag@EXAMPLE.ORG" }},
		{"mailto", "", "email url free_text", func(m *maker) string { return "mailto:" + m.from("abcdefgh", 6) + "@example.org" }},
		{"lists of e-mails", "text", "email free_text", func(m *maker) string {
			return m.from("abcdefgh", 6) + "@example.org, " + m.from("abcdefgh", 6) + "@example.com"
		}},
		{"IPv4", "", "ip_address", func(m *maker) string { return fmt.Sprintf("10.%d.%d.%d", m.IntN(256), m.IntN(256), m.IntN(256)) }},
		{"IPv6", "", "ip_address", func(m *maker) string { return fmt.Sprintf("2001:db8:%x::%x", m.IntN(65536), m.IntN(65536)) }},
		{"IPv4 with a port", "", "ip_address free_text", func(m *maker) string {
			return fmt.Sprintf("192.0.2.%d:%d", m.IntN(256), 1024+m.IntN(60000))
		}},
		{"IPv6 with a port", "", "ip_address free_text", func(m *maker) string { return fmt.Sprintf("[2001:db8::%x]:443", m.IntN(65536)) }},
		{"list of IPs", "", "ip_address free_text", func(m *maker) string {
			return fmt.Sprintf("203.0.113.%d, 198.51.100.%d", m.IntN(256), m.IntN(256))
		}},
		{"CIDR", "", "network", func(m *maker) string { return fmt.Sprintf("10.%d.0.0/%d", m.IntN(256), 8+m.IntN(20)) }},
		{"CIDR of IPv6", "", "network", func(m *maker) string { return fmt.Sprintf("2001:db8:%x::/48", m.IntN(65536)) }},
		{"MAC", "", "mac_address", func(m *maker) string { h := m.hex(3); return "fa:16:3e:" + h[:2] + ":" + h[2:4] + ":" + h[4:] }},
		{"MAC with dashes", "", "mac_address", func(m *maker) string {
			h := strings.ToUpper(m.hex(3))
			return "00-1A-2B-" + h[:2] + "-" + h[2:4] + "-" + h[4:]
		}},
		{"MAC with dots", "", "mac_address", func(m *maker) string { h := m.hex(6); return h[:4] + "." + h[4:8] + "." + h[8:] }},
		{"UUID", "", "uuid", func(m *maker) string {
			h := m.hex(16)
			return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
		}},
		{"UUID in braces", "", "uuid free_text", func(m *maker) string {
			h := strings.ToUpper(m.hex(16))
			return "{" + h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-A" + h[17:20] + "-" + h[20:] + "}"
		}},
		{"UUID without dashes", "char(32)", "uuid identifier secret", func(m *maker) string { return m.hex(16) }},
		{"host", "", "hostname", func(m *maker) string { return m.pick(hostWords) + m.digits(2) + ".dc1.example.net" }},
		{"host of a customer", "", "hostname", func(m *maker) string { return m.from("abcdefgh", 8) + ".de" }},
		{"host with a port", "", "hostname", func(m *maker) string { return m.pick(hostWords) + m.digits(3) + ".example.net:8443" }},
		{"URL", "", "url", func(m *maker) string { return "https://example.org/u/" + m.digits(6) + "?tab=1" }},
		{"URL with credentials", "", "url_with_credentials", func(m *maker) string {
			return "mysql+pymysql://app:" + m.from("abcXYZ123", 10) + "@db" + m.digits(2) + ".example.net/app"
		}},
		{"URL with a token", "", "url_with_credentials url", func(m *maker) string {
			return "https://hooks.example.com/x?access_token=" + base64.RawURLEncoding.EncodeToString(m.bytes(24))
		}},
		{"Redis URL", "", "url_with_credentials", func(m *maker) string { return "redis://:" + m.from("abcXYZ123", 10) + "@cache:6379/0" }},
		{"connection string", "", "url_with_credentials secret free_text", func(m *maker) string {
			return "Server=db" + m.digits(2) + ";Database=app;User Id=app;Password=" + m.from("abcXYZ123", 10) + ";"
		}},
		{"phone +", "", "phone", func(m *maker) string { return "+49 " + m.digits(3) + " " + m.digits(7) }},
		{"phone US", "", "phone", func(m *maker) string { return "(" + m.pick("212|415|303") + ") 555-" + m.digits(4) }},
		{"phone US dashes", "", "phone", func(m *maker) string { return m.pick("212|415|303") + "-555-" + m.digits(4) }},
		{"phone US dots", "", "phone", func(m *maker) string { return m.pick("212|415|303") + ".555." + m.digits(4) }},
		{"phone DE", "", "phone", func(m *maker) string { return "0" + m.pick("30|89|171|2203") + "/" + m.digits(7) }},
		{"phone FR", "", "phone", func(m *maker) string {
			return "06 " + m.digits(2) + " " + m.digits(2) + " " + m.digits(2) + " " + m.digits(2)
		}},
		{"phone FR dots", "", "phone", func(m *maker) string {
			return "06." + m.digits(2) + "." + m.digits(2) + "." + m.digits(2) + "." + m.digits(2)
		}},
		{"phone E.164", "", "phone", func(m *maker) string { return "+1415555" + m.digits(4) }},
		{"phone UK", "", "phone", func(m *maker) string { return "020 7946 0" + m.digits(3) }},
		{"phone 00", "", "phone", func(m *maker) string { return "0049 " + m.digits(3) + " " + m.digits(6) }},
		{"phone ext", "", "phone free_text", func(m *maker) string { return "(415) 555-" + m.digits(4) + " x" + m.digits(3) }},
		{"phone plain", "", "phone", func(m *maker) string { return "0" + m.pick("171|160|30|89|40") + m.digits(7) }},
		{"card", "", "payment_card", func(m *maker) string { return luhn("4" + m.digits(14)) }},
		{"card grouped", "", "payment_card", func(m *maker) string {
			c := luhn("53" + m.digits(13))
			return c[:4] + " " + c[4:8] + "-" + c[8:12] + " " + c[12:]
		}},
		{"card as a number", "bigint(20)", "payment_card", func(m *maker) string { return luhn("4" + m.digits(14)) }},
		{"card Amex", "", "payment_card", func(m *maker) string { return luhn("37" + m.digits(12)) }},
		{"IBAN", "", "bank_account", func(m *maker) string { return iban("DE", m.digits(18)) }},
		{"IBAN grouped", "", "bank_account", func(m *maker) string {
			s := iban("GB", "NWBK"+m.digits(14))
			return s[:4] + " " + s[4:8] + " " + s[8:12] + " " + s[12:16] + " " + s[16:20] + " " + s[20:]
		}},
		{"US SSN", "", "personal_number", func(m *maker) string { return "5" + m.digits(2) + "-4" + m.digits(1) + "-" + m.digits(4) }},
		{"person", "", "person_name", name},
		{"person, last name first", "", "person_name free_text", func(m *maker) string {
			return m.pick(surnames) + ", " + m.pick(givenNames)
		}},
		{"person with a title", "", "person_name free_text", func(m *maker) string { return m.pick("Dr.|Mr|Frau|Prof. Dr.") + " " + name(m) }},
		{"person in capitals", "", "person_name free_text", func(m *maker) string { return strings.ToUpper(name(m)) }},
		{"person in Cyrillic", "", "person_name", func(m *maker) string {
			return m.pick("Иван|Ольга|Пётр|Мария|Сергей|Анна|Дмитрий|Елена") + " " + m.pick("Петров|Смирнова|Иванов|Ковалёва|Соколов")
		}},
		{"person in Chinese", "", "person_name", func(m *maker) string {
			return m.pick("王|李|张|刘|陈|杨|赵|黄") + m.pick("伟|芳|娜|秀英|敏|静|丽|强|磊|军")
		}},
		{"postal address", "", "postal_address free_text", func(m *maker) string {
			return m.pick("Hauptstr.|Main Street|Rue de la Paix|Calle Mayor") + " " + m.digits(2) + ", " + m.digits(5) + " " + m.pick("Berlin|Springfield|Paris|Madrid")
		}},
		{"street", "", "postal_address free_text person_name", func(m *maker) string {
			return m.pick("Lindenweg|Am Markt|Schulstraße|Old Mill Road") + " " + m.digits(2)
		}},
		{"SSH key", "text", "ssh_key", func(m *maker) string {
			return "ssh-ed25519 " + base64.StdEncoding.EncodeToString(m.bytes(51)) + " me@laptop"
		}},
		{"SSH key with options", "text", "ssh_key secret", func(m *maker) string {
			return `from="10.0.0.0/8",no-pty ssh-rsa ` + base64.StdEncoding.EncodeToString(m.bytes(279))
		}},
		{"certificate", "text", "certificate", func(m *maker) string {
			return "-----BEGIN CERTIFICATE-----\n" + base64.StdEncoding.EncodeToString(m.bytes(400)) + "\n-----END CERTIFICATE-----"
		}},
		{"private key", "text", "secret", func(m *maker) string {
			return "-----BEGIN RSA PRIVATE KEY-----\n" + base64.StdEncoding.EncodeToString(m.bytes(400)) + "\n-----END RSA PRIVATE KEY-----"
		}},
		{"private key in one line", "text", "secret", func(m *maker) string {
			return `-----BEGIN PRIVATE KEY-----\n` + base64.StdEncoding.EncodeToString(m.bytes(400)) + `\n-----END PRIVATE KEY-----`
		}},
		{"bcrypt", "", "secret", func(m *maker) string {
			return "$2b$12$" + m.from("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 53)
		}},
		{"Django's hash", "", "secret", func(m *maker) string {
			return "pbkdf2_sha256$260000$" + m.from("abcXYZ019", 12) + "$" + base64.StdEncoding.EncodeToString(m.bytes(32))
		}},
		{"token base64", "", "secret", func(m *maker) string { return base64.StdEncoding.EncodeToString(m.bytes(32)) }},
		{"token base64 for URLs", "", "secret", func(m *maker) string { return base64.RawURLEncoding.EncodeToString(m.bytes(16)) }},
		{"token hex", "", "secret", func(m *maker) string { return m.hex(20) }},
		{"token base32", "", "secret", func(m *maker) string { return m.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 32) }},
		{"JWT", "text", "secret", func(m *maker) string {
			return "eyJhbGciOiJIUzI1NiJ9." + base64.RawURLEncoding.EncodeToString(m.bytes(60)) + "." + base64.RawURLEncoding.EncodeToString(m.bytes(32))
		}},
		{"AWS key", "", "secret", func(m *maker) string { return "AKIA" + m.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16) }},
		{"password", "", "secret", func(m *maker) string {
			return m.from("abcdefgh", 4) + m.from("XYZ", 2) + m.digits(2) + m.from("!?$#", 2)
		}},
		{"JSON about persons", "text", "document", func(m *maker) string {
			return fmt.Sprintf(`{"id": %d, "contact": {"firstName": %q, "phone": %q}}`, m.IntN(1e6), m.pick(givenNames), "+49"+m.digits(9))
		}},
		{"JSON in German", "text", "document", func(m *maker) string {
			return fmt.Sprintf(`[{"vorname": %q, "geburtsdatum": "19%s-01-02"}]`, m.pick(givenNames), m.digits(2))
		}},
		{"JSON with secrets", "json", "document", func(m *maker) string { return fmt.Sprintf(`{"auth": {"api_key": %q}}`, m.hex(8)) }},
		{"JSON with an address as value", "text", "document", func(m *maker) string {
			return fmt.Sprintf(`{"k": ["a", %q]}`, m.from("abcdefgh", 6)+"@example.org")
		}},
		{"PHP's serialization", "text", "document free_text secret", func(m *maker) string {
			v := m.from("abcdefgh", 6) + "@example.org"
			return fmt.Sprintf(`a:1:{s:5:"email";s:%d:"%s";}`, len(v), v)
		}},
		{"XML about persons", "text", "document free_text", func(m *maker) string {
			return "<person><name>" + name(m) + "</name><mail>" + m.from("abcdefgh", 6) + "@example.org</mail></person>"
		}},
		{"form", "text", "document free_text secret", func(m *maker) string {
			return "user=" + m.from("abcdefgh", 6) + "&password=" + m.from("abcdefgh", 8) + "&phone=" + m.digits(9)
		}},
		{"text", "", "free_text", func(m *maker) string { return m.pick(sentences) + " " + m.digits(4) }},
		{"text with an e-mail in it", "text", "free_text", func(m *maker) string {
			return m.pick(sentences) + " " + m.from("abcdefgh", 5) + "@example.org"
		}},
		{"text, seldom with an e-mail", "", "free_text email", func(m *maker) string {
			if m.IntN(12) > 0 {
				return m.from("abcdefgh", 6)
			}
			return m.from("abcdefgh", 6) + "@example.org"
		}},
		{"text in Japanese", "", "free_text", func(m *maker) string {
			return m.pick("お客様から|先生から|警察から") + m.digits(3) + "回の電話がありました、折り返しお願いします。"
		}},
		{"coordinates", "", "geo_position", func(m *maker) string { return "52." + m.digits(6) + ", 13." + m.digits(6) }},
		{"path of a home", "", "path", func(m *maker) string { return "/home/" + m.from("abcdefgh", 6) + "/photo.jpg" }},
		{"path of Windows", "", "path", func(m *maker) string { return `C:\Users\` + m.from("abcdefgh", 6) + `\Desktop` }},
	}
}

// iban makes an account number with the check digits of ISO 13616.
func iban(country, account string) string {
	for check := 2; check < 99; check++ {
		if s := fmt.Sprintf("%s%02d%s", country, check, account); isIBAN([]byte(s)) {
			return s
		}
	}
	panic("no check digits fit")
}
