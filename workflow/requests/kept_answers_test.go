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
	"latchkey/workflow/engine"
	"latchkey/workflow/requests"
)

// notices are the messages that wait to be said, by the beginning of their markers.
func (w *world) notices(marker string) []store.Task {
	w.Helper()
	return slices.DeleteFunc(w.tasks(""), func(t store.Task) bool { return !strings.HasPrefix(t.ID, "notice/"+marker) })
}

// toldAnew counts the messages that whoever asked gets of a request after the first.
func (w *world) toldAnew(r access.Request) (n int) {
	w.Helper()
	for _, t := range w.tasks("") {
		if strings.HasPrefix(t.ID, "card/"+r.ID+"|requester.") || strings.HasPrefix(t.ID, "notice/") && strings.Contains(t.ID, r.ID) {
			n++
		}
	}
	return n
}

// silently has somebody answer while nobody can be looked up.
func (w *world) silently(r access.Request, who access.PersonID, yes bool) {
	w.Helper()
	w.pass(2 * time.Minute)
	w.broken = errors.New("no route to host")
	w.ok(w.answer(r, who, yes))
	w.broken = nil
}

// Whoever was asked and may not decide any more doesn't, however long the directory
// was silent. They read so in a message of its own.
func TestAKeptAnswerOfAFormerApprover(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	w.chart["maya"] = "grace"
	w.silently(r, noor, true)
	w.ok(w.carryOut(requests.EstablishTask))
	if r = w.request(r.ID); r.State != access.RequestPending || len(r.Waiting) != 0 || len(r.Stages[0].Answers) != 0 {
		t.Fatalf("it counts: %+v", r)
	}
	if n := w.notices("answer/" + r.ID); len(n) != 1 || !strings.Contains(string(n[0].Payload), "isn't yours to decide any more") {
		t.Errorf("she reads: %+v", n)
	}
	w.findApprovers()
	if r = w.request(r.ID); !slices.Equal(r.Stages[0].Asked, []access.PersonID{grace}) {
		t.Errorf("asked are %v", r.Stages[0].Asked)
	}
	w.ok(w.answer(r, grace, true))
}

func TestAKeptAnswerThatOthersOvertook(t *testing.T) {
	w := newWorld(t)
	r := w.asked("both")
	w.silently(r, noor, false)
	w.ok(w.answer(r, noor, true)) // she thinks better of it, and the directory answers
	if r = w.request(r.ID); r.Stage != 1 || len(r.Waiting) != 0 {
		t.Fatalf("%+v", r)
	}
	w.ok(w.carryOut(requests.EstablishTask))
	w.findApprovers()
	w.silently(w.request(r.ID), ines, true)
	w.ok(w.Cancel(t.Context(), r.ID, by(maya)))
	w.ok(w.carryOut(requests.EstablishTask))
	if r = w.request(r.ID); r.State != access.RequestCancelled || len(r.Waiting) != 0 || len(w.notices("answer/"+r.ID)) != 1 {
		t.Errorf("%+v, told %d", r, len(w.notices("answer/"+r.ID)))
	}
}

