package entra

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"
	deviceLife  = 15 * time.Minute
	devicePause = 5 * time.Second
	idTokenLife = time.Hour
	keyName     = "sandbox-key-1"
	keyBits     = 2048
	// letters are those of codes that people type in.
	letters  = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	codeLong = 9
)

// SignInPolicy is how people sign in to the tenant.
type SignInPolicy struct {
	Age     time.Duration // a session that is so old is good enough for a code
	NoTime  bool          // the app was not configured to be told when somebody signed in (optional claims)
	Private bool          // the app is no public client: it would have to prove itself
}

// signIns are what people sign in with.
type signIns struct {
	mu      sync.Mutex
	policy  SignInPolicy
	devices map[string]*device // by device code
	logins  map[string]*login  // by transaction while the page is looked at, then by code
	key     func() (*rsa.PrivateKey, error)
}

func newSignIns() signIns {
	return signIns{devices: map[string]*device{}, logins: map[string]*login{}, key: sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, keyBits) })}
}

// device is a sign-in that was begun with a code.
type device struct {
	userCode, scope string
	expires         time.Time
	user            string    // the id of who signed in
	at              time.Time // when they did
	denied, told    bool
}

// statement is what is stated of somebody who has signed in.
type statement struct {
	user, nonce, scope string
	at                 time.Time
}

// SetSignInPolicy changes how people sign in.
func (s *Server) SetSignInPolicy(p SignInPolicy) {
	s.signIns.mu.Lock()
	defer s.signIns.mu.Unlock()
	s.signIns.policy = p
}

