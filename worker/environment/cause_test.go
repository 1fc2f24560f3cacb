package environment

import (
	"testing"

	"github.com/turbo-hipster/turbo-hipster/internal/classiclog"
)

// TestCauseOf has lines as pip 20 to 25 print them, or write them to the debug log.
func TestCauseOf(t *testing.T) {
	const (
		nobody  = 0 // nothing is to blame, or the tree
		passes  = 1
		remains = 2
	)
	for line, want := range map[string]int{
		"Collecting alpha": nobody,
		"ERROR: No matching distribution found for alpha":                                                                             nobody,
		"ERROR: Could not find a version that satisfies the requirement alpha (from versions: none)":                                  nobody,
		"Could not fetch URL https://example.com/simple/alpha/: 404 Client Error: Not Found for url: https://example.com/ - skipping": nobody,
		"Could not fetch URL https://example.com/simple/alpha/: 410 Client Error: Gone for url: https://example.com/ - skipping":      nobody,
		"ERROR: 404 Client Error: Not Found for url: https://example.com/r.txt":                                                       nobody,
		"  ERROR: HTTP error 404 while getting https://example.com/a.tar.gz":                                                          nobody,
		"WARNING: Retrying (Retry(total=4, connect=None)) after connection broken by 'NewConnectionError(': Connection refused'":      nobody,
		"      raise ConnectionError: Connection refused":                                                                             nobody,
		"ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: '/x'":                                     nobody,

		"Could not fetch URL https://example.com/simple/a/: 503 Server Error: Service Unavailable for url: https://example.com/ - skipping":                                     passes,
		"Could not fetch URL https://example.com/simple/a/: 429 Client Error: Too Many Requests for url: https://example.com/ - skipping":                                       passes,
		"Could not fetch URL https://example.com/simple/a/: connection error: HTTPSConnectionPool(host='x', port=443): Max retries exceeded - skipping":                         passes,
		"Could not fetch URL https://example.com/simple/a/: timed out - skipping":                                                                                               passes,
		"ERROR: Could not install packages due to an EnvironmentError: HTTPSConnectionPool(host='x', port=443): Max retries exceeded with url: /x":                              passes,
		"ERROR: Could not install packages due to an OSError: (\"Connection broken: ConnectionResetError(104, 'Connection reset by peer')\", ConnectionResetError())":           passes,
		"pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool(host='x', port=443): Read timed out.":                                                             passes,
		"ERROR: Could not install packages due to an OSError: HTTPSConnectionPool(host='x', port=443): Failed to resolve 'x' ([Errno -3] Temporary failure in name resolution)": passes,
		"ERROR: 503 Server Error: Service Unavailable for url: https://example.com/r.txt":                                                                                       passes,
		"  ERROR: HTTP error 502 while getting https://example.com/a.tar.gz":                                                                                                    passes,
		"fatal: unable to access 'https://example.com/x/': Could not resolve host: x":                                                                                           passes,
		"ERROR: Download failed after 6 attempts because not enough bytes were received.":                                                                                       passes,
		"Could not fetch URL https://x/: 403 Client Error: Forbidden for url: x - skipping":                                                                                     remains,
		"ERROR: 401 Client Error: Unauthorized for url: https://example.com/r.txt":                                                                                              remains,
		"Could not fetch URL https://x/: There was a problem confirming the ssl certificate: HTTPSConnectionPool(host='x', port=443): x - skipping":                             remains,
		"WARNING: The repository located at x is not a trusted or secure host and is being ignored. If this repository is available via HTTPS we recommend":                     remains,
		"ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device":                                                                               remains,
		"      error: could not write to 'x': No space left on device":                                                                                                          remains,
	} {
		got := nobody
		if c := causeOf(line); c != nil {
			got = remains
			if c.passes {
				got = passes
			}
		}
		if got != want {
			t.Errorf("%q: got %d, want %d", line, got, want)
		}
	}
}

// TestPasswords: those of URLs are taken out wherever they stand.
func TestPasswords(t *testing.T) {
	r := classiclog.NewSecrets(passwords([]string{"http://user:hun%74er2@example.com/simple", "--index-url=https://0123456789abcdef@example.com/", "git+ssh://git@example.com/x"})...)
	for text, want := range map[string]string{
		"plain":                       "plain",
		"git is fine, user too":       "git is fine, user too",
		"hunter2 and hun%74er2":       "*** and ***",
		"x0123456789abcdefx":          "x***x",
		"at https://who:any@host/x":   "at https://***@host/x",
		"at https://who@host/ a@b.c":  "at https://***@host/ a@b.c",
		"http://user:hunter2@host:80": "http://***@host:80",
	} {
		if got := string(r.Redact([]byte(text))); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
