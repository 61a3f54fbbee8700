package requests_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/requests"
)

func (w *world) emergency(change func(*requests.BreakGlass)) (access.Request, error) {
	w.Helper()
	b := requests.BreakGlass{
		Origin: "view-e", By: w.person(maya), App: "figma", Role: "root", Wanted: time.Hour, Reason: "The site is down", Incident: "inc-7", Typed: "Figma",
	}
	if change != nil {
		change(&b)
	}
	return w.SubmitBreakGlass(w.Context(), b)
}

func TestBreakingGlass(t *testing.T) {
	w := newWorld(t)
	r, err := w.emergency(nil)
	w.ok(err)
	if again, err := w.emergency(nil); err != nil || again.ID != r.ID {
		t.Fatalf("the second time: %s, %v", again.ID, err)
	}
	if g := w.grant(r); r.State != access.RequestApproved || g.State != access.GrantWaiting || g.Source != access.SourceBreakGlass {
		t.Errorf("%s, %s", r.State, g.State)
	}
	var jira []string
	for _, task := range w.tasks("") {
		if task.Queue == "jira" {
			jira = append(jira, task.Kind)
		}
	}
	if jira[0] != "issue.open" || slices.Index(jira, "incident.link") < 1 {
		t.Errorf("in the issue's lane are %v", jira)
	}
	w.issue(r.ID)
	if g := w.grant(r); g.State != access.GrantProvisioning {
		t.Errorf("with its record it is %s", g.State)
	}
	w.findApprovers()
	if r = w.request(r.ID); !r.UnderReview() || !slices.Equal(r.Review.Asked, []access.PersonID{noor}) {
		t.Errorf("the review is %+v", r.Review)
	}
}

func TestBreakGlassIsNotForAnything(t *testing.T) {
	w := newWorld(t)
	for name, change := range map[string]func(*requests.BreakGlass){
		"another role": func(b *requests.BreakGlass) { b.Role = "editor" },
		"too long":     func(b *requests.BreakGlass) { b.Wanted = 5 * time.Hour },
		"not typed":    func(b *requests.BreakGlass) { b.Typed = "" },
	} {
		if _, err := w.emergency(change); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	r, err := w.emergency(func(b *requests.BreakGlass) { b.Incident = "" })
	w.ok(err)
	if len(w.tasks("incident.link")) != 0 || r.Incident != "" {
		t.Error("an incident that nobody named is linked")
	}
	if most := w.BreakGlassMost(catalog.Role{}); most != 4*time.Hour {
		t.Errorf("a role without limit: %s", most)
	}
	if most := w.BreakGlassMost(catalog.Role{Durations: catalog.Durations{Max: time.Hour}}); most != time.Hour {
		t.Errorf("a role of one hour: %s", most)
	}
}

// reviewed is an emergency about which somebody was asked.
func (w *world) reviewed() access.Request {
	w.Helper()
	r, err := w.emergency(nil)
	w.ok(err)
	w.issue(r.ID)
	w.added(r)
	w.findApprovers()
	return w.request(r.ID)
}

func TestAnEmergencyThatWasOne(t *testing.T) {
	w := newWorld(t)
	r := w.reviewed()
	w.refused(w.review(r.ID, by(maya), true, ""), access.NotAllowed)
	w.refused(w.review("AR-GONE", by(noor), true, ""), access.Unknown)
	w.ok(w.review(r.ID, by(noor), true, ""))
	if g := w.grant(r); g.State != access.GrantActive || w.request(r.ID).UnderReview() {
		t.Errorf("the grant is %s", g.State)
	}
	w.refused(w.review(r.ID, by(noor), false, "After all"), access.TooLate)
}

func TestAnEmergencyThatWasNone(t *testing.T) {
	w := newWorld(t)
	r := w.reviewed()
	w.refused(w.review(r.ID, by(noor), false, " "), access.Invalid)
	w.ok(w.review(r.ID, by(noor), false, "A test"))
	if g := w.grant(r); g.State != access.GrantEnding || g.EndedBy.Person != noor {
		t.Errorf("the grant is %s, ended by %s", g.State, g.EndedBy.Person)
	}
}

func TestAnEmergencyThatIsOverIsReviewedAllTheSame(t *testing.T) {
	w := newWorld(t)
	r := w.reviewed()
	w.ok(w.Return(t.Context(), r.ID, by(maya)))
	w.ok(w.review(r.ID, by(noor), false, "A test"))
	if g := w.grant(r); g.End != access.EndReturned {
		t.Errorf("it ended because of %s", g.End)
	}
}

func TestAReviewIsAskedForAgain(t *testing.T) {
	w := newWorld(t)
	r := w.reviewed()
	w.pass(catalog.Day)
	w.ok(w.due("request", r.ID))
	w.findApprovers()
	if r = w.request(r.ID); r.Review.Rounds != 2 {
		t.Errorf("asked %d times", r.Review.Rounds)
	}
}

func TestAReviewNobodyCanBeAskedFor(t *testing.T) {
	w := newWorld(t)
	for _, who := range []string{"noor", "omar", "ines"} {
		delete(w.staff, access.Email(who+"@acme.example"))
	}
	r := w.reviewed()
	if e := w.last(r.ID); e.Kind != access.EventUnroutable || !strings.Contains(e.Note, "emergency") {
		t.Errorf("got %+v", e)
	}
}

// She was seen active a moment ago, and is suspended by now.
func TestAnEmergencyOfSomebodyJustSuspended(t *testing.T) {
	w := newWorld(t)
	seen := w.person(maya)
	p := w.staff["maya@acme.example"]
	p.Standing = access.Left
	w.staff["maya@acme.example"] = p
	_, err := w.SubmitBreakGlass(t.Context(), requests.BreakGlass{Origin: "v-1", By: seen, App: "figma", Role: "root", Wanted: time.Hour, Reason: "All is down", Typed: "Figma"})
	if _, refused := access.AsRefusal(err); !refused {
		t.Errorf("got %v", err)
	}
	w.staff["maya@acme.example"] = seen
	w.pass(2 * time.Minute)
	w.broken = errors.New("no route to host")
	_, err = w.SubmitBreakGlass(t.Context(), requests.BreakGlass{Origin: "v-2", By: seen, App: "figma", Role: "root", Wanted: time.Hour, Reason: "All is down", Typed: "Figma"})
	w.ok(err)
}
