package google_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"latchkey/config/value"
	"latchkey/idp"
	"latchkey/idp/google"
	sandbox "latchkey/sandbox/google"
)

func key(t *testing.T, change func(map[string]string)) string {
	t.Helper()
	text, err := serviceAccount().KeyFile("https://oauth2.googleapis.com/token")
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]string
	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		t.Fatal(err)
	}
	change(fields)
	raw, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestConfigurationIsChecked(t *testing.T) {
	good := key(t, func(map[string]string) {})
	elliptic, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(elliptic)
	if err != nil {
		t.Fatal(err)
	}
	pkcs1 := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(theKey())}))
	for name, c := range map[string]struct {
		cfg  google.Config
		want string // in the error, "" for none
	}{
		"a key":        {google.Config{Subject: "a@x.com", Key: good}, ""},
		"PKCS#1":       {google.Config{Subject: "a@x.com", Key: key(t, func(f map[string]string) { f["private_key"] = pkcs1; delete(f, "token_uri") })}, ""},
		"keyless":      {google.Config{Subject: "a@x.com", ServiceAccount: "l@p.iam.gserviceaccount.com"}, ""},
		"an address":   {google.Config{Subject: "a@x.com", Key: good, URL: "http://127.0.0.1:1/"}, ""},
		"no subject":   {google.Config{Key: good}, "subject"},
		"both":         {google.Config{Subject: "a@x.com", Key: good, ServiceAccount: "l@p"}, "both"},
		"neither":      {google.Config{Subject: "a@x.com"}, "JSON key"},
		"plain http":   {google.Config{Subject: "a@x.com", Key: good, URL: "http://google.com"}, "https"},
		"a path":       {google.Config{Subject: "a@x.com", Key: good, URL: "https://google.com/admin"}, "without a path"},
		"no JSON":      {google.Config{Subject: "a@x.com", Key: "secret"}, "JSON file"},
		"another sort": {google.Config{Subject: "a@x.com", Key: key(t, func(f map[string]string) { f["type"] = "authorized_user" })}, "another sort"},
		"no PEM":       {google.Config{Subject: "a@x.com", Key: key(t, func(f map[string]string) { f["private_key"] = "secret" })}, "PEM"},
		"an elliptic key": {google.Config{Subject: "a@x.com", Key: key(t, func(f map[string]string) {
			f["private_key"] = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
		})}, "can't be read"},
		"exchanged in plain": {google.Config{Subject: "a@x.com", Key: key(t, func(f map[string]string) { f["token_uri"] = "http://elsewhere.com/token" })}, "token_uri"},
	} {
		d, err := google.Open(t.Context(), c.cfg)
		switch {
		case c.want == "" && (err != nil || d.ID() != "google" || fmt.Sprint(d)+fmt.Sprintf("%#v", d)+d.LogValue().String() != strings.Repeat("google.Directory google", 3)):
			t.Errorf("%s: %v, %v", name, d, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "PRIVATE")):
			t.Errorf("%s: error %v does not name the remedy %q, or tells a secret", name, err, c.want)
		}
	}
}

func TestSettingsAreRead(t *testing.T) {
	for text, want := range map[string]string{
		`{subject: a@x.com, key: "k", url: "https://g.example", email_type: work, suspended: left, probe_group: p}`: "",
		`{subject: a@x.com, service_account: l@p.iam.gserviceaccount.com}`:                                          "",
		`{subject: a@x.com}`: "no way to sign in",
		`{subject: a@x.com, key: k, service_account: l@p}`: "both a key and service_account",
		`{key: k}`:                    "the administrator that Latchkey acts for",
		`{subject: latchkey, key: k}`: "the administrator that Latchkey acts for",
		`{subject: a@x.com, key: k, suspended: maybe}`: "suspended",
		`{subject: a@x.com, key: k, token: x}`:         `"token" is not a key`,
	} {
		doc, node := value.Read(value.Source{Text: []byte(text)})
		s := google.Decode(node)
		err := doc.Err()
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
		if c := s.Config("g"); want == "" && (c.Subject != "a@x.com" || !s.EndsSessions() || (c.Key == "k") == (c.ServiceAccount != "") || (c.EmailType == "work") != c.SuspendedLeft || (c.ProbeGroup == "p") != c.SuspendedLeft || (c.URL != "") != c.SuspendedLeft) {
			t.Errorf("%s: %+v", text, s)
		}
	}
	d, err := google.Connect(t.Context(), google.Settings{Subject: "a@x.com", ServiceAccount: "l@p"}, idp.Environment{ID: "workspace"})
	if err != nil || d.ID() != "workspace" {
		t.Errorf("%v, %v", d, err)
	}
	if _, err := google.Connect(t.Context(), google.Settings{}, idp.Environment{ID: "workspace"}); err == nil || !strings.Contains(err.Error(), `"workspace"`) {
		t.Errorf("%v", err)
	}
}

