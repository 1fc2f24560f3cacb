package restore_test

import (
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/restore"
	"github.com/turbo-hipster/turbo-hipster/snapshot/restore/restoretest"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// Every type at its extremes and every kind of object comes back as it was.
func TestAllTypes(t *testing.T) {
	s, original := servertest.Database(t)
	servertest.Load(t, s, original, strings.NewReader(servertest.AllTypes))
	// A dump has -0 as an integer, and no server loads that as it was; row text is exact.
	servertest.Load(t, s, original, strings.NewReader("UPDATE floats SET f = -0e0, d = -0e0 WHERE id = 6"))
	snap, source := restoretest.Capture(t, s, original)
	name := servertest.Name(t, s)
	result, err := restore.Restore(t.Context(), s, name, snap, source, restore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	servertest.Compare(t, s, original, s, name, servertest.CompareOptions{})
	if result.Tables != len(snap.Config.Tables) || result.Rows == 0 || len(result.Notes) != 0 {
		t.Errorf("unexpected result %+v", result)
	}
}
