package modals

import (
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/payload"
	"latchkey/catalog"
	"latchkey/store"
)

// reviewed puts a review under way into the house, at which Noor has three rows to answer.
func (d *desk) reviewed() {
	d.Helper()
	c := access.Campaign{ID: "RV-1", Review: catalog.Review{ID: "quarter", Name: "Quarter", Stages: []catalog.ReviewStage{{Strategy: catalog.AllMustKeep}}}, State: access.CampaignOpen, Due: d.house.Clock.Now().Add(catalog.Week), Started: d.house.Clock.Now()}
	l := access.Worklist{Campaign: c.ID, Reviewer: bottest.Noor().ID, Rows: 3}
	if err := d.house.Store.Update(d.Context(), func(tx store.Tx) error {
		if err := store.PutCampaign(tx, &c); err != nil {
			return err
		}
		return store.PutWorklist(tx, &l)
	}); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) asked() []access.PersonID {
	d.Helper()
	var l access.Worklist
	if err := d.house.Store.View(d.Context(), func(tx store.Tx) (err error) {
		l, err = store.Worklist(tx, "RV-1", 0, bottest.Noor().ID)
		return err
	}); err != nil {
		d.Fatal(err)
	}
	return l.AskedNow()
}

// TestITHandsOnWhatWaitsForAReviewer: the form says who is waited for, and from then on somebody else answers.
func TestITHandsOnWhatWaitsForAReviewer(t *testing.T) {
	d := newDesk(t, shop())
	d.reviewed()
	view := payload.View{CallbackID: callbackCampaign}
	form := d.click(bottest.OmarID, view, payload.Action{ID: actionHandOn, Value: "RV-1"})
	d.wants(form.JSON, "Noor", "3 rows left", "Who answers from now on")
	to := payload.Input{}
	to.User = bottest.OmarID
	from := input(blockInstead, actionInstead, chosen(string(bottest.Noor().ID)))
	who := input(blockTo, actionTo, to)
	if out := d.submit(bottest.OmarID, callbackHandOn, "RV-1", with(who, because("on leave"))); !strings.Contains(out, "one of the two") {
		t.Errorf("nothing was chosen: %s", out)
	}
	if out := d.submit(bottest.OmarID, callbackHandOn, "RV-1", with(who, input(blockRows, actionRows, typed("3, x")), because("on leave"))); !strings.Contains(out, "x is none") {
		t.Errorf("a row that is no number: %s", out)
	}
	if out := d.submit(bottest.MayaID, callbackHandOn, "RV-1", with(from, who, because("on leave"))); !strings.Contains(out, "Only IT") {
		t.Errorf("somebody else hands on: %s", out)
	}
	if got := d.asked(); len(got) != 1 || got[0] != bottest.Noor().ID {
		t.Fatalf("something was handed on: %v", got)
	}
	if out := d.submit(bottest.OmarID, callbackHandOn, "RV-1", with(from, who, because("on leave"))); strings.Contains(out, "errors") {
		t.Errorf("handed on: %s", out)
	}
	if got := d.asked(); len(got) != 1 || got[0] != bottest.Omar().ID {
		t.Errorf("asked are %v", got)
	}

	// Who is waited for now is who can be replaced next, not who was asked first.
	form = d.click(bottest.OmarID, view, payload.Action{ID: actionHandOn, Value: "RV-1"})
	d.wants(form.JSON, string(bottest.Omar().ID), "3 rows left")
	if strings.Contains(form.JSON, string(bottest.Noor().ID)) {
		t.Errorf("somebody can be replaced who isn't asked any more: %s", form.JSON)
	}
	to.User = bottest.NoorID
	if out := d.submit(bottest.OmarID, callbackHandOn, "RV-1", with(input(blockInstead, actionInstead, chosen(string(bottest.Omar().ID))), input(blockTo, actionTo, to), because("back from leave"))); strings.Contains(out, "errors") {
		t.Errorf("handed on once more: %s", out)
	}
	if got := d.asked(); len(got) != 1 || got[0] != bottest.Noor().ID {
		t.Errorf("asked are %v", got)
	}
}

// TestWhoIsWaitedForIsForIT alone: others are refused before anything is shown.
func TestWhoIsWaitedForIsForIT(t *testing.T) {
	d := newDesk(t, shop())
	d.reviewed()
	if form := d.click(bottest.MayaID, payload.View{CallbackID: callbackCampaign}, payload.Action{ID: actionHandOn, Value: "RV-1"}); strings.Contains(form.JSON, "3 rows left") {
		t.Errorf("Maya sees %s", form.JSON)
	}
}
