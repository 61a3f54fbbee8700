package e2e

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// A story that failed may have met the machine at a bad moment. So few of a run may be played
// again, and each has to go well so many times in a row then: what fails now and then by
// Latchkey's own fault fails again in one of them. Each is printed with all it said.
const (
	mayReplay   = 2
	replayTimes = 3
)

// replays are the stories that may still be played again in this run.
type replays struct{ used atomic.Int32 }

// play plays a story, again where it failed and may be.
func (r *replays) play(name string, story func(testscript.T)) *take {
	first := perform(story)
	if !first.failed || r.used.Add(1) > mayReplay {
		return first
	}
	fmt.Printf("--- FAILED ONCE, played again: %s\n%s\n", name, first.text())
	for range replayTimes - 1 {
		if next := perform(story); next.failed {
			return next
		}
	}
	return perform(story)
}

// take is one performance of a story: what testscript takes for the test.
type take struct {
	mu              sync.Mutex
	said            []string
	failed, skipped bool
}

// perform plays a story once, to its end.
func perform(story func(testscript.T)) *take {
	t := &take{}
	t.Run("", story)
	return t
}

// report makes of a performance what becomes of the test.
func (t *take) report(to *testing.T) {
	to.Helper()
	if text := t.text(); text != "" {
		to.Log(text)
	}
	switch {
	case t.failed:
		to.FailNow()
	case t.skipped:
		to.SkipNow()
	}
}

func (t *take) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.said, "\n")
}

// Run runs a part to its end, which may be a failure.
func (t *take) Run(_ string, part func(testscript.T)) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		part(t)
	}()
	<-done
}

func (t *take) Log(args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.said = append(t.said, strings.TrimSuffix(fmt.Sprintln(args...), "\n"))
}

func (t *take) Fatal(args ...any) {
	t.Log(args...)
	t.FailNow()
}

func (t *take) FailNow() {
	t.mu.Lock()
	t.failed = true
	t.mu.Unlock()
	runtime.Goexit()
}

func (t *take) Failed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.failed
}

func (t *take) Skip(args ...any) {
	t.Log(args...)
	t.mu.Lock()
	t.skipped = true
	t.mu.Unlock()
	runtime.Goexit()
}

// Parallel does nothing: the test that plays is parallel already.
func (t *take) Parallel() {}

func (t *take) Verbose() bool { return testing.Verbose() }

// A story that failed once may go well three times; one that fails again fails, and so does
// the third of a run.
func TestReplays(t *testing.T) {
	for name, c := range map[string]struct {
		fails  []bool // of each performance
		before int32  // stories of the run that were played again already
		want   bool
		played int
	}{
		"well at once":       {[]bool{false}, 0, false, 1},
		"well thrice":        {[]bool{true, false, false, false}, 0, false, 4},
		"again":              {[]bool{true, false, true, false}, 0, true, 3},
		"one story too many": {[]bool{true, false, false, false}, mayReplay, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			r, played := &replays{}, 0
			r.used.Store(c.before)
			last := r.play(t.Name(), func(t testscript.T) {
				played++
				if c.fails[played-1] {
					t.Fatal("went wrong")
				}
			})
			if last.failed != c.want || played != c.played {
				t.Errorf("failed %v after %d performances", last.failed, played)
			}
		})
	}
}
