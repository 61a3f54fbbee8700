package google_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/clock/clocktest"
	"latchkey/idp"
	"latchkey/idp/google"
	sandbox "latchkey/sandbox/google"
)

func (c customer) members(group string) (ids []string) {
	c.t.Helper()
	ms, err := idp.Everybody(c.Directory.Members(c.t.Context(), group))
	if err != nil {
		c.t.Error(err)
	}
	for _, m := range ms {
		ids = append(ids, m.PersonID)
	}
	return ids
}

func (c customer) wantErr(what string, err, want error) {
	c.t.Helper()
	if !errors.Is(err, want) {
		c.t.Errorf("%s: %v, want %v", what, err, want)
	}
}

// transient is a failure that nothing follows from.
func (c customer) transient(what string, err error) {
	c.t.Helper()
	if err == nil || errors.Is(err, idp.ErrDenied) || errors.Is(err, idp.ErrNotFound) || errors.Is(err, idp.ErrRefused) {
		c.t.Errorf("%s: %v, want one that is cured by trying again", what, err)
	}
}

// An alias leads to the account, whose address it is not; an old address is one, until it is given to somebody else.
func TestAliasesLeadToTheAccount(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	maya := c.AddUser(sandbox.User{Email: "maya@x.com", Aliases: []string{"m@x.com"}})
	if err := c.EditUser(maya.ID, func(u *sandbox.User) { u.Email = "maya.lind@x.com" }); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"m@x.com", "MAYA@x.com", "maya.lind@x.com"} {
		p, err := c.FindPerson(t.Context(), address)
		if err != nil || p.ID != maya.ID || p.Email != "maya.lind@x.com" || p.Login != "maya.lind@x.com" {
			t.Errorf("%s: %+v, %v", address, p, err)
		}
	}
	_, err := c.FindPerson(t.Context(), "maya.lind@x.com.test-google-a.com")
	c.wantErr("Google's own address", err, idp.ErrNotFound)
	if err := c.EditUser(maya.ID, func(u *sandbox.User) { u.Aliases = nil }); err != nil {
		t.Fatal(err)
	}
	other := c.AddUser(sandbox.User{Email: "maya@x.com"})
	if p, err := c.FindPerson(t.Context(), "maya@x.com"); err != nil || p.ID != other.ID {
		t.Errorf("once it is another's: %+v, %v", p, err)
	}
}

func TestWhoIsMadeAnewIsSomebodyElse(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	was := c.AddUser(sandbox.User{Email: "maya@x.com"})
	c.DeleteUser(was.ID)
	is := c.AddUser(sandbox.User{Email: "maya@x.com"})
	if p, err := c.FindPerson(t.Context(), "maya@x.com"); err != nil || p.ID != is.ID || is.ID == was.ID {
		t.Errorf("%+v, %v", p, err)
	}
	_, err := c.Person(t.Context(), was.ID)
	c.wantErr("the old id", err, idp.ErrNotFound)
}

// Somebody of another organisation can't be looked at. That is not a right that lacks: nobody here has the address.
func TestAddressesOfOthersAreNotFound(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	_, err := c.FindPerson(t.Context(), "gus@agency.com")
	c.wantErr("of another organisation", err, idp.ErrNotFound)
	c.AddRole(sandbox.Role{Name: sandbox.DemoRole})
	_, err = c.FindPerson(t.Context(), "gus@agency.com")
	c.wantErr("without the right", err, idp.ErrDenied)
}

