package access_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
)

func erasedAt() time.Time { return time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC) }

func TestWhomAnEventConcerns(t *testing.T) {
	for name, e := range map[string]access.Event{
		"who gets the access": {Person: "P-ANN"},
		"who acts":            {Actor: access.Actor{Person: "P-ANN"}},
		"who is asked":        {Approvers: []access.PersonID{"P-BOB", "P-ANN"}},
		"who asks":            {Person: "P-BOB", Opening: &access.Opening{Requester: "P-ANN"}},
		"who is introduced":   {People: map[access.PersonID]access.Identity{"P-ANN": {}}},
	} {
		if !e.Concerns("P-ANN") || e.Concerns("P-CYD") {
			t.Errorf("%s: %v, and a stranger %v", name, e.Concerns("P-ANN"), e.Concerns("P-CYD"))
		}
	}
	if (access.Event{Kind: access.EventErased, Person: "P-ANN"}).Concerns("P-ANN") {
		t.Error("that something was erased would be erased")
	}
}

func TestEraseRequest(t *testing.T) {
	old, late := erasedAt().Add(-time.Hour), erasedAt().Add(time.Hour)
	by := func(who access.PersonID, at time.Time) access.Answer {
		return access.Answer{By: access.Actor{Person: who, Via: access.ViaSlack, Account: "U1"}, Yes: true, Reason: "fine", At: at}
	}
	r := access.Request{
		ID: "AR-1", Requester: "P-ANN", Beneficiary: "P-ANN", Created: old, Reason: "why", Conversation: "https://slack", Origin: "view/1",
		Stages: []access.Stage{{Unfound: []string{"zed@acme.test"}, Why: "zed is gone", Answers: []access.Answer{by("P-BOB", old), by("P-CYD", late)}}},
		Review: &access.Review{Answer: &access.Answer{By: access.Actor{Person: "P-BOB"}, Reason: "all right", At: old}},
	}
	before := r
	own := r.Erase("P-ANN", erasedAt())
	if own.Reason != "erased" || own.Conversation != "" || own.Origin != "view/1" || own.Stages[0].Unfound[0] != access.Unnamed || own.Stages[0].Why != "erased" {
		t.Errorf("of who asked: %+v", own)
	}
	if a := own.Stages[0].Answers; a[0].Reason != "erased" || a[0].By.Account != "" || a[0].By.Person != "P-BOB" || !a[0].Yes || a[1].Reason != "fine" {
		t.Errorf("answers: %+v", a)
	}
	if own.Review.Answer.Reason != "erased" {
		t.Errorf("review: %+v", own.Review.Answer)
	}
	answered := r.Erase("P-BOB", erasedAt())
	if a := answered.Stages[0].Answers; answered.Reason != "why" || a[0].Reason != "erased" || a[1].Reason != "fine" {
		t.Errorf("of who answered: %+v", answered)
	}
	if diff := cmp.Diff(before, r); diff != "" {
		t.Errorf("the request itself was changed:\n%s", diff)
	}
	if diff := cmp.Diff(r, r.Erase("P-CYD", old)); diff != "" {
		t.Errorf("of nothing that old:\n%s", diff)
	}
	if empty := (access.Request{Requester: "P-ANN"}).Erase("P-ANN", erasedAt()); empty.Reason != "" || empty.Unlisted != "" {
		t.Errorf("words appear where there were none: %+v", empty)
	}
}

func TestEraseGrant(t *testing.T) {
	g := access.Grant{Person: "P-ANN", State: access.GrantEnded, Created: erasedAt().Add(-time.Hour), Problem: "Ann can't be found", EndedBy: access.Actor{Person: "P-BOB", Account: "U2"}}
	if own := access.EraseGrant(g, "P-ANN", erasedAt()); own.Problem != "erased" || own.EndedBy.Account != "" || own.EndedBy.Person != "P-BOB" {
		t.Errorf("%+v", own)
	}
	if his := access.EraseGrant(g, "P-BOB", erasedAt()); his.Problem == "erased" || his.EndedBy.Account != "" {
		t.Errorf("%+v", his)
	}
	g.State = access.GrantActive
	if diff := cmp.Diff(g, access.EraseGrant(g, "P-ANN", erasedAt())); diff != "" {
		t.Errorf("a grant that goes on:\n%s", diff)
	}
}

