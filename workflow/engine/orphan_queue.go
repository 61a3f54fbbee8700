package engine

import (
	"context"

	"latchkey/store"
)

// lookForOrphans finds what earlier processes have left in queues that nobody works
// on. Where several processes share the store, another one may.
func (e *Engine) lookForOrphans(ctx context.Context) {
	for after := uint64(0); ctx.Err() == nil; {
		var page []store.Task
		err := e.units.View(ctx, func(tx store.Tx) (err error) {
			page, err = tx.Tasks("", after, batch)
			return err
		})
		if err != nil && ctx.Err() == nil {
			e.units.log.Error("look for tasks that nobody works on", "error", err)
		}
		if err != nil || len(page) == 0 {
			return
		}
		after = page[len(page)-1].Seq
		for _, t := range page {
			if t.Queue != "" { // of one that can't be read back nothing is known
				e.units.orphans.serve(t.Queue)
			}
		}
	}
}
