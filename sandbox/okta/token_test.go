package okta_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"latchkey/sandbox/okta"
)

// sign makes a client assertion.
func sign(t *testing.T, key *rsa.PrivateKey, alg string, claims map[string]any) string {
	t.Helper()
	encode := func(v any) string {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	signed := encode(map[string]string{"alg": alg}) + "." + encode(claims)
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func TestAssertionsAreChecked(t *testing.T) {
	key, err1 := rsa.GenerateKey(rand.Reader, 2048)
	other, err2 := rsa.GenerateKey(rand.Reader, 2048)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	o := newOrg(t, okta.Config{Clients: []okta.Client{{ID: "0oa1", Key: &key.PublicKey, Scopes: []string{"okta.users.read"}}}})
	claims := func(change string, value any) map[string]any {
		c := map[string]any{"iss": "0oa1", "sub": "0oa1", "aud": o.url + "/oauth2/v1/token", "exp": time.Now().Add(time.Minute).Unix()}
		c[change] = value
		return c
	}
	good := sign(t, key, "RS256", claims("x", 1))
	for _, c := range []struct {
		name, assertion, scope string
		want                   int
	}{
		{"good", good, "okta.users.read", 200},
		{"a scope that is not granted", good, "okta.users.read okta.groups.manage", 400},
		{"no scope", good, "", 400},
		{"no JWT", "x.y", "okta.users.read", 401},
		{"another key", sign(t, other, "RS256", claims("x", 1)), "okta.users.read", 401},
		{"another algorithm", sign(t, key, "none", claims("x", 1)), "okta.users.read", 401},
		{"another audience", sign(t, key, "RS256", claims("aud", "https://elsewhere/oauth2/v1/token")), "okta.users.read", 401},
		{"another issuer", sign(t, key, "RS256", claims("iss", "0oa2")), "okta.users.read", 401},
		{"expired", sign(t, key, "RS256", claims("exp", time.Now().Add(-time.Minute).Unix())), "okta.users.read", 401},
		{"too far ahead", sign(t, key, "RS256", claims("exp", time.Now().Add(2*time.Hour).Unix())), "okta.users.read", 401},
	} {
		q := url.Values{
			"grant_type": {"client_credentials"}, "scope": {c.scope}, "client_assertion": {c.assertion},
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		}
		if a := o.call("POST", "/oauth2/v1/token?"+q.Encode()); a.StatusCode != c.want {
			t.Errorf("%s: %d %s, want %d", c.name, a.StatusCode, a.body, c.want)
		}
	}
}

// A token that administrators replace is refused from then on, which is nothing its
// holder did wrong; and what stands before an org may answer with web pages.
func TestATokenEndsAndAPageAnswers(t *testing.T) {
	o := newOrg(t, okta.Config{})
	o.RotateToken("another")
	if a := o.call("GET", "/api/v1/users"); a.StatusCode != 401 || len(o.Violations()) != 0 {
		t.Errorf("the old token: %d, violations %q", a.StatusCode, o.Violations())
	}
	if a, err := o.try("GET", "/api/v1/users", "SSWS another"); err != nil || a.StatusCode != 200 {
		t.Errorf("the new one: %v, %v", a.StatusCode, err)
	}
	if o.RotateToken(okta.DemoToken); o.call("GET", "/api/v1/users").StatusCode != 200 {
		t.Error("the old one is back and refused")
	}
	o.AddFault(okta.Fault{Page: "Sign in", Times: 1})
	if a := o.call("GET", "/api/v1/users"); a.StatusCode != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") || !strings.Contains(string(a.body), "<title>Sign in</title>") {
		t.Errorf("a page: %d %s", a.StatusCode, a.body)
	}
}
