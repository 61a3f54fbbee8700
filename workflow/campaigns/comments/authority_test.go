package comments_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/comments"
	"latchkey/workflow/people/peopletest"
)

// TestWhoAnswersByComment has everybody write everything there is to write on a review's issue: the one who is asked answers, the
// others change nothing, each of them reads why, and of whom it is known who they are that is in the log.
func TestWhoAnswersByComment(t *testing.T) {
	d := newDesk(t)
	d.Leaves("noor")
	row := func(verb string) string { return fmt.Sprintf(verb, d.maya) }
	says := []string{row("keep %d"), row("revoke %d: not on the team")}
	for _, who := range []struct {
		kind, handle string
		unbound      bool
		because      string
	}{
		{kind: "the app's owner, who isn't asked", handle: "bo", because: "Somebody else reviews this row"},
		{kind: "whose access it is", handle: "maya", because: "own access"},
		{kind: "somebody with a row of their own", handle: "tom", because: "Somebody else reviews this row"},
		{kind: "the reviewer's manager", handle: "mel", because: "Somebody else reviews this row"},
		{kind: "IT", handle: "ivy", because: "Somebody else reviews this row"},
		{kind: "somebody who has left", handle: "noor"},
		{kind: "an account that is nobody's", handle: "rita", unbound: true, because: "connect IT-1"},
	} {
		for _, text := range says {
			before := d.Item(d.id, d.maya)
			notes := d.refusals("J-" + who.handle)
			got := d.takes(d.writes(who.handle, text, func(m *comments.Written) {
				if who.unbound {
					m.By.Person, m.Unknown = "", "Nobody knows whose that is."
				}
			}))
			if got == "" || strings.Contains(got, "1 answer taken.") || !strings.Contains(got, who.because) {
				t.Errorf("%s writes %q and reads %q", who.kind, text, got)
			}
			if after := d.Item(d.id, d.maya); after.Version != before.Version || len(after.Answers) > 0 {
				t.Errorf("%s writes %q and changes the row to %+v", who.kind, text, after)
			}
			if d.Clock.Advance(24 * time.Hour); !who.unbound && d.refusals("J-"+who.handle) != notes+1 {
				t.Errorf("%s writes %q and the log has %d refusals, before %d", who.kind, text, d.refusals("J-"+who.handle), notes)
			}
		}
	}
	for n, want := range []access.ReviewDecision{access.DecisionKeep, access.DecisionRevoke} {
		d.wants(d.takes(d.writes("rita", says[n])), "1 answer taken.")
		if a, ok := d.Item(d.id, d.maya).AnswerOf(peopletest.ID("rita"), 0); !ok || a.Decision != want || a.By.Via != access.ViaJira {
			t.Errorf("the reviewer writes %q and is taken for %+v", says[n], a)
		}
	}
}

// refusals are how many of what an account did were refused, by the log.
func (d *desk) refusals(account string) (count int) {
	d.View(func(tx store.Tx) error {
		all, err := store.Events(tx, store.Filter{}, 0, 1000)
		for _, e := range all {
			if e.Kind == access.EventNote && e.Actor.Account == account && strings.HasPrefix(e.Note, "Refused to") {
				count++
			}
		}
		return err
	})
	return count
}
