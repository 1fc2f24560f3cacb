package main

import (
	"context"
	"testing"
	"time"
)

// A shell that is told to end leaves its programs behind, and they keep its output open: a cancelled run once waited for them.
func TestKeyCommandThatIsCancelled(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := keyFrom(ctx, "sleep 30 | cat")
		done <- err
	}()
	select {
	case err := <-done:
		if err == nil {
			t.Error("a command that printed nothing gave a key")
		}
	case <-time.After(20 * time.Second):
		t.Error("still waiting for what the command left")
	}
}
