package nearest_test

import (
	"testing"

	"github.com/turbo-hipster/turbo-hipster/internal/nearest"
)

func TestWord(t *testing.T) {
	known := []string{"email", "uuid", "ip", "hostname", "mac", "q", "Secret"}
	tests := []struct{ name, word, want string }{
		{"two letters swapped", "emial", "email"},
		{"a letter missing", "uid", "uuid"},
		{"another case", "SECRET", "Secret"},
		{"a short word with one letter wrong", "io", "ip"},
		{"a short word with nothing in common", "xy", ""},
		{"nothing alike", "birthday", ""},
		{"the word itself", "hostname", "hostname"},
		{"two letters of a short word swapped", "amc", "mac"}, // it was nothing
		{"a word of one letter", "y", ""},                     // it was "q"
		{"a word of one letter in another case", "Q", "q"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := nearest.Word(tt.word, known); got != tt.want {
				t.Errorf("Word(%q) = %q, want %q", tt.word, got, tt.want)
			}
		})
	}
}
