package requests_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/requests"
)

func TestOnlyTheRightPersonDecides(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	for _, who := range []access.PersonID{maya, tom, ines, grace, ""} {
		w.refused(w.answer(r, who, true), access.NotAllowed)
	}
	refused := func(e access.Event) bool { return strings.HasPrefix(e.Note, "Refused to answer: ") }
	if n := len(slices.DeleteFunc(w.events(r.ID), func(e access.Event) bool { return !refused(e) })); n != 5 {
		t.Errorf("%d refused answers are in the log", n)
	}
	w.ok(w.answer(r, noor, true))
	if g := w.grant(r); g.State != access.GrantProvisioning {
		t.Errorf("the grant is %s", g.State)
	}
	w.refused(w.answer(r, noor, true), access.TooLate)
}

func TestANo(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	_, err := w.Decide(t.Context(), requests.Decision{Request: r.ID, By: by(noor)})
	w.refused(err, access.Invalid)
	if notes := slices.Index(w.story(r.ID), access.EventNote); notes >= 0 {
		t.Error("what can be put right in a form is in the log")
	}
	w.ok(w.answer(r, noor, false))
	if r = w.request(r.ID); r.State != access.RequestDenied || w.last(r.ID).Reason != "So be it." {
		t.Errorf("%s, %+v", r.State, w.last(r.ID))
	}
}

func TestAShorterYes(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	r, err := w.Decide(t.Context(), requests.Decision{Request: r.ID, By: by(noor), Yes: true, Wanted: time.Hour})
	if err != nil || r.Allowed != time.Hour || w.grant(r).Wanted != time.Hour {
		t.Errorf("allowed %s, %v", r.Allowed, err)
	}
}

func TestAConfirmationIsTyped(t *testing.T) {
	w := newWorld(t)
	r := w.asked("root")
	d := requests.Decision{Request: r.ID, By: by(noor), Yes: true}
	_, err := w.Decide(t.Context(), d)
	w.refused(err, access.Invalid)
	d.Typed = " FIGMA "
	_, err = w.Decide(t.Context(), d)
	w.ok(err)
}

func TestAnAnswerToAnEarlierStage(t *testing.T) {
	w := newWorld(t)
	r := w.asked("both")
	w.ok(w.answer(r, noor, true))
	w.findApprovers()
	if r = w.request(r.ID); r.Stage != 1 || !slices.Equal(r.Stages[1].Asked, []access.PersonID{ines}) {
		t.Fatalf("stage %d, asked %v", r.Stage, r.Stages[1].Asked)
	}
	_, err := w.Decide(t.Context(), requests.Decision{Request: r.ID, By: by(ines), Yes: true, Seen: 1})
	w.refused(err, access.TooLate)
	_, err = w.Decide(t.Context(), requests.Decision{Request: r.ID, By: by(ines), Yes: true, Seen: 2})
	w.ok(err)
}

// Somebody else answers while it is found out who may.
func TestAnswersThatCross(t *testing.T) {
	for _, role := range []string{"editor", "both"} {
		w := newWorld(t)
		r := w.asked(role)
		w.pass(2 * time.Minute)
		slow := crossing{w.who, func() { w.ok(w.answer(r, noor, true)) }}
		other := requests.New(requests.Config{
			Units: w.units, Catalog: w.Catalog(), People: w.who, Authority: slow, Approvers: w.who, Stuck: w.query,
		})
		_, err := other.Decide(t.Context(), requests.Decision{Request: r.ID, By: by(noor), Reason: "No."})
		w.refused(err, access.TooLate)
	}
}

