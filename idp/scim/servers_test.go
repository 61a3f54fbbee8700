package scim_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/clock/clocktest"
	"latchkey/idp"
	"latchkey/idp/scim"
	sandbox "latchkey/sandbox/scim"
)

// What servers do with filters that they don't know: they answer nobody, everybody, or refuse. People and groups are
// found all the same, in any letter case, and who is not there is not there.
func TestEverybodyIsFoundWhateverTheFiltersDo(t *testing.T) {
	for name, cfg := range map[string]sandbox.Config{
		"as the standard wants":  {AddressPlain: true},
		"addresses in brackets":  {},
		"nobody":                 {FilterNone: true},
		"everybody":              {FilterAll: true},
		"refused":                {NoFilter: true},
		"letter by letter":       {CaseExact: true},
		"everybody, small pages": {FilterAll: true, MaxResults: 2},
		"whole lists":            {FilterAll: true, IgnoreCount: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t, cfg, nil)
			maya := p.AddUser(sandbox.User{UserName: "Maya.Chen@x.com", Email: "maya@x.com"})
			for i := range 5 {
				p.AddUser(sandbox.User{Email: fmt.Sprintf("p%d@x.com", i)})
				p.AddGroup(sandbox.Group{Name: fmt.Sprintf("team %d", i)})
			}
			figma := p.AddGroup(sandbox.Group{Name: "figma", Members: []string{maya, p.UserByAddress("p1@x.com")}})
			if in, err := idp.Everybody(p.Directory.Members(t.Context(), figma)); err != nil || len(in) != 2 || in[0].Email != "maya@x.com" || in[0].Status != idp.Active || in[1].Email != "p1@x.com" {
				t.Errorf("members: %+v, %v", in, err)
			}
			for _, address := range []string{"maya@x.com", "MAYA@x.com", "maya.chen@x.com"} {
				if got, err := p.FindPerson(t.Context(), address); err != nil || got.ID != maya {
					t.Errorf("%s: %+v, %v", address, got, err)
				}
			}
			if _, err := p.FindPerson(t.Context(), "noor@x.com"); !errors.Is(err, idp.ErrNotFound) {
				t.Errorf("who isn't there: %v", err)
			}
			if g, err := p.FindGroup(t.Context(), "figma"); err != nil || g.ID != figma {
				t.Errorf("%+v, %v", g, err)
			}
			if _, err := p.FindGroup(t.Context(), "notion"); !errors.Is(err, idp.ErrNotFound) {
				t.Errorf("what isn't there: %v", err)
			}
		})
	}
}

// A filter that was seen to work is trusted for an hour, and that none does is believed for ten minutes.
func TestFiltersProveThemselvesAnew(t *testing.T) {
	for name, c := range map[string]struct {
		all   bool // a filter answers everybody
		after time.Duration
		tried bool
	}{
		"a good one, soon":  {false, 59 * time.Minute, false},
		"a good one, later": {false, time.Hour, true},
		"a bad one, soon":   {true, 9 * time.Minute, false},
		"a bad one, later":  {true, 10 * time.Minute, true},
	} {
		now := clocktest.New(time.Unix(1_800_000_000, 0))
		var log bytes.Buffer
		p := newPlace(t, sandbox.Config{AddressPlain: true, FilterAll: c.all}, func(cfg *scim.Config) {
			cfg.Clock, cfg.Logger = now, slog.New(slog.NewTextHandler(&log, nil))
		})
		for i := range 3 {
			p.AddUser(sandbox.User{Email: fmt.Sprintf("p%d@x.com", i)})
		}
		find := func() (calls int) {
			before := len(p.Calls())
			if _, err := p.FindPerson(t.Context(), "p1@x.com"); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			return len(p.Calls()) - before
		}
		first := find()
		now.Advance(c.after)
		if again := find(); (again == first) != c.tried || again > first {
			t.Errorf("%s: %d calls, then %d", name, first, again)
		}
		if said := strings.Contains(log.String(), "all are gone through"); said != c.all {
			t.Errorf("%s: the log says %s", name, log.String())
		}
	}
}

// A server that doesn't take which attributes are asked for has said all there is; one that is down has not.
func TestAGroupThatShowsNoMembersIsAskedForThem(t *testing.T) {
	for status, well := range map[int]bool{400: true, 503: false} {
		p := newPlace(t, sandbox.Config{}, nil)
		figma := p.AddGroup(sandbox.Group{Name: "figma"})
		p.AddFault(sandbox.Fault{Path: "/scim/v2/Groups/*", Query: "attributes=", Status: status})
		if g, err := p.Group(t.Context(), figma); (err == nil) != well || well && g.ID != figma {
			t.Errorf("%d: %+v, %v", status, g, err)
		}
	}
}

