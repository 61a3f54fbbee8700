package okta

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// DemoSignInClient is a native OpenID Connect app with the grant type Device Authorization, if a Config names none.
const DemoSignInClient = "0oademosignin0000d697"

const (
	deviceGrant   = "urn:ietf:params:oauth:grant-type:device_code"
	deviceLife    = 10 * time.Minute // developer.okta.com, "Configure Device Authorization Grant Flow"
	devicePause   = 5 * time.Second
	idTokenLife   = time.Hour
	keyBits       = 2048
	keyName       = "sandbox-key-1"
	letters       = "BCDFGHJKLMNPQRSTVWXZ" // RFC 8628, 6.1: no vowels, so that no words come about
	userCodeParts = 8
)

// devices are the sign-ins that were begun with a code.
type devices struct {
	mu  sync.Mutex
	all map[string]*device              // by device code
	key func() (*rsa.PrivateKey, error) // the org's, made when it is first needed
}

func newDevices() devices {
	return devices{all: map[string]*device{}, key: sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, keyBits) })}
}

type device struct {
	client, userCode string
	expires, asked   time.Time
	user             string    // the id of who signed in
	at               time.Time // when they signed in
	denied, told     bool
}

// serveDevice begins a sign-in: POST /oauth2/v1/device/authorize.
func (s *Server) serveDevice(w http.ResponseWriter, r *http.Request) {
	if f := s.takeFault(r); f != nil && (!s.delay(f, r) || s.answerFault(f, w, r, bucketOther)) {
		return
	}
	s.write(w, r, bucketOther, s.beginSignIn(r))
}

func (s *Server) beginSignIn(r *http.Request) reply {
	if err := r.ParseForm(); err != nil {
		return oauthError(http.StatusBadRequest, "invalid_request", "The parameters cannot be read.")
	}
	client := r.PostForm.Get("client_id")
	switch {
	case !slices.Contains(s.cfg.SignInClients, client):
		return oauthError(http.StatusUnauthorized, "invalid_client", "Invalid value for 'client_id' parameter.")
	case !slices.Contains(strings.Fields(r.PostForm.Get("scope")), "openid"):
		return oauthError(http.StatusBadRequest, "invalid_scope", "The 'openid' scope is missing.")
	}
	d := &device{client: client, userCode: userCode(), expires: s.now().Add(deviceLife)}
	code := rand.Text()
	s.devices.mu.Lock()
	defer s.devices.mu.Unlock()
	s.devices.all[code] = d
	return ok(map[string]any{
		"device_code": code, "user_code": d.userCode, "verification_uri": baseURL(r) + "/activate",
		"verification_uri_complete": baseURL(r) + "/activate?user_code=" + d.userCode,
		"expires_in":                int(deviceLife / time.Second), "interval": int(devicePause / time.Second),
	})
}

func userCode() string {
	raw := make([]byte, userCodeParts)
	_, _ = rand.Read(raw) // never fails: crypto/rand ends the program instead
	for i, b := range raw {
		raw[i] = letters[int(b)%len(letters)]
	}
	return string(raw)
}

// Activate has somebody type a code in at the org and sign in, or say that it wasn't they who asked for it.
func (s *Server) Activate(code, userID string, allow bool) error {
	s.devices.mu.Lock()
	defer s.devices.mu.Unlock()
	for _, d := range s.devices.all {
		if d.userCode != strings.ToUpper(strings.ReplaceAll(code, "-", "")) || d.user != "" || d.denied || !s.now().Before(d.expires) {
			continue
		}
		if d.denied = !allow; allow {
			d.user, d.at = userID, s.now().Add(-s.age())
		}
		return nil
	}
	return fmt.Errorf("okta: the code %q is not valid, or not any more", code)
}