// One scope that isn't granted takes only what needs it, and is named.
func TestWhatIsNotGrantedFailsAlone(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	maya, g := c.AddUser(sandbox.User{Email: "maya@x.com"}), c.AddGroup(sandbox.Group{Name: "figma"})
	for i, scope := range scopes() {
		c.Delegate(clientID, without(scopes(), i)...)
		fresh := c.again()
		_, err := fresh.FindPerson(t.Context(), "maya@x.com")
		c.onlyIf(i == 0, "people", err, scope)
		_, err = fresh.FindGroup(t.Context(), "figma")
		c.onlyIf(i == 1 || i == 2 || i == 3, "groups", err, scope)
		_, err = fresh.Directory.IsMember(t.Context(), g.ID, maya.ID)
		c.onlyIf(i == 2, "members", err, scope)
		c.onlyIf(i == 5, "sessions", fresh.EndSessions(t.Context(), maya.ID), scope)
		_, err = fresh.AdminRoles(t.Context(), g.ID)
		c.onlyIf(i == 1 || i == 6, "roles", err, scope)
	}
}

func without(all []string, i int) (rest []string) {
	rest = append(rest, all[:i]...)
	return append(rest, all[i+1:]...)
}

// again is another directory on the same customer, that has no tokens yet.
func (c customer) again() customer {
	c.t.Helper()
	text, err := serviceAccount().KeyFile(c.url + "/token")
	if err != nil {
		c.t.Fatal(err)
	}
	way := &http.Transport{}
	d, err := google.Open(c.t.Context(), google.Config{URL: c.url, Key: text, Subject: sandbox.DemoAdmin, Transport: way})
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(way.CloseIdleConnections)
	c.Directory = d
	return c
}

func (c customer) onlyIf(denied bool, what string, err error, scope string) {
	c.t.Helper()
	if denied != errors.Is(err, idp.ErrDenied) || denied && (!strings.Contains(err.Error(), scope) || !strings.Contains(err.Error(), clientID)) || !denied && err != nil {
		c.t.Errorf("without %s: %s: %v", scope, what, err)
	}
}

func TestRefusedAccountsAreDeniedAndKeepTheirSecret(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, func(cfg *google.Config) { cfg.Subject = "nobody@x.com" })
	_, err := c.FindPerson(t.Context(), "maya@x.com")
	c.wantErr("acting for nobody", err, idp.ErrDenied)
	if !strings.Contains(err.Error(), "nobody@x.com") {
		t.Errorf("it doesn't say for whom: %v", err)
	}
	c = newCustomer(t, sandbox.Config{}, nil)
	for _, f := range []sandbox.Fault{{Drop: true}, {Status: http.StatusServiceUnavailable}, {Status: http.StatusTooManyRequests}, {Page: "Sign in"}} {
		f.Path = "/token"
		disarm := c.AddFault(f)
		_, err := c.FindPerson(t.Context(), "maya@x.com")
		c.transient(fmt.Sprintf("%+v", f), err)
		if err != nil && (strings.Contains(err.Error(), "assertion") || strings.Contains(err.Error(), "eyJ")) {
			t.Errorf("the signed assertion is in the error: %v", err)
		}
		disarm()
	}
}

func TestATokenThatWasRevokedIsRenewed(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	c.AddUser(sandbox.User{Email: "maya@x.com"})
	for range 2 {
		if _, err := c.FindPerson(t.Context(), "maya@x.com"); err != nil {
			t.Error(err)
		}
		c.RevokeTokens()
	}
}