// Where there is nobody to try a filter on, nothing is known of it.
func TestAnEmptyDirectoryProvesNothing(t *testing.T) {
	p := newPlace(t, sandbox.Config{AddressPlain: true, MaxResults: 1}, nil)
	if _, err := p.FindPerson(t.Context(), "maya@x.com"); !errors.Is(err, idp.ErrNotFound) {
		t.Errorf("%v", err)
	}
	for i := range 9 {
		p.AddUser(sandbox.User{Email: fmt.Sprintf("p%d@x.com", i)})
	}
	if _, err := p.FindPerson(t.Context(), "p7@x.com"); err != nil {
		t.Fatal(err)
	}
	before := len(p.Calls())
	if _, err := p.FindPerson(t.Context(), "p8@x.com"); err != nil || len(p.Calls())-before != 2 {
		t.Errorf("%v, %d calls", err, len(p.Calls())-before)
	}
}

// Of a list nothing is left out: not where its length isn't said, and not an entry that nobody could ask for again.
func TestListsThatLackSomething(t *testing.T) {
	for body, want := range map[string]string{
		`{"Resources":[{"id":"u-1"}]}`:                               "no totalResults",
		`{"totalResults":1,"Resources":[{"userName":"maya"}]}`:       "has no id",
		`{"totalResults":2,"Resources":[{"id":"u-1"}]}`:              "go round in circles",
		`{"totalResults":1,"Resources":[{"id":"u-1"},{"id":"u-2"}]}`: "go round in circles",
		`{"totalResults":"1","Resources":[{"id":"u-1"}]}`:            "totalResults is of the type string",
	} {
		p := newPlace(t, sandbox.Config{}, nil)
		p.AddFault(sandbox.Fault{Path: "/scim/v2/Users", Body: body})
		var failed error
		for _, err := range p.People(t.Context()) {
			failed = err
		}
		if failed == nil || !strings.Contains(failed.Error(), want) {
			t.Errorf("%s: %v", body, failed)
		}
	}
}

func TestAListNamesNobodyTwice(t *testing.T) {
	p := newPlace(t, sandbox.Config{}, nil)
	p.AddFault(sandbox.Fault{Path: "/scim/v2/Users", Body: `{"totalResults":2,"Resources":[{"id":"u-1"},{"id":"u-1"},{"id":"u-2"}]}`})
	var ids []string
	for who, err := range p.People(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, who.ID)
	}
	if !slices.Equal(ids, []string{"u-1", "u-2"}) {
		t.Errorf("%v", ids)
	}
}

// An address beside the account's own is no name of the account: it may be shared.
func TestAnAliasFindsNobody(t *testing.T) {
	p := newPlace(t, sandbox.Config{AddressPlain: true}, nil)
	p.AddUser(sandbox.User{Email: "maya@x.com", Alias: "design@x.com"})
	if got, err := p.FindPerson(t.Context(), "design@x.com"); !errors.Is(err, idp.ErrNotFound) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := p.FindPerson(t.Context(), "maya@x.com"); err != nil || got.Email != "maya@x.com" {
		t.Errorf("%+v, %v", got, err)
	}
}

// A server that shows members only where they are asked for, one that doesn't show them but says of accounts in which
// groups they are, and one that hides them.
func TestMembersAreSeenWhateverAServerShows(t *testing.T) {
	for name, cfg := range map[string]sandbox.Config{"asked for": {OmitMembers: true}, "of the accounts": {HideMembers: true}} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t, cfg, nil)
			figma, maya := p.AddGroup(sandbox.Group{Name: "figma"}), p.AddUser(sandbox.User{Email: "maya@x.com"})
			noor := p.AddUser(sandbox.User{Email: "noor@x.com"})
			p.SetMember(figma, maya, true)
			p.SetMember(p.AddGroup(sandbox.Group{Name: "notion"}), noor, true)
			if cfg.HideMembers { // the library's filters don't find by groups.value: everybody is looked at
				p.Server.SetFilterAll(true)
			}
			got, err := idp.Everybody(p.Directory.Members(t.Context(), figma))
			if err != nil || len(got) != 1 || got[0] != (idp.Membership{PersonID: maya, Email: "maya@x.com", Status: idp.Active}) {
				t.Errorf("%+v, %v", got, err)
			}
			for who, want := range map[string]bool{maya: true, noor: false} {
				if is, err := p.IsMember(t.Context(), figma, who); err != nil || is != want {
					t.Errorf("%s: %v, %v", who, is, err)
				}
			}
		})
	}
}

