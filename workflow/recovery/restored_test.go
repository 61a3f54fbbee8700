package recovery_test

import (
	"testing"
	"time"

	"latchkey/store"
	"latchkey/workflow/engine"
)

// A store that comes back from a backup takes nothing for undone: each of its tasks looks
// before it writes, and cards are looked for before they are posted.
func TestARestoredStoreLooksBeforeItWrites(t *testing.T) {
	w, h := newWorld(t), history{t: t}
	waiting := h.waiting("1")
	w.recover(waiting, h.held("2"))
	err := w.units.Update(t.Context(), func(u *engine.Unit) error {
		stuck := store.Task{ID: "stuck", Queue: "jira", Kind: "issue.record", Lane: "issue/2", Problem: "no token"}
		behind := store.Task{ID: "behind", Queue: "jira", Kind: "issue.record", Lane: "issue/2", NotBefore: start().Add(time.Hour)}
		for _, k := range []store.Task{stuck, behind} {
			if _, err := u.Tx.Enqueue(k); err != nil {
				return err
			}
		}
		stuck.State, stuck.Attempts = store.Stuck, 8
		return u.Tx.Requeue(stuck)
	})
	if err != nil {
		t.Fatal(err)
	}
	made := start().Add(-24 * time.Hour)
	if err := w.Restored(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	err = w.store.View(t.Context(), func(tx store.Tx) error {
		all, err := tx.Tasks("", 0, 100)
		if err != nil {
			return err
		}
		for _, k := range all {
			if !k.Begun {
				t.Errorf("%s is taken for new", k.ID)
			}
			if k.ID == "stuck" && (k.State != store.Stuck || k.Attempts != 8 || k.Problem != "no token") || k.ID == "behind" && !k.NotBefore.Equal(start().Add(time.Hour)) {
				t.Errorf("%s is another task now: %+v", k.ID, k)
			}
		}
		paused, held, err := store.PausedBy(tx, start())
		if err != nil || !held || paused.ID != "quarantine/"+store.QuarantineRestored {
			t.Errorf("held by %+v, %v", paused, err)
		}
		cards, err := store.CardsOf(tx, waiting.Request.ID)
		for _, c := range cards {
			if c.Posting == "" && c.TS == "" {
				t.Errorf("the card %s would be posted without looking", c.ID)
			}
		}
		if len(cards) == 0 {
			t.Error("no card is expected anywhere")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
