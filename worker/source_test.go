package worker_test

import (
	"testing"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

func TestHostileRefsAndURLs(t *testing.T) {
	for _, ref := range []string{"", "-x", "--upload-pack=x", "a..b", "a b", "a:b", "+a", "^a", "a~1", "a@{1}", "/a", "a/", "a//b", "a.lock", ".a", "a/.b", "a\nb", "@", "a\\b", "a*"} {
		if worker.CheckRef(ref) == nil {
			t.Errorf("ref %q passes", ref)
		}
	}
	for _, url := range []string{"", "-x", "--upload-pack=x", "ext::sh -c id", "fd::1", "gopher://x/y", "ssh://-oProxyCommand=x/y", "a@-oProxyCommand=x:y", "a b\n", "relative/path"} {
		if worker.CheckURL(url) == nil {
			t.Errorf("URL %q passes", url)
		}
	}
	for _, url := range []string{"/srv/git/nova", "file:///srv/git/nova", "https://opendev.org/openstack/nova", "ssh://git@example.com:29418/x", "git@example.com:a/b.git"} {
		if err := worker.CheckURL(url); err != nil {
			t.Errorf("URL %q: %v", url, err)
		}
	}
}
