package entra_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/idp"
	"latchkey/idp/entra"
	sandbox "latchkey/sandbox/entra"
)

func secret(s string) func() string { return func() string { return s } }

func TestConfigurationIsChecked(t *testing.T) {
	whole := entra.Config{Tenant: "acme.example", ClientID: "c", Secret: secret("s")}
	for name, c := range map[string]struct {
		change func(*entra.Config)
		want   string // in the error, "" for none
	}{
		"a secret":              {func(*entra.Config) {}, ""},
		"another cloud":         {func(c *entra.Config) { c.Cloud = "us" }, ""},
		"a managed identity":    {func(c *entra.Config) { c.Secret, c.ManagedIdentity = nil, true }, ""},
		"its sort":              {func(c *entra.Config) { c.Secret, c.ManagedIdentity, c.ClientID = nil, true, "" }, ""},
		"a sandbox":             {func(c *entra.Config) { c.APIURL = "http://127.0.0.1:8080" }, ""},
		"no tenant":             {func(c *entra.Config) { c.Tenant = "" }, "Overview"},
		"a tenant with a path":  {func(c *entra.Config) { c.Tenant = "a/b" }, "Overview"},
		"no cloud of that name": {func(c *entra.Config) { c.Cloud = "germany" }, "public, us, china"},
		"no client":             {func(c *entra.Config) { c.ClientID = "" }, "client_id"},
		"nothing":               {func(c *entra.Config) { c.Secret = nil }, "client_secret"},
		"two ways":              {func(c *entra.Config) { c.Certificate = "x" }, "keep one"},
		"a bad certificate":     {func(c *entra.Config) { c.Secret, c.Certificate = nil, "hush-hush" }, "PEM"},
		"an empty secret":       {func(c *entra.Config) { c.Secret = secret("") }, "set it"},
		"a secret in the clear": {func(c *entra.Config) { c.APIURL = "http://else.example" }, "https"},
		"no address":            {func(c *entra.Config) { c.APIURL = "x" }, "sandbox"},
	} {
		cfg := whole
		c.change(&cfg)
		d, err := entra.Open(cfg)
		switch {
		case c.want == "" && (err != nil || d.ID() != "entra"):
			t.Errorf("%s: %v", name, err)
		case c.want == "":
			d.Close()
		case err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hush"):
			t.Errorf("%s: error %v does not name the remedy %q, or tells a secret", name, err, c.want)
		}
	}
}

// certified is a certificate with its key, as PEM.
func certified(t *testing.T) (*x509.Certificate, string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "latchkey"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err1 := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	certificate, err2 := x509.ParseCertificate(der)
	pkcs8, err3 := x509.MarshalPKCS8PrivateKey(key)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return certificate, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})) + string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}))
}