// Whoever waits for a token that somebody else fetches goes when their time is up.
func TestNobodyWaitsForAnothersTokenForEver(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	stuck, asked := make(chan struct{}), make(chan struct{}, 2)
	d, err := google.Open(t.Context(), google.Config{URL: c.url, Subject: sandbox.DemoAdmin, Key: key(t, func(f map[string]string) { f["token_uri"] = c.url + "/token" }), Transport: waiting{asked, stuck}})
	if err != nil {
		t.Fatal(err)
	}
	first := make(chan error)
	go func() {
		_, err := d.FindPerson(t.Context(), "maya@x.com")
		first <- err
	}()
	<-asked
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.FindPerson(ctx, "noor@x.com"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	close(stuck)
	c.transient("without an answer", <-first)
}

// waiting is a way on which nothing gets through.
type waiting struct {
	asked chan<- struct{}
	until <-chan struct{}
}

func (w waiting) RoundTrip(*http.Request) (*http.Response, error) {
	w.asked <- struct{}{}
	<-w.until
	return nil, errors.New("no answer")
}

// Without a key Google signs, by the identity that the platform gives.
func TestWithoutAKey(t *testing.T) {
	open := func(platform oauth2.TokenSource, account string) customer {
		return newCustomer(t, sandbox.Config{Platform: "platform"}, func(cfg *google.Config) {
			cfg.Key, cfg.ServiceAccount, cfg.Platform = "", account, platform
		})
	}
	token := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "platform"})
	c := open(token, serviceAccount().Email)
	c.AddUser(sandbox.User{Email: "maya@x.com"})
	if _, err := c.FindPerson(t.Context(), "maya@x.com"); err != nil {
		t.Error(err)
	}
	c.Delegate(clientID)
	_, err := c.keyless(token).FindPerson(t.Context(), "maya@x.com")
	c.wantErr("no scopes", err, idp.ErrDenied)
	c = open(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "other"}), serviceAccount().Email)
	_, err = c.FindPerson(t.Context(), "maya@x.com")
	c.wantErr("another identity", err, idp.ErrDenied)
	if !strings.Contains(err.Error(), "Service Account Token Creator") {
		t.Errorf("it doesn't say what lacks: %v", err)
	}
	c = open(token, serviceAccount().Email)
	c.AddFault(sandbox.Fault{Path: "/token", Drop: true})
	_, err = c.FindPerson(t.Context(), "maya@x.com")
	c.transient("no answer", err)
	c = open(failing{}, serviceAccount().Email)
	_, err = c.FindPerson(t.Context(), "maya@x.com")
	c.transient("no identity for the moment", err)
}

func (c customer) keyless(platform oauth2.TokenSource) *google.Directory {
	c.t.Helper()
	d, err := google.Open(c.t.Context(), google.Config{URL: c.url, ServiceAccount: serviceAccount().Email, Subject: sandbox.DemoAdmin, Platform: platform})
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(d.Close)
	return d
}

type failing struct{}

func (failing) Token() (*oauth2.Token, error) { return nil, errors.New("no answer") }

