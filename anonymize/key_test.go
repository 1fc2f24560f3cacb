package anonymize

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	k := testKey(1)
	if err := k.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v %v", info.Mode(), err)
	}
	got, err := ReadKey(path)
	if err != nil || got != k {
		t.Errorf("read back: %v", err)
	}
	if err := testKey(2).WriteFile(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a key was overwritten: %v", err)
	}
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o620, 0o644} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadKey(path); !errors.Is(err, ErrKeyReadable) || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadKey(path); err != nil {
		t.Errorf("mode 0400: %v", err)
	}
}

func TestParseKey(t *testing.T) {
	good := strings.Repeat("ab", 32)
	for _, text := range []string{"", "fuzzy-key-v1", "fuzzy-key-v2 " + good, "fuzzy-key-v1 " + good[1:], "fuzzy-key-v1 " + good + " x", "fuzzy-key-v1 " + strings.Repeat("xy", 32)} {
		_, err := ParseKey([]byte(text))
		if !errors.Is(err, ErrKeyFormat) || strings.Contains(err.Error(), "abab") {
			t.Errorf("%v", err)
		}
	}
	if _, err := ParseKey([]byte("fuzzy-key-v1 " + good + "\n")); err != nil {
		t.Error(err)
	}
}

func TestKeyNeverPrintsItself(t *testing.T) {
	k := testKey(0xab)
	holder := struct{ Key Key }{k}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "key", k, "holder", holder)
	asJSON, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	all := fmt.Sprintf("%v %+v %#v %s %x %d %v %+v %x", k, k, k, k, k, k, &k, holder, holder) + log.String() + string(asJSON)
	for _, leak := range []string{hex.EncodeToString(bytes.Repeat([]byte{0xab}, 4)), "171 171", "0xab"} {
		if strings.Contains(all, leak) {
			t.Errorf("the key is printed: %s", all)
		}
	}
}

func TestFingerprint(t *testing.T) {
	a := testKey(1).Fingerprint()
	if len(a) != 16 || a != testKey(1).Fingerprint() || a == testKey(2).Fingerprint() || (Key{}).Fingerprint() != "" {
		t.Errorf("%q", a)
	}
	if _, err := New(Key{}, &Policy{}); !errors.Is(err, ErrNoKey) {
		t.Errorf("a run without a key: %v", err)
	}
}
