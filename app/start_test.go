package app

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/config"
	"latchkey/store/bolt"
)

// told is a log that says when it was written to.
type told chan string

func (c told) Write(b []byte) (int, error) {
	select {
	case c <- string(b):
	default:
	}
	return len(b), nil
}

// A command that is at work on the store when the bot starts doesn't end the start,
// and somebody who asks while it starts reads that.
func TestAStartWaitsForACommandAtWork(t *testing.T) {
	c, err := config.Load("../config.yaml", func(string) (string, bool) { return "", false }, Backends())
	if err != nil {
		t.Fatal(err)
	}
	world, err := StartWorld(c, nil, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	defer world.Close()
	c = Sandboxed(*c, world.Addresses(), filepath.Join(t.TempDir(), "latchkey.db"))
	atWork, err := bolt.Open(storeFile(c), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenAdmin(t.Context(), c); err == nil || !strings.Contains(err.Error(), "is starting") {
		t.Errorf("who asks reads %v", err)
	}
	waits := make(told, 1)
	started := make(chan error, 1)
	go func() {
		a, err := Open(context.Background(), c, Hooks{Clock: world.Clock, Logger: slog.New(slog.NewTextHandler(io.MultiWriter(waits), nil))})
		if err == nil {
			err = a.Close()
		}
		started <- err
	}()
	if line := <-waits; !strings.Contains(line, "waiting until it is done") {
		t.Errorf("it says %s", line)
	}
	if err := atWork.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-started; err != nil {
		t.Errorf("then: %v", err)
	}
}
