package harness

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"latchkey/sandbox/slack"
)

// patient is after how long somebody who reads a list that doesn't say yet what they
// expect asks for it once more.
const patient = 2 * time.Second

// typed is what people typed last, if they have done nothing since and it only asks.
type typed struct {
	mu    sync.Mutex
	lines map[string]string // by handle
}

// readers are the commands that change nothing, some as people misspell them.
func readers() []string {
	return []string{"mine", "mien", "who", "why", "stuck", "report", "review", "approvals", "aprovals", "trace", "help"}
}

// note takes down what somebody does.
func (t *typed) note(handle, what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lines == nil {
		t.lines = map[string]string{}
	}
	delete(t.lines, handle)
	if words := strings.Fields(what); len(words) > 1 && strings.HasPrefix(what, "/") && slices.Contains(readers(), words[1]) {
		t.lines[handle] = what
	}
}

func (t *typed) last(handle string) (line string, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	line, ok = t.lines[handle]
	return line, ok
}

// askingAgain has somebody who waits for an answer ask for it again and again, if what they
// did last was to ask: an answer that was given stays as it is, whatever happens.
func (h *Harness) askingAgain(ctx context.Context, words []string) (enough func()) {
	if words[0] != "whisper" || len(words) < 2 {
		return func() {}
	}
	line, ok := h.typed.last(words[1])
	who, err := h.member(words[1])
	if !ok || err != nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.askAgain(ctx, who, line)
	}()
	return func() { cancel(); <-done }
}

func (h *Harness) askAgain(ctx context.Context, who slack.User, line string) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(patient):
			_, _ = h.command(ctx, who, line) // what came of it is looked at by whoever waits
		}
	}
}
