package requests_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/requests"
)

func TestASubmissionIsTakenOnce(t *testing.T) {
	w := newWorld(t)
	first, again := w.submit(w.wanting("editor")), w.submit(w.wanting("editor"))
	if first.ID != again.ID || len(first.ID) != len("AR-12345678") {
		t.Errorf("two requests: %s and %s", first.ID, again.ID)
	}
	if first.State != access.RequestPending || !first.Lapses.Equal(start().Add(14*catalog.Day)) {
		t.Errorf("got %+v", first)
	}
	w.findApprovers()
	if r := w.request(first.ID); !slices.Equal(r.Stages[0].Asked, []access.PersonID{noor}) {
		t.Errorf("asked are %v", r.Stages[0].Asked)
	}
	for _, kind := range []string{"issue.open", "card.show"} {
		if len(w.tasks(kind)) == 0 {
			t.Errorf("no task %s", kind)
		}
	}
}

func TestASubmissionWithoutAKey(t *testing.T) {
	w := newWorld(t)
	sub := w.wanting("editor")
	sub.ID = ""
	if r := w.submit(sub); r.Origin != r.ID {
		t.Errorf("its origin is %q", r.Origin)
	}
}

func TestSeveralAsksAreTakenTogetherOrNotAtAll(t *testing.T) {
	w := newWorld(t)
	if _, err := w.SubmitAll(t.Context(), nil); err == nil {
		t.Error("nothing was taken for something")
	}
	cart := []requests.Submission{w.wanting("editor"), w.wanting("nope")}
	cart[1].ID = cart[0].ID
	_, err := w.SubmitAll(t.Context(), cart)
	var refused *requests.Refused
	if !errors.As(err, &refused) || refused.Item != 1 || refused.Error() == "" {
		t.Fatalf("got %v", err)
	}
	if len(w.tasks("")) != 0 {
		t.Fatalf("something was taken all the same: %v", w.tasks(""))
	}
	cart[1].Role = "root"
	first, err := w.SubmitAll(t.Context(), cart)
	w.ok(err)
	again, err := w.SubmitAll(t.Context(), cart)
	if err != nil || len(first) != 2 || len(again) != 2 || first[0].Origin != first[1].Origin {
		t.Errorf("got %+v, then %+v, %v", first, again, err)
	}
}

// Nobody else decides on what needs no yes: whoever asks was seen active a moment ago,
// and gets nothing if they are suspended by now.
func TestWhatNeedsNoApprovalIsNotForSomebodyJustSuspended(t *testing.T) {
	w := newWorld(t)
	seen := w.person(maya)
	gone := seen
	gone.Standing = access.Suspended
	w.staff["maya@acme.example"] = gone
	_, err := w.Submit(t.Context(), requests.Submission{By: seen, App: "figma", Role: "viewer", Wanted: 6 * time.Hour, Reason: "Look at the boards", Via: access.ViaSlack})
	w.refused(err, access.NotAllowed)
}

func TestWhatNeedsNoApprovalIsGivenAtOnce(t *testing.T) {
	w := newWorld(t)
	r := w.submit(w.wanting("viewer"))
	if g := w.grant(r); r.State != access.RequestApproved || g.State != access.GrantWaiting || len(w.tasks("grant.add")) != 0 {
		t.Fatalf("%s, %s, %v", r.State, g.State, w.tasks(""))
	}
	w.issue(r.ID)
	if g := w.grant(r); g.State != access.GrantProvisioning || len(w.tasks("grant.add")) != 1 {
		t.Errorf("%s, %v", g.State, w.tasks(""))
	}
}

func TestAskingForSomebodyElse(t *testing.T) {
	w := newWorld(t)
	sub := w.wanting("editor")
	sub.For = maya
	if r := w.submit(sub); r.Beneficiary != maya {
		t.Errorf("for herself: %+v", r)
	}
	sub.By, sub.ID, sub.For = w.person(noor), "other", tom
	if r := w.submit(sub); r.Requester != noor || r.Beneficiary != tom {
		t.Errorf("a manager: %+v", r)
	}
	sub.By, sub.ID, sub.For = w.person(tom), "third", maya
	_, err := w.Submit(t.Context(), sub)
	w.refused(err, access.NotAllowed)
	sub.For = peopletest.ID("nemo")
	_, err = w.Submit(t.Context(), sub)
	w.refused(err, access.Unknown)
}

