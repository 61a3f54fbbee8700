package e2e

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"latchkey/app"
	"latchkey/sandbox/harness"
	"latchkey/store"
)

// full is a store whose disk is full while the switch is on.
type full struct {
	store.Store
	on *atomic.Bool
}

func (f full) Update(ctx context.Context, fn func(store.Tx) error) error {
	if f.on.Load() {
		return fmt.Errorf("write latchkey.db: %w", store.ErrFull)
	}
	return f.Store.Update(ctx, fn)
}

// locked lets several goroutines write to one log.
type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

// play carries out lines of a story.
func play(t *testing.T, c *company, lines ...string) {
	t.Helper()
	for _, line := range lines {
		words, err := harness.Line(line)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.tell.Do(t.Context(), words...); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
}

// TestFullDisk fills the disk under a running bot: a person is told that nothing
// was saved, nothing half-done is left behind, and work goes on once there is room.
func TestFullDisk(t *testing.T) {
	var on atomic.Bool
	var log strings.Builder
	c, err := found(t.TempDir(), &locked{w: &log}, func(s *app.Hooks) {
		s.Store = func(inner store.Store) store.Store { return full{inner, &on} }
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.close(); err != nil {
			t.Errorf("%v\n%s", err, log.String())
		}
	}()
	play(t, c, "slack maya '/access'", "slack maya fill app=figma role=editor for=6h reason='Launch assets'")
	on.Store(true)
	if saw, err := c.tell.Do(t.Context(), "slack", "maya", "submit"); err == nil {
		t.Fatalf("a request was taken that could not be saved: %s", saw)
	} else {
		t.Logf("the person reads: %v", err)
	}
	play(t, c, "jira issues 0")
	on.Store(false)
	play(t, c, "slack maya submit", "slack noor click Approve", "okta has figma-editors maya", "jira IT-1 status Granted", "jira issues 1",
		"dm maya 'in: Figma'")
	on.Store(true)
	play(t, c, "clock +6h", "okta has figma-editors maya")
	on.Store(false)
	play(t, c, "clock +1m", "! okta has figma-editors maya", "jira IT-1 status Closed")
}