// signedIn answers who asks whether somebody has signed in with a device code.
func (s *Server) signedIn(r *http.Request, form url.Values) reply {
	s.devices.mu.Lock()
	defer s.devices.mu.Unlock()
	d, known := s.devices.all[form.Get("device_code")]
	now := s.now()
	switch {
	case !slices.Contains(s.cfg.SignInClients, form.Get("client_id")):
		return oauthError(http.StatusUnauthorized, "invalid_client", "Invalid value for 'client_id' parameter.")
	case !known || d.client != form.Get("client_id") || d.told:
		return oauthError(http.StatusBadRequest, "invalid_grant", "The device code is invalid.")
	case !now.Before(d.expires):
		return oauthError(http.StatusBadRequest, "expired_token", "The device code has expired.")
	case d.denied:
		return oauthError(http.StatusBadRequest, "access_denied", "The end user denied the authorization request.")
	case !d.asked.IsZero() && now.Sub(d.asked) < devicePause:
		return oauthError(http.StatusBadRequest, "slow_down", "Polling too frequently.")
	}
	if d.asked = now; d.user == "" {
		return oauthError(http.StatusBadRequest, "authorization_pending", "The device authorization is pending. Please try again later.")
	}
	d.told = true
	return s.stated(r, "sandbox-user-token-"+rand.Text(), statement{client: d.client, user: d.user, at: d.at, methods: s.deviceMethods()}, now)
}

// statement is what the org states of somebody who has signed in.
type statement struct {
	client, user, nonce, level string
	at                         time.Time
	methods                    []string
}

func (s *Server) deviceMethods() []string {
	s.logins.mu.Lock()
	defer s.logins.mu.Unlock()
	return s.methods()
}

// age is how old a session may be that is good enough.
func (s *Server) age() time.Duration {
	s.logins.mu.Lock()
	defer s.logins.mu.Unlock()
	return s.logins.policy.Age
}

// stated gives an app the tokens for somebody who has signed in.
func (s *Server) stated(r *http.Request, access string, of statement, now time.Time) reply {
	id, err := s.idToken(baseURL(r), of, now)
	if err != nil {
		return oauthError(http.StatusInternalServerError, "server_error", err.Error())
	}
	return ok(map[string]any{"token_type": "Bearer", "expires_in": int(idTokenLife / time.Second), "scope": "openid", "access_token": access, "id_token": id})
}

// idToken states who signed in, signed with the org's key.
func (s *Server) idToken(issuer string, of statement, now time.Time) (string, error) {
	said := map[string]any{"ver": 1, "iss": issuer, "sub": of.user, "aud": of.client, "iat": now.Unix(), "exp": now.Add(idTokenLife).Unix(), "auth_time": of.at.Unix(), "amr": of.methods, "jti": "ID." + rand.Text()}
	if of.nonce != "" {
		said["nonce"] = of.nonce
	}
	if of.level != "" {
		said["acr"] = of.level
	}
	signed, err := parts(map[string]any{"alg": "RS256", "kid": keyName}, said)
	if err != nil {
		return "", err
	}
	key, err := s.devices.key()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature), err
}

// parts are the head and the claims of a token.
func parts(all ...map[string]any) (string, error) {
	out := make([]string, len(all))
	for i, one := range all {
		raw, err := json.Marshal(one)
		if err != nil {
			return "", err
		}
		out[i] = base64.RawURLEncoding.EncodeToString(raw)
	}
	return strings.Join(out, "."), nil
}

// serveKeys shows the keys by which the org's tokens can be checked: GET /oauth2/v1/keys.
func (s *Server) serveKeys(w http.ResponseWriter, r *http.Request) {
	key, err := s.devices.key()
	if err != nil {
		s.write(w, r, bucketOther, oauthError(http.StatusInternalServerError, "server_error", err.Error()))
		return
	}
	s.write(w, r, bucketOther, ok(map[string]any{"keys": []any{map[string]any{
		"kty": "RSA", "alg": "RS256", "use": "sig", "kid": keyName,
		"n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()),
	}}}))
}
