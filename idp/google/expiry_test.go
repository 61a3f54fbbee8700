package google_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/config/value"
	"latchkey/idp"
	"latchkey/idp/google"
	sandbox "latchkey/sandbox/google"
	"latchkey/sandbox/google/world"
)

// ending is a customer with Maya in a group.
type ending struct {
	customer
	ends        *google.Expiring
	fast        *fastClock
	maya, group string // ids
}

func newEnding(t *testing.T, more func(*google.Config)) ending {
	t.Helper()
	e := ending{fast: &fastClock{}}
	e.customer = newCustomer(t, sandbox.Config{Clock: e.fast}, func(cfg *google.Config) {
		cfg.Clock = e.fast
		if more != nil {
			more(cfg)
		}
	})
	e.ends = e.customer.Expiring()
	e.maya, e.group = e.AddUser(sandbox.User{Email: "maya@x.com"}).ID, e.AddGroup(sandbox.Group{Name: "figma"}).ID
	e.SetMember(e.group, e.maya, true)
	return e
}

// modifications counts how often an end was sent.
func (e ending) modifications() (n int) {
	for _, call := range e.Calls() {
		if strings.HasSuffix(call, ":modifyMembershipRoles?alt=json&prettyPrint=false") {
			n++
		}
	}
	return n
}

// What Google doesn't do here is found out once, said of each membership, and found out anew after a while.
func TestWhatGoogleDoesNotDoHereIsLearned(t *testing.T) {
	at := time.Now().Add(1000 * time.Hour)
	for name, c := range map[string]struct {
		lacks, has func(ending)
		asked      int // with each attempt that is made
		want       string
	}{
		"the edition":   {func(e ending) { e.SetBasic(true) }, func(e ending) { e.SetBasic(false) }, 1, "edition"},
		"the one scope": {func(e ending) { e.Delegate(clientID, scopes()[:7]...) }, func(e ending) { e.Delegate(clientID, scopes()...) }, 0, "https://www.googleapis.com/auth/cloud-identity.groups"},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEnding(t, nil)
			c.lacks(e)
			for range 3 {
				if err := e.ends.Expire(t.Context(), e.group, e.maya, at); !errors.Is(err, idp.ErrUnable) || !strings.Contains(err.Error(), c.want) {
					t.Fatalf("%v", err)
				}
			}
			if n := e.modifications(); n != c.asked {
				t.Errorf("it was asked %d times", n)
			}
			c.has(e)
			if err := e.ends.Expire(t.Context(), e.group, e.maya, at); !errors.Is(err, idp.ErrUnable) {
				t.Errorf("at once: %v", err)
			}
			e.fast.ahead.Add(int64(2 * time.Hour))
			if err := e.ends.Expire(t.Context(), e.group, e.maya, at); err != nil || e.Expires(e.group, e.maya).IsZero() {
				t.Errorf("later: %v", err)
			}
		})
	}
}

// A right that is missing by mistake isn't taken for an edition that lacks it.
func TestADeniedEndIsNoEdition(t *testing.T) {
	e := newEnding(t, nil)
	defer e.AddFault(sandbox.Fault{Path: "/v1/groups/*/memberships/*", Status: http.StatusForbidden})()
	err := e.ends.Expire(t.Context(), e.group, e.maya, time.Now().Add(time.Hour))
	if !errors.Is(err, idp.ErrDenied) || errors.Is(err, idp.ErrUnable) {
		t.Errorf("%v", err)
	}
}

func TestOnlyPlainMembershipsEnd(t *testing.T) {
	e := newEnding(t, nil)
	in := func(d time.Duration) time.Time { return e.fast.Now().Add(d) }
	if err := e.ends.Expire(t.Context(), e.group, e.maya, in(-time.Hour)); !errors.Is(err, idp.ErrRefused) || !strings.Contains(err.Error(), "expire_time") {
		t.Errorf("in the past: %v", err)
	}
	e.Update(func(s *world.State) {
		s.Leave(s.Group(e.group), e.maya)
		m := s.MemberOf(e.maya)
		m.Role = "OWNER"
		s.Join(s.Group(e.group), m)
	})
	if err := e.ends.Expire(t.Context(), e.group, e.maya, in(time.Hour)); !errors.Is(err, idp.ErrRefused) || !strings.Contains(err.Error(), "OWNER") {
		t.Errorf("an owner: %v", err)
	}
	if !e.Expires(e.group, e.maya).IsZero() {
		t.Error("it ends all the same")
	}
}

// What Cloud Identity shows later than the Directory API is no "no".
func TestAMembershipThatCloudIdentityDoesNotShowYet(t *testing.T) {
	e := newEnding(t, nil)
	defer e.AddFault(sandbox.Fault{Path: "/v1/groups/*/memberships:lookup", Status: http.StatusNotFound})()
	e.transient("not shown yet", e.ends.Expire(t.Context(), e.group, e.maya, time.Now().Add(time.Hour)))
}