func TestErasePerson(t *testing.T) {
	long, lately := erasedAt().Add(-time.Hour), erasedAt().Add(time.Hour)
	p := access.Person{ID: "P-ANN", Email: "ann@acme.test", Name: "Ann", Title: "Boss", Number: "7", Standing: access.Active, Bindings: []access.Binding{
		{System: access.SystemSlack, ID: "U1"}, {System: access.SystemAddress, ID: "ann@acme.test", Source: "slack"}, {System: access.SystemName, ID: "Ann", Source: "slack"},
		{System: access.SystemAddress, ID: "annie@acme.test", Until: long}, {System: access.SystemName, ID: "Annie", Until: lately}, {System: "okta", ID: "00u1", Until: long},
	}}
	ids := func(p access.Person) string {
		var all []string
		for _, b := range p.Bindings {
			all = append(all, b.ID)
		}
		return strings.Join(all, " ")
	}
	here := p.Erase(erasedAt(), p.Departed())
	if ids(here) != "U1 ann@acme.test Ann Annie 00u1" || here.Name != "Ann" || here.Title != "Boss" || !here.Erased.Equal(erasedAt()) {
		t.Errorf("of somebody who is here: %+v", here)
	}
	p.Standing = access.Left
	gone := p.Erase(erasedAt(), p.Departed())
	if ids(gone) != "U1 00u1" || gone.Contact() != access.Unnamed || gone.Title+gone.Number != "" || gone.ID != "P-ANN" {
		t.Errorf("of somebody who has left: %+v", gone)
	}
	p.Standing, p.Offboarded = access.Active, long
	if got := ids(p.Erase(erasedAt(), p.Departed())); got != "U1 00u1" {
		t.Errorf("of somebody who was offboarded: %s", got)
	}
	if again := gone.Erase(long, true); !again.Erased.Equal(erasedAt()) {
		t.Error("what was erased comes back by erasing less")
	}
}

// How an account was established may quote the address by which it was found. That goes
// with the address, of accounts that are theirs no more, too.
func TestErasureLeavesNoAddressInHowAnAccountWasEstablished(t *testing.T) {
	const byHand = "the account by which the person was first met"
	p := access.Person{ID: "P-ANN", Standing: access.Active, Bindings: []access.Binding{
		{System: access.SystemSlack, ID: "U1", How: byHand},
		{System: "okta", ID: "00u1", How: "the address ann@acme.test is that of exactly one account"},
		{System: "entra", ID: "e-1", How: "ines@acme.test says so", Until: erasedAt().Add(-time.Hour)},
	}}
	for _, standing := range []access.Standing{access.Active, access.Left} {
		p.Standing = standing
		erased := p.Erase(erasedAt(), p.Departed())
		if len(erased.Bindings) != 3 || erased.Bindings[0].How != byHand {
			t.Errorf("%s: %+v", standing, erased.Bindings)
		}
		for _, b := range erased.Bindings {
			if strings.Contains(b.How, "@") || b.How == "" {
				t.Errorf("%s: %s in %s: %q", standing, b.ID, b.System, b.How)
			}
		}
	}
	if !strings.Contains(p.Bindings[1].How, "ann@acme.test") {
		t.Error("the person itself was changed")
	}
}

func TestACaseWithoutErasedNames(t *testing.T) {
	ann, bob := access.Person{ID: "P-ANN", Name: "Ann", Erased: erasedAt()}, access.Person{ID: "P-BOB", Name: "Bob"}
	c := access.Case{Requester: ann, Beneficiary: ann, Approvers: []access.Person{ann, bob}, People: map[access.PersonID]access.Person{"P-ANN": ann, "P-BOB": bob}}
	told, hidden := c.As(erasedAt().Add(-time.Hour))
	if !hidden || told.Person("P-ANN").Display() != access.ErasedName || told.Requester.Contact() != access.ErasedName || told.Approvers[0].Name == "Ann" || told.Person("P-BOB").Name != "Bob" {
		t.Errorf("of before: %+v", told)
	}
	if told, hidden := c.As(erasedAt()); hidden || told.Person("P-ANN").Name != "Ann" || c.Approvers[0].Name != "Ann" {
		t.Errorf("of after: %+v", told)
	}
}
