package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/catalog/proposal"
	"latchkey/clock"
	"latchkey/config"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/idp/okta"
	sandboxokta "latchkey/sandbox/okta"
)

// leaping is a clock on which a wait is over at once, because the time is then what was waited for: how long something would
// have taken can be read off it.
type leaping struct {
	mu  sync.Mutex
	now time.Time
}

func (l *leaping) Now() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

func (l *leaping) pass(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = l.now.Add(d)
}

// Until implements clock.Clock.
func (l *leaping) Until(t time.Time) (<-chan struct{}, func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t.After(l.now) {
		l.now = t
	}
	over := make(chan struct{})
	close(over)
	return over, func() {}
}

// After implements the sandbox's clock.
func (l *leaping) After(d time.Duration) <-chan time.Time {
	l.pass(d)
	over := make(chan time.Time, 1)
	over <- l.Now()
	return over
}

// perCall is what each call takes, where as many are under way as an import makes at a time (facts of recorded traffic: 200 ms).
const perCall = 200 * time.Millisecond / importsAtOnce

// wire serves calls without a network.
type wire struct {
	to    http.Handler
	clock *leaping
}

// RoundTrip implements http.RoundTripper.
func (w wire) RoundTrip(req *http.Request) (*http.Response, error) {
	w.clock.pass(perCall)
	answer := httptest.NewRecorder()
	w.to.ServeHTTP(answer, req)
	return answer.Result(), nil
}