func TestWhatStandsAgainstARequest(t *testing.T) {
	w := newWorld(t)
	w.asked("editor")
	roles := []requests.Choice{{RoleRef: catalog.RoleRef{App: "figma", Role: "editor"}}, {RoleRef: catalog.RoleRef{App: "figma", Role: "viewer"}}}
	got, err := w.Objections(t.Context(), w.person(maya), w.person(maya), roles)
	if err != nil || got[0] == nil || got[0].Reason != access.Duplicate || got[1] != nil {
		t.Errorf("got %v, %v", got, err)
	}
	got, err = w.Objections(t.Context(), w.person(tom), w.person(maya), roles)
	if err != nil || got[0] == nil || got[0].Reason != access.NotAllowed || got[1] == nil {
		t.Errorf("for another: %v, %v", got, err)
	}
}

func TestSomethingUnlistedIsDecidedByITAndGrantsNothing(t *testing.T) {
	w := newWorld(t)
	r := w.submit(requests.Submission{ID: "v", By: w.person(maya), Unlisted: "Balsamiq", Reason: "Wireframes", Via: access.ViaSlack})
	w.findApprovers()
	w.refused(w.answer(r, noor, true), access.NotAllowed)
	w.ok(w.answer(r, ines, true))
	if r = w.request(r.ID); r.State != access.RequestApproved || slices.Contains(w.story(r.ID), access.EventGrantStarted) {
		t.Errorf("%s, %v", r.State, w.story(r.ID))
	}
}

func TestARequestOfThePortalHasItsRecord(t *testing.T) {
	w := newWorld(t)
	sub := w.wanting("viewer")
	sub.Via, sub.Issue = access.ViaJira, access.Issue{ID: "77", Key: "IT-77"}
	r := w.submit(sub)
	if r.Issue.Key != "IT-77" || len(w.tasks("issue.open")) != 0 || len(w.tasks("issue.record")) == 0 {
		t.Errorf("its issue is %+v, tasks %v", r.Issue, w.tasks(""))
	}
	if g := w.grant(r); g.State != access.GrantProvisioning {
		t.Errorf("the grant is %s", g.State)
	}
	sub.ID, sub.Role = "another", "editor"
	_, err := w.Submit(t.Context(), sub)
	w.refused(err, access.Duplicate)
}

// portalIssue is one that Maya has to complete.
func (w *world) portalIssue(id, app string) {
	w.do(func(u *engine.Unit) error {
		return store.PutIssueCursor(u.Tx, &store.IssueCursor{ID: id, Key: "IT-" + id, Waits: string(maya), App: app})
	})
}

func TestWhatWasBegunInThePortalIsCompletedInSlack(t *testing.T) {
	w := newWorld(t)
	w.portalIssue("70", "")
	w.portalIssue("71", "figma")
	w.portalIssue("72", "badge")
	if r := w.submit(w.wanting("editor")); r.Issue.ID != "71" {
		t.Errorf("it goes on in %+v", r.Issue)
	}
	if r := w.submit(w.wanting("root")); r.Issue.ID != "70" {
		t.Errorf("it goes on in %+v", r.Issue)
	}
	sub := w.wanting("viewer")
	sub.By, sub.For = w.person(noor), maya
	if r := w.submit(sub); r.Issue.ID != "" {
		t.Errorf("somebody else's request goes on in %+v", r.Issue)
	}
}

func TestARequestLapses(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	w.refused(w.due("request", r.ID), access.Invalid)
	w.pass(14*catalog.Day + time.Second)
	w.ok(w.due("request", r.ID))
	if r = w.request(r.ID); r.State != access.RequestLapsed {
		t.Errorf("it is %s", r.State)
	}
	w.refused(w.answer(r, noor, true), access.TooLate)
}

// Whoever asks for the same and takes it back again and again is counted, and comes to an
// end; what they ask for besides is another matter, and so is the next day.
func TestAskingForTheSameComesToAnEnd(t *testing.T) {
	w := newWorld(t)
	ask := func(i int, role string) (access.Request, error) {
		sub := w.wanting(role)
		sub.ID = fmt.Sprint("view-", role, i)
		return w.Submit(t.Context(), sub)
	}
	var last access.Request
	for i := range 20 {
		r, err := ask(i, "editor")
		w.ok(err)
		w.ok(w.Cancel(t.Context(), r.ID, by(maya)))
		last = r
	}
	if story := w.events(last.ID); !strings.HasPrefix(story[0].Note, "The same was asked for, 20 times since") || !strings.HasPrefix(w.last(last.ID).Note, "The same was asked for and withdrawn, 20 times since") {
		t.Errorf("it says %q, then %q", story[0].Note, w.last(last.ID).Note)
	}
	_, err := ask(20, "editor")
	w.refused(err, access.NotAllowed)
	_, err = ask(0, "root")
	w.ok(err)
	w.pass(24 * time.Hour)
	if r, err := ask(21, "editor"); err != nil || w.events(r.ID)[0].Note != "" {
		t.Errorf("a day later: %v", err)
	}
}