// That a call succeeds isn't believed where the answer says something else.
func TestAnswersAboutEndsAreLookedAt(t *testing.T) {
	for name, body := range map[string]string{
		"nothing":             `{}`,
		"another membership":  `{"membership":{"name":"groups/1/memberships/2","roles":[{"name":"MEMBER","expiryDetail":{"expireTime":"2099-01-01T00:00:00Z"}}]}}`,
		"no end":              `{"membership":{"name":"NAME","roles":[{"name":"MEMBER"}]}}`,
		"another end":         `{"membership":{"name":"NAME","roles":[{"name":"MEMBER","expiryDetail":{"expireTime":"2099-01-01T00:00:01Z"}}]}}`,
		"one that is none":    `{"membership":{"name":"NAME","roles":[{"name":"MEMBER","expiryDetail":{"expireTime":"soon"}}]}}`,
		"another role's":      `{"membership":{"name":"NAME","roles":[{"name":"OWNER","expiryDetail":{"expireTime":"2099-01-01T00:00:00Z"}}]}}`,
		"another's":           `{"membership":{"name":"NAME","preferredMemberKey":{"id":"noor@x.com"},"roles":[{"name":"MEMBER","expiryDetail":{"expireTime":"2099-01-01T00:00:00Z"}}]}}`,
		"what was asked for":  `{"membership":{"name":"NAME","preferredMemberKey":{"id":"maya@x.com"},"roles":[{"name":"MEMBER","expiryDetail":{"expireTime":"2099-01-01T00:00:00.000Z"}}]}}`,
		"it, without the key": `{"membership":{"name":"NAME","roles":[{"name":"MEMBER","expiryDetail":{"expireTime":"2099-01-01T00:00:00Z"}}]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			e := newEnding(t, func(cfg *google.Config) { cfg.Transport = saying{body, &http.Transport{DisableKeepAlives: true}} })
			err := e.ends.Expire(t.Context(), e.group, e.maya, time.Date(2098, 12, 31, 23, 59, 59, 1, time.UTC))
			if good := strings.Contains(name, "it, ") || name == "what was asked for"; good != (err == nil) {
				t.Errorf("%v", err)
			} else if err != nil {
				e.transient(name, err)
			}
		})
	}
}

// saying answers in Google's place where an end is set.
type saying struct {
	body string
	next http.RoundTripper
}

func (s saying) RoundTrip(req *http.Request) (*http.Response, error) {
	path, modifies := strings.CutSuffix(req.URL.Path, ":modifyMembershipRoles")
	if !modifies {
		return s.next.RoundTrip(req)
	}
	name := strings.TrimPrefix(path, "/v1/")
	return answers{path: "/", body: strings.ReplaceAll(s.body, "NAME", name), kind: "application/json", status: 200}.RoundTrip(req)
}

// Where it is switched off, the directory hasn't got it, and the scope for it is more than is needed.
func TestEndsCanBeLeftToLatchkeyAlone(t *testing.T) {
	for text, want := range map[string]bool{"": true, "native_expiry: true, ": true, "native_expiry: false, ": false} {
		doc, node := value.Read(value.Source{Text: []byte(`{` + text + `subject: a@x.com, service_account: l@p}`)})
		d, err := google.Connect(t.Context(), google.Decode(node), idp.Environment{ID: "g"})
		if _, has := idp.As[idp.Expirer](d); err != nil || doc.Err() != nil || has != want {
			t.Errorf("%s: %v %v %v", text, has, err, doc.Err())
		}
	}
	e := newEnding(t, func(cfg *google.Config) { cfg.NoExpiry = true })
	findings, err := e.Probe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if f.Check == "no more rights than needed" && !strings.Contains(f.Detail, "cloud-identity.groups, by which") || strings.Contains(f.Check, "end memberships") {
			t.Errorf("%+v", f)
		}
	}
}

func TestProbeSaysWhetherEndsCanBeSet(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, func(cfg *google.Config) { cfg.ProbeGroup = "probe" })
	c.AddGroup(sandbox.Group{Name: "probe"})
	said := func() string {
		t.Helper()
		findings, err := c.Probe(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		f := findings[len(findings)-1]
		if f.Check != "end memberships of probe" || f.OK != !strings.Contains(f.Detail, "doesn't allow") {
			t.Errorf("%+v", f)
		}
		return f.Detail
	}
	if got := said(); !strings.HasPrefix(got, "Memberships can be found") {
		t.Error(got)
	}
	disarm := c.AddFault(sandbox.Fault{Path: "/v1/groups/*/memberships:lookup", Status: http.StatusForbidden})
	if got := said(); !strings.Contains(got, "doesn't allow") {
		t.Error(got)
	}
	disarm()
	c.Delegate(clientID, scopes()[:7]...)
	c.RevokeTokens()
	if got := said(); !strings.Contains(got, "isn't granted") {
		t.Error(got)
	}
	if f := c.probe()["end memberships"]; !f.OK || !strings.HasPrefix(f.Detail, "Without it, Latchkey alone ends memberships") {
		t.Errorf("%+v", f)
	}
}
