package roster

import (
	"fmt"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/manifest"
	"latchkey/sandbox/slack"
)

// inOrganisation is a roster that knew a workspace before it joined an organisation,
// and what Maya's id was.
func inOrganisation(t *testing.T) (w *bottest.Workspace, r *Roster, former string) {
	w, r = inWorkspace(t)
	if _, err := r.Member(w.Ctx, w.Maya); err != nil {
		t.Fatal(err)
	}
	w.JoinOrganisation("E1")
	r.ForgetMember(w.Maya)
	return w, r, w.Maya
}

// id is what somebody's id is now.
func id(t *testing.T, w *bottest.Workspace, name string) string {
	t.Helper()
	u, ok := w.UserByName(name)
	if !ok {
		t.Fatal("nobody is called", name)
	}
	return u.ID
}

// 15: an account is found under the id from before and under the one that it has now, and
// is one account: what Slack answers is compared with what it says of exchanged ids.
func TestAnAccountHasAnotherIDInAnOrganisation(t *testing.T) {
	w, r, former := inOrganisation(t)
	now := id(t, w, "maya")
	for _, asked := range []string{former, now} {
		if p, err := r.Member(w.Ctx, asked); err != nil || p.Account("slack") != now || p.Kind != access.Employee {
			t.Errorf("%s is %+v, %v", asked, p, err)
		}
	}
	if got, err := r.Former(w.Ctx, now); err != nil || got != former {
		t.Errorf("before it was %q, %v", got, err)
	}
	if n := w.Stats()["migration.exchange"]; n != 1 {
		t.Errorf("Slack was asked %d times which ids were exchanged", n)
	}
	r.ForgetMember(former)
	if _, known := r.known(now); known {
		t.Error("forgotten under the former id, she is known under the other")
	}
	w.Mislead(former, w.Noor)
	_, err := r.Member(w.Ctx, former)
	bottest.WantFailure(t, err, access.Transient)
}

// Of whom Slack tells no former id, nothing is known; it is asked again, not at once.
func TestNoFormerIDIsNoWord(t *testing.T) {
	w, _, _ := inOrganisation(t)
	now := bottest.Monday()
	r := New(w.API, func() time.Time { return now })
	fresh := w.AddUser(slack.User{Name: "fresh", Email: "fresh@acme.example"}).ID
	for _, later := range []time.Duration{0, believedFor - 1, 1} {
		now = now.Add(later)
		if got, err := r.Former(w.Ctx, fresh); err != nil || got != "" {
			t.Errorf("before it was %q, %v", got, err)
		}
	}
	if n := w.Stats()["migration.exchange"]; n != 2 {
		t.Errorf("asked %d times", n)
	}
	w.AddFault(slack.Fault{Method: "migration.exchange", Times: 1, RetryAfter: 3})
	_, err := r.Former(w.Ctx, id(t, w, "noor"))
	bottest.WantFailure(t, err, access.Limited)
	if got, err := r.Former(w.Ctx, id(t, w, "noor")); err != nil || got != w.Noor {
		t.Errorf("asked again: %q, %v", got, err)
	}
}

// Outside an organisation ids are what they are, and nobody asks.
func TestNoOrganisationExchangesNothing(t *testing.T) {
	w, r := inWorkspace(t)
	if got, err := r.Former(w.Ctx, w.Maya); err != nil || got != "" || w.Stats()["migration.exchange"] != 0 {
		t.Errorf("before it was %q, %v", got, err)
	}
}

// Many who are known by ids from before are found by few questions: Slack maps no more
// than 400 at once.
func TestManyFormerIDsAreExchangedAtOnce(t *testing.T) {
	crowd := bottest.NewWorkspace(t, slack.Config{Scopes: manifest.Scopes(), Events: manifest.Events()})
	var ids []string
	for n := range mostExchanged + 1 {
		ids = append(ids, crowd.AddUser(slack.User{Name: fmt.Sprint("crowd", n), Email: fmt.Sprintf("crowd%d@acme.example", n)}).ID)
	}
	crowd.JoinOrganisation("E1")
	r := New(crowd.API, bottest.Monday)
	if err := r.Gather(crowd.Ctx, ids, nil); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if p, err := r.Member(crowd.Ctx, id); err != nil || p.Account("slack") == id {
			t.Fatalf("%s is %+v, %v", id, p, err)
		}
	}
	if s := crowd.Stats(); s["migration.exchange"] != 2 || s["users.info"] != 0 {
		t.Errorf("%d questions for ids, %d for members", s["migration.exchange"], s["users.info"])
	}
}

// 16: where an account's id in the organisation differs from the one in the workspace, both
// mean one account (docs.slack.dev/enterprise/developing-for-enterprise-orgs).
func TestTheIDOfTheOrganisationCounts(t *testing.T) {
	w, r, _ := inOrganisation(t)
	local := w.AddUser(slack.User{Name: "local", Email: "local@acme.example", OrganisationID: "W0LOCAL001"}).ID
	for _, asked := range []string{local, "W0LOCAL001"} {
		if p, err := r.Member(w.Ctx, asked); err != nil || p.Account("slack") != "W0LOCAL001" {
			t.Errorf("%s is %+v, %v", asked, p, err)
		}
	}
	if p, err := r.MemberByEmail(w.Ctx, "local@acme.example"); err != nil || p.Account("slack") != "W0LOCAL001" {
		t.Errorf("by address: %+v, %v", p, err)
	}
}

// Without the right to ask, nobody is taken for somebody else.
func TestExchangeIsDenied(t *testing.T) {
	w, r, former := inOrganisation(t)
	w.AddFault(slack.Fault{Method: "migration.exchange", Times: 2, Error: "missing_scope"})
	_, err := r.Member(w.Ctx, former)
	bottest.WantFailure(t, err, access.Denied)
	_, err = r.Former(w.Ctx, id(t, w, "maya"))
	bottest.WantFailure(t, err, access.Denied)
}
