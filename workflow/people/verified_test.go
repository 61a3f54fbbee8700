package people_test

import (
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/workflow/people"
)

// highRisk is a catalogue with one role that does harm, in the directory and by hand.
func highRisk() *catalog.Catalog {
	vault := catalog.App{ID: "vault", Name: "Vault", Status: catalog.Approved, Provisioning: catalog.ByDirectory, Roles: []catalog.Role{
		{ID: "admin", Name: "Admin", Risk: catalog.High, Route: "manager", Groups: []catalog.GroupRef{{Directory: "okta", Group: "vault"}}},
		{ID: "reader", Name: "Reader", Risk: catalog.Low, Route: "manager", Groups: []catalog.GroupRef{{Directory: "okta", Group: "vault"}}},
		{ID: "auditor", Name: "Auditor", Risk: catalog.Low, Assurance: catalog.Verified, Route: "manager", Groups: []catalog.GroupRef{{Directory: "okta", Group: "vault"}}},
	}}
	safe := catalog.App{ID: "safe", Name: "Safe", Status: catalog.Approved, Provisioning: catalog.Manual, Roles: []catalog.Role{{ID: "key", Name: "Key", Risk: catalog.High, Route: "manager"}}}
	return catalog.New([]catalog.App{vault, safe}, []catalog.Route{{Name: "manager", Stages: []catalog.Stage{{Approvers: []catalog.Approver{{Kind: catalog.Manager}}}}}})
}

func risky(c *people.Config) { c.Catalog = highRisk }

func declared(c *people.Config) { c.Catalog, c.SignIn = highRisk, "okta" }

func unproved(err error) bool {
	r, ok := access.AsRefusal(err)
	return ok && r.Reason == access.Unproved
}

func TestWhoMayAskForWhatDoesHarm(t *testing.T) {
	ref := func(app, role string) catalog.RoleRef { return catalog.RoleRef{App: app, Role: role} }
	w := newWorld(t, risky)
	p := w.who("maya")
	for role, want := range map[catalog.RoleRef]bool{ref("vault", "admin"): true, ref("vault", "auditor"): true, ref("safe", "key"): true, ref("vault", "reader"): false, ref("nothing", "there"): false} {
		if err := w.Verified(t.Context(), p.ID, p, role); unproved(err) != want || (err != nil) != want {
			t.Errorf("%s: %v", role, err)
		}
	}
	if err := w.Verified(t.Context(), noor, p, ref("vault", "admin")); !unproved(err) || !strings.Contains(err.Error(), "is that of Maya") {
		t.Errorf("somebody else asks for her: %v", err)
	}
	if err := w.Corrections().Account(t.Context(), p.ID, "okta", "00u-maya", access.Actor{Via: access.ViaCLI, Account: "ines"}); err != nil {
		t.Fatal(err)
	}
	if err := w.Verified(t.Context(), p.ID, w.person(p.ID), ref("vault", "admin")); err != nil {
		t.Errorf("IT says which account is hers: %v", err)
	}
	if err := w.Verified(t.Context(), p.ID, w.person(p.ID), ref("safe", "key")); err != nil {
		t.Errorf("where people make the change: %v", err)
	}
}

// Members are declared to sign in by the directory: who shows in Slack what the directory
// states is surely the one, also after they are renamed; who shows something else is not.
func TestMembersWhoSignInByADirectory(t *testing.T) {
	admin := catalog.RoleRef{App: "vault", Role: "admin"}
	w := newWorld(t, declared)
	p := w.who("maya")
	if err := w.Verified(t.Context(), p.ID, p, admin); err != nil {
		t.Errorf("both show one address: %v", err)
	}
	w.member("maya", func(m *access.Person) { m.Email = "maya.berg@acme.example" })
	w.pass(w.fresh())
	if p = w.who("maya"); w.Verified(t.Context(), p.ID, p, admin) != nil {
		t.Errorf("renamed in Slack first: %v", w.Verified(t.Context(), p.ID, p, admin))
	}
	w.member("omar", func(m *access.Person) { m.Email = "o.diaz@acme.example" })
	w.account("omar", func(a *idp.Person) { a.Email = "o.diaz@acme.example" })
	if p = w.who("omar"); !unproved(w.Verified(t.Context(), p.ID, p, admin)) {
		t.Error("what he shows in Slack is not what he signs in with")
	}
}

// What rests on a declaration falls with it.
func TestADeclarationIsTakenBack(t *testing.T) {
	w := newWorld(t, declared)
	p := w.who("maya")
	again := people.New(people.Config{Units: w.units, Catalog: highRisk, Roster: w, Directories: people.Directories{directory{w}}})
	if err := again.Verified(t.Context(), p.ID, p, catalog.RoleRef{App: "vault", Role: "admin"}); !unproved(err) {
		t.Errorf("got %v", err)
	}
}

