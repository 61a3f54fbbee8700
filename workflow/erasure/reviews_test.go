package erasure_test

import (
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/engine"
)

// reviewed is a campaign in which Noor revoked Maya's row, with words of her own.
func (w *world) reviewed(id string, state access.CampaignState) {
	w.Helper()
	must := func(err error) {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
	}
	to, err := snapshot.Begin(w.Context(), w.store, id+".1", w.clock.Now(), snapshot.Options{})
	must(err)
	n, err := to.AddPeople(w.Context(), snapshot.Person{Directory: "okta", Account: "00u-maya", ID: maya, Name: "Maya", Address: "maya@acme.example"})
	must(err)
	ref := catalog.GroupRef{Directory: "okta", Group: "g"}
	must(to.BeginGroup(snapshot.Group{Ref: ref, ID: "g1", Name: "g", App: "figma", Roles: []string{"editor"}}))
	must(to.AddRows(w.Context(), snapshot.Row{Account: n}))
	must(to.EndGroup(w.Context(), nil))
	_, err = to.Finish(w.Context(), w.clock.Now())
	must(err)
	w.do(func(u *engine.Unit) error {
		c := access.Campaign{ID: id, State: state, Snapshot: id + ".1", Created: u.At}
		if err := store.PutCampaign(u.Tx, &c); err != nil {
			return err
		}
		by := access.Actor{Person: noor, Via: access.ViaSlack, Account: "U-noor"}
		i := access.ReviewItem{Campaign: id, Row: 1, Person: maya, Group: ref, State: access.ItemSettled, Answers: []access.ReviewAnswer{{By: by, Decision: access.DecisionRevoke, Reason: "she is ill", At: u.At}}}
		e := i.Event(access.EventRowAnswered, by, u.At)
		e.Reason = "she is ill"
		if _, err := u.Append(e); err != nil {
			return err
		}
		return store.PutReviewItem(u.Tx, &i)
	})
}

// TestWhatReviewsShowedIsErased, once they are over: who somebody was then, and what was said of their rows. What was decided
// stays, and the snapshot's hash stands for it.
func TestWhatReviewsShowedIsErased(t *testing.T) {
	w := newWorld(t)
	w.reviewed("RV-OVER", access.CampaignClosed)
	w.reviewed("RV-OPEN", access.CampaignOpen)
	w.clock.Advance(48 * time.Hour)
	before := w.clock.Now().Add(-24 * time.Hour)
	found, err := w.Erase(t.Context(), maya, before, terminal())
	if err != nil || found.Events != 1 || found.Kept == 0 {
		t.Fatalf("%+v, %v", found, err)
	}
	for id, erased := range map[string]bool{"RV-OVER": true, "RV-OPEN": false} {
		w.view(func(tx store.Tx) error {
			from, err := snapshot.Open(tx, id+".1")
			if err != nil {
				return err
			}
			p, err := from.Account("okta", "00u-maya")
			if err != nil || p.Erased != erased || (p.Name == "") != erased || p.ID != maya {
				t.Errorf("%s shows %+v, %v", id, p, err)
			}
			if err := from.Verify(); err != nil {
				t.Errorf("%s: %v", id, err)
			}
			i, err := store.ReviewItem(tx, id, 1)
			if a := i.Answers[0]; err != nil || (a.Reason == "erased") != erased || (a.By.Account == "") != erased || a.By.Person != noor || a.Decision != access.DecisionRevoke {
				t.Errorf("%s says %+v, %v", id, a, err)
			}
			return nil
		})
	}
	w.whole()
}