func TestSignInWithACertificate(t *testing.T) {
	certificate, text := certified(t)
	other, _ := certified(t)
	for name, c := range map[string]struct {
		known *x509.Certificate
		text  string
		good  bool
	}{"its own": {certificate, text, true}, "on one line": {certificate, strings.ReplaceAll(text, "\n", `\n`), true}, "another": {other, text, false}} {
		e := newTenant(t, sandbox.Config{Certificate: c.known}, func(cfg *entra.Config) { cfg.Secret, cfg.Certificate = nil, c.text })
		e.AddUser(sandbox.User{UPN: "maya@x.com", Mail: "maya@x.com"})
		_, err := e.FindPerson(t.Context(), "maya@x.com")
		if c.good && err != nil || !c.good && (!errors.Is(err, idp.ErrDenied) || !strings.Contains(err.Error(), "AADSTS700027")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRefusalsToSignInNameTheRemedy(t *testing.T) {
	for want, change := range map[string]func(*entra.Config){
		"AADSTS7000215": func(c *entra.Config) { c.Secret = secret("hush-hush") },
		"AADSTS700016":  func(c *entra.Config) { c.ClientID = "7f1c3a52-0d7e-4a7c-9a55-6f7c7d9b2a10" },
		"AADSTS90002":   func(c *entra.Config) { c.Tenant = "other.example" },
	} {
		e := newTenant(t, sandbox.Config{}, change)
		_, err := e.FindPerson(t.Context(), "maya@x.com")
		if want == "AADSTS90002" { // azidentity asks the tenant for its endpoints first
			want = "idp"
		}
		if !errors.Is(err, idp.ErrDenied) && want != "idp" || err == nil || want != "idp" && !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", want, err)
		}
	}
	e := newTenant(t, sandbox.Config{}, nil)
	e.AddFault(sandbox.Fault{Path: "/*/oauth2/v2.0/token", Status: 503})
	if _, err := e.FindPerson(t.Context(), "maya@x.com"); err == nil || errors.Is(err, idp.ErrDenied) || errors.Is(err, idp.ErrNotFound) {
		t.Errorf("the token endpoint is down: %v", err)
	}
	e = newTenant(t, sandbox.Config{}, nil)
	e.SetPermissions()
	if _, err := e.FindPerson(t.Context(), "maya@x.com"); !errors.Is(err, idp.ErrDenied) || !strings.Contains(err.Error(), "consent") {
		t.Errorf("nobody has consented: %v", err)
	}
}

func TestASecretIsReplacedAndATokenRevoked(t *testing.T) {
	now := sandbox.DemoSecret
	e := newTenant(t, sandbox.Config{}, func(c *entra.Config) { c.Secret = func() string { return now } })
	e.AddUser(sandbox.User{UPN: "maya@x.com", Mail: "maya@x.com"})
	for _, change := range []func(){func() {}, e.RevokeTokens, func() { now = "another"; e.RotateSecret(now) }} {
		change()
		if _, err := e.FindPerson(t.Context(), "maya@x.com"); err != nil {
			t.Error(err)
		}
	}
	if id, err := e.Tenant(t.Context()); err != nil || id != sandbox.DemoTenant {
		t.Errorf("the tenant is %q, %v", id, err)
	}
}

// TestADirectoryPrintsNoSecret: printed by accident, a directory says its id and nothing else.
func TestADirectoryPrintsNoSecret(t *testing.T) {
	d, err := entra.Open(entra.Config{ID: "acme", Tenant: "acme.example", ClientID: "c", Secret: secret("hush-hush")})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("text", "directory", d)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("json", "directory", d)
	printed := []string{log.String(), fmt.Sprintln(d), fmt.Sprint([]any{d})}
	for _, verb := range []string{"%v", "%s", "%+v", "%#v", "%q"} {
		printed = append(printed, fmt.Sprintf(verb, d))
	}
	for _, p := range printed {
		if strings.Contains(p, "hush") || !strings.Contains(p, "acme") {
			t.Errorf("printed as %s", p)
		}
	}
}

func TestProbeSaysWhatLacksAndWhatIsTooMuch(t *testing.T) {
	e := newTenant(t, sandbox.Config{Permissions: []string{"Group.Read.All", "Directory.Read.All", "Mail.ReadWrite"}}, nil)
	findings, err := e.Probe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]idp.Finding{}
	for _, f := range findings {
		said[f.Check] = f
	}
	for check, want := range map[string]struct {
		ok   bool
		says string
	}{
		"permission User.Read.All":             {true, "Directory.Read.All stands in for it: grant User.Read.All instead"},
		"permission GroupMember.ReadWrite.All": {false, "isn't granted"},
		"permission AuditLog.Read.All":         {true, "only needed for seeing who uses applications"},
		"permissions beyond need":              {true, "Directory.Read.All, Group.Read.All, Mail.ReadWrite"},
		"read people":                          {true, "found"},
		"read groups":                          {true, "found"},
	} {
		if f, there := said[check]; !there || f.OK != want.ok || !strings.Contains(f.Detail, want.says) {
			t.Errorf("%s: %+v", check, f)
		}
	}
	e = newTenant(t, sandbox.Config{Free: true}, func(c *entra.Config) {})
	findings, err = e.Probe(t.Context())
	bad := 0
	for _, f := range findings {
		if !f.OK {
			bad++
			if f.Check != "read the sign-in log" && f.Check != "read last sign-ins" || !strings.Contains(f.Detail, "licence") {
				t.Errorf("in a tenant without a licence: %+v", f)
			}
		}
	}
	if err != nil || bad != 2 {
		t.Errorf("%d findings, %v", bad, err)
	}
	e = newTenant(t, sandbox.Config{}, func(c *entra.Config) { c.Secret = secret("wrong") })
	if findings, err := e.Probe(t.Context()); err != nil || len(findings) != 1 || findings[0].OK {
		t.Errorf("with a wrong secret: %+v, %v", findings, err)
	}
	if id, err := e.Tenant(t.Context()); err != nil || id != "" {
		t.Errorf("who can't sign in knows no tenant: %q, %v", id, err)
	}
}

// TestAnswersThatAreNotGraphs: a portal's page proves nothing, whatever its status, and neither does an outage.
func TestAnswersThatAreNotGraphs(t *testing.T) {
	e := newTenant(t, sandbox.Config{}, func(c *entra.Config) { c.Clock = &jumping{} })
	u := e.AddUser(sandbox.User{UPN: "maya@x.com", Mail: "maya@x.com"})
	for _, f := range []sandbox.Fault{{Page: "Sign in"}, {Page: "Not here", Status: 404}, {Status: 423}, {Status: 500}, {Status: 503, RetryAfter: time.Minute}, {Status: 404, Page: "x"}} {
		e.AddFault(f)
		_, err := e.Person(t.Context(), u.ID)
		if err == nil || errors.Is(err, idp.ErrNotFound) || errors.Is(err, idp.ErrDenied) || errors.Is(err, idp.ErrRefused) {
			t.Errorf("%+v: %v", f, err)
		}
		e.ClearFaults()
	}
	e.AddFault(sandbox.Fault{Status: http.StatusTooManyRequests, Times: 1}) // without saying how long
	if _, err := e.Person(t.Context(), u.ID); err != nil {
		t.Error(err)
	}
}

// TestAProbeGroupProvesWritesAndChangesNothing: that somebody may change members is only seen by trying to.
func TestAProbeGroupProvesWritesAndChangesNothing(t *testing.T) {
	e := newTenant(t, sandbox.Config{}, func(c *entra.Config) { c.ProbeGroup = "latchkey-probe" })
	said := func() idp.Finding {
		t.Helper()
		findings, err := e.Probe(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return findings[len(findings)-1]
	}
	if f := said(); f.OK || !strings.Contains(f.Detail, "there is no group") {
		t.Errorf("without the group: %+v", f)
	}
	g := e.AddGroup(sandbox.Group{Name: "latchkey-probe"})
	if f := said(); !f.OK || len(e.Server.Members(g.ID)) != 0 {
		t.Errorf("with it: %+v", f)
	}
	e.SetPermissions("User.Read.All", "GroupMember.Read.All")
	e.RevokeTokens()
	if f := said(); f.OK || !strings.Contains(f.Detail, "permission") {
		t.Errorf("with the right to read alone: %+v", f)
	}
	if err := e.EditGroup(g.ID, func(g *sandbox.Group) { g.Synced = true }); err != nil {
		t.Fatal(err)
	}
	if f := said(); f.OK || !strings.Contains(f.Detail, "Active Directory") {
		t.Errorf("a group that is synced: %+v", f)
	}
}

// jumping is a clock on which whatever is waited for is there at once.
type jumping struct{ fastClock }

func (c *jumping) Until(t time.Time) (<-chan struct{}, func()) {
	c.ahead.Add(int64(t.Sub(c.Now())))
	ready := make(chan struct{}, 1)
	ready <- struct{}{}
	return ready, func() {}
}
