package access_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
)

func emergency() access.Ask {
	return access.Ask{ID: "AR-TEST0002", Requester: someone("tom"), Beneficiary: someone("tom"), App: "proddb", Role: "write", Wanted: time.Hour, Reason: "Payments are down", Incident: "OPS-7"}
}

func TestSubmitBreakGlass(t *testing.T) {
	for name, c := range map[string]struct {
		edit  func(*access.Ask)
		typed string
		want  string
	}{
		"taken":           {typed: " production DB "},
		"not typed":       {typed: "yes", want: "type the app's name: Production DB"},
		"too long":        {typed: "Production DB", edit: func(a *access.Ask) { a.Wanted = 5 * time.Hour }, want: "4 hours at most"},
		"for another":     {typed: "Production DB", edit: func(a *access.Ask) { a.Beneficiary = someone("sam") }, want: "themselves only"},
		"not that role":   {typed: "Figma", edit: func(a *access.Ask) { a.App, a.Role = "figma", "editor" }, want: "can't be taken in an emergency"},
		"without a word":  {typed: "Production DB", edit: func(a *access.Ask) { a.Reason = "" }, want: "what you need it for"},
		"by a guest":      {typed: "Production DB", edit: func(a *access.Ask) { a.Requester.Kind = access.Guest }, want: "Guest accounts"},
		"of someone gone": {typed: "Production DB", edit: func(a *access.Ask) { a.Requester.Standing = access.Left }, want: "deactivated"},
	} {
		ask := emergency()
		if c.edit != nil {
			c.edit(&ask)
		}
		r, _, _, err := access.SubmitBreakGlass(testCatalog(), ask, c.typed, 4*time.Hour, access.Standings{}, at)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && (!r.BreakGlass || r.State != access.RequestPending || len(r.Stages) != 0) {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// An emergency goes beside a request that waits, but not beside the access itself.
func TestSubmitBreakGlassBesideWhatIsThere(t *testing.T) {
	waiting := access.Request{State: access.RequestPending, App: "proddb", Role: "write", Beneficiary: "tom@acme.example"}
	if _, _, _, err := access.SubmitBreakGlass(testCatalog(), emergency(), "Production DB", 4*time.Hour, access.Standings{Requests: []access.Request{waiting}}, at); err != nil {
		t.Error(err)
	}
	active := access.Grant{State: access.GrantActive, App: "proddb", Role: "write", Person: "tom@acme.example"}
	if _, _, _, err := access.SubmitBreakGlass(testCatalog(), emergency(), "Production DB", 4*time.Hour, access.Standings{Grants: []access.Grant{active}}, at); err == nil {
		t.Error("taken although it is there")
	}
}

// The review stays open, and comes due again, until somebody who was skipped answers.
func TestReviewIsTrackedToItsEnd(t *testing.T) {
	r, _, _, err := access.SubmitBreakGlass(testCatalog(), emergency(), "Production DB", 4*time.Hour, access.Standings{}, at)
	if err != nil {
		t.Fatal(err)
	}
	tom, noor := access.Actor{Person: "tom@acme.example"}, access.Actor{Person: "noor@acme.example"}
	move := func(k access.EventKind, by access.Actor, now time.Time) error {
		e := r.Event(k, by, now)
		e.Approvers, e.Reason = []access.PersonID{noor.Person}, "There was no incident"
		next, _, err := r.Apply(e, now)
		r = next
		return err
	}
	for _, k := range []access.EventKind{access.EventBreakGlass, access.EventReviewAsked} {
		if err := move(k, tom, at); err != nil {
			t.Fatal(err)
		}
	}
	for day := 1; day <= 3; day++ {
		due := r.Due()
		if err := move(access.EventReviewDue, access.System(), due.Add(-time.Second)); err == nil {
			t.Fatal("asked again too early")
		}
		if err := move(access.EventReviewDue, access.System(), due); err != nil {
			t.Fatal(err)
		}
		if err := move(access.EventReviewAsked, access.System(), due); err != nil || r.Review.Rounds != day+1 {
			t.Fatalf("round %d: %v", r.Review.Rounds, err)
		}
	}
	if err := move(access.EventJustified, tom, at); err == nil {
		t.Fatal("somebody judged their own emergency")
	}
	if err := move(access.EventUnjustified, noor, at); err != nil || r.UnderReview() || !r.Due().IsZero() {
		t.Fatalf("%v, due %s", err, r.Due())
	}
	if err := move(access.EventJustified, noor, at); err == nil {
		t.Error("answered twice")
	}
}
