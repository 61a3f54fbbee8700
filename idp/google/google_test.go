package google_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"latchkey/clock"
	"latchkey/idp"
	"latchkey/idp/google"
	"latchkey/idp/idptest"
	"latchkey/idp/idptest/mutants"
	"latchkey/sandbox/fault"
	sandbox "latchkey/sandbox/google"
	"latchkey/sandbox/google/spectest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

func TestConformance(t *testing.T) {
	idptest.Run(t, newWorld)
}

// theKey is one key for all tests: making one takes longer than a test.
var theKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

var described = sync.OnceValues(spectest.Read)

// checking checks all that is said against Google's descriptions, where they are.
func checking(t *testing.T, next http.RoundTripper) http.RoundTripper {
	t.Helper()
	d, err := described()
	if err != nil {
		t.Fatal(err)
	}
	return d.Checking(t, next)
}

// customer is an emulated customer with a directory on it.
type customer struct {
	*sandbox.Server
	*google.Directory
	t   *testing.T
	url string
}

const clientID = "104512345678901234567"

// scopes are those that Latchkey asks for.
func scopes() []string {
	var all []string
	for _, s := range []string{"admin.directory.user.readonly", "admin.directory.group.readonly", "admin.directory.group.member", "cloud-identity.groups.readonly",
		"admin.reports.audit.readonly", "admin.directory.user.security", "admin.directory.rolemanagement.readonly", "cloud-identity.groups"} {
		all = append(all, "https://www.googleapis.com/auth/"+s)
	}
	return all
}

func serviceAccount() sandbox.ServiceAccount {
	return sandbox.ServiceAccount{Email: "latchkey@acme.iam.gserviceaccount.com", ClientID: clientID, KeyID: "key-1", Key: theKey(), Scopes: scopes()}
}

func newCustomer(t *testing.T, cfg sandbox.Config, more func(*google.Config)) customer {
	t.Helper()
	cfg.Accounts = append(cfg.Accounts, serviceAccount())
	s := sandbox.New(cfg)
	web := httptest.NewServer(s.Handler())
	key, err := cfg.Accounts[0].KeyFile(web.URL + "/token")
	if err != nil {
		t.Fatal(err)
	}
	own := &http.Transport{}
	conf := google.Config{URL: web.URL, Key: key, Subject: sandbox.DemoAdmin, Transport: checking(t, own)}
	if more != nil {
		more(&conf)
	}
	d, err := google.Open(t.Context(), conf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.Close()
		own.CloseIdleConnections()
		s.Close()
		web.Close()
	})
	return customer{s, d, t, web.URL}
}

func (c customer) addPerson(p idptest.Person) string {
	first, last, _ := strings.Cut(p.Name, " ")
	u := sandbox.User{Email: p.Login, Given: first, Family: last, Title: p.Title, Department: p.Department, Kind: p.Type, Location: p.Location, Manager: p.Manager}
	if p.Login == "" {
		u.Email = p.Email
	} else if p.Login != p.Email {
		u.Contacts = []sandbox.Address{{Type: "work", Address: p.Email}}
	}
	return c.AddUser(u).ID
}

func (c customer) addGroup(name string, k idptest.Kind) string {
	g := c.AddGroup(sandbox.Group{Name: name, Locked: k == idptest.Mastered, Dynamic: k == idptest.RuleFed})
	if k == idptest.BuiltIn {
		c.SetMember(g.ID, "", true)
	}
	return g.ID
}

func (c customer) fail(f idptest.Failure) {
	c.AddFault(map[idptest.Failure]sandbox.Fault{
		idptest.Outage:     {Status: http.StatusServiceUnavailable},
		idptest.Denied:     {Path: "/admin/", Status: http.StatusForbidden},
		idptest.BadToken:   {Path: "/admin/", Status: http.StatusUnauthorized},
		idptest.LostAnswer: {Path: "/admin/directory/v1/groups/", Writes: true, Times: 1, Drop: true, After: true},
		idptest.Throttled:  {Path: "/admin/", Status: http.StatusForbidden, Reason: "userRateLimitExceeded", RetryAfter: time.Minute},
		idptest.Hiccup:     {Path: "/admin/", Status: http.StatusTooManyRequests, RetryAfter: time.Second, Times: 1},
	}[f])
}

