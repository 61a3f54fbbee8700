package entra_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/idp"
	"latchkey/idp/entra"
	sandbox "latchkey/sandbox/entra"
)

// asked counts the calls that asked for last sign-ins.
func (e tenant) asked() (n int) {
	for _, c := range e.Calls() {
		if strings.Contains(c, "signInActivity") {
			n++
		}
	}
	return n
}

// TestWithoutTheRightLastSignInsAreUnknown: nothing else suffers from it, and Graph is not asked again and again.
func TestWithoutTheRightLastSignInsAreUnknown(t *testing.T) {
	for name, c := range map[string]struct {
		cfg  sandbox.Config
		most int // calls that may be made to find out
	}{
		"without the permission": {sandbox.Config{Permissions: []string{"User.Read.All", "GroupMember.ReadWrite.All"}}, 0},
		"without the licence":    {sandbox.Config{Free: true}, 1},
	} {
		e := newTenant(t, c.cfg, nil)
		g, boss := e.AddGroup(sandbox.Group{Name: "figma"}), e.AddUser(sandbox.User{UPN: "noor@x.com", Mail: "noor@x.com"})
		u := e.AddUser(sandbox.User{UPN: "maya@x.com", Mail: "maya@x.com", ManagerID: boss.ID, LastSignIn: time.Now().Add(-time.Hour)})
		e.SetMember(g.ID, u.ID, true)
		for range 3 {
			read, err1 := e.Person(t.Context(), u.ID)
			found, err2 := e.FindPerson(t.Context(), u.UPN)
			members, err3 := idp.Everybody(e.Directory.Members(t.Context(), g.ID))
			if err := errors.Join(err1, err2, err3); err != nil || read != found || read.ManagerID != boss.ID || !read.LastLogin.IsZero() || len(members) != 1 || !members[0].LastLogin.IsZero() {
				t.Errorf("%s: %+v, %+v, %+v, %v", name, read, found, members, err)
			}
		}
		if n := e.asked(); n > c.most {
			t.Errorf("%s: asked %d times", name, n)
		}
	}
}

// TestALicenceThatIsBoughtIsNoticed: an hour later at most.
func TestALicenceThatIsBoughtIsNoticed(t *testing.T) {
	fast := &fastClock{}
	e := newTenant(t, sandbox.Config{Free: true}, func(c *entra.Config) { c.Clock = fast })
	last := time.Now().Add(-time.Hour).Truncate(time.Second)
	u := e.AddUser(sandbox.User{UPN: "maya@x.com", LastSignIn: last})
	e.SetFree(true)
	for _, want := range []time.Time{{}, {}, last} {
		if p, err := e.Person(t.Context(), u.ID); err != nil || !p.LastLogin.Equal(want) {
			t.Errorf("signed in at %s, want %s, %v", p.LastLogin, want, err)
		}
		if e.SetFree(false); !want.Equal(last) && e.asked() > 0 {
			fast.ahead.Add(int64(31 * time.Minute))
		}
	}
}

// TestAnAttemptIsNoSignIn: and neither is what Microsoft hasn't recorded or not shown yet.
func TestAnAttemptIsNoSignIn(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	for name, c := range map[string]struct {
		user sandbox.User
		want time.Time
	}{
		"a failure after a success": {sandbox.User{LastSignIn: now.Add(-48 * time.Hour), LastAttempt: now.Add(-time.Hour)}, now.Add(-48 * time.Hour)},
		"attempts alone":            {sandbox.User{LastAttempt: now.Add(-time.Hour)}, time.Time{}},
		"before it was recorded":    {sandbox.User{LastSignIn: time.Date(2022, 5, 1, 0, 0, 0, 0, time.UTC)}, time.Time{}},
		"a moment ago":              {sandbox.User{LastSignIn: now.Add(-time.Minute)}, time.Time{}},
		"never":                     {sandbox.User{}, time.Time{}},
	} {
		e := newTenant(t, sandbox.Config{SignInLag: time.Hour / 2}, nil)
		c.user.UPN = "maya@x.com"
		u, g := e.AddUser(c.user), e.AddGroup(sandbox.Group{Name: "figma"})
		e.SetMember(g.ID, u.ID, true)
		p, err := e.Person(t.Context(), u.ID)
		members, also := idp.Everybody(e.Directory.Members(t.Context(), g.ID))
		if err := errors.Join(err, also); err != nil || !p.LastLogin.Equal(c.want) || len(members) != 1 || !members[0].LastLogin.Equal(c.want) {
			t.Errorf("%s: %s, %+v, %v, want %s", name, p.LastLogin, members, err, c.want)
		}
	}
}