func TestWhoseYesCountsForWhatDoesHarm(t *testing.T) {
	w := familiar(t, risky)
	r := access.Request{ID: "AR-1", App: "vault", Role: "admin", Requester: maya, Beneficiary: maya, State: access.RequestPending, Stages: []access.Stage{{Sources: []catalog.Approver{{Kind: catalog.Manager}}}}}
	doubt := func(by access.Actor) (people.Established, error) {
		t.Helper()
		found, err := w.Established(t.Context(), r, by)
		if err != nil {
			t.Fatal(err)
		}
		return found, found.Doubt
	}
	if _, err := doubt(by(noor)); !unproved(err) || !strings.Contains(err.Error(), "a yes counts only once it is proved which account in okta is yours") {
		t.Errorf("whose account was only found by the address: %v", err)
	}
	say := func(who access.PersonID, handle string) {
		t.Helper()
		if err := w.Corrections().Account(t.Context(), who, "okta", "00u-"+handle, by(ines)); err != nil {
			t.Fatal(err)
		}
	}
	say(noor, "noor")
	if found, err := doubt(by(noor)); !unproved(err) || found.Remedy == "" {
		t.Errorf("who gets it isn't sure: %v", err)
	}
	say(maya, "maya")
	if _, err := doubt(by(noor)); err != nil {
		t.Errorf("both are sure: %v", err)
	}
	if _, err := doubt(access.Actor{Person: noor, Via: access.ViaJira, Account: "5b1"}); !unproved(err) {
		t.Errorf("by an account in Jira that isn't known: %v", err)
	}
}

func TestAnAccountThatIsNotTheirs(t *testing.T) {
	w := newWorld(t, nil)
	p := w.who("maya")
	if err := w.Corrections().NotTheirs(t.Context(), p.ID, "slack", "U-maya", by(p.ID)); !refused(err) {
		t.Errorf("the account she writes from: %v", err)
	}
	if err := w.Corrections().NotTheirs(t.Context(), p.ID, "okta", "00u-noor", by(p.ID)); !refused(err) {
		t.Errorf("another's account: %v", err)
	}
	if err := w.Corrections().NotTheirs(t.Context(), p.ID, "okta", "00u-maya", by(p.ID)); err != nil {
		t.Fatal(err)
	}
	if len(w.said()) != 1 || !strings.Contains(w.said()[0], "An account may be in the wrong hands") || !strings.Contains(w.said()[0], "latchkey people account ADDRESS okta:00u-maya") {
		t.Errorf("IT is told %q", w.said())
	}
	if p = w.who("maya"); p.Account("okta") != "" {
		t.Errorf("it was bound again by its address: %+v", p)
	}
	if _, err := w.Account(t.Context(), directory{w}, p.ID); err == nil {
		t.Error("it is still found for her")
	}
	if denied, err := w.Disowned(t.Context(), p.ID, "okta", "00u-maya"); err != nil || !denied {
		t.Errorf("%v, %v", denied, err)
	}
	if err := w.Corrections().Account(t.Context(), p.ID, "okta", "00u-maya", by(ines)); err != nil {
		t.Fatal(err)
	}
	if p = w.who("maya"); p.Account("okta") != "00u-maya" {
		t.Errorf("IT says that it is hers: %+v", p)
	}
	if err := w.Corrections().Account(t.Context(), p.ID, "okta", "00u-nobody", by(ines)); !refused(err) {
		t.Errorf("an account that isn't there: %v", err)
	}
	n := w.who("noor")
	if err := w.Corrections().Account(t.Context(), n.ID, "okta", "00u-maya", by(ines)); !refused(err) || !strings.Contains(err.Error(), "latchkey people not") {
		t.Errorf("somebody else's: %v", err)
	}
}

func TestPeopleWhoAreUnited(t *testing.T) {
	for first, second := range map[string]string{"maya": "noor", "noor": "maya"} { // whichever of their ids comes first
		w := newWorld(t, nil)
		p := w.who(first)
		w.pass(w.fresh())
		twin := w.who(second)
		err := w.units.Update(t.Context(), func(u *unit) error {
			_, _, err := w.Corrections().Unite(u, twin.ID, p.ID, by(ines))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		w.Forget(p.ID)
		w.Forget(twin.ID)
		if now := w.who(second); now.ID != p.ID {
			t.Errorf("by the other account she is %s", now.ID)
		}
		if now := w.person(twin.ID); now.ID != p.ID {
			t.Errorf("by the other id she is %s", now.ID)
		}
		if now := w.who(first); now.ID != p.ID || now.Email != access.Email(first+"@acme.example") {
			t.Errorf("she is %+v", now)
		}
		if written, err := w.Service.Meant(t.Context(), twin.Email); err != nil || written.ID != p.ID {
			t.Errorf("the other address means %v, %v", written.ID, err)
		}
		if had, err := w.Had(t.Context(), twin.Email); err != nil || had.ID != p.ID {
			t.Errorf("the other address had %v, %v", had.ID, err)
		}
	}
}
