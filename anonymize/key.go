package anonymize

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// KeyBytes is the size of a key. 256 bits leave no room for guessing, by any
// machine there will be.
const KeyBytes = 32

// keyHeader opens a key file, so that a file that is something else is refused.
const keyHeader = "fuzzy-key-v1"

// ErrKeyReadable is returned for a key file that others than its owner may
// read. What they could read they may have copied.
var ErrKeyReadable = errors.New("others may read the key file; run chmod 600 on it, and make a new key if somebody may have read it")

// ErrKeyFormat is returned for text that is not a key.
var ErrKeyFormat = errors.New("not a key: want one line, " + keyHeader + " and 64 hexadecimal digits")

// ErrNoKey is returned where a zero Key is used.
var ErrNoKey = errors.New("no key")

// Key is the secret that pseudonyms depend on: who has it and a pseudonym can
// find the original. It never prints itself: every way of formatting it gives
// the word "redacted". The zero Key is no key. A Key is immutable and safe for
// concurrent use.
type Key struct {
	bytes [KeyBytes]byte
	set   bool
}

// NewKey draws a key from random, which must be a cryptographic source
// (crypto/rand.Reader).
func NewKey(random io.Reader) (Key, error) {
	k := Key{set: true}
	if _, err := io.ReadFull(random, k.bytes[:]); err != nil {
		return Key{}, fmt.Errorf("draw a key: %w", err)
	}
	return k, nil
}

// ParseKey reads a key from the text of a key file, or from the output of a key
// command. An error never shows the text.
func ParseKey(text []byte) (Key, error) {
	fields := strings.Fields(string(text))
	if len(fields) != 2 || fields[0] != keyHeader || len(fields[1]) != 2*KeyBytes {
		return Key{}, ErrKeyFormat
	}
	raw, err := hex.DecodeString(fields[1])
	if err != nil {
		return Key{}, ErrKeyFormat
	}
	k := Key{set: true}
	copy(k.bytes[:], raw)
	return k, nil
}

// ReadKey reads a key file. It refuses a file that its group or others may
// read or write (ErrKeyReadable), and one that holds no key (ErrKeyFormat).
func ReadKey(path string) (Key, error) {
	f, err := os.Open(path)
	if err != nil {
		return Key{}, fmt.Errorf("read key: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Key{}, fmt.Errorf("read key: %w", err)
	}
	if info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		return Key{}, fmt.Errorf("read key %s (mode %04o): %w", path, info.Mode().Perm(), ErrKeyReadable)
	}
	text, err := io.ReadAll(io.LimitReader(bufio.NewReader(f), 4096))
	if err != nil {
		return Key{}, fmt.Errorf("read key: %w", err)
	}
	k, err := ParseKey(text)
	if err != nil {
		return Key{}, fmt.Errorf("read key %s: %w", path, err)
	}
	return k, nil
}

// WriteFile writes the key to a new file that only its owner may read. It never
// overwrites: where the file exists the error is fs.ErrExist, because an
// overwritten key takes every dataset made with it along. A failure leaves no
// file.
func (k Key) WriteFile(path string) error {
	if !k.set {
		return fmt.Errorf("write key: %w", ErrNoKey)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	err = writeAndSync(f, keyHeader+" "+hex.EncodeToString(k.bytes[:])+"\n")
	if err != nil {
		return fmt.Errorf("write key: %w", errors.Join(err, os.Remove(path)))
	}
	return syncDirectory(filepath.Dir(path))
}

func writeAndSync(f *os.File, text string) error {
	_, err := f.WriteString(text)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, fs.ErrInvalid) {
		return fmt.Errorf("write key: %w", err)
	}
	return nil
}

// Fingerprint names the key without giving it away: 16 hexadecimal digits of a
// hash of a subkey that nothing else uses. Two snapshots with the same
// fingerprint were made with the same key. "" for the zero Key.
func (k Key) Fingerprint() string {
	if !k.set {
		return ""
	}
	sub := k.derive("fingerprint")
	sum := sha256.Sum256(sub[:])
	return hex.EncodeToString(sum[:8])
}

// IsZero reports whether k is no key.
func (k Key) IsZero() bool { return !k.set }

// derive returns the subkey of a purpose: HMAC-SHA256 over the purpose's parts,
// each preceded by its length so that no two purposes have the same bytes.
func (k Key) derive(purpose string, parts ...string) [KeyBytes]byte {
	mac := hmac.New(sha256.New, k.bytes[:])
	_, _ = fmt.Fprintf(mac, "turbo-hipster/anonymize/v1 %d:%s", len(purpose), purpose)
	for _, part := range parts {
		_, _ = fmt.Fprintf(mac, " %d:%s", len(part), part)
	}
	var sub [KeyBytes]byte
	mac.Sum(sub[:0])
	return sub
}

// redacted is what every formatting of a Key gives.
const redacted = "redacted"

// String returns "redacted".
func (k Key) String() string { return redacted }

// GoString returns "redacted".
func (k Key) GoString() string { return redacted }

// Format writes "redacted" whatever the verb.
func (k Key) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redacted) }

// LogValue returns "redacted".
func (k Key) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns "redacted", so that no encoder writes the key.
func (k Key) MarshalText() ([]byte, error) { return []byte(redacted), nil }
