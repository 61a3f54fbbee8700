package okta_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
	"time"

	"latchkey/clock/clocktest"
	"latchkey/idp"
	"latchkey/idp/okta"
	sandbox "latchkey/sandbox/okta"
)

func TestConfigurationIsChecked(t *testing.T) {
	for _, c := range []struct {
		name string
		cfg  okta.Config
		want string // in the error, "" for none
	}{
		{"a token", okta.Config{URL: "https://acme.okta.com", Token: "t"}, ""},
		{"a final slash", okta.Config{URL: "https://acme.okta.com/", Token: "t"}, ""},
		{"plain http on this machine", okta.Config{URL: "http://localhost:8080", Token: "t"}, ""},
		{"plain http on IPv6 loopback", okta.Config{URL: "http://[::1]:8080", Token: "t"}, ""},
		{"plain http elsewhere", okta.Config{URL: "http://acme.okta.com", Token: "t"}, "use https"},
		{"a path", okta.Config{URL: "https://acme.okta.com/api/v1", Token: "t"}, "https://acme.okta.com"},
		{"no URL", okta.Config{Token: "t"}, "https://acme.okta.com"},
		{"the admin console", okta.Config{URL: "https://acme-admin.okta.com", Token: "t"}, "-admin"},
		{"no credentials", okta.Config{URL: "https://acme.okta.com"}, "give a token"},
		{"both credentials", okta.Config{URL: "https://acme.okta.com", Token: "t", ClientID: "c"}, "both"},
		{"half a client", okta.Config{URL: "https://acme.okta.com", ClientID: "c"}, "private_key"},
		{"no PEM", okta.Config{URL: "https://acme.okta.com", ClientID: "c", PrivateKey: "secret-stuff"}, "PEM"},
		{"a key of another sort", okta.Config{URL: "https://acme.okta.com", ClientID: "c", PrivateKey: ellipticKey(t)}, "RSA"},
	} {
		d, err := okta.Open(t.Context(), c.cfg)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want == "":
			if d.ID() != "okta" {
				t.Errorf("%s: id %q", c.name, d.ID())
			}
		case err == nil || !strings.Contains(err.Error(), c.want):
			t.Errorf("%s: error %v does not name the remedy %q", c.name, err, c.want)
		case strings.Contains(err.Error(), "secret"):
			t.Errorf("%s: the error tells a secret: %v", c.name, err)
		}
	}
}

func TestSettingsOfOtherToolsDoNoHarm(t *testing.T) {
	for name, value := range map[string]string{
		"OKTA_CLIENT_TOKEN": "stolen", "OKTA_CLIENT_ORGURL": "https://elsewhere.okta.com", "OKTA_CLIENT_AUTHORIZATIONMODE": "PrivateKey",
		"OKTA_CLIENT_CACHE_ENABLED": "true", "OKTA_CLIENT_CACHE_DEFAULT_TTL": "3600", "OKTA_CLIENT_REQUEST_TIMEOUT": "1",
		"OKTA_CLIENT_CLIENTID": "other", "OKTA_CLIENT_RATE_LIMIT_MAX_RETRIES": "100", "OKTA_TESTING_DISABLE_HTTPS_CHECK": "false",
	} {
		t.Setenv(name, value)
	}
	o := newOrg(t, sandbox.Config{}, nil)
	g, u := o.AddGroup(sandbox.Group{Name: "figma"}), o.AddUser(sandbox.User{Login: "maya@x.com"})
	for _, member := range []bool{true, false} { // a cache would go on showing the first answer
		o.SetMember("figma", "maya@x.com", member)
		ms, err := idp.Everybody(o.Directory.Members(t.Context(), g.ID))
		if err != nil || (len(ms) == 1) != member {
			t.Errorf("members %v (%v), want %v", ms, err, member)
		}
		if is, err := o.Directory.IsMember(t.Context(), g.ID, u.ID); err != nil || is != member {
			t.Errorf("is member %v (%v), want %v", is, err, member)
		}
	}
	if v := o.Violations(); len(v) != 0 {
		t.Errorf("violations: %v", v)
	}
}

func ellipticKey(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return pkcs8(t, key)
}

