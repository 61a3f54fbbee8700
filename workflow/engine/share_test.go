package engine_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// TestABulkStarvesNobody queues a thousand tasks of one person. Those of others,
// which come in the middle, pass nearly all of them.
func TestABulkStarvesNobody(t *testing.T) {
	in(t, func(w *world) {
		next := make(chan struct{})
		w.handle("work", func(_ context.Context, t store.Task) (engine.Outcome, error) {
			<-next
			w.note("%s", t.ID)
			return nil, nil
		})
		p := w.run()
		var bulk []store.Task
		for i := range 1000 {
			bulk = append(bulk, store.Task{ID: fmt.Sprintf("bulk %d", i), Kind: "work", Subject: access.RequestSubject("boss"), Priority: store.Additions})
		}
		p.enqueue(bulk...)
		for range 100 {
			next <- struct{}{}
		}
		synctest.Wait() // every worker is at a task of the bulk, and has claimed nothing for afterwards
		p.enqueue(store.Task{ID: "maya's", Kind: "work", Subject: access.RequestSubject("maya"), Priority: store.Additions},
			store.Task{ID: "boss's next", Kind: "work", Subject: access.RequestSubject("boss"), Priority: store.Additions},
			store.Task{ID: "an end", Kind: "work", Subject: access.RequestSubject("boss"), Priority: store.Removals})
		for range 20 {
			next <- struct{}{}
		}
		synctest.Wait()
		did := w.noted()[100:]
		for _, id := range []string{"maya's", "an end"} {
			if at := slices.Index(did, id); at < 0 || at > 9 {
				w.Errorf("%s came at place %d after it was asked for", id, at)
			}
		}
		if slices.Contains(did, "boss's next") {
			w.Error("the one with a thousand tasks passed the rest of them")
		}
		close(next)
		synctest.Wait()
		if rest := w.noted(); len(rest) != 1003-120 {
			w.Errorf("%d were done then", len(rest))
		}
	})
}
