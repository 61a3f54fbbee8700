package okta_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"latchkey/clock"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/idp/idptest/mutants"
	"latchkey/idp/okta"
	"latchkey/sandbox/fault"
	sandbox "latchkey/sandbox/okta"
)

func TestMain(m *testing.M) {
	// The SDK's OAuth token cache has a goroutine that ends only when the client is garbage.
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/patrickmn/go-cache.(*janitor).Run"))
}

func TestConformance(t *testing.T) {
	idptest.Run(t, newWorld)
}

// org is an emulated Okta org with a directory on it.
type org struct {
	*sandbox.Server
	*okta.Directory
	t   *testing.T
	url string
}

func newOrg(t *testing.T, cfg sandbox.Config, more func(*okta.Config)) org {
	t.Helper()
	s := sandbox.New(cfg)
	web := httptest.NewServer(s.Handler())
	conf := okta.Config{URL: web.URL + "/", Token: sandbox.DemoToken, Transport: &http.Transport{}}
	if more != nil {
		more(&conf)
	}
	d, err := okta.Open(t.Context(), conf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.Close()
		s.Close()
		web.Close()
	})
	return org{s, d, t, web.URL}
}

func (o org) login(id string) string {
	for _, u := range o.Users() {
		if u.ID == id {
			return u.Login
		}
	}
	return ""
}

func (o org) addPerson(p idptest.Person) string {
	first, last, _ := strings.Cut(p.Name, " ")
	u := sandbox.User{Login: p.Login, Email: p.Email, First: first, Last: last, Title: p.Title, Department: p.Department, ManagerID: p.Manager}
	if u.Login == "" {
		u.Login = p.Email
	}
	return o.AddUser(u).ID
}

func (o org) addGroup(name string, k idptest.Kind) string {
	kinds := map[idptest.Kind]string{idptest.BuiltIn: sandbox.BuiltIn, idptest.Mastered: sandbox.AppGroup}
	g := o.AddGroup(sandbox.Group{Name: name, Type: kinds[k]})
	if k == idptest.RuleFed {
		o.AddRule(sandbox.Rule{Name: "rule for " + name, Attribute: "department", Value: "no such", Groups: []string{g.ID}})
	}
	return g.ID
}

func (o org) signIn(id string, at time.Time, success bool) string {
	outcome := map[bool]string{true: "SUCCESS", false: "FAILURE"}[success]
	const app = "0oafigma000000000000"
	o.AddApp(sandbox.App{ID: app, Label: "Figma"})
	o.RecordSSO(o.login(id), app, at, outcome)
	return app
}

// addAlias: Okta asks nobody whose a second address is.
func (o org) addAlias(id, address string) bool {
	if err := o.EditUser(o.login(id), func(u *sandbox.User) { u.SecondEmail = address }); err != nil {
		o.t.Error(err)
	}
	return true
}

func (o org) signedIn(id string, at time.Time) {
	if err := o.EditUser(o.login(id), func(u *sandbox.User) { u.LastLogin = at }); err != nil {
		o.t.Error(err)
	}
}

func (o org) fail(f idptest.Failure) {
	o.AddFault(map[idptest.Failure]sandbox.Fault{
		idptest.Outage:     {Status: http.StatusServiceUnavailable},
		idptest.Denied:     {Status: http.StatusForbidden},
		idptest.BadToken:   {Status: http.StatusUnauthorized},
		idptest.LostAnswer: {Path: "/api/v1/groups/*/users/*", Times: 1, Drop: true, After: true},
		idptest.Throttled:  {Status: http.StatusTooManyRequests, RetryAfter: time.Minute},
		idptest.Hiccup:     {Status: http.StatusTooManyRequests, RetryAfter: time.Second, Times: 1},
	}[f])
}

func newWorld(t *testing.T) idptest.World {
	// Rules and groups change under the directory's eyes in the suite, so it must not trust what it saw.
	fast := &fastClock{}
	way := &idptest.Misleading{Next: &http.Transport{}}
	o := newOrg(t, sandbox.Config{FullShare: true}, func(c *okta.Config) { c.Clock, c.Transport = fast, way })
	t.Cleanup(way.CloseIdleConnections)
	return idptest.World{
		Directory: o.Directory,
		AddPerson: o.addPerson,
		AddAlias:  o.addAlias,
		SetStatus: func(id string, s idp.Status) {
			o.SetStatus(o.login(id), map[idp.Status]string{idp.Active: sandbox.Active, idp.Suspended: sandbox.Suspended, idp.Left: sandbox.Deprovisioned}[s])
		},
		DeletePerson: func(id string) { o.DeleteUser(o.login(id)) },
		AddGroup: func(name string, k idptest.Kind) string {
			fast.ahead.Add(int64(time.Hour))
			return o.addGroup(name, k)
		},
		SetMember: func(g, p string, member bool) { o.SetMember(g, o.login(p), member) },
		IsMember:  func(g, p string) bool { return o.Server.IsMember(g, o.login(p)) },
		Stick:     func(g string) { o.SetSticky(g, true) },
		PageSize:  200,
		Miscount:  o.Server.Miscount,
		HideCount: o.Server.HideCount,
		NameTwice: func(g string) {
			o.Server.AddListFault(fault.List{Path: "/api/v1/groups/" + g + "/users", Page: 1, Double: 1})
		},
		Mislead:  way.Mislead,
		Fail:     o.fail,
		Heal:     o.ClearFaults,
		SignIn:   o.signIn,
		SignedIn: o.signedIn,
		OpenSession: func(id string) {
			if err := o.Server.OpenSession(id); err != nil {
				t.Error(err)
			}
		},
		Sessions: o.Server.Sessions,
		AddApp: func(a idptest.App) string {
			in := sandbox.App{Label: a.Name, Groups: a.Groups}
			for _, id := range a.People {
				in.People = append(in.People, o.login(id))
			}
			if a.Off {
				in.Status = "INACTIVE"
			}
			return o.AddApp(in).ID
		},
		MakeAdmin: func(g, role string) {
			kinds := map[string]string{"Super Administrator": "SUPER_ADMIN", "Application Administrator": "APP_ADMIN"}
			if err := o.Server.AssignRole(g, kinds[role]); err != nil {
				t.Error(err)
			}
		},
	}
}

// fastClock ticks like the machine's, but can be moved ahead.
type fastClock struct{ ahead atomic.Int64 }

func (c *fastClock) Now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func (c *fastClock) Until(t time.Time) (<-chan struct{}, func()) {
	return clock.System{}.Until(t.Add(-time.Duration(c.ahead.Load())))
}

func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func TestNoMutantSurvives(t *testing.T) {
	mutants.Run(t, newWorld)
}