// probe is what a directory without tokens finds, by what it looked at.
func (c customer) probe() map[string]idp.Finding {
	c.t.Helper()
	findings, err := c.again().Probe(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	by := map[string]idp.Finding{}
	for _, f := range findings {
		by[f.Check] = f
	}
	return by
}

func TestProbeNamesWhatLacks(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	all := c.probe()
	for check, f := range all {
		if !f.OK {
			t.Errorf("%s: %s", check, f.Detail)
		}
	}
	if f := all["no more rights than needed"]; f.Detail != "None was found." {
		t.Errorf("%+v", f)
	}
	c.Delegate(clientID, scopes()[:3]...)
	few := c.probe()
	if f := few["see what fills groups"]; f.OK || !strings.Contains(f.Detail, "cloud-identity.groups.readonly") {
		t.Errorf("%+v", f)
	}
	for _, check := range []string{"read reports", "end sessions", "read administrator roles"} {
		if f := few[check]; !f.OK || !strings.HasPrefix(f.Detail, "Without it, ") {
			t.Errorf("what may be left out: %+v", f)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Probe(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}

// Whether members can be changed is seen by a change of nothing.
func TestProbeProvesThatMembersCanBeChanged(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, func(cfg *google.Config) { cfg.ProbeGroup, cfg.NoExpiry = "probe@x.com", true })
	last := func() idp.Finding {
		t.Helper()
		findings, err := c.Probe(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return findings[len(findings)-1]
	}
	if f := last(); f.OK || !strings.Contains(f.Detail, "there is no group") {
		t.Errorf("without the group: %+v", f)
	}
	g := c.AddGroup(sandbox.Group{Name: "Probe", Email: "probe@x.com"})
	c.SetMember(g.ID, sandbox.DemoAdmin, true)
	if f := last(); !f.OK || f.Check != "change members of probe@x.com" || len(c.Server.Members(g.ID)) != 1 {
		t.Errorf("%+v, members %q", f, c.Server.Members(g.ID))
	}
	c.AddRole(sandbox.Role{Name: sandbox.DemoRole, Privileges: []string{"USERS_RETRIEVE", "GROUPS_RETRIEVE", "REPORTS_ACCESS", "ROLES_RETRIEVE"}})
	if f := last(); f.OK || !strings.Contains(f.Detail, "the privilege to update groups") {
		t.Errorf("without the privilege: %+v", f)
	}
}

func TestProbeNamesWhatIsTooMuch(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	c.Delegate(clientID, append(scopes(), "https://www.googleapis.com/auth/admin.directory.user", "https://www.googleapis.com/auth/cloud-platform")...)
	if err := c.EditUser(sandbox.DemoAdmin, func(u *sandbox.User) { u.Super = true }); err != nil {
		t.Fatal(err)
	}
	f := c.probe()["no more rights than needed"]
	for _, want := range []string{"super administrator", "auth/admin.directory.user,", "auth/cloud-platform,"} {
		if !f.OK || !strings.Contains(f.Detail, want) {
			t.Errorf("%+v doesn't name %s", f, want)
		}
	}
}

func TestTheCustomerIsKnown(t *testing.T) {
	c := newCustomer(t, sandbox.Config{CustomerID: "C0acme"}, nil)
	if id, err := c.Tenant(t.Context()); err != nil || id != "C0acme" {
		t.Errorf("%q, %v", id, err)
	}
	c.Mislead(sandbox.DemoAdmin, "other@x.com")
	c.AddUser(sandbox.User{Email: "other@x.com"})
	_, err := c.Tenant(t.Context())
	c.transient("another account", err)
}

// What Google refuses for its pace is told from what it refuses for want of a right, and waited for.
func TestThePaceIsToldFromARight(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	c.AddUser(sandbox.User{Email: "maya@x.com"})
	c.AddFault(sandbox.Fault{Path: "/admin/", Status: http.StatusForbidden, Reason: "quotaExceeded", Times: 1})
	if _, err := c.FindPerson(t.Context(), "maya@x.com"); err != nil {
		t.Errorf("after a second: %v", err)
	}
	c.AddFault(sandbox.Fault{Path: "/admin/", Status: http.StatusForbidden, Reason: "insufficientPermissions"})
	_, err := c.FindPerson(t.Context(), "maya@x.com")
	c.wantErr("a right", err, idp.ErrDenied)
}

func TestWhatIsNotGooglesIsNoAnswer(t *testing.T) {
	c := newCustomer(t, sandbox.Config{}, nil)
	c.AddFault(sandbox.Fault{Path: "/admin/", Page: "Sign in", Status: http.StatusForbidden})
	_, err := c.FindPerson(t.Context(), "maya@x.com")
	c.transient("a page", err)
	if !errors.As(err, new(*idp.Unintelligible)) || !strings.Contains(err.Error(), "a web page answered") {
		t.Errorf("%v", err)
	}
}

// A token is asked for once and used until shortly before its end.
func TestTokensAreKept(t *testing.T) {
	now := &fastClock{}
	c := newCustomer(t, sandbox.Config{Clock: now}, func(cfg *google.Config) { cfg.Clock = now })
	c.AddUser(sandbox.User{Email: "maya@x.com"})
	asked := func() (n int) {
		for range 3 {
			if _, err := c.FindPerson(t.Context(), "maya@x.com"); err != nil {
				t.Error(err)
			}
		}
		for _, call := range c.Calls() {
			if call == "POST /token" {
				n++
			}
		}
		return n
	}
	if n := asked(); n != 1 {
		t.Errorf("%d tokens were asked for", n)
	}
	now.ahead.Add(int64(59*time.Minute + 30*time.Second)) // it has half a minute left
	if n := asked(); n != 2 || len(c.Violations()) != 0 {
		t.Errorf("%d tokens were asked for by its end; violations %q", n, c.Violations())
	}
}