// largeOrg is an org with a directory on it, on a clock that leaps.
func largeOrg(t testing.TB) (*sandboxokta.Server, idp.Directory, *leaping) {
	t.Helper()
	at := &leaping{now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	org := sandboxokta.New(sandboxokta.Config{Clock: at})
	t.Cleanup(org.Close)
	dir, err := okta.Open(t.Context(), okta.Config{URL: "http://localhost", Token: sandboxokta.DemoToken, Clock: at, Transport: wire{org.Handler(), at}})
	if err != nil {
		t.Fatal(err)
	}
	return org, dir, at
}

// fill makes an org of so many applications and groups, named by several conventions, as companies that grew have them.
func fill(org *sandboxokta.Server, apps, groups int) {
	maya := org.AddUser(sandboxokta.User{Login: "maya@acme.example"})
	conventions := []string{"app-%s-editors", "SG-%s-ReadOnly", "%s Administrators", "app.%s.prod.analyst", "okta_%s_users", "GRP %s Legacy Users"}
	var names []string
	for i := range groups {
		app := fmt.Sprintf("Tool%03d", i%apps)
		name := fmt.Sprintf(conventions[i/apps%len(conventions)], app)
		if i >= apps*len(conventions) {
			name = fmt.Sprintf("List %d", i)
		}
		kind := sandboxokta.OktaGroup
		if i%50 == 49 {
			kind = sandboxokta.AppGroup
		}
		org.AddGroup(sandboxokta.Group{Name: name, Type: kind})
		names = append(names, name)
		if i%3 == 0 {
			org.SetMember(name, maya.Login, true)
		}
	}
	for i := range apps {
		a := sandboxokta.App{Label: fmt.Sprintf("Tool%03d", i)}
		for at := i; at < groups; at += apps {
			a.Groups = append(a.Groups, names[at])
		}
		org.AddApp(a)
	}
}

// TestImportOfALargeOrg: 300 applications and 2,000 groups are read within the org's limits, and what is proposed loads.
func TestImportOfALargeOrg(t *testing.T) {
	org, dir, at := largeOrg(t)
	fill(org, 300, 2000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began, wall, said := at.Now(), time.Now(), 0
	source, err := readSource(t.Context(), patient{dir, clock.System{}}, func(string) { said++ })
	if err != nil {
		t.Fatal(err)
	}
	took := at.Now().Sub(began)
	p := proposal.Propose(source)
	runtime.ReadMemStats(&after)
	roles := 0
	for _, a := range p.Apps {
		roles += len(a.Roles)
	}
	t.Logf("%d applications, %d groups: %d calls, %s by the org's limits, %s of this machine; %d MB held, %d MB made and dropped; %d roles for %d applications",
		len(source.Apps), len(source.Groups), org.Stats()["calls"], took.Round(time.Second), time.Since(wall).Round(time.Millisecond),
		(int64(after.HeapInuse)-int64(before.HeapInuse))>>20, (after.TotalAlloc-before.TotalAlloc)>>20, roles, len(p.Apps))
	if v := org.Violations(); len(v) > 0 {
		t.Errorf("the org had to refuse calls: %v", v)
	}
	if took > 10*time.Minute || took < time.Minute || said < 10 {
		t.Errorf("it takes %s and says %d times how far it has come", took, said)
	}
	// Six applications have none but groups that are mastered elsewhere.
	if len(source.Apps) != 300 || len(source.Groups) != 2001 || len(p.Apps) != 294 || len(p.Aside) != 6 || roles < 1200 {
		t.Errorf("%d applications, %d groups, %d roles for %d", len(source.Apps), len(source.Groups), roles, len(p.Apps))
	}
	if c := loaded(t, p); len(c.Catalog.Apps()) != len(p.Apps) {
		t.Errorf("%d apps are loaded", len(c.Catalog.Apps()))
	}
}

// begun is the example up to its catalogue.
func begun(t testing.TB) []byte {
	t.Helper()
	example, err := os.ReadFile("../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text, _, found := strings.Cut(string(example), "\nbundles:")
	if !found {
		t.Fatal("the example has another order")
	}
	out, _, _ := strings.Cut(text, "\npolicy:")
	_, rest, found := strings.Cut(text, "\nrequests:")
	if !found {
		t.Fatal("the example has another order")
	}
	return []byte(out + "\nrequests:" + rest + "\n")
}

// loaded reads a configuration with what is proposed.
func loaded(t testing.TB, p proposal.Proposal) *config.Config {
	t.Helper()
	env := func(name string) (string, bool) { return name, true }
	c, err := config.ParseBegun("config.yaml", begun(t), env, Backends())
	if err != nil {
		t.Fatal(err)
	}
	ways := proposal.WaysOf(c.Catalog, c.SignsIn(), c.DecidesInSlack())
	text, err := config.InsertApps(begun(t), func(indent int) string { return p.Items(ways, indent) })
	if err != nil {
		t.Fatal(err)
	}
	if c, err = config.Parse("config.yaml", text, env, Backends()); err != nil {
		t.Fatalf("%v\n%s", err, text[max(0, len(text)-4000):])
	}
	for _, w := range c.Warnings {
		if strings.Contains(w.Problem, "looks like a role of kind") {
			t.Errorf("line %d: %s", w.Line, w.Problem)
		}
	}
	return c
}

// TestAnImportThatCantBeReadWholeIsNone: an application whose groups can't be read would be proposed without roles that it has.
func TestAnImportThatCantBeReadWholeIsNone(t *testing.T) {
	org, dir, _ := largeOrg(t)
	fill(org, 20, 60)
	org.AddFault(sandboxokta.Fault{Path: "/api/v1/apps/*/groups", Status: http.StatusForbidden})
	if s, err := readSource(t.Context(), patient{dir, clock.System{}}, func(string) {}); !errors.Is(err, idp.ErrDenied) {
		t.Errorf("%d applications, %v", len(s.Apps), err)
	}
	org.ClearFaults()
	org.AddFault(sandboxokta.Fault{Path: "/api/v1/groups", Status: http.StatusForbidden})
	if _, err := readSource(t.Context(), patient{dir, clock.System{}}, func(string) {}); !errors.Is(err, idp.ErrDenied) {
		t.Errorf("groups: %v", err)
	}
	org.ClearFaults()
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := readSource(ended, patient{dir, clock.System{}}, func(string) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits any more: %v", err)
	}
}

// TestABadMomentEndsNoImport: one of hundreds of calls fails now and then; what goes on failing is said.
func TestABadMomentEndsNoImport(t *testing.T) {
	org, dir, at := largeOrg(t)
	fill(org, 20, 60)
	org.AddFault(sandboxokta.Fault{Path: "/api/v1/apps/*/groups", Status: http.StatusServiceUnavailable, Times: 2})
	org.AddFault(sandboxokta.Fault{Path: "/api/v1/groups", Status: http.StatusServiceUnavailable, Times: 1})
	if s, err := readSource(t.Context(), patient{dir, at}, func(string) {}); err != nil || len(s.Apps) != 20 {
		t.Errorf("%d applications, %v", len(s.Apps), err)
	}
	org.AddFault(sandboxokta.Fault{Path: "/api/v1/apps/*/groups", Status: http.StatusServiceUnavailable})
	if s, err := readSource(t.Context(), patient{dir, at}, func(string) {}); err == nil || errors.Is(err, idp.ErrDenied) {
		t.Errorf("%d applications, %v", len(s.Apps), err)
	}
}

// TestADirectoryThatListsNothingIsNotImported: what a directory can't say is said.
func TestADirectoryThatListsNothingIsNotImported(t *testing.T) {
	v := idptest.NewVendor("acme", &leaping{})
	v.AddGroup("figma", idptest.Plain)
	if _, err := readSource(t.Context(), patient{idptest.Core(v.Directory()), clock.System{}}, func(string) {}); err == nil || !strings.Contains(err.Error(), "can't list its groups") {
		t.Errorf("it said: %v", err)
	}
	s, err := readSource(t.Context(), patient{idp.Logged(v.Directory(), slog.New(slog.DiscardHandler)), clock.System{}}, func(string) {})
	if err != nil || len(s.Groups) != 1 || s.Groups[0].Members != -1 || len(s.Apps) != 0 {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestWhatPeopleCallThingsStaysWhatItIs: names that would be something else to YAML, to the configuration or to a reader
// load as what they are.
func TestWhatPeopleCallThingsStaysWhatItIs(t *testing.T) {
	s := proposal.Source{Directory: "okta"}
	names := []string{`x: "y", z`, "${HOME}", "$${HOME}", "- #no", "a\nb: c", "tab\there", "null", "1e3", "é\u202eevil", "id:00g", "  spaces  ", "*alias &anchor !tag %dir @at `tick", "Бухгалтерия", "日本語", "😀", "\x7f\x85", "}]{[", `\u0041\`}
	for i, n := range names {
		g := fmt.Sprintf("g%02d", i)
		s.Groups = append(s.Groups, proposal.Group{ID: g, Name: n, Governable: true, Members: 1}, proposal.Group{ID: g + "x", Name: n + " Admins", Governable: true}, proposal.Group{ID: g + "y", Name: n, Why: n + " ${X}\n- evil: true"})
		s.Apps = append(s.Apps, proposal.App{ID: "a" + g, Name: n, Kind: "kind", Active: true, Owners: []string{"Noor@acme.example", "not an address\n"},
			Groups: []proposal.Assignment{{GroupID: g}, {GroupID: g + "x", Role: n}, {GroupID: g + "y"}}})
	}
	p := proposal.Propose(s)
	c := loaded(t, p)
	if len(c.Catalog.Apps()) != len(p.Apps) || len(p.Apps) != len(names) {
		t.Errorf("%d apps are loaded, %d proposed of %d", len(c.Catalog.Apps()), len(p.Apps), len(names))
	}
	for _, a := range p.Apps {
		app, there := c.Catalog.App(a.ID)
		if !there || app.Name != a.Name || len(app.Roles) != len(a.Roles) || len(app.Owners) != 1 {
			t.Errorf("proposed %q (%s) with %d roles, loaded %q with %d", a.Name, a.ID, len(a.Roles), app.Name, len(app.Roles))
			continue
		}
		for i, r := range a.Roles {
			if app.Roles[i].Name != r.Name || app.Roles[i].Groups[0] != r.Group {
				t.Errorf("proposed %q for %v, loaded %q for %v", r.Name, r.Group, app.Roles[i].Name, app.Roles[i].Groups[0])
			}
		}
	}
}
