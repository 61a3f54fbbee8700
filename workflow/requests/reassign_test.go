package requests_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/requests"
)

// TestSomebodyElseIsAskedToDecide, on the word of IT: whose request it is hears of it, and their answer counts.
func TestSomebodyElseIsAskedToDecide(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	w.ok(w.Reassign(t.Context(), requests.Reassignment{Request: r.ID, By: by(ines), To: grace, Reason: " Noor is ill. "}))
	w.findApprovers()
	if r = w.request(r.ID); !slices.Equal(r.Stages[0].Asked, []access.PersonID{grace}) || w.events(r.ID)[len(w.events(r.ID))-2].Reason != "Noor is ill." {
		t.Errorf("asked is %v; story: %+v", r.Stages[0].Asked, w.story(r.ID))
	}
	if told := w.messages("reassigned/" + r.ID); len(told) != 1 || !strings.Contains(told[0], "Ines asked Grace to decide: Noor is ill.") {
		t.Errorf("told: %q", told)
	}
	w.ok(w.answer(r, grace, true))
	if r = w.request(r.ID); r.State != access.RequestApproved {
		t.Errorf("it is %s", r.State)
	}
}

// TestNotEverybodyIsAskedToDecide: who asks for that, and who is asked, may be refused.
func TestNotEverybodyIsAskedToDecide(t *testing.T) {
	for name, c := range map[string]struct {
		by, to access.PersonID
		change func(*world)
		want   access.Reason
	}{
		"by somebody":         {tom, grace, nil, access.NotAllowed},
		"by whoever asked":    {maya, grace, nil, access.NotAllowed},
		"to nobody":           {ines, "", nil, access.Invalid},
		"to a stranger":       {ines, peopletest.ID("stranger"), nil, access.Invalid},
		"to a report of hers": {ines, tom, func(w *world) { w.chart["tom"] = "maya" }, access.Invalid},
		"to somebody who left": {ines, grace, func(w *world) {
			gone := w.person(grace)
			gone.Standing = access.Left
			w.staff["grace@acme.example"] = gone
		}, access.Invalid},
	} {
		w := newWorld(t)
		r := w.asked("editor")
		if c.change != nil {
			c.change(w)
		}
		t.Log(name)
		err := w.Reassign(t.Context(), requests.Reassignment{Request: r.ID, By: by(c.by), To: c.to, Reason: "So be it."})
		w.refused(err, c.want)
		if got := w.request(r.ID); len(got.Stages[0].Reassigned) > 0 {
			t.Errorf("%s: it was done", name)
		}
	}
}

// TestWhoIsWaitedForIsToldAgain, when those whose request it is say so, and not at once.
func TestWhoIsWaitedForIsToldAgain(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	if w.Nudge(t.Context(), r.ID, by(maya)) == nil {
		t.Error("who was just asked is told again")
	}
	w.pass(time.Hour)
	w.refused(w.Nudge(t.Context(), r.ID, by(tom)), access.NotAllowed)
	w.ok(w.Nudge(t.Context(), r.ID, by(maya)))
	if e := w.last(r.ID); e.Kind != access.EventNudged || !slices.Equal(e.Approvers, []access.PersonID{noor}) {
		t.Errorf("the last that happened is %+v", e)
	}
	if w.Nudge(t.Context(), r.ID, by(maya)) == nil {
		t.Error("they are told again and again")
	}
}
