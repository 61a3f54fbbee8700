package workflow_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// TestWhichCatalogueIsInForceIsNotedOnce: since when it is stays as it was over a start, and another one is an event of the log.
func TestWhichCatalogueIsInForceIsNotedOnce(t *testing.T) {
	live(t, func(h *house) {
		put := func(version, says string) time.Time {
			h.t.Helper()
			since, err := h.flow.InForce(context.Background(), version, says)
			if err != nil || since.IsZero() {
				h.t.Errorf("%s: since %s, %v", version, since, err)
			}
			return since
		}
		first := put("aaa", "Latchkey was started with it.")
		h.pass(time.Hour)
		h.close()
		h.open()
		if again := put("aaa", "Latchkey was started with it."); !again.Equal(first) {
			h.t.Errorf("after a start it is in force since %s, and was since %s", again, first)
		}
		second := put("bbb", "Figma has another owner.")
		if !second.After(first) || !put("bbb", "The same.").Equal(second) {
			h.t.Errorf("the other one is in force since %s", second)
		}
		var notes []string
		err := h.store.View(context.Background(), func(tx store.Tx) error {
			all, err := store.Story(tx, store.Filter{Subject: access.LogSubject()})
			for _, e := range all {
				if e.Kind == access.EventCatalogNew {
					notes = append(notes, e.Note)
				}
			}
			return err
		})
		if err != nil || !slices.Equal(notes, []string{"The catalogue bbb is in force, in place of aaa. Figma has another owner."}) {
			h.t.Errorf("the log says %s, %v", strings.Join(notes, " | "), err)
		}
	})
}