func TestADecisionWhileNobodyCanBeLookedUp(t *testing.T) {
	w := newWorld(t)
	r, unasked := w.asked("editor"), w.submit(w.wanting("both"))
	w.pass(2 * time.Minute)
	w.broken = errors.New("no route to host")
	for _, r := range []access.Request{r, unasked} {
		w.ok(w.answer(r, noor, true))
		if r = w.request(r.ID); r.State != access.RequestPending || r.Stage != 0 || len(r.Waiting) != 1 {
			t.Fatalf("the answer isn't kept: %+v", r)
		}
	}
	w.refused(w.answer(r, noor, true), access.Duplicate)
	if err := w.carryOut(requests.EstablishTask); err == nil {
		t.Fatal("it is established that she may, and nobody could be looked up")
	}
	w.broken = nil
	w.ok(w.carryOut(requests.EstablishTask))
	if r = w.request(r.ID); r.State != access.RequestApproved || len(r.Waiting) != 0 {
		t.Errorf("the answer took no effect: %+v", r)
	}
	if !slices.ContainsFunc(w.events(r.ID), func(e access.Event) bool {
		return e.Kind == access.EventApproved && strings.Contains(e.Checked, "the answer was given at")
	}) {
		t.Error("the record doesn't say when it was established that she may")
	}
}

// What is not offered any more can't be given, whoever says yes. The request is
// closed by that rule, and whoever asked gets a message.
func TestARoleThatLeftTheCatalogue(t *testing.T) {
	w := newWorld(t)
	r := w.asked("root")
	w.offer = testCatalog(false)
	w.refused(w.answer(r, noor, true), access.Unknown)
	if r = w.request(r.ID); r.State != access.RequestDenied {
		t.Errorf("it is %s", r.State)
	}
	if w.toldAnew(r) != 1 {
		t.Error("the requester gets no message")
	}
}

func TestNobodyCanBeFound(t *testing.T) {
	w := newWorld(t)
	for _, who := range []access.Email{"noor@acme.example", "omar@acme.example", "ines@acme.example"} {
		delete(w.staff, who)
	}
	r := w.asked("editor")
	if w.last(r.ID).Kind != access.EventIssueOpened || !slices.Contains(w.story(r.ID), access.EventUnroutable) {
		t.Fatalf("the story is %v", w.story(r.ID))
	}
	w.staff["omar@acme.example"], w.staff["ines@acme.example"] = peopletest.Person("omar"), peopletest.Person("ines")
	w.refused(w.Retry(t.Context(), r.ID, by(maya)), access.NotAllowed)
	w.ok(w.Retry(t.Context(), r.ID, by(ines)))
	w.findApprovers()
	if r = w.request(r.ID); !slices.Equal(r.Stages[0].Asked, []access.PersonID{omar}) {
		t.Errorf("asked are %v", r.Stages[0].Asked)
	}
}

// Two have to agree, and Noor is both manager and owner.
func TestTooFewCanBeFound(t *testing.T) {
	w := newWorld(t)
	r := w.asked("pair")
	w.refused(w.answer(r, ines, true), access.NotAllowed)
	i := slices.IndexFunc(w.events(r.ID), func(e access.Event) bool { return e.Kind == access.EventUnroutable })
	if i < 0 || !strings.Contains(w.events(r.ID)[i].Note, "2 different people have to agree, and only 1 can be found who may") {
		t.Fatalf("the story is %v", w.events(r.ID))
	}
	w.chart["maya"] = "grace"
	w.pass(2 * time.Minute)
	w.ok(w.Retry(t.Context(), r.ID, by(ines)))
	w.findApprovers()
	w.ok(w.answer(r, noor, true))
	w.refused(w.answer(r, noor, true), access.Duplicate)
	if r = w.request(r.ID); r.State != access.RequestPending {
		t.Errorf("after one of two it is %s", r.State)
	}
	w.ok(w.answer(r, grace, true))
	if r = w.request(r.ID); r.State != access.RequestApproved {
		t.Errorf("after two it is %s", r.State)
	}
}

// What the route says by now has no say in who decides what was asked before.
func TestARouteThatIsEdited(t *testing.T) {
	w := newWorld(t)
	r := w.asked("both")
	w.offer = catalog.New(w.offer.Apps(), []catalog.Route{{Name: "two", Stages: []catalog.Stage{
		{Approvers: []catalog.Approver{{Kind: catalog.Security}}}, {Approvers: []catalog.Approver{{Kind: catalog.Manager}}},
	}}})
	w.refused(w.answer(r, ines, true), access.NotAllowed)
	w.ok(w.answer(r, noor, true))
	w.findApprovers()
	w.refused(w.answer(r, noor, true), access.NotAllowed)
	w.ok(w.answer(r, ines, true))
	if r = w.request(r.ID); r.State != access.RequestApproved || r.Catalog == w.offer.Version() {
		t.Errorf("%s, made with the catalogue %s", r.State, r.Catalog)
	}
}

