package mysqldump

import (
	"errors"
	"strings"
	"testing"
)

// TestLimit: a row longer than the limit is an error and not an endless buffer.
func TestLimit(t *testing.T) {
	for name, text := range map[string]string{
		"row":       "INSERT INTO t VALUES (1),('" + strings.Repeat("x", 1<<20),
		"statement": "CREATE VIEW v AS SELECT '" + strings.Repeat("x", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			r := NewReader(strings.NewReader(text))
			r.limit = 256 << 10
			var err error
			for err == nil {
				_, err = r.Next()
			}
			if !errors.Is(err, ErrTooLong) {
				t.Errorf("got %v", err)
			}
			if len(r.data) > 8<<20 {
				t.Errorf("the buffer grew to %d bytes", len(r.data))
			}
		})
	}
}
