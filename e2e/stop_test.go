package e2e

import (
	"errors"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"latchkey/sandbox/harness"
)

// TestAStopLosesNoClick: Latchkey is told to end while people send their forms. Whoever saw theirs taken finds it in the
// store; whoever was shown an error sends it once more to the next process; and nobody's is there twice.
func TestAStopLosesNoClick(t *testing.T) {
	h := newHouse(t)
	h.world.Slack.Waits(5 * time.Second)
	first, ended := h.begins()
	people := []string{"maya", "tom", "sam", "noor", "omar", "lena", "priya", "grace"}
	for _, who := range people {
		h.play("slack "+who+" '/access'", "slack "+who+" fill app=figma role=editor for=6h reason='Slides of "+who+"'")
	}
	impatient := &harness.Harness{World: h.world}
	impatient.Timeout = 7 * time.Second // whoever is shown an error doesn't wait for another answer
	sends := func(who string) error {
		_, err := impatient.Do(t.Context(), "slack", who, "submit")
		return err
	}
	taken, told := make(map[string]bool), make(chan struct{})
	var all sync.WaitGroup
	var mu sync.Mutex
	stopping := sync.OnceFunc(func() { close(told) })
	try := func(who string) {
		err := sends(who)
		mu.Lock()
		defer mu.Unlock()
		if taken[who] = err == nil; err == nil {
			_ = first.Process.Signal(syscall.SIGTERM) // the first one that is taken; later ones change nothing
			stopping()
		}
	}
	half := len(people) / 2
	for _, who := range people[:half] {
		all.Go(func() { try(who) })
	}
	all.Go(func() { // these send theirs to somebody who is about to go, and then to nobody
		<-told
		for _, who := range people[half:] {
			try(who)
		}
	})
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("it ends with %v", err)
		}
	case <-time.After(timeout):
		t.Fatal("it doesn't end")
	}
	all.Wait()
	there := h.submitted()
	for who, was := range taken {
		if n := there[who]; n > 1 || was && n == 0 {
			t.Errorf("%s: taken %v, and %d are in the store", who, was, n)
		}
	}

	h.begins()
	h.play("slack maya '/access help'") // it is there
	for _, who := range people {
		if !taken[who] {
			if err := sends(who); err != nil && there[who] == 0 {
				t.Errorf("%s again: %v", who, err)
			}
		}
	}
	if now := h.submitted(); len(now) != len(people) {
		t.Errorf("there are %v, and not one of each of %v", now, people)
	} else {
		for who, n := range now {
			if n != 1 {
				t.Errorf("%s: %d", who, n)
			}
		}
	}
}

// begins starts the bot, and tells how it ended.
func (h *house) begins() (*exec.Cmd, <-chan error) {
	h.Helper()
	bot, log := h.latchkey("run"), &locked{w: &strings.Builder{}}
	bot.Stdout, bot.Stderr = log, log
	if err := bot.Start(); err != nil {
		h.Fatal(err)
	}
	ended, done := make(chan error, 1), make(chan struct{})
	go func() {
		defer close(done)
		ended <- bot.Wait()
	}()
	h.Cleanup(func() {
		if err := bot.Process.Kill(); err == nil && h.Failed() {
			h.Log("it was killed in the end")
		}
		<-done
		if h.Failed() {
			h.Log(log.w.(*strings.Builder).String())
		}
	})
	return bot, ended
}

// submitted counts the requests in the store, by whose they are.
func (h *house) submitted() map[string]int {
	h.Helper()
	out, err := h.latchkey("evidence", "export", "--of", "events").Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		h.Fatalf("export: %s", failed.Stderr)
	}
	n := map[string]int{}
	for line := range strings.Lines(string(out)) {
		_, after, found := strings.Cut(line, "Slides of ")
		if found && strings.Contains(line, `"request.submitted"`) {
			who, _, _ := strings.Cut(after, `"`)
			n[who]++
		}
	}
	return n
}
