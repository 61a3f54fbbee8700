package okta_test

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/idp"
	"latchkey/idp/okta"
	sandbox "latchkey/sandbox/okta"
)

func TestManagerIsFoundByWhateverTheOrgWrites(t *testing.T) {
	o := newOrg(t, sandbox.Config{}, nil)
	noor := o.AddUser(sandbox.User{Login: "nhaddad@corp", Email: "Noor@x.com", EmployeeNumber: "4711"})
	o.AddUser(sandbox.User{Login: "a@x.com", EmployeeNumber: "8", Manager: "Noor Haddad"})
	o.AddUser(sandbox.User{Login: "b@x.com", EmployeeNumber: "8"})
	for key, want := range map[string]string{
		noor.ID: "noor@x.com", "nhaddad@corp": "noor@x.com", "NOOR@x.com": "noor@x.com", "4711": "noor@x.com",
		"":              "",
		"nhaddad":       "", // the short form of a login would be a guess
		"8":             "", // not unique
		"gone@x.com":    "",
		"CN=Noor/Staff": "", // not a path
	} {
		o.AddUser(sandbox.User{Login: "maya@x.com", ManagerID: key})
		p, err := o.Directory.FindPerson(t.Context(), "maya@x.com")
		if err != nil || p.ManagerEmail != want {
			t.Errorf("manager %q: got %q (%v), want %q", key, p.ManagerEmail, err, want)
		}
	}
}

func TestManagerFromAnotherAttribute(t *testing.T) {
	o := newOrg(t, sandbox.Config{}, func(c *okta.Config) { c.ManagerAttribute = "manager" })
	o.AddUser(sandbox.User{Login: "noor@x.com"})
	o.AddUser(sandbox.User{Login: "maya@x.com", ManagerID: "nobody", Manager: "noor@x.com"})
	if p, err := o.Directory.FindPerson(t.Context(), "maya@x.com"); err != nil || p.ManagerEmail != "noor@x.com" {
		t.Errorf("manager %q (%v)", p.ManagerEmail, err)
	}
}

func TestManagerIsNotUnknownDuringAnOutage(t *testing.T) {
	o := newOrg(t, sandbox.Config{}, nil)
	o.AddUser(sandbox.User{Login: "maya@x.com", ManagerID: "noor@x.com"})
	o.AddFault(sandbox.Fault{Path: "/api/v1/users/*", Status: 503})
	if p, err := o.Directory.FindPerson(t.Context(), "maya@x.com"); err == nil {
		t.Errorf("got %+v, want an error rather than a person without a manager", p)
	}
}

func TestNewPeopleAreFoundBeforeSearchKnowsThem(t *testing.T) {
	o := newOrg(t, sandbox.Config{SearchLag: time.Hour}, nil)
	o.AddUser(sandbox.User{Login: "maya#1?@x.com", Email: "maya#1?@x.com", Created: time.Unix(7, 0)})
	p, err := o.Directory.FindPerson(t.Context(), "Maya#1?@x.com")
	if err != nil || p.Login != "maya#1?@x.com" || p.Created.Unix() != 7 {
		t.Errorf("got %+v, %v", p, err)
	}
}

func TestEveryAccountStateIsOneOfThree(t *testing.T) {
	o := newOrg(t, sandbox.Config{}, nil)
	for state, want := range map[string]idp.Status{
		sandbox.Staged: idp.Active, sandbox.Provisioned: idp.Active, sandbox.Active: idp.Active, sandbox.Recovery: idp.Active,
		sandbox.Expired: idp.Active, sandbox.LockedOut: idp.Active, sandbox.Suspended: idp.Suspended, sandbox.Deprovisioned: idp.Left,
	} {
		o.AddUser(sandbox.User{Login: "maya@x.com", Status: state})
		if p, err := o.Directory.FindPerson(t.Context(), "maya@x.com"); err != nil || p.Status != want {
			t.Errorf("%s: %q (%v), want %q", state, p.Status, err, want)
		}
	}
}

func TestDeactivatedAccountsAreNotAdded(t *testing.T) {
	o := newOrg(t, sandbox.Config{}, nil)
	g := o.AddGroup(sandbox.Group{Name: "figma"})
	u := o.AddUser(sandbox.User{Login: "maya@x.com", Status: sandbox.Deprovisioned})
	if err := o.Directory.Add(t.Context(), g.ID, u.ID); !errors.Is(err, idp.ErrRefused) {
		t.Errorf("got %v, want refused", err)
	}
}

