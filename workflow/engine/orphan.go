package engine

import (
	"context"

	"latchkey/access"
	"latchkey/store"
)

// lookForOrphans finds, once, the tasks of queues that nobody works on any more,
// because a directory was taken out of the configuration. They fail visibly by
// their policies, instead of waiting for ever unseen. Where several processes
// share the store, another one may work on them.
func (e *Engine) lookForOrphans(ctx context.Context) {
	if !e.units.store.Exclusive() {
		return
	}
	worked := map[string]bool{}
	for _, q := range e.queues {
		worked[q.name] = true
	}
	for after := uint64(0); ctx.Err() == nil; {
		var page []store.Task
		err := e.units.View(ctx, func(tx store.Tx) (err error) {
			page, err = tx.Tasks("", after, batch)
			return err
		})
		if err != nil {
			e.units.log.Error("look for tasks that nobody works on", "error", err)
		}
		if err != nil || len(page) == 0 {
			return
		}
		after = page[len(page)-1].Seq
		for _, t := range page {
			if !worked[t.Queue] && t.State != store.Stuck {
				e.runner.failed(ctx, t, &access.Failure{Class: access.Rejected,
					Sentence: "Nothing works on " + t.Queue + " any more, because it was taken out of the configuration: put it back, then try again"})
			}
		}
	}
}
