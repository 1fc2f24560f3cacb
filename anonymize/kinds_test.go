package anonymize

import (
	"strings"
	"testing"
)

func TestKindsHaveExamples(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Kinds() {
		for _, name := range append([]string{k.Name}, k.Aliases...) {
			if seen[name] {
				t.Errorf("%s is there twice", name)
			}
			seen[name] = true
		}
		if k.Summary == "" || k.Before == "" || k.After == "" {
			t.Errorf("%s: example or summary is missing: %+v", k.Name, k)
		}
		if k.Before == k.After && k.Name != kindPublic {
			t.Errorf("%s: the example does not change", k.Name)
		}
		t.Logf("%-10s %s\n           %s", k.Name, k.Before, k.After)
	}
	for _, name := range []string{
		"uuid", "ip_address", "ip_address_v4", "ip_address_v6", "hexstring", "hostname", "varchar", "text", "mediumtext",
		"string", "bigint", "tinyint", "int", "integer", "long", "float", "datetime", "json", "ec2_id", "key_name", "pathname",
		"email", "username", "name", "phone", "mac", "cidr", "url", "ssh_key", "secret", "date", "decimal", "digits", "enum",
		"free_text", "blob", "null", "constant", "redact", "public",
	} {
		if !seen[name] {
			t.Errorf("kind %s is missing", name)
		}
	}
}

// The summary of enum once promised another member, and that of redact no pseudonyms.
func TestSummariesSayWhatMayStay(t *testing.T) {
	for kind, want := range map[string]string{kindEnum: "may stay", kindRedact: "foreign keys, at both ends, a pseudonym", kindBlob: "up to 16 bytes"} {
		if k, _ := KindByName(kind); !strings.Contains(k.Summary, want) || strings.Contains(k.Summary, "another") {
			t.Errorf("%s: %s", kind, k.Summary)
		}
	}
}