// signInClient refuses whoever is not the app that people sign in to, or is none that needs no secret.
func (s *Server) signInClient(tenant string, form url.Values) *reply {
	var r reply
	switch {
	case !s.isTenant(tenant):
		r = noTenant(tenant)
	case form.Get("client_id") != s.settings().SignInClient:
		r = s.oauthError(http.StatusBadRequest, "unauthorized_client", 700016, "Application with identifier '"+form.Get("client_id")+"' was not found in the directory.")
	case s.signInPolicy().Private:
		r = s.oauthError(http.StatusUnauthorized, "invalid_client", 7000218, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
	case form.Has("client_secret"):
		r = s.oauthError(http.StatusUnauthorized, "invalid_client", 700025, "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.")
	default:
		return nil
	}
	return &r
}

func (s *Server) signInPolicy() SignInPolicy {
	s.signIns.mu.Lock()
	defer s.signIns.mu.Unlock()
	return s.signIns.policy
}

// serveDevice begins a sign-in with a code.
func (s *Server) serveDevice(w http.ResponseWriter, r *http.Request) {
	if f := s.takeFault(r); f != nil && (!s.delay(f, r) || s.answerFault(f, w, r)) {
		return
	}
	if err := r.ParseForm(); err != nil {
		s.write(w, r, s.oauthError(http.StatusBadRequest, "invalid_request", 900144, "The request body must contain the parameters."))
		return
	}
	if refused := s.signInClient(r.PathValue("tenant"), r.PostForm); refused != nil {
		s.write(w, r, *refused)
		return
	}
	if !slices.Contains(strings.Fields(r.PostForm.Get("scope")), "openid") {
		s.write(w, r, s.refuse(r, "a sign-in without the scope openid"))
		return
	}
	d := &device{userCode: userCode(), scope: r.PostForm.Get("scope"), expires: s.now().Add(deviceLife)}
	code := rand.Text()
	s.signIns.mu.Lock()
	s.signIns.devices[code] = d
	s.signIns.mu.Unlock()
	s.write(w, r, ok(map[string]any{
		"device_code": code, "user_code": d.userCode, "verification_uri": "https://microsoft.com/devicelogin", "expires_in": int(deviceLife / time.Second), "interval": int(devicePause / time.Second),
		"message": "To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code " + d.userCode + " to authenticate.",
	}))
}

func userCode() string {
	raw := make([]byte, codeLong)
	_, _ = rand.Read(raw) // never fails: crypto/rand ends the program instead
	for i, b := range raw {
		raw[i] = letters[int(b)%len(letters)]
	}
	return string(raw)
}

// Activate has somebody type a code in at Microsoft's and sign in, by the account's id, or say that it wasn't they who
// asked for it.
func (s *Server) Activate(code, userID string, allow bool) error {
	s.signIns.mu.Lock()
	defer s.signIns.mu.Unlock()
	for _, d := range s.signIns.devices {
		if d.userCode != strings.ToUpper(code) || d.user != "" || d.denied || !s.now().Before(d.expires) {
			continue
		}
		if d.denied = !allow; allow {
			d.user, d.at = userID, s.now().Add(-s.signIns.policy.Age)
		}
		return nil
	}
	return fmt.Errorf("entra: the code %q is not valid, or not any more", code)
}

// byDevice answers whoever asks whether somebody has signed in with a code.
func (s *Server) byDevice(form url.Values) reply {
	if refused := s.signInClient(s.settings().Tenant, form); refused != nil {
		return *refused
	}
	s.signIns.mu.Lock()
	d, known := s.signIns.devices[form.Get("device_code")]
	policy := s.signIns.policy
	s.signIns.mu.Unlock()
	switch {
	case !known || d.told:
		return s.oauthError(http.StatusBadRequest, "bad_verification_code", 70014, "The verification code is not valid.")
	case d.denied:
		return s.oauthError(http.StatusBadRequest, "authorization_declined", 70018, "The user declined the request.")
	case !s.now().Before(d.expires):
		return s.oauthError(http.StatusBadRequest, "expired_token", 70020, "The device code has expired.")
	case d.user == "":
		return s.oauthError(http.StatusBadRequest, "authorization_pending", 70016, "The provided request has not yet been authorized by the user.")
	}
	d.told = true
	return s.stated(statement{user: d.user, scope: d.scope, at: d.at}, policy)
}

// stated gives the tokens for somebody who has signed in.
func (s *Server) stated(of statement, policy SignInPolicy) reply {
	id, err := s.idToken(of, policy)
	if err != nil {
		return s.oauthError(http.StatusInternalServerError, "server_error", 90033, err.Error())
	}
	return ok(map[string]any{"token_type": "Bearer", "scope": of.scope, "expires_in": 3599, "ext_expires_in": 3599, "access_token": "sandbox-user-token-" + rand.Text(), "id_token": id})
}

// idToken states who signed in. Whose account it is says oid, and that only with the scope profile; the subject is another
// one in each application. How somebody signed in it doesn't say (version 2.0 has no amr).
func (s *Server) idToken(of statement, policy SignInPolicy) (string, error) {
	cfg, now := s.settings(), s.now()
	pair := sha256.Sum256([]byte(cfg.SignInClient + of.user))
	said := map[string]any{
		"ver": "2.0", "iss": loginHost + "/" + cfg.Tenant + "/v2.0", "sub": base64.RawURLEncoding.EncodeToString(pair[:]), "aud": cfg.SignInClient, "tid": cfg.Tenant,
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(idTokenLife).Unix(), "uti": rand.Text(),
	}
	if slices.Contains(strings.Fields(of.scope), "profile") {
		said["oid"] = of.user
	}
	if !policy.NoTime {
		said["auth_time"] = of.at.Unix()
	}
	if of.nonce != "" {
		said["nonce"] = of.nonce
	}
	key, err := s.signIns.key()
	if err != nil {
		return "", err
	}
	signed := encodePart(map[string]string{"typ": "JWT", "alg": "RS256", "kid": keyName}) + "." + encodePart(said)
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature), err
}

// serveKeys shows the keys by which those tokens can be checked.
func (s *Server) serveKeys(w http.ResponseWriter, r *http.Request) {
	key, err := s.signIns.key()
	if err != nil {
		s.write(w, r, s.oauthError(http.StatusInternalServerError, "server_error", 90033, err.Error()))
		return
	}
	s.write(w, r, ok(map[string]any{"keys": []any{map[string]any{
		"kty": "RSA", "use": "sig", "kid": keyName, "issuer": loginHost + "/{tenantid}/v2.0",
		"n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()),
	}}}))
}