func TestLookingForApproversOfWhatIsDecided(t *testing.T) {
	w := newWorld(t)
	r := w.submit(w.wanting("editor"))
	w.ok(w.Cancel(t.Context(), r.ID, by(maya)))
	w.findApprovers()
	if slices.Contains(w.story(r.ID), access.EventApproversAsked) {
		t.Error("somebody is asked about a cancelled request")
	}
	_, err := w.Handlers()[requests.FindApproversTask].Do(t.Context(), store.Task{Subject: access.RequestSubject("AR-GONE")})
	w.refused(err, access.Unknown)
}

func TestCancelling(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	w.refused(w.Cancel(t.Context(), r.ID, by(noor)), access.NotAllowed)
	w.refused(w.Cancel(t.Context(), "AR-GONE", by(maya)), access.Unknown)
	w.ok(w.Cancel(t.Context(), r.ID, by(maya)))
	if r = w.request(r.ID); r.State != access.RequestCancelled {
		t.Errorf("it is %s", r.State)
	}
	w.refused(w.answer(r, noor, true), access.TooLate)
}

func TestWhoeverLeavesWhileTheirAnswerIsCheckedDoesNotDecide(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	leaves := crossing{w.who, func() { w.ok(w.Left(t.Context(), noor)) }}
	s := requests.New(requests.Config{Units: w.units, Catalog: w.Catalog(), People: w.who, Authority: leaves, Approvers: w.who, Stuck: w.query})
	_, err := s.Decide(t.Context(), requests.Decision{Request: r.ID, By: by(noor), Yes: true})
	w.refused(err, access.NotAllowed)
	if r = w.request(r.ID); r.State != access.RequestPending {
		t.Errorf("it is %s", r.State)
	}
}

func TestWhoeverLeavesWhileTheyAreLookedUpIsNotAsked(t *testing.T) {
	w := newWorld(t)
	r := w.submit(w.wanting("editor"))
	leaves := crossing{w.who, func() { w.ok(w.Left(t.Context(), noor)) }}
	s := requests.New(requests.Config{Units: w.units, Catalog: w.Catalog(), People: w.who, Authority: w.who, Approvers: leaves, Stuck: w.query})
	task := w.tasks(requests.FindApproversTask)[0]
	done, err := s.Handlers()[requests.FindApproversTask].Do(t.Context(), task)
	w.ok(err)
	err = w.units.Update(t.Context(), done)
	if f := access.Classify(err); err == nil || f.Class != access.Limited || f.After <= 0 {
		t.Errorf("it is not tried again: %v", err)
	}
	if r = w.request(r.ID); len(r.Stages[0].Asked) > 0 {
		t.Errorf("asked are %v", r.Stages[0].Asked)
	}
}

func TestWhereDecisionsCountInJiraAlone(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	s := requests.New(requests.Config{Units: w.units, Catalog: w.Catalog(), People: w.who, Authority: w.who, Approvers: w.who, Stuck: w.query, JiraOnly: true})
	_, err := s.Decide(t.Context(), requests.Decision{Request: r.ID, By: by(noor), Yes: true})
	w.refused(err, access.NotAllowed)
	if said, _ := access.AsRefusal(err); !strings.Contains(said.Sentence, "decided in Jira here") {
		t.Errorf("it is refused with: %s", said.Sentence)
	}
	there := access.Actor{Person: noor, Via: access.ViaJira}
	if r, err = s.Decide(t.Context(), requests.Decision{Request: r.ID, By: there, Yes: true}); err != nil || r.State != access.RequestApproved {
		t.Errorf("it is %s, %v", r.State, err)
	}
}