func TestAServerThatHidesMembersSaysNothingOfThem(t *testing.T) {
	p := newPlace(t, sandbox.Config{HideMembers: true, FilterNone: true}, func(c *scim.Config) { c.ProbeGroup = "everyone" })
	figma, everyone, maya := p.AddGroup(sandbox.Group{Name: "figma"}), p.AddGroup(sandbox.Group{Name: "everyone"}), p.AddUser(sandbox.User{Email: "maya@x.com"})
	p.SetMember(everyone, maya, true)
	if _, err := p.Directory.Members(t.Context(), figma); err == nil || !strings.Contains(err.Error(), "hides who is in a group") {
		t.Errorf("Members: %v", err)
	}
	if _, err := p.IsMember(t.Context(), figma, maya); err == nil {
		t.Error("IsMember: what is hidden passes for no")
	}
	if f := finding(t, p, "see members"); f.OK || !strings.Contains(f.Detail, "hides") {
		t.Errorf("%+v", f)
	}
}

func finding(t *testing.T, p place, check string) idp.Finding {
	t.Helper()
	all, err := p.Probe(t.Context())
	at := slices.IndexFunc(all, func(f idp.Finding) bool { return f.Check == check })
	if err != nil || at < 0 {
		t.Fatalf("%+v, %v", all, err)
	}
	return all[at]
}