// TestSignInsOfAllAreReadInBulk: 1,200 accounts are three pages, once in half a day, whoever lists whatever group.
func TestSignInsOfAllAreReadInBulk(t *testing.T) {
	fast := &fastClock{}
	e := newTenant(t, sandbox.Config{Unlimited: true}, func(c *entra.Config) { c.Clock = fast })
	last := time.Now().Add(-time.Hour).Truncate(time.Second)
	groups := []string{e.AddGroup(sandbox.Group{Name: "figma"}).ID, e.AddGroup(sandbox.Group{Name: "notion"}).ID}
	for i := range 1200 {
		u := e.AddUser(sandbox.User{UPN: fmt.Sprintf("p%d@x.com", i), LastSignIn: last.Add(-time.Duration(i) * time.Second)})
		e.SetMember(groups[i%2], u.ID, i%10 < 2)
	}
	list := func(want int) {
		t.Helper()
		for _, g := range groups {
			members, err := idp.Everybody(e.Directory.Members(t.Context(), g))
			for _, m := range members {
				if m.LastLogin.IsZero() || m.LastLogin.After(last) {
					t.Fatalf("%+v", m)
				}
			}
			if err != nil || len(members) != 120 {
				t.Fatalf("%d members, %v", len(members), err)
			}
		}
		if n := e.asked(); n != want {
			t.Errorf("asked %d times, want %d", n, want)
		}
	}
	list(3)
	fast.ahead.Add(int64(11 * time.Hour))
	list(3)
	fast.ahead.Add(int64(2 * time.Hour))
	list(6)
}

// TestSignInsThatDontComeKeepNobodyWaiting: a list of them that hangs, or is refused for its pace, takes a part of the time
// that a read has, leaves it whole, and is gone on with where it stopped.
func TestSignInsThatDontComeKeepNobodyWaiting(t *testing.T) {
	for name, f := range map[string]sandbox.Fault{
		"hangs":     {Query: "signInActivity", Delay: time.Hour},
		"throttled": {Query: "signInActivity", Status: 429, RetryAfter: time.Hour},
		"down":      {Query: "signInActivity", Status: 503},
	} {
		e := newTenant(t, sandbox.Config{}, nil)
		u, g := e.AddUser(sandbox.User{UPN: "maya@x.com", LastSignIn: time.Now().Add(-time.Hour)}), e.AddGroup(sandbox.Group{Name: "figma"})
		e.SetMember(g.ID, u.ID, true)
		e.AddFault(f)
		ctx := within(t, 6*time.Second)
		p, err := e.Person(ctx, u.ID)
		members, also := idp.Everybody(e.Directory.Members(ctx, g.ID))
		added := e.Add(ctx, g.ID, u.ID)
		if err := errors.Join(err, also, added, ctx.Err()); err != nil || p.ID != u.ID || len(members) != 1 || !p.LastLogin.IsZero() {
			t.Errorf("%s: %+v, %+v, %v", name, p, members, err)
		}
	}
}

// TestWhatTakesAccessAwayAsksNobodyForSignIns: it wants to know who is there, and nothing else.
func TestWhatTakesAccessAwayAsksNobodyForSignIns(t *testing.T) {
	e := newTenant(t, sandbox.Config{}, nil)
	g, u := e.AddGroup(sandbox.Group{Name: "figma"}), e.AddUser(sandbox.User{UPN: "maya@x.com"})
	e.SetMember(g.ID, u.ID, true)
	if _, err := idp.Everybody(e.Directory.Members(idp.WithPriority(t.Context(), idp.Removal), g.ID)); err != nil || e.asked() != 0 {
		t.Errorf("asked %d times, %v", e.asked(), err)
	}
}

// TestALongListOfSignInsIsGoneOnWith: the page that didn't come in time is asked for again, and not those before it.
func TestALongListOfSignInsIsGoneOnWith(t *testing.T) {
	e := newTenant(t, sandbox.Config{Unlimited: true}, nil)
	g, last := e.AddGroup(sandbox.Group{Name: "figma"}).ID, time.Now().Add(-time.Hour).Truncate(time.Second)
	for i := range 600 {
		u := e.AddUser(sandbox.User{UPN: fmt.Sprintf("p%d@x.com", i), LastSignIn: last})
		e.SetMember(g, u.ID, i == 0 || i == 599)
	}
	e.AddFault(sandbox.Fault{Query: "signInActivity", Later: true, Times: 1, Delay: time.Hour})
	for _, want := range []int{1, 2} { // of how many the last sign-in is known
		members, err := idp.Everybody(e.Directory.Members(within(t, 4*time.Second), g))
		known := 0
		for _, m := range members {
			if m.LastLogin.Equal(last) {
				known++
			}
		}
		if err != nil || len(members) != 2 || known != want {
			t.Errorf("known of %d, want %d: %+v, %v", known, want, members, err)
		}
	}
	if n := e.asked(); n != 3 {
		t.Errorf("asked %d times: the first page, and the second twice", n)
	}
}
