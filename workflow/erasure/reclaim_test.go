package erasure_test

import (
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// TestWhatWasSaidOfSeatsIsErased: the words of whoever still needed theirs, once that is over. What became of it stays.
func TestWhatWasSaidOfSeatsIsErased(t *testing.T) {
	w := newWorld(t)
	w.do(func(u *engine.Unit) error {
		by := access.Actor{Person: maya, Via: access.ViaSlack, Account: "U-maya"}
		c := access.Reclaim{ID: "RC-1", Person: maya, App: "figma", Grant: "G-1", Grants: []string{"G-1"}, State: access.ReclaimNeeded, Created: u.At, By: by, Why: "I am back in May", RestoreBy: by}
		e := c.Event(access.EventReclaimNeeded, by, u.At)
		e.Reason = c.Why
		if _, err := u.Append(e); err != nil {
			return err
		}
		return store.PutReclaim(u.Tx, &c)
	})
	w.clock.Advance(48 * time.Hour)
	if found, err := w.Erase(t.Context(), maya, w.clock.Now().Add(-24*time.Hour), terminal()); err != nil || found.Events != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	w.view(func(tx store.Tx) error {
		c, err := store.Reclaim(tx, "RC-1")
		if c.Why != "erased" || c.By.Account != "" || c.RestoreBy.Account != "" || c.By.Person != maya || c.State != access.ReclaimNeeded {
			t.Errorf("it says %+v", c)
		}
		return err
	})
	w.whole()
}

// TestAnOpenSeatIsSeenToFirst: what waits for somebody isn't over.
func TestAnOpenSeatIsSeenToFirst(t *testing.T) {
	w := newWorld(t)
	w.do(func(u *engine.Unit) error {
		c := access.Reclaim{ID: "RC-1", Person: maya, App: "figma", Grant: "G-1", Grants: []string{"G-1"}, State: access.ReclaimAsked, Created: u.At, Until: u.At.Add(time.Hour)}
		if _, err := u.Append(c.Event(access.EventReclaimAsked, access.System(), u.At)); err != nil {
			return err
		}
		return store.PutReclaim(u.Tx, &c)
	})
	w.clock.Advance(48 * time.Hour)
	if _, err := w.Erase(t.Context(), maya, w.clock.Now().Add(-24*time.Hour), terminal()); err == nil {
		t.Error("it is erased while it is asked")
	}
}