// A list is read to its end, or it is none.
func TestListsThatNeverAddUp(t *testing.T) {
	fill := func(p place) {
		for i := range 7 {
			p.AddUser(sandbox.User{Email: fmt.Sprintf("p%d@x.com", i)})
		}
	}
	count := func(p place) (n int, err error) {
		for _, failed := range p.People(t.Context()) {
			if failed != nil {
				return n, failed
			}
			n++
		}
		return n, nil
	}
	for name, c := range map[string]struct {
		cfg  sandbox.Config
		want int // 0: it fails
	}{
		"small pages":               {sandbox.Config{MaxResults: 3}, 7},
		"one page, whatever count":  {sandbox.Config{MaxResults: 3, IgnoreCount: true}, 7},
		"the first page for ever":   {sandbox.Config{MaxResults: 3, IgnoreStart: true}, 0},
		"one entry a page":          {sandbox.Config{MaxResults: 1}, 7},
		"exactly as many as a page": {sandbox.Config{MaxResults: 7}, 7},
	} {
		p := newPlace(t, c.cfg, nil)
		fill(p)
		if n, err := count(p); n != c.want || (err != nil) != (c.want == 0) {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
	p := newPlace(t, sandbox.Config{MaxResults: 3}, nil)
	fill(p)
	changes := 1
	p.OnList(func(string) {
		if changes--; changes >= 0 {
			p.DeleteUser(p.UserByAddress("p0@x.com")) // what stood on the next page moves to one that was read
		}
	})
	if n, err := count(p); n != 6 || err != nil {
		t.Errorf("changed once while it was read: %d, %v", n, err)
	}
	p.OnList(func(string) { p.AddUser(sandbox.User{Email: "more@x.com"}) })
	if n, err := count(p); n != 0 || err == nil || !strings.Contains(err.Error(), "changes while it is read") {
		t.Errorf("changing all the time: %d, %v", n, err)
	}
}

func TestGroupsInGroupsAreNotGoverned(t *testing.T) {
	p := newPlace(t, sandbox.Config{}, nil)
	inner, maya := p.AddGroup(sandbox.Group{Name: "inner"}), p.AddUser(sandbox.User{Email: "maya@x.com"})
	outer := p.AddGroup(sandbox.Group{Name: "outer", Nested: []string{inner}})
	if g, err := p.Group(t.Context(), outer); err != nil || g.Governable || !strings.Contains(g.Why, "groups in this group") {
		t.Errorf("%+v, %v", g, err)
	}
	if err := p.Add(t.Context(), outer, maya); !errors.Is(err, idp.ErrRefused) {
		t.Errorf("Add: %v", err)
	}
	if _, err := p.Directory.Members(t.Context(), outer); !errors.Is(err, idp.ErrRefused) {
		t.Errorf("who is in it passes for known: %v", err)
	}
}

// A deleted account that its groups keep is a member who has left; an account of which the server has never heard is
// not put in, also where the server would nod.
func TestAccountsThatAreNoMore(t *testing.T) {
	p := newPlace(t, sandbox.Config{Dangle: true, DropUnknown: true}, nil)
	figma, maya := p.AddGroup(sandbox.Group{Name: "figma"}), p.AddUser(sandbox.User{Email: "maya@x.com"})
	p.SetMember(figma, maya, true)
	p.DeleteUser(maya)
	got, err := idp.Everybody(p.Directory.Members(t.Context(), figma))
	if err != nil || len(got) != 1 || got[0] != (idp.Membership{PersonID: maya, Status: idp.Left}) {
		t.Errorf("%+v, %v", got, err)
	}
	if err := p.Remove(t.Context(), figma, maya); err != nil || len(p.Server.Members(figma)) != 0 {
		t.Errorf("Remove: %v, %v", err, p.Server.Members(figma))
	}
	if err := p.Add(t.Context(), figma, "u-999999"); !errors.Is(err, idp.ErrNotFound) {
		t.Errorf("Add of nobody: %v", err)
	}
	gone := p.AddUser(sandbox.User{Email: "gone@x.com"})
	p.setStatus(gone, idp.Left)
	if err := p.Add(t.Context(), figma, gone); !errors.Is(err, idp.ErrRefused) || len(p.Server.Members(figma)) != 0 {
		t.Errorf("Add of somebody who left: %v", err)
	}
}

func TestAccountsSayWhatTheyAre(t *testing.T) {
	p := newPlace(t, sandbox.Config{}, nil)
	noor := p.AddUser(sandbox.User{Email: "noor@x.com"})
	maya := p.AddUser(sandbox.User{Email: "Maya@x.com", Name: "Maya Chen", Number: "1042", Type: "Contractor", City: "Oslo", Manager: "noor@x.com"})
	got, err := p.Person(t.Context(), maya)
	if err != nil || got.Number != "1042" || got.Type != "Contractor" || got.Location != "Oslo" || got.Email != "maya@x.com" || got.ManagerID != noor || got.ManagerKey != "noor@x.com" {
		t.Errorf("%+v, %v", got, err)
	}
	p.EditUser(noor, func(u *sandbox.User) { u.UserName = "boss" })
	p.EditUser(maya, func(u *sandbox.User) { u.Manager = "Boss" })
	if got, err := p.Person(t.Context(), maya); err != nil || got.ManagerID != noor {
		t.Errorf("a manager by sign-in name: %+v, %v", got, err)
	}
	p.EditUser(maya, func(u *sandbox.User) { u.Manager = "whoever" })
	if got, err := p.Person(t.Context(), maya); err != nil || got.ManagerID != "" || got.ManagerText != "whoever" {
		t.Errorf("a manager who leads to nobody: %+v, %v", got, err)
	}
}

// A server that takes a sign-in name for an id has no account of that id; one that answers with whoever else proves
// nothing.
func TestASignInNameIsNoID(t *testing.T) {
	for body, want := range map[string]error{
		`{"id":"u-7","userName":"maya"}`: idp.ErrNotFound,
		`{"id":"u-7","userName":"noor"}`: nil,
		`{"userName":"maya"}`:            nil,
	} {
		p := newPlace(t, sandbox.Config{}, nil)
		p.AddFault(sandbox.Fault{Path: "/scim/v2/Users/*", Body: body})
		if got, err := p.Person(t.Context(), "maya"); err == nil || errors.Is(err, idp.ErrNotFound) != (want != nil) {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
}

// What is read together is one call, and what nobody needs is none.
func TestReadsAreFewCalls(t *testing.T) {
	p := newPlace(t, sandbox.Config{}, nil)
	noor := p.AddUser(sandbox.User{Email: "noor@x.com"})
	maya := p.AddUser(sandbox.User{UserName: "maya", Email: "maya@x.com", Manager: noor})
	figma := p.AddGroup(sandbox.Group{Name: "figma"})
	for i := range 40 {
		p.SetMember(figma, p.AddUser(sandbox.User{Email: fmt.Sprintf("p%d@x.com", i)}), true)
	}
	calls := func(do func() error) int {
		before := len(p.Calls())
		if err := do(); err != nil {
			t.Error(err)
		}
		return len(p.Calls()) - before
	}
	for name, c := range map[string]struct {
		want int
		do   func() error
	}{
		"an account and the manager": {2, func() error { _, err := p.Person(t.Context(), maya); return err }},
		"an account alone":           {1, func() error { _, err := p.Person(idp.WithoutManagers(t.Context()), maya); return err }},
		"somebody at the top":        {1, func() error { _, err := p.Person(t.Context(), noor); return err }},
		"forty members":              {3, func() error { _, err := idp.Everybody(p.Directory.Members(t.Context(), figma)); return err }},
	} {
		if n := calls(c.do); n != c.want {
			t.Errorf("%s: %d calls, want %d", name, n, c.want)
		}
	}
}
