package engine_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// answering has so many people wait for an answer; the result gives it to one of them.
func (p *process) answering(n int) (answer func()) {
	var all []func()
	for range n {
		all = append(all, p.units.Answering())
	}
	return func() {
		all[0]()
		all[0]() // who was answered doesn't count twice
		all = all[1:]
		synctest.Wait()
	}
}

// TestACrowdIsAnsweredFirst has tasks come while many people wait for an answer: they step
// back until somebody is answered, but for ends, which are carried out at once.
func TestACrowdIsAnsweredFirst(t *testing.T) {
	in(t, func(w *world) {
		w.handle("work", func(_ context.Context, t store.Task) (engine.Outcome, error) {
			w.note("%s", t.ID)
			return nil, nil
		})
		p := w.run()
		answer := p.answering(15)
		p.enqueue(store.Task{ID: "of few", Kind: "work", Subject: access.RequestSubject("maya"), Priority: store.Additions})
		w.expect("of few")
		p.answering(1)
		p.enqueue(store.Task{ID: "a grant", Kind: "work", Subject: access.RequestSubject("maya"), Priority: store.Additions})
		w.expect()
		p.enqueue(store.Task{ID: "an end", Kind: "work", Subject: access.RequestSubject("tom"), Priority: store.Removals})
		p.pass(200 * time.Millisecond)
		w.expect("an end")
		answer()
		w.expect("a grant")
	})
}

// TestNoCrowdStopsTheWork has the crowd stay: every second some tasks go ahead.
func TestNoCrowdStopsTheWork(t *testing.T) {
	in(t, func(w *world) {
		w.handle("work", func(_ context.Context, t store.Task) (engine.Outcome, error) {
			w.note("%s", t.ID)
			return nil, nil
		})
		p := w.run()
		p.answering(100)
		var tasks []store.Task
		for i := range 10 {
			tasks = append(tasks, store.Task{ID: fmt.Sprint(i), Kind: "work", Subject: access.RequestSubject("maya"), Priority: store.Additions})
		}
		p.enqueue(tasks...)
		w.expect()
		done := 0
		for second := range 10 {
			p.pass(time.Second)
			if n := len(w.noted()); n > 0 {
				done += n
			} else if done < len(tasks) && second > 0 {
				w.Errorf("nothing was done in second %d; %d of %d were done before", second, done, len(tasks))
			}
		}
		if done != len(tasks) {
			w.Errorf("%d of %d tasks were done within ten seconds", done, len(tasks))
		}
	})
}
