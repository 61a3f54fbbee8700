package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/clock"
	"latchkey/config"
	"latchkey/sandbox/jira"
)

// TestAFirstStartWaitsForWhatCantBeReached, says so once, and begins when it answers.
func TestAFirstStartWaitsForWhatCantBeReached(t *testing.T) {
	c, err := config.Load("../config.yaml", func(string) (string, bool) { return "", false }, Backends())
	if err != nil {
		t.Fatal(err)
	}
	world, err := StartWorld(c, nil, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	defer world.Close()
	mend := world.Jira.AddFault(jira.Fault{Path: "*", Times: -1, Drop: true})
	waits := make(told, 1)
	a, err := Open(t.Context(), Sandboxed(*c, world.Addresses(), filepath.Join(t.TempDir(), "latchkey.db")),
		Hooks{Clock: world.Clock, Logger: slog.New(slog.NewTextHandler(io.MultiWriter(waits), nil))})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.keys.start(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	a.clock = impatient{world.Clock}
	met := make(chan error, 1)
	go func() { met <- a.meet(t.Context()) }()
	if line := <-waits; !strings.Contains(line, "level=INFO") || !strings.Contains(line, "Waiting for a service") || !strings.Contains(line, "jira") {
		t.Errorf("it says %s", line)
	}
	mend()
	if err := <-met; err != nil {
		t.Error(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

// impatient waits for nothing.
type impatient struct{ clock.Clock }

func (impatient) Until(time.Time) (<-chan struct{}, func()) {
	passed := make(chan struct{})
	close(passed)
	return passed, func() {}
}

// TestAFirstStartEndsAtWhatAHumanHasToPutRight, and when somebody stops it.
func TestAFirstStartEndsAtWhatAHumanHasToPutRight(t *testing.T) {
	a := idleApp(t)
	failing := func(class access.Class) {
		a.health.services = []service{{name: "jira", hello: func(context.Context) error { return &access.Failure{Class: class, Sentence: "no"} }}}
	}
	for _, class := range []access.Class{access.Denied, access.Rejected, access.Unclear} {
		failing(class)
		if err := a.meet(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "jira: ") {
			t.Errorf("%s: %v", class, err)
		}
	}
	failing(access.Transient)
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := a.meet(stopped); err == nil {
		t.Error("it waits though nobody does any more")
	}
	if err := a.Run(stopped); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("a start that is stopped ends with %v", err)
	}
}
