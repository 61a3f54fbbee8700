package people_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/workflow/people"
)

// several is a world with a second directory, in which accounts are made by a test.
func several(t *testing.T, linking people.Linking) (*world, *idptest.Vendor) {
	t.Helper()
	entra := idptest.NewVendor("entra", clock.System{})
	w := newWorld(t, func(c *people.Config) {
		c.Directories, c.Linking = append(c.Directories, entra.Directory()), linking
		c.Catalog = func() *catalog.Catalog {
			role := catalog.Role{ID: "editor", Name: "Editor", Groups: []catalog.GroupRef{{Directory: "okta", Group: "a"}, {Directory: "entra", Group: "b"}}}
			return catalog.New([]catalog.App{{ID: "figma", Name: "Figma", Status: catalog.Approved, Roles: []catalog.Role{role}}}, nil)
		}
	})
	return w, entra
}

// met is Maya as she is known once she has done something in Slack.
func (w *world) met() access.Person {
	w.t.Helper()
	p, err := w.Service.Member(w.t.Context(), "U-maya")
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func TestAnAccountInASecondDirectoryIsBoundByWhatPeopleSignInWith(t *testing.T) {
	listed := people.Linking{Aliases: map[string]map[string]string{"entra": {"acme.example": "acme.onmicrosoft.test"}}}
	for name, c := range map[string]struct {
		linking people.Linking
		account idptest.Person
		bound   bool
	}{
		"the same sign-in name":            {people.Linking{}, idptest.Person{Login: "maya@acme.example", Email: "maya@acme.example"}, true},
		"only the e-mail":                  {people.Linking{}, idptest.Person{Login: "mallory@acme.example", Email: "maya@acme.example"}, false},
		"only the e-mail, authoritative":   {people.Linking{Authority: "entra"}, idptest.Person{Login: "mayalind", Email: "maya@acme.example"}, true},
		"another domain that isn't listed": {people.Linking{}, idptest.Person{Login: "maya@acme.onmicrosoft.test", Email: "maya@acme.onmicrosoft.test"}, false},
		"another domain that is listed":    {listed, idptest.Person{Login: "maya@acme.onmicrosoft.test", Email: "maya@acme.onmicrosoft.test"}, true},
		"the e-mail is at the listed one":  {listed, idptest.Person{Login: "mallory@acme.example", Email: "maya@acme.onmicrosoft.test"}, false},
	} {
		w, entra := several(t, c.linking)
		id := entra.AddPerson(c.account)
		p := w.met()
		if got := p.Account("entra") == id; got != c.bound {
			t.Errorf("%s: bound %t, to %q", name, got, p.Account("entra"))
		}
		d := entra.Directory()
		if account, err := w.Service.Account(t.Context(), d, p.ID); (err == nil) != c.bound {
			t.Errorf("%s: an addition would go to %+v (%v)", name, account, err)
		}
	}
}

// TestAnAliasIsNobodysAccount: a leaver's address is given to whoever reads on for them, also in the directory whose word
// counts. Where the configuration lists the domain, its account is called by the listed address.
func TestAnAliasIsNobodysAccount(t *testing.T) {
	listed := map[string]map[string]string{"entra": {"acme.example": "acme.onmicrosoft.test"}}
	for name, c := range map[string]struct {
		linking people.Linking
		account string
		theirs  bool
	}{
		"of another account":                {people.Linking{Authority: "entra"}, "lena@acme.example", false},
		"of the one at the domain listed":   {people.Linking{Aliases: listed}, "maya@acme.onmicrosoft.test", true},
		"of another one of a domain listed": {people.Linking{Authority: "entra", Aliases: listed}, "lena@acme.onmicrosoft.test", false},
	} {
		w, entra := several(t, c.linking)
		id := entra.AddPerson(idptest.Person{Login: c.account, Email: c.account})
		if !entra.AddAlias(id, "maya@acme.example") {
			t.Fatal("nobody has the address")
		}
		p := w.met()
		account, err := w.Service.Account(t.Context(), entra.Directory(), p.ID)
		if bound := p.Account("entra") == id; bound != c.theirs || c.theirs != (err == nil) || !c.theirs && !errors.Is(err, idp.ErrNotFound) {
			t.Errorf("%s: bound %t, an addition would go to %+v (%v)", name, bound, account, err)
		}
	}
}

func TestTwoAccountsThatMayBeOnesAreGuessedAtByNobody(t *testing.T) {
	w, entra := several(t, people.Linking{Aliases: map[string]map[string]string{"entra": {"acme.example": "acme.onmicrosoft.test"}}})
	entra.AddPerson(idptest.Person{Login: "maya@acme.example", Email: "maya@acme.example"})
	entra.AddPerson(idptest.Person{Login: "maya@acme.onmicrosoft.test", Email: "maya@acme.onmicrosoft.test"})
	if p := w.met(); p.Account("entra") != "" {
		t.Errorf("bound to %s", p.Account("entra"))
	}
}

func TestARoleInTwoDirectoriesNeedsAnAccountInBoth(t *testing.T) {
	w, entra := several(t, people.Linking{})
	p := w.met()
	ref := catalog.RoleRef{App: "figma", Role: "editor"}
	err := w.Verified(t.Context(), p.ID, p, ref)
	if r, refused := access.AsRefusal(err); !refused || !strings.Contains(r.Sentence, "entra shows no account that is known to be yours") || !strings.Contains(r.Sentence, "Nobody was asked") {
		t.Errorf("got %v", err)
	}
	if err := w.Verified(t.Context(), omar, p, ref); err == nil || !strings.Contains(err.Error(), "known to be that of Maya") {
		t.Errorf("asked for by somebody else: %v", err)
	}
	id := entra.AddPerson(idptest.Person{Login: "maya@acme.example", Email: "maya@acme.example"})
	if err := w.Verified(t.Context(), p.ID, p, ref); err != nil {
		t.Errorf("with an account in both: %v", err)
	}
	entra.SetStatus(id, idp.Suspended)
	w.Forget(p.ID)
	if err := w.Verified(t.Context(), p.ID, p, ref); err == nil || !strings.Contains(err.Error(), "can't be used there") {
		t.Errorf("suspended there: %v", err)
	}
}

func TestTheAuthoritativeDirectorySaysWhoSomebodyIs(t *testing.T) {
	for authority, want := range map[string]struct {
		department string
		standing   access.Standing
		left       bool
	}{
		"":      {"Sales", access.Left, true}, // the last one that says something, and the worst standing
		"okta":  {"Design", access.Active, false},
		"entra": {"Sales", access.Left, true},
	} {
		w, entra := several(t, people.Linking{Authority: authority})
		id := entra.AddPerson(idptest.Person{Login: "maya@acme.example", Email: "maya@acme.example", Department: "Sales"})
		p := w.met()
		if p.Account("entra") != id || p.Department != want.department {
			t.Errorf("authority %q: bound to %q, department %q", authority, p.Account("entra"), p.Department)
		}
		entra.SetStatus(id, idp.Left)
		w.Forget(p.ID)
		p = w.met()
		left, err := w.HasLeft(context.Background(), p.ID)
		if p.Standing != want.standing || left != want.left || err != nil {
			t.Errorf("authority %q: closed in entra they stand as %s, left %t (%v)", authority, p.Standing, left, err)
		}
	}
}