func TestWellBehaved(t *testing.T) {
	o := newOrg(t, sandbox.Config{}, nil)
	app := o.AddApp(sandbox.App{Label: "Figma"})
	o.AddUser(sandbox.User{Login: "noor@x.com", EmployeeNumber: "1"})
	maya := o.AddUser(sandbox.User{Login: "maya@x.com", ManagerID: "1"})
	g := o.AddGroup(sandbox.Group{Name: "figma"})
	ctx := t.Context()
	_, err1 := o.Directory.FindPerson(ctx, "maya@x.com")
	_, err2 := o.Directory.Group(ctx, g.ID)
	err3 := o.Directory.Add(ctx, g.ID, maya.ID)
	_, err4 := o.Directory.Groups(ctx, "fig")
	_, err5 := o.Directory.Usage(ctx, app.ID)
	_, err6 := o.Directory.Probe(ctx)
	err7 := o.Directory.Remove(ctx, g.ID, maya.ID)
	if err := errors.Join(err1, err2, err3, err4, err5, err6, err7); err != nil {
		t.Error(err)
	}
	if v := o.Violations(); len(v) != 0 {
		t.Errorf("the directory asked for what does not exist: %v", v)
	}
}

func TestUsageAsksForABoundedStretch(t *testing.T) {
	o := newOrg(t, sandbox.Config{}, nil)
	if _, err := o.Directory.Usage(t.Context(), "0oa1"); err != nil {
		t.Error(err)
	}
	calls := o.Calls()
	asked, err := url.Parse(strings.TrimPrefix(calls[len(calls)-1], "GET "))
	if err != nil {
		t.Fatal(err)
	}
	since, err1 := time.Parse(time.RFC3339, asked.Query().Get("since"))
	until, err2 := time.Parse(time.RFC3339, asked.Query().Get("until"))
	if err := errors.Join(err1, err2); err != nil {
		t.Fatalf("a query without an end polls for ever: %s: %v", asked, err)
	}
	if reach := until.Sub(since); reach < 90*24*time.Hour || reach > 91*24*time.Hour {
		t.Errorf("it reaches %s", reach)
	}
}

func TestUsageReadsEveryPageAndTellsEachPersonOnce(t *testing.T) {
	o := newOrg(t, sandbox.Config{}, nil)
	app := o.AddApp(sandbox.App{Label: "Figma"})
	maya, noor := o.AddUser(sandbox.User{Login: "maya@x.com"}), o.AddUser(sandbox.User{Login: "noor@x.com"})
	last := time.Now().Add(-time.Hour).Truncate(time.Second)
	o.RecordSSO("noor@x.com", app.ID, last.Add(-60*24*time.Hour), "SUCCESS")
	for i := range 1100 { // more than a page of the System Log holds
		o.RecordSSO("maya@x.com", app.ID, last.Add(-time.Duration(i)*time.Minute), "SUCCESS")
	}
	u, err := o.Directory.Usage(t.Context(), app.ID)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]time.Time{}
	for use, err := range u.All {
		if _, twice := got[use.PersonID]; twice || err != nil {
			t.Errorf("%+v, %v: told twice is %v", use, err, twice)
		}
		got[use.PersonID] = use.Last
	}
	if len(got) != 2 || !got[maya.ID].Equal(last) || !got[noor.ID].Equal(last.Add(-60*24*time.Hour)) {
		t.Errorf("got %v", got)
	}
}