func TestAttributes(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	noor := c.AddUser(sandbox.User{Email: "noor@x.com", Aliases: []string{"n@x.com"}})
	in := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	maya := c.AddUser(sandbox.User{Email: "maya@x.com", Given: "Maya", Family: "Lind", Title: "Designer", Department: "Design", Kind: "Contractor", Location: "Malmö", Number: "E-42", Manager: "n@x.com", LastLogin: in})
	p, err := c.Person(t.Context(), maya.ID)
	if err != nil || p.Name != "Maya Lind" || p.Title != "Designer" || p.Department != "Design" || p.Type != "Contractor" || p.Location != "Malmö" || p.Number != "E-42" ||
		p.ManagerID != noor.ID || p.ManagerEmail != "noor@x.com" || p.ManagerKey != "n@x.com" || !p.LastLogin.Equal(in) {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err := c.Person(t.Context(), noor.ID); err != nil || !p.LastLogin.IsZero() {
		t.Errorf("who never signed in did so at %s (%v)", p.LastLogin, err)
	}
	for _, lost := range []string{"left@x.com", "boss@agency.com", "Noor Haddad"} {
		if err := c.EditUser(maya.ID, func(u *sandbox.User) { u.Manager = lost }); err != nil {
			t.Fatal(err)
		}
		if p, err := c.Person(t.Context(), maya.ID); err != nil || p.ManagerID != "" || p.ManagerText != lost {
			t.Errorf("a manager who is nobody: %+v, %v", p, err)
		}
	}
}

func TestWhoIsOnHoldHasLeftIfThatIsSaid(t *testing.T) {
	for said, want := range map[bool]idp.Status{false: idp.Suspended, true: idp.Left} {
		c := newCustomer(t, sandbox.Config{}, func(cfg *google.Config) { cfg.SuspendedLeft = said })
		maya, g := c.AddUser(sandbox.User{Email: "maya@x.com", Suspended: true}), c.AddGroup(sandbox.Group{Name: "figma"})
		c.SetMember(g.ID, maya.ID, true)
		if p, err := c.Person(t.Context(), maya.ID); err != nil || p.Status != want {
			t.Errorf("%v: %+v, %v", said, p, err)
		}
		if ms, err := idp.Everybody(c.Directory.Members(t.Context(), g.ID)); err != nil || len(ms) != 1 || ms[0].Status != want {
			t.Errorf("%v: %+v, %v", said, ms, err)
		}
	}
}

// Groups are found by their address, too, and addresses are nobody's id.
func TestGroupsAreFoundByAddress(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	g := c.AddGroup(sandbox.Group{Name: "Figma", Email: "figma@x.com", Aliases: []string{"old@x.com"}})
	named := c.AddGroup(sandbox.Group{Name: "Team x@y.com"})
	for name, want := range map[string]string{"figma@x.com": g.ID, "FIGMA@x.com": g.ID, "Figma": g.ID, "Team x@y.com": named.ID} {
		if found, err := c.FindGroup(t.Context(), name); err != nil || found.ID != want {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
	for _, none := range []string{"old@x.com", "nobody@x.com", "x@other.com"} {
		_, err := c.FindGroup(t.Context(), none)
		c.wantErr(none, err, idp.ErrNotFound)
	}
	for _, no := range []string{"figma@x.com", "old@x.com", ""} {
		_, err := c.Group(t.Context(), no)
		c.wantErr("Group("+no+")", err, idp.ErrNotFound)
		_, err = c.Directory.Members(t.Context(), no)
		c.wantErr("Members("+no+")", err, idp.ErrNotFound)
		_, err = c.Directory.IsMember(t.Context(), no, "1")
		c.wantErr("IsMember("+no+")", err, idp.ErrNotFound)
	}
}

// Who is in a group by another group, or because everybody is, is in it; such a group isn't changed.
func TestGroupsInGroups(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	maya, tom := c.AddUser(sandbox.User{Email: "maya@x.com"}), c.AddUser(sandbox.User{Email: "tom@x.com"})
	outer, inner := c.AddGroup(sandbox.Group{Name: "outer"}), c.AddGroup(sandbox.Group{Name: "inner", Email: "inner@x.com"})
	c.SetMember(outer.ID, maya.ID, true)
	c.SetMember(outer.ID, inner.ID, true)
	c.SetMember(inner.ID, tom.ID, true)
	c.SetMember(inner.ID, maya.ID, true)
	c.SetMember(inner.ID, outer.ID, true) // in each other
	if got := c.members(outer.ID); !slices.Equal(got, []string{maya.ID, tom.ID}) {
		t.Errorf("members %q", got)
	}
	if is, err := c.Directory.IsMember(t.Context(), outer.ID, tom.ID); err != nil || !is {
		t.Errorf("tom is a member: %v, %v", is, err)
	}
	g, err := c.Group(t.Context(), outer.ID)
	if err != nil || g.Governable || !strings.Contains(g.Why, "inner@x.com") || !strings.Contains(g.Why, "take that group out") {
		t.Errorf("%+v, %v", g, err)
	}
	c.wantErr("Add", c.Add(t.Context(), outer.ID, tom.ID), idp.ErrRefused)
	everybody := c.AddGroup(sandbox.Group{Name: "everybody"})
	c.SetMember(everybody.ID, "", true)
	c.SetMember(everybody.ID, tom.ID, true)
	if got := c.members(everybody.ID); len(got) != 3 {
		t.Errorf("everybody is %q", got)
	}
	if g, err := c.Group(t.Context(), everybody.ID); err != nil || g.Governable || !strings.Contains(g.Why, "Everybody") {
		t.Errorf("%+v, %v", g, err)
	}
}

// What a group holds is looked at before a change, and that counts for a minute.
func TestAGroupThatGetsAnotherOneIsNoLongerChanged(t *testing.T) {
	now := clocktest.New(time.Now())
	c := newCustomer(t, sandbox.Config{}, func(cfg *google.Config) { cfg.Clock = now })
	maya, g, inner := c.AddUser(sandbox.User{Email: "maya@x.com"}), c.AddGroup(sandbox.Group{Name: "figma"}), c.AddGroup(sandbox.Group{Name: "inner"})
	for range 3 {
		if err := c.Add(t.Context(), g.ID, maya.ID); err != nil {
			t.Fatal(err)
		}
	}
	if n := c.Stats()["409"]; n != 2 {
		t.Errorf("%d additions were said to be made already", n)
	}
	calls := 0
	for _, call := range c.Calls() {
		if strings.Contains(call, "/groups/"+g.ID) && strings.HasPrefix(call, "GET") {
			calls++
		}
	}
	if calls != 3 {
		t.Errorf("%d reads: the group, its labels and its members are enough", calls)
	}
	c.SetMember(g.ID, inner.ID, true)
	now.Advance(time.Minute)
	c.wantErr("Remove", c.Remove(t.Context(), g.ID, maya.ID), idp.ErrRefused)
}

// Somebody from outside is an invalid input to hasMember.
func TestMembersOfOtherOrganisations(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	g := c.AddGroup(sandbox.Group{Name: "figma"})
	c.SetMember(g.ID, "gus@agency.com", true)
	gus := c.members(g.ID)[0]
	if is, err := c.Directory.IsMember(t.Context(), g.ID, gus); err != nil || !is {
		t.Errorf("by id: %v, %v", is, err)
	}
	if err := c.Remove(t.Context(), g.ID, gus); err != nil {
		t.Errorf("not removed: %v", err)
	}
	_, err := c.Directory.IsMember(t.Context(), g.ID, "404")
	c.wantErr("nobody", err, idp.ErrNoAccount)
}

// A membership that was just changed is read as it was, for a while; that Google says "exists already" meanwhile is success.
func TestReadsThatTrail(t *testing.T) {
	c := newCustomer(t, sandbox.Config{MemberLag: time.Hour}, nil)
	maya, g := c.AddUser(sandbox.User{Email: "maya@x.com"}), c.AddGroup(sandbox.Group{Name: "figma"})
	for range 2 {
		if err := c.Add(t.Context(), g.ID, maya.ID); err != nil {
			t.Fatal(err)
		}
	}
	if is, err := c.Directory.IsMember(t.Context(), g.ID, maya.ID); err != nil || is || c.ReadLag() < 10*time.Second {
		t.Errorf("%v, %v: within %s nothing follows from that", is, err, c.ReadLag())
	}
}

// An account that was just made is not a member that can be made yet: that is neither "no such account" nor done.
func TestAFreshAccountIsTriedAgain(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	maya, g := c.AddUser(sandbox.User{Email: "maya@x.com"}), c.AddGroup(sandbox.Group{Name: "figma"})
	c.AddFault(sandbox.Fault{Method: "POST", Path: "/admin/directory/v1/groups/*/members", Status: http.StatusNotFound})
	c.transient("an account that is there", c.Add(t.Context(), g.ID, maya.ID))
	c.wantErr("one that isn't", c.Add(t.Context(), g.ID, "123"), idp.ErrNotFound)
	c.ClearFaults()
	c.AddFault(sandbox.Fault{Method: "POST", Path: "/admin/directory/v1/groups/*/members", Status: http.StatusPreconditionFailed})
	c.transient("one that is being made", c.Add(t.Context(), g.ID, maya.ID))
}

// A list that is empty where Google counts members is none.
func TestAnEmptyListProvesNothing(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	maya, g := c.AddUser(sandbox.User{Email: "maya@x.com"}), c.AddGroup(sandbox.Group{Name: "figma"})
	c.SetMember(g.ID, maya.ID, true)
	c.AddFault(sandbox.Fault{Path: "/admin/directory/v1/groups/*/members", Empty: true})
	_, err := idp.Everybody(c.Directory.Members(t.Context(), g.ID))
	if !errors.As(err, new(*idp.Partial)) {
		t.Errorf("%v, want that it isn't whole", err)
	}
}

func TestPagesThatGoRoundInCirclesEnd(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	g := c.AddGroup(sandbox.Group{Name: "figma"})
	for i := range 4 {
		c.SetMember(g.ID, c.AddUser(sandbox.User{Email: fmt.Sprintf("p%d@x.com", i)}).ID, true)
	}
	c.AddFault(sandbox.Fault{Path: "/admin/directory/v1/groups/*/members", Short: 3})
	if got := c.members(g.ID); len(got) != 4 {
		t.Errorf("by short pages: %q", got)
	}
	c.ClearFaults()
	c.AddFault(sandbox.Fault{Path: "/admin/directory/v1/groups/*/members", Short: 3, Frozen: true})
	_, err := idp.Everybody(c.Directory.Members(within(t, 10*time.Second), g.ID))
	c.transient("a list without an end", err)
}

func TestSizesOfGroups(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	a, b := c.AddGroup(sandbox.Group{Name: "a"}), c.AddGroup(sandbox.Group{Name: "b"})
	c.AddGroup(sandbox.Group{Name: "other"})
	c.SetMember(a.ID, c.AddUser(sandbox.User{Email: "maya@x.com"}).ID, true)
	sizes, err := c.GroupSizes(t.Context(), []string{a.ID, b.ID, "none"})
	if err != nil || len(sizes) != 2 || sizes[a.ID] != 1 || sizes[b.ID] != 0 {
		t.Errorf("%v, %v", sizes, err)
	}
}

// Tokens of apps outlive a sign-out, so each is taken back.
func TestEndingSessionsTakesTokensOfAppsBack(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	maya := c.AddUser(sandbox.User{Email: "maya@x.com"})
	for _, app := range []string{"app-1", "app-2"} {
		if err := c.Consent(maya.ID, sandbox.Token{ClientID: app, Name: app}); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.EndSessions(t.Context(), maya.ID); err != nil || c.Sessions(maya.ID) != 0 {
		t.Errorf("%d left, %v", c.Sessions(maya.ID), err)
	}
	if err := c.Consent(maya.ID, sandbox.Token{ClientID: "app-1", Name: "a"}); err != nil {
		t.Fatal(err)
	}
	c.AddFault(sandbox.Fault{Method: "DELETE", Status: http.StatusNotFound}) // gone meanwhile
	if err := c.EndSessions(t.Context(), maya.ID); err != nil {
		t.Error(err)
	}
}

func TestWhichAppsWereUsed(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	maya, tom := c.AddUser(sandbox.User{Email: "maya@x.com"}), c.AddUser(sandbox.User{Email: "tom@x.com"})
	at := time.Now().Add(-48 * time.Hour).Truncate(time.Second)
	c.Authorize(maya.ID, "app-1", "Figma", at, false)
	c.CallAPI(maya.ID, "app-1", "Figma", at.Add(time.Hour))
	c.Authorize(tom.ID, "app-1", "Figma", at, true)
	c.Authorize(tom.ID, "app-2", "Canva", at, false)
	c.SAML(tom.ID, "Jira, ours", at, false)
	c.SAML(maya.ID, "Jira, ours", at, true)
	c.SAML(maya.ID, "Other", at, false)
	c.Record(sandbox.Activity{Application: "token", Type: "auth", Event: "authorize", Email: "robot@x.com", At: at, Parameters: []sandbox.Parameter{{Name: "client_id", Value: "app-1"}}})
	for app, want := range map[string]map[string]time.Time{
		"app-1": {maya.ID: at.Add(time.Hour)}, "app-2": {tom.ID: at}, "saml:Jira, ours": {tom.ID: at}, "saml:none": {}, "none": {},
	} {
		u, err := c.Usage(t.Context(), app)
		if err != nil || u.Source == "" || time.Since(u.Since) < 179*24*time.Hour {
			t.Fatalf("%s: %+v, %v", app, u, err)
		}
		got := map[string]time.Time{}
		for use, err := range u.All {
			if err != nil {
				t.Fatal(err)
			}
			got[use.PersonID] = use.Last
		}
		if len(got) != len(want) {
			t.Errorf("%s: used by %v, want %v", app, got, want)
		}
		for id, last := range want {
			if !got[id].Equal(last) {
				t.Errorf("%s: used by %s at %v, want %v", app, id, got[id], last)
			}
		}
	}
	for _, none := range []string{"", "a,b==c"} {
		_, err := c.Usage(t.Context(), none)
		c.wantErr("no app", err, idp.ErrNotFound)
	}
	c.AddFault(sandbox.Fault{Path: "/admin/reports/", Status: http.StatusServiceUnavailable})
	u, err := c.Usage(t.Context(), "app-1")
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range u.All {
		c.transient("a report that can't be read", err)
	}
}