func pkcs8(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func newKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// clientOrg is an org where the directory signs in with a key.
func clientOrg(t *testing.T, client sandbox.Client, pemText string) org {
	t.Helper()
	return newOrg(t, sandbox.Config{Clients: []sandbox.Client{client}}, func(c *okta.Config) {
		c.Token, c.ClientID, c.PrivateKey, c.KeyID = "", client.ID, pemText, "key-1"
	})
}

func TestSignInWithAKey(t *testing.T) {
	key := newKey(t)
	pkcs1 := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	for name, text := range map[string]string{
		"PKCS#1": pkcs1, "PKCS#8": pkcs8(t, key), "on one line": strings.ReplaceAll(pkcs1, "\n", `\n`),
	} {
		o := clientOrg(t, sandbox.Client{ID: "0oaclient", Key: &key.PublicKey, Scopes: okta.StandardScopes()}, text)
		o.AddUser(sandbox.User{Login: "maya@x.com"})
		if _, err := o.Directory.FindPerson(t.Context(), "maya@x.com"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		o.RevokeTokens() // the SDK would go on with the old one for an hour
		if _, err := o.Directory.FindPerson(t.Context(), "maya@x.com"); err != nil {
			t.Errorf("%s, after the token was revoked: %v", name, err)
		}
	}
}

func TestRefusedClientsAreDeniedAndKeepTheirSecret(t *testing.T) {
	key, other := newKey(t), newKey(t)
	scopes := okta.StandardScopes()
	for name, client := range map[string]sandbox.Client{
		"another key":         {ID: "0oaclient", Key: &other.PublicKey, Scopes: scopes},
		"a scope is missing":  {ID: "0oaclient", Key: &key.PublicKey, Scopes: scopes[:3]},
		"proof of possession": {ID: "0oaclient", Key: &key.PublicKey, Scopes: scopes, DPoP: true},
	} {
		o := clientOrg(t, client, pkcs8(t, key))
		if _, err := o.Directory.FindPerson(t.Context(), "maya@x.com"); !errors.Is(err, idp.ErrDenied) {
			t.Errorf("%s: %v, want denied", name, err)
		}
	}
	o := clientOrg(t, sandbox.Client{ID: "0oaclient", Key: &key.PublicKey, Scopes: scopes}, pkcs8(t, key))
	o.AddFault(sandbox.Fault{Path: "/oauth2/v1/token", Drop: true})
	_, err := o.Directory.FindPerson(t.Context(), "maya@x.com")
	if err == nil || strings.Contains(err.Error(), "assertion") || strings.Contains(err.Error(), "ey") && strings.Contains(err.Error(), "client_") {
		t.Errorf("the signed assertion is in the error: %v", err)
	}
}

func TestScopesAreNeeded(t *testing.T) {
	key := newKey(t)
	client := sandbox.Client{ID: "0oaclient", Key: &key.PublicKey, Scopes: okta.StandardScopes()}
	o := newOrg(t, sandbox.Config{Clients: []sandbox.Client{client}}, func(c *okta.Config) {
		c.Token, c.ClientID, c.PrivateKey, c.Scopes = "", client.ID, pkcs8(t, key), []string{"okta.groups.read"}
	})
	g := o.AddGroup(sandbox.Group{Name: "figma"})
	u := o.AddUser(sandbox.User{Login: "maya@x.com"})
	if _, err := o.Directory.FindGroup(t.Context(), "figma"); err != nil {
		t.Errorf("with the scope: %v", err)
	}
	if err := o.Directory.Add(t.Context(), g.ID, u.ID); !errors.Is(err, idp.ErrDenied) {
		t.Errorf("without the scope: %v, want denied", err)
	}
}

func TestDroppedConnectionIsNotRepeatedForEver(t *testing.T) {
	o := newOrg(t, sandbox.Config{}, nil)
	g, u := o.AddGroup(sandbox.Group{Name: "figma"}), o.AddUser(sandbox.User{Login: "maya@x.com"})
	o.AddFault(sandbox.Fault{Method: "PUT", Drop: true})
	before := o.Stats()["calls"]
	if err := o.Directory.Add(within(t, 20*time.Second), g.ID, u.ID); err == nil {
		t.Error("a dropped connection is a success")
	}
	// The group, its rules, the write, and net/http's own second try of an idempotent call.
	if n := o.Stats()["calls"] - before; n > 4 {
		t.Errorf("%d calls", n)
	}
}

func TestRulesAreRememberedForAMinute(t *testing.T) {
	now := clocktest.New(time.Unix(0, 0))
	o := newOrg(t, sandbox.Config{}, func(c *okta.Config) { c.Clock = now })
	g, u := o.AddGroup(sandbox.Group{Name: "figma"}), o.AddUser(sandbox.User{Login: "maya@x.com"})
	for range 5 {
		if err := o.Directory.Add(t.Context(), g.ID, u.ID); err != nil {
			t.Fatal(err)
		}
	}
	if calls := o.Calls(); len(calls) != 7 { // the group, the rules, five writes
		t.Errorf("%d calls: %v", len(calls), calls)
	}
	o.AddRule(sandbox.Rule{Name: "design", Attribute: "department", Value: "Design", Groups: []string{"figma"}})
	now.Advance(time.Minute)
	if err := o.Directory.Remove(t.Context(), g.ID, u.ID); !errors.Is(err, idp.ErrRefused) || !strings.Contains(err.Error(), "design") {
		t.Errorf("after a minute: %v, want a refusal that names the rule", err)
	}
}
