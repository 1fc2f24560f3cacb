package detect

import (
	"slices"
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	for in, want := range map[string]string{
		"home_address":     "home address",
		"homeAddress2":     "home address 2",
		"HOME-ADDRESS":     "home address",
		"IPAddress":        "ip address",
		"userIDs":          "user ids",
		"HTTPServerURL":    "http server url",
		"md5hash":          "md 5 hash",
		"__private__":      "private",
		"Straße Nr.":       "straße nr",
		"customer-e-mail ": "customer e mail",
		"":                 "",
	} {
		if got := strings.Join(split(in), " "); got != want {
			t.Errorf("split(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	l := newLexicon()
	for in, want := range map[string]string{
		"emailAddresses":     "email address",
		"usr_pwd":            "user password",
		"ipv4_addr":          "ip address",
		"x509_cert":          "x509 certificate",
		"md5":                "md5",
		"floatingipaddress":  "floating ip address",
		"lastname":           "last name",
		"ipallocationpools":  "ip allocation pool",
		"phoneNo":            "phone number",
		"forward":            "forward",
		"status":             "status",
		"address":            "address",
		"diagnoses":          "diagnosis",
		"dnsnameservers":     "dns name server",
		"unknownword":        "unknownword",
		"orthography":        "orthography",
		"date_of_birth":      "date of birth",
		"Telefonnummer":      "phone number",
		"allowed_cidrs":      "allowed cidr",
		"securitygrouprules": "security group rule",
	} {
		if got := strings.Join(l.speller.words(in), " "); got != want {
			t.Errorf("words(%q) = %q, want %q", in, got, want)
		}
	}
}

// A word of a list that names never come out as would be dead: another spelling, a plural, a word that is taken apart.
func TestListsAreReachable(t *testing.T) {
	l := newLexicon()
	check := func(where, w string) {
		if got := l.speller.word(w); !slices.Equal(got, []string{w}) {
			t.Errorf("%s: %q is never met, names with it have %q", where, w, got)
		}
	}
	for w := range l.phrases {
		check("phrases", w)
	}
	for name, list := range map[string]string{
		"harmlessHeads": harmlessHeads, "wrappingHeads": wrappingHeads, "qualifiers": qualifiers, "containerHeads": containerHeads,
		"harmlessContents": harmlessContents, "people": people, "catalogs": catalogs, "placeWords": placeWords, "networkWords": networkWords,
		"healthWords": healthWords, "secretWords": secretWords, "hardwareWords": hardwareWords, "otherWords": otherWords,
	} {
		seen := map[string]bool{}
		for w := range strings.FieldsSeq(list) {
			check(name, w)
			if seen[w] {
				t.Errorf("%s: %q is there twice", name, w)
			}
			seen[w] = true
		}
	}
	for from, to := range l.speller.synonyms {
		for _, w := range to {
			if l.speller.isKnown(w) && !l.speller.known[w] {
				t.Errorf("synonym of %q: %q is one itself", from, w)
			}
		}
	}
}
