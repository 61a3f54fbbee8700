package entra_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"latchkey/clock"
	"latchkey/idp"
	"latchkey/idp/entra"
	"latchkey/idp/idptest"
	"latchkey/idp/idptest/mutants"
	sandbox "latchkey/sandbox/entra"
	"latchkey/sandbox/entra/spectest"
	"latchkey/sandbox/fault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) { idptest.Run(t, newWorld) }

func TestNoMutantSurvives(t *testing.T) { mutants.Run(t, newWorld) }

// tenant is an emulated Entra tenant with a directory on it.
type tenant struct {
	*sandbox.Server
	*entra.Directory
	t *testing.T
}

// description is the vendor's, read once; nil where the environment names no folder with it.
var description = sync.OnceValues(func() (*spectest.Description, error) {
	if dir := os.Getenv("LATCHKEY_SPECS"); dir != "" {
		return spectest.Read(dir)
	}
	return nil, nil
})

// newTenant has every exchange held against the vendor's description, where there is one.
func newTenant(t *testing.T, cfg sandbox.Config, more func(*entra.Config)) tenant {
	t.Helper()
	s := sandbox.New(cfg)
	web := httptest.NewServer(s.Handler())
	direct := &http.Transport{}
	var way http.RoundTripper = direct
	if d, err := description(); err != nil {
		t.Fatal(err)
	} else if d != nil {
		way = spectest.New(t, d, way)
	}
	conf := entra.Config{
		Tenant: sandbox.DemoTenant, ClientID: sandbox.DemoClient, Secret: func() string { return sandbox.DemoSecret }, APIURL: web.URL, Transport: way,
		HoldAttribute: "extensionAttribute1", HoldValue: "hold",
	}
	if more != nil {
		more(&conf)
	}
	d, err := entra.Open(conf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.Close()
		direct.CloseIdleConnections()
		s.Close()
		web.Close()
	})
	return tenant{s, d, t}
}

func (e tenant) addPerson(p idptest.Person) string {
	first, last, _ := strings.Cut(p.Name, " ")
	u := sandbox.User{
		UPN: p.Login, Mail: p.Email, GivenName: first, Surname: last, JobTitle: p.Title, Department: p.Department, EmployeeType: p.Type, OfficeLocation: p.Location,
	}
	if u.UPN == "" {
		u.UPN = p.Email
	}
	for _, o := range e.Users() {
		if p.Manager != "" && idp.SameAddress(o.Mail, p.Manager) {
			u.ManagerID = o.ID
		}
	}
	return e.AddUser(u).ID
}

// addAlias: in Exchange an address is one account's; of other addresses nobody looks whose they are.
func (e tenant) addAlias(id, address string) bool {
	err := e.EditUser(id, func(u *sandbox.User) {
		u.ProxyAddresses, u.OtherMails = append(u.ProxyAddresses, "smtp:"+address), append(u.OtherMails, address)
	})
	if err != nil {
		e.t.Error(err)
	}
	return true
}

func (e tenant) setStatus(id string, s idp.Status) {
	err := e.EditUser(id, func(u *sandbox.User) {
		u.Disabled, u.Extension = s != idp.Active, map[string]string{}
		if s == idp.Suspended {
			u.Extension["extensionAttribute1"] = "Hold"
		}
	})
	if err != nil {
		e.t.Error(err)
	}
}

func (e tenant) addGroup(name string, k idptest.Kind) string {
	g := sandbox.Group{Name: name, Restricted: k == idptest.BuiltIn, Synced: k == idptest.Mastered}
	if k == idptest.RuleFed {
		g.Rule = `user.department -eq "no such"`
	}
	return e.AddGroup(g).ID
}

func (e tenant) signIn(id string, at time.Time, success bool) string {
	const app = "7f1c3a52-0d7e-4a7c-9a55-6f7c7d9b2a10"
	e.AddApp(sandbox.App{ID: "9a0b7c11-5a39-4f6e-8a0e-0f3c6b1d2e20", AppID: app, Name: "Figma"})
	e.RecordSignIn(id, app, at, map[bool]int{true: 0, false: 50126}[success])
	return app
}

func (e tenant) fail(f idptest.Failure) {
	e.AddFault(map[idptest.Failure]sandbox.Fault{
		idptest.Outage:     {Status: http.StatusServiceUnavailable},
		idptest.Denied:     {Status: http.StatusForbidden},
		idptest.BadToken:   {Status: http.StatusUnauthorized},
		idptest.LostAnswer: {Writes: true, Times: 1, Drop: true, After: true},
		idptest.Throttled:  {Status: http.StatusTooManyRequests, RetryAfter: time.Minute},
		idptest.Hiccup:     {Status: http.StatusTooManyRequests, RetryAfter: time.Second, Times: 1},
	}[f])
}

func newWorld(t *testing.T) idptest.World {
	// Groups change under the directory's eyes in the suite, so it must not trust what it saw.
	fast := &fastClock{}
	way := &idptest.Misleading{}
	e := newTenant(t, sandbox.Config{Unlimited: true}, func(c *entra.Config) {
		way.Next = c.Transport
		c.Clock, c.Transport = fast, way
	})
	return idptest.World{
		Directory:    e.Directory,
		AddPerson:    e.addPerson,
		AddAlias:     e.addAlias,
		SetStatus:    e.setStatus,
		DeletePerson: e.DeleteUser,
		AddGroup: func(name string, k idptest.Kind) string {
			fast.ahead.Add(int64(time.Hour))
			return e.addGroup(name, k)
		},
		SetMember: func(g, p string, member bool) { e.SetMember(g, p, member) },
		IsMember:  e.Server.IsMember,
		Stick:     func(g string) { e.SetSticky(g, true) },
		PageSize:  999,
		Miscount:  e.Server.Miscount,
		HideCount: e.Server.HideCount,
		NameTwice: func(g string) {
			e.Server.AddListFault(fault.List{Path: "/v1.0/groups/" + g + "/members", Page: 1, Double: 1})
		},
		Mislead:  way.Mislead,
		Fail:     e.fail,
		Heal:     e.ClearFaults,
		SignIn:   e.signIn,
		SignedIn: func(id string, at time.Time) { e.RecordSignIn(id, "", at, 0) },
		OpenSession: func(id string) {
			if err := e.OpenSession(id); err != nil {
				t.Error(err)
			}
		},
		Sessions: e.Sessions,
		AddApp: func(a idptest.App) string {
			app := e.AddApp(sandbox.App{Name: a.Name, Off: a.Off, Owners: a.Owners, Tags: []string{"WindowsAzureActiveDirectoryIntegratedApp"}})
			for _, g := range a.Groups {
				e.AssignApp(app.ID, g, sandbox.AGroup, "")
			}
			for _, p := range a.People {
				e.AssignApp(app.ID, p, sandbox.AUser, "")
			}
			return app.ID
		},
		MakeAdmin: func(g, role string) {
			if err := e.AssignRole(g, role); err != nil {
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