// The attribute that names the manager has whatever type the org's schema gives it. What leads to no account is
// told, and is not the same as nothing.
func TestManagersOfEveryShape(t *testing.T) {
	for name, c := range map[string]struct {
		value       any
		email, text string
	}{
		"nothing":              {nil, "", ""},
		"an empty text":        {" ", "", ""},
		"a number":             {40017.0, "noor@x.com", ""},
		"a list":               {[]string{"gone@x.com", "noor@x.com", "lena@x.com"}, "noor@x.com", ""},
		"a list of numbers":    {[]float64{1, 40017}, "noor@x.com", ""},
		"an empty list":        {[]string{}, "", ""},
		"a distinguished name": {`CN=Haddad\, Noor,OU=Staff`, "", `CN=Haddad\, Noor,OU=Staff`},
		"a number of nobody's": {12345678.0, "", "12345678"},
		"a list of nobodies":   {[]string{"a", "b"}, "", "a, b"},
		"several accounts":     {"7", "", "7"},
		"an object":            {map[string]any{"id": "noor@x.com"}, "", "map[id:noor@x.com]"},
	} {
		o := newOrg(t, sandbox.Config{}, func(c *okta.Config) { c.ManagerAttribute = "managers" })
		o.AddUser(sandbox.User{Login: "noor@x.com", EmployeeNumber: "40017"})
		o.AddUser(sandbox.User{Login: "lena@x.com", EmployeeNumber: "7"})
		o.AddUser(sandbox.User{Login: "omar@x.com", EmployeeNumber: "7"})
		o.AddUser(sandbox.User{Login: "maya@x.com", Custom: map[string]any{"managers": c.value}})
		p, err := o.Directory.FindPerson(t.Context(), "maya@x.com")
		if err != nil || p.ManagerEmail != c.email || p.ManagerText != c.text {
			t.Errorf("%s: got %q, %q (%v)", name, p.ManagerEmail, p.ManagerText, err)
		}
	}
}

// Who was somebody's manager is read beside them. It is their manager if they name that account for
// certain, and costs one more call if they don't any more.
func TestALikelyManagerIsReadBeside(t *testing.T) {
	for name, c := range map[string]struct {
		writes string // in maya's profile
		likely string // "": nobody is
		want   string
		calls  int
	}{
		"by login":               {"noor@x.com", "noor", "noor@x.com", 2},
		"by login, told apart":   {" Noor@X.com ", "noor", "noor@x.com", 2},
		"another one by now":     {"lena@x.com", "noor", "lena@x.com", 3},
		"nobody any more":        {"", "noor", "", 2},
		"an account that's gone": {"lena@x.com", "00uGONE", "lena@x.com", 3},
		"nobody is likely":       {"noor@x.com", "", "noor@x.com", 2},
	} {
		o := newOrg(t, sandbox.Config{}, nil)
		ids := map[string]string{"noor": o.AddUser(sandbox.User{Login: "noor@x.com"}).ID, "lena": o.AddUser(sandbox.User{Login: "lena@x.com"}).ID}
		maya := o.AddUser(sandbox.User{Login: "maya@x.com", ManagerID: c.writes})
		before := len(o.Calls())
		p, err := o.Directory.Person(idp.WithLikelyManager(t.Context(), cmp.Or(ids[c.likely], c.likely)), maya.ID)
		if err != nil || p.ManagerEmail != c.want {
			t.Errorf("%s: the manager is %q (%v), want %q", name, p.ManagerEmail, err, c.want)
		}
		if n := len(o.Calls()) - before; n != c.calls {
			t.Errorf("%s: %d calls, want %d", name, n, c.calls)
		}
	}
}

// Whose manager was whose is remembered, as where to look first; what the account says decides.
func TestTheManagerOfLastTimeIsReadBeside(t *testing.T) {
	o := newOrg(t, sandbox.Config{}, nil)
	noor, lena := o.AddUser(sandbox.User{Login: "noor@x.com"}), o.AddUser(sandbox.User{Login: "lena@x.com"})
	maya := o.AddUser(sandbox.User{Login: "maya@x.com", ManagerID: "noor@x.com"})
	for _, c := range []struct {
		boss, read string // last, while maya is
		calls      int
	}{{noor.ID, "noor@x.com", 2}, {noor.ID, noor.ID, 2}, {lena.ID, "lena@x.com", 3}, {lena.ID, lena.ID, 2}} {
		if c.boss == lena.ID {
			if err := o.EditUser(maya.Login, func(u *sandbox.User) { u.ManagerID = "lena@x.com" }); err != nil {
				t.Fatal(err)
			}
		}
		before := len(o.Calls())
		if p, err := o.Directory.Person(t.Context(), maya.ID); err != nil || p.ManagerID != c.boss {
			t.Fatalf("%+v, %v", p, err)
		}
		calls := o.Calls()[before:]
		if len(calls) != c.calls || !slices.ContainsFunc(calls, func(call string) bool { return strings.HasSuffix(call, c.read) }) {
			t.Errorf("calls %q, want %d with %s", calls, c.calls, c.read)
		}
	}
}