func TestAKeptAnswerOfSomebodyWhoLeft(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	w.silently(r, noor, true)
	p := w.staff["noor@acme.example"]
	p.Standing = access.Left
	w.staff["noor@acme.example"] = p
	w.left(noor)
	w.ok(w.carryOut(requests.EstablishTask))
	if r = w.request(r.ID); r.State != access.RequestPending || len(r.Waiting) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestAKeptReview(t *testing.T) {
	w := newWorld(t)
	r := w.taken()
	w.pass(2 * time.Minute)
	w.broken = errors.New("no route to host")
	w.ok(w.review(r.ID, by(noor), false, "A test"))
	if r = w.request(r.ID); len(r.Waiting) != 1 || !r.UnderReview() || !r.Due().IsZero() {
		t.Fatalf("due %s, %+v", r.Due(), r)
	}
	w.broken = nil
	w.ok(w.carryOut(requests.EstablishTask))
	if r = w.request(r.ID); r.UnderReview() || r.Review.Answer.Yes || len(r.Waiting) != 0 {
		t.Errorf("%+v", r.Review)
	}
}

// taken is a role that Maya took in an emergency, under review.
func (w *world) taken() access.Request {
	w.Helper()
	r, err := w.SubmitBreakGlass(w.Context(), requests.BreakGlass{Origin: "v-1", By: w.person(maya), App: "figma", Role: "root", Wanted: time.Hour, Reason: "All is down", Typed: "Figma"})
	w.ok(err)
	w.issue(r.ID)
	w.findApprovers()
	return w.request(r.ID)
}

// Whoever is asked changes while a request waits. The new one is asked, the old one
// told; and where nothing has changed, nothing is said.
func TestApproversWhoChange(t *testing.T) {
	for name, notice := range map[string]func(*world, access.Request){
		"by the clock": func(w *world, r access.Request) {
			w.pass(access.LookEvery)
			w.ok(w.due("request", r.ID))
		},
		"by a click that is refused": func(w *world, r access.Request) {
			w.pass(2 * time.Minute)
			w.refused(w.answer(r, noor, true), access.NotAllowed)
		},
	} {
		w := newWorld(t)
		r := w.asked("editor")
		w.pass(access.LookEvery)
		w.ok(w.due("request", r.ID))
		w.findApprovers()
		want := []access.EventKind{access.EventSubmitted, access.EventApproversAsked, access.EventIssueOpened, access.EventAskedAgain} // the last is due anyway
		if got := w.story(r.ID); !slices.Equal(got, want) {
			t.Errorf("%s: nothing has changed, and the story is %v", name, got)
		}
		w.chart["maya"] = "grace"
		notice(w, r)
		w.findApprovers()
		if r = w.request(r.ID); !slices.Equal(r.Stages[0].Asked, []access.PersonID{grace}) || len(w.notices("relieved/"+r.ID)) != 1 {
			t.Errorf("%s: asked are %v, %d told", name, r.Stages[0].Asked, len(w.notices("relieved/"+r.ID)))
		}
	}
}

// She answered in time. That the directory was silent is not the requester's fault.
func TestAnAnswerInTimeKeepsARequestFromLapsing(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	w.pass(14*catalog.Day - time.Hour)
	w.silently(r, noor, true)
	w.pass(2 * time.Hour)
	w.ok(w.due("request", r.ID))
	if r = w.request(r.ID); r.State != access.RequestPending || !r.Due().After(w.now) {
		t.Fatalf("it is %s, due %s", r.State, r.Due())
	}
	w.ok(w.carryOut(requests.EstablishTask))
	if r = w.request(r.ID); r.State != access.RequestApproved {
		t.Errorf("it is %s", r.State)
	}
}

func TestAWaitingRequestStillLapses(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	w.pass(14 * catalog.Day)
	w.ok(w.due("request", r.ID))
	if r = w.request(r.ID); r.State != access.RequestLapsed || !r.Due().IsZero() {
		t.Errorf("it is %s, due %s", r.State, r.Due())
	}
}

// Noor is asked at both stages. Her one yes counts for both, and the record says so.
func TestOneYesCountsForSeveralStages(t *testing.T) {
	w := newWorld(t)
	w.offer = twice(w.offer, false)
	r := w.asked("both")
	w.ok(w.answer(r, noor, true))
	w.findApprovers()
	if r = w.request(r.ID); r.State != access.RequestApproved || !r.Stages[1].Answers[0].Reused {
		t.Fatalf("%+v", r)
	}
	i := slices.IndexFunc(w.events(r.ID), func(e access.Event) bool { return e.Reused })
	if e := w.events(r.ID)[i]; e.Stage != 1 || !strings.Contains(e.Note, "The same person") || e.Checked == "" {
		t.Errorf("the record says %+v", e)
	}
}

// The route asks for different people, so the fallback decides the second stage.
func TestDistinctStages(t *testing.T) {
	w := newWorld(t)
	w.offer = twice(w.offer, true)
	r := w.asked("both")
	w.ok(w.answer(r, noor, true))
	w.findApprovers()
	r = w.request(r.ID)
	if !slices.Equal(r.Stages[1].Asked, []access.PersonID{omar}) || !strings.Contains(r.Stages[1].Why, "every stage needs somebody else") {
		t.Fatalf("%+v", r.Stages[1])
	}
	w.refused(w.answer(r, noor, true), access.NotAllowed)
	w.ok(w.answer(r, omar, true))
}

// A yes does not count again if whoever gave it may not decide any more when the stage begins.
func TestAYesOfSomebodySuspendedSinceIsNotReused(t *testing.T) {
	w := newWorld(t)
	w.offer = twice(w.offer, false)
	r := w.asked("both")
	w.ok(w.answer(r, noor, true))
	p := w.staff["noor@acme.example"]
	p.Standing = access.Left
	w.staff["noor@acme.example"] = p
	w.findApprovers()
	if r = w.request(r.ID); r.State != access.RequestPending || !slices.Equal(r.Stages[1].Asked, []access.PersonID{omar}) {
		t.Errorf("%+v", r)
	}
}

// twice is a catalogue whose route "two" asks the manager and the owner, who are the
// same person.
func twice(c *catalog.Catalog, distinct bool) *catalog.Catalog {
	stage := func(k catalog.ApproverKind) catalog.Stage {
		return catalog.Stage{Approvers: []catalog.Approver{{Kind: k}}}
	}
	return catalog.New(c.Apps(), []catalog.Route{{Name: "two", Stages: []catalog.Stage{stage(catalog.Manager), stage(catalog.Owner)}, Distinct: distinct}})
}

// All have to agree, and one of the app's owners is not in Slack: the others alone
// are not all, and IT is told.
func TestAllMeansAllWhoAreNamed(t *testing.T) {
	w := newWorld(t)
	apps := w.offer.Apps()
	apps[0].Owners = []string{"noor@acme.example", "zoe@acme.example"}
	w.offer = catalog.New(apps, []catalog.Route{{Name: "manager", Stages: []catalog.Stage{{Approvers: []catalog.Approver{{Kind: catalog.Owner}}, Need: catalog.Need{All: true}}}}})
	r := w.asked("editor")
	w.ok(w.answer(r, noor, true))
	if r = w.request(r.ID); r.State != access.RequestPending || !strings.Contains(strings.Join(r.Stages[0].Unfound, ""), "zoe@acme.example") {
		t.Fatalf("%+v", r)
	}
	if n := w.notices("unfound/" + r.ID); len(n) != 1 || !strings.Contains(string(n[0].Payload), "zoe@acme.example") {
		t.Errorf("IT reads %+v", n)
	}
}

// Who may hold a role is looked at again when it is approved.
func TestWhatMayBeHeldIsLookedAtAgain(t *testing.T) {
	for name, change := range map[string]func(*catalog.Role){
		"only for others": func(r *catalog.Role) { r.For = catalog.Audience{People: []string{"tom@acme.example"}} },
		"needs another":   func(r *catalog.Role) { r.Needs = []catalog.Holding{{App: "figma", Role: "viewer"}} },
	} {
		w := newWorld(t)
		r := w.asked("editor")
		apps := w.offer.Apps()
		apps[0].Roles = slices.Clone(apps[0].Roles)
		change(&apps[0].Roles[0])
		w.offer = catalog.New(apps, []catalog.Route{{Name: "manager", Stages: []catalog.Stage{{Approvers: r.Stages[0].Sources}}}})
		w.refused(w.answer(r, noor, true), access.NotAllowed)
		if r = w.request(r.ID); r.State != access.RequestDenied || w.toldAnew(r) != 1 {
			t.Errorf("%s: it is %s", name, r.State)
		}
		if e := w.events(r.ID)[3]; e.Kind != access.EventDenied || e.Actor.Person != "" || !strings.Contains(e.Note, "noor@acme.example") {
			t.Errorf("%s: the record says %+v", name, e)
		}
	}
}

// Two answers are kept. Taken up anew after the tasks are lost, both are established.
func TestEveryKeptAnswerIsTakenUp(t *testing.T) {
	w := newWorld(t)
	w.chart["maya"] = "grace"
	r := w.asked("pair")
	w.silently(r, noor, true)
	w.silently(r, grace, true)
	tasks := w.tasks(requests.EstablishTask)
	w.do(func(u *engine.Unit) error {
		for _, t := range tasks {
			if err := u.Drop(t.ID); err != nil {
				return err
			}
		}
		return requests.Effects()[access.EffectEstablish](u, r.Event(access.EventTaskResumed, access.System(), u.At), access.Effect{Kind: access.EffectEstablish})
	})
	if len(tasks) != 2 || len(w.tasks(requests.EstablishTask)) != 2 {
		t.Fatalf("%d and %d tasks", len(tasks), len(w.tasks(requests.EstablishTask)))
	}
	w.ok(w.carryOut(requests.EstablishTask))
	if r = w.request(r.ID); r.State != access.RequestApproved || len(r.Waiting) != 0 {
		t.Errorf("%+v", r)
	}
}

// A second answer of hers is kept while the task for the first finds nothing to do.
func TestAnAnswerKeptWhileItsTaskIsUnderWay(t *testing.T) {
	w := newWorld(t)
	r := w.asked("both")
	w.silently(r, noor, true)
	task := w.tasks(requests.EstablishTask)[0]
	w.ok(w.answer(r, noor, true)) // the directory answers by now
	done, err := w.Handlers()[requests.EstablishTask].Do(t.Context(), task)
	w.ok(err)
	w.findApprovers()
	w.silently(w.request(r.ID), noor, true)
	err = w.units.Update(t.Context(), done)
	if f := access.Classify(err); err == nil || f.Class != access.Limited {
		t.Errorf("nobody would find out about it: %v", err)
	}
}