// addAlias: in Google an address is one account's, whatever it is there.
func (c customer) addAlias(id, address string) bool {
	for _, u := range c.Users() {
		if u.Email == address {
			return false
		}
	}
	if err := c.EditUser(id, func(u *sandbox.User) { u.Aliases = append(u.Aliases, address) }); err != nil {
		c.t.Error(err)
	}
	return true
}

func (c customer) setStatus(id string, s idp.Status) {
	if err := c.EditUser(id, func(u *sandbox.User) { u.Suspended, u.Archived = s == idp.Suspended, s == idp.Left }); err != nil {
		c.t.Error(err)
	}
}

func (c customer) signIn(id string, at time.Time, success bool) string {
	const app = "77185425430.apps.googleusercontent.com"
	c.Authorize(id, app, "Figma", at, !success)
	return app
}

func (c customer) signedIn(id string, at time.Time) {
	if err := c.EditUser(id, func(u *sandbox.User) { u.LastLogin = at }); err != nil {
		c.t.Error(err)
	}
}

func newWorld(t *testing.T) idptest.World {
	// Groups change under the directory's eyes in the suite, so it must not trust what it saw.
	fast := &fastClock{}
	way := &idptest.Misleading{Next: &http.Transport{}}
	c := newCustomer(t, sandbox.Config{Clock: fast}, func(c *google.Config) {
		c.Clock, c.Transport, c.EmailType = fast, checking(t, way), "work"
	})
	t.Cleanup(way.CloseIdleConnections)
	return idptest.World{
		Directory: c.Expiring(),
		Already:   []string{c.Users()[0].ID},
		AddPerson: c.addPerson,
		AddAlias:  c.addAlias,
		SetStatus: c.setStatus,
		DeletePerson: func(id string) {
			fast.ahead.Add(int64(time.Hour))
			c.DeleteUser(id)
		},
		AddGroup: func(name string, k idptest.Kind) string {
			fast.ahead.Add(int64(time.Hour))
			return c.addGroup(name, k)
		},
		SetMember: func(g, p string, member bool) { c.SetMember(g, p, member) },
		IsMember:  func(g, p string) bool { return c.Server.IsMember(g, p) },
		Stick:     func(g string) { c.SetSticky(g, true) },
		PageSize:  200,
		Miscount:  c.Server.Miscount,
		HideCount: c.Server.HideCount,
		NameTwice: func(g string) {
			c.Server.AddListFault(fault.List{Path: "/admin/directory/v1/groups/" + g + "/members", Page: 1, Double: 1})
		},
		Mislead:  way.Mislead,
		Fail:     c.fail,
		Heal:     c.ClearFaults,
		SignIn:   c.signIn,
		SignedIn: c.signedIn,
		OpenSession: func(id string) {
			if err := c.Server.OpenSession(id); err != nil {
				t.Error(err)
			}
		},
		Sessions: c.Server.Sessions,
		Expires:  c.Server.Expires,
		Pass:     func(by time.Duration) { fast.ahead.Add(int64(by)) },
		MakeAdmin: func(g, role string) {
			c.AddRole(sandbox.Role{Name: role})
			if err := c.AssignRole(role, g); err != nil {
				t.Error(err)
			}
		},
	}
}

// fastClock ticks like the machine's, but can be moved ahead.
type fastClock struct{ ahead atomic.Int64 }

func (c *fastClock) Now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func (c *fastClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

func (c *fastClock) Until(t time.Time) (<-chan struct{}, func()) {
	return clock.System{}.Until(t.Add(-time.Duration(c.ahead.Load())))
}

func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func TestNoMutantSurvives(t *testing.T) { mutants.Run(t, newWorld) }