// A group is read once before somebody is put into it, and its rules beside it.
func TestAGroupIsReadOnceBeforeItIsChanged(t *testing.T) {
	o := newOrg(t, sandbox.Config{}, nil)
	maya := o.AddUser(sandbox.User{Login: "maya@x.com"})
	g := o.AddGroup(sandbox.Group{Name: "figma"})
	before := len(o.Calls())
	if found, err := o.Directory.Group(t.Context(), g.ID); err != nil || !found.Governable {
		t.Fatal(found, err)
	}
	if err := o.Directory.Add(t.Context(), g.ID, maya.ID); err != nil {
		t.Fatal(err)
	}
	if calls := o.Calls()[before:]; len(calls) != 3 {
		t.Errorf("calls %q, and not the group, its rules and the change", calls)
	}
}

// slowly is how long a read of one look waits for the others on a machine that is busy with other things.
const slowly = 250 * time.Millisecond

// What belongs to one look is read once: whoever is looked up as a manager, and by themselves.
func TestOneLookReadsAnAccountOnce(t *testing.T) {
	o := newOrg(t, sandbox.Config{}, nil)
	noor := o.AddUser(sandbox.User{Login: "noor@x.com"})
	maya := o.AddUser(sandbox.User{Login: "maya@x.com", ManagerID: "noor@x.com"})
	ctx, before := idp.TogetherFor(t.Context(), slowly), len(o.Calls())
	for range 2 {
		if p, err := o.Directory.Person(idp.WithLikelyManager(ctx, noor.ID), maya.ID); err != nil || p.ManagerID != noor.ID {
			t.Fatalf("%+v, %v", p, err)
		}
		if p, err := o.Directory.Person(ctx, noor.ID); err != nil || p.ID != noor.ID {
			t.Fatalf("%+v, %v", p, err)
		}
	}
	if calls := o.Calls()[before:]; len(calls) != 1 {
		t.Errorf("calls %q for two accounts", calls)
	}
}

// What is asked for in the same moment of a look goes together; an account that isn't shown is read by itself, and all
// are where the one call for them is refused.
func TestALookReadsAccountsTogether(t *testing.T) {
	for name, c := range map[string]struct {
		fault   *sandbox.Fault
		mislead bool
		calls   int
	}{
		"all":                   {calls: 2}, // and the one that there is not
		"a refusal":             {&sandbox.Fault{Method: http.MethodGet, Path: "/api/v1/users", Status: http.StatusForbidden}, false, 4},
		"another's account":     {mislead: true, calls: 3},
		"an answer that trails": {&sandbox.Fault{Method: http.MethodGet, Path: "/api/v1/users", Empty: true}, false, 4},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOrg(t, sandbox.Config{SearchLag: time.Hour}, nil)
			noor, maya := o.AddUser(sandbox.User{Login: "noor@x.com"}), o.AddUser(sandbox.User{Login: "maya@x.com"})
			o.SetStatus(noor.Login, sandbox.Deprovisioned)
			if c.fault != nil {
				o.AddFault(*c.fault)
			}
			if c.mislead {
				o.Mislead(maya.ID, noor.ID)
			}
			ctx, before := idp.TogetherFor(t.Context(), slowly), len(o.Calls())
			var all sync.WaitGroup
			read := func(id string, answers func(idp.Person, error) bool) {
				all.Go(func() {
					if p, err := o.Directory.Person(ctx, id); !answers(p, err) {
						t.Errorf("of %s: %+v, %v", id, p, err)
					}
				})
			}
			read(noor.ID, func(p idp.Person, err error) bool { return err == nil && p.ID == noor.ID && p.Status == idp.Left })
			read("00u00000000000009999", func(_ idp.Person, err error) bool { return errors.Is(err, idp.ErrNotFound) })
			read(maya.ID, func(p idp.Person, err error) bool { return (err != nil) == c.mislead && (c.mislead || p.ID == maya.ID) })
			all.Wait()
			if calls := o.Calls()[before:]; len(calls) != c.calls {
				t.Errorf("calls %q, want %d", calls, c.calls)
			}
		})
	}
}
