package scim_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"latchkey/clock"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/idp/idptest/mutants"
	"latchkey/idp/scim"
	"latchkey/sandbox/fault"
	sandbox "latchkey/sandbox/scim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	idptest.Run(t, newWorld)
}

// place is an emulated server with a directory on it.
type place struct {
	*sandbox.Server
	*scim.Directory
}

func newPlace(t *testing.T, cfg sandbox.Config, more func(*scim.Config)) place {
	t.Helper()
	s := sandbox.New(cfg)
	web := httptest.NewServer(s.Handler())
	conf := scim.Config{
		URL: web.URL + "/scim/v2/", Token: sandbox.DemoToken, Transport: &http.Transport{},
		Elsewhere: []scim.Mark{{sandbox.GroupExtension + ":source", "rule"}, {sandbox.GroupExtension + ":source", "sync"}, {sandbox.GroupExtension + ":source", "built in"}},
		OnHold:    []scim.Mark{{sandbox.UserExtension + ":state", "suspended"}},
	}
	if more != nil {
		more(&conf)
	}
	d, err := scim.Open(conf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.Close()
		web.Close()
	})
	return place{s, d}
}

func (p place) addPerson(who idptest.Person) string {
	u := sandbox.User{UserName: who.Login, Email: who.Email, Name: who.Name, Title: who.Title, Department: who.Department, Type: who.Type, City: who.Location}
	if who.Manager != "" {
		u.Manager = p.UserByAddress(who.Manager)
	}
	return p.AddUser(u)
}

func (p place) addGroup(name string, k idptest.Kind) string {
	source := map[idptest.Kind]string{idptest.BuiltIn: "built in", idptest.Mastered: "sync", idptest.RuleFed: "rule"}[k]
	return p.AddGroup(sandbox.Group{Name: name, Source: source})
}

func (p place) setStatus(id string, status idp.Status) {
	p.EditUser(id, func(u *sandbox.User) {
		u.Active, u.State = status != idp.Left, map[idp.Status]string{idp.Suspended: "suspended"}[status]
	})
}

func (p place) fail(f idptest.Failure) {
	p.AddFault(map[idptest.Failure]sandbox.Fault{
		idptest.Outage:     {Status: http.StatusServiceUnavailable},
		idptest.Denied:     {Status: http.StatusForbidden},
		idptest.BadToken:   {Status: http.StatusUnauthorized},
		idptest.LostAnswer: {Method: http.MethodPatch, Times: 1, Drop: true, After: true},
		idptest.Throttled:  {Status: http.StatusTooManyRequests, RetryAfter: time.Minute},
		idptest.Hiccup:     {Status: http.StatusTooManyRequests, RetryAfter: time.Second, Times: 1},
	}[f])
}

func newWorld(t *testing.T) idptest.World {
	way := &misleading{next: &http.Transport{}}
	p := newPlace(t, sandbox.Config{}, func(c *scim.Config) { c.Clock, c.Transport = clock.System{}, way })
	t.Cleanup(way.next.CloseIdleConnections)
	return idptest.World{
		Directory: p.Directory,
		AddPerson: p.addPerson,
		AddAlias: func(id, address string) bool {
			p.EditUser(id, func(u *sandbox.User) { u.Alias = address })
			return true
		},
		SetStatus:    p.setStatus,
		DeletePerson: p.DeleteUser,
		AddGroup:     p.addGroup,
		SetMember:    p.SetMember,
		IsMember: func(g, who string) bool {
			for _, m := range p.Server.Members(g) {
				if m == who {
					return true
				}
			}
			return false
		},
		Stick:     p.SetSticky,
		PageSize:  0,
		Miscount:  p.Server.Miscount,
		HideCount: p.Server.HideCount,
		NameTwice: func(g string) { p.Server.AddListFault(fault.List{Path: "/scim/v2/Groups/" + g, Page: 1, Double: 1}) },
		Mislead:   way.mislead,
		Fail:      p.fail,
		Heal:      p.ClearFaults,
	}
}

// misleading is a way to the server on which one address, name or id becomes another, as by a stale index or a
// proxy that keeps answers.
type misleading struct {
	next *http.Transport
	mu   sync.Mutex
	swap []string // asked, answered, and so on
	used atomic.Bool
}

func (m *misleading) mislead(asked, answered string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.swap = append(m.swap, asked, answered)
	m.used.Store(true)
}

func (m *misleading) RoundTrip(req *http.Request) (*http.Response, error) {
	if !m.used.Load() {
		return m.next.RoundTrip(req)
	}
	m.mu.Lock()
	swap := strings.NewReplacer(m.swap...)
	m.mu.Unlock()
	other, query := req.Clone(req.Context()), url.Values{}
	for key, values := range req.URL.Query() {
		for _, v := range values {
			query.Add(key, swap.Replace(v))
		}
	}
	other.URL.Path, other.URL.RawPath, other.URL.RawQuery = swap.Replace(req.URL.Path), "", query.Encode()
	return m.next.RoundTrip(other)
}

func TestNoMutantSurvives(t *testing.T) {
	mutants.Run(t, newWorld)
}
