package okta

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"latchkey/sandbox/okta/world"
)

const (
	loginPath   = "/sandbox/login" // where the page of authorize leads; in life it is Okta's own business
	codeLife    = 5 * time.Minute
	challengeBy = "S256"
)

// logins are the sign-ins in browsers (the authorization code grant).
type logins struct {
	mu     sync.Mutex
	asked  map[string]login  // by transaction: somebody looks at the page
	codes  map[string]*login // by code: somebody has signed in
	policy SignInPolicy
}

type login struct {
	client, redirect, state, nonce, challenge string
	levels                                    []string
	user                                      string
	at                                        time.Time // when they signed in
	expires                                   time.Time
	used                                      bool
}

// SignInPolicy is how people sign in to the org.
type SignInPolicy struct {
	Age     time.Duration // a session that is so old is good enough, whatever an app asks for
	Methods []string      // by what they sign in (amr); pwd, mfa and otp if empty
}

// SetSignInPolicy changes how people sign in.
func (s *Server) SetSignInPolicy(p SignInPolicy) {
	s.logins.mu.Lock()
	defer s.logins.mu.Unlock()
	s.logins.policy = p
}

// levels are the acr values that Okta knows of its own (developer.okta.com, "Step-up authentication using ACR values").
func levels() []string {
	return []string{"urn:okta:loa:1fa:any", "urn:okta:loa:1fa:pwd", "urn:okta:loa:2fa:any", "urn:okta:loa:2fa:any:ifpossible", "phr", "phrh"}
}

var loginPage = template.Must(template.New("login").Parse(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in · sandbox Okta</title></head><body><h1>Sign in</h1>
{{with .Problem}}<p>{{.}}</p>{{end}}<form method="post" action="{{.Action}}"><input type="hidden" name="transaction" value="{{.Transaction}}"><label>Username <input name="username" autofocus></label> <button>Sign in</button></form></body></html>`))

// serveAuthorize shows the page on which somebody signs in: GET /oauth2/v1/authorize.
func (s *Server) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	if f := s.takeFault(r); f != nil && (!s.delay(f, r) || s.answerFault(f, w, r, bucketOther)) {
		return
	}
	q := r.URL.Query()
	redirect, state := q.Get("redirect_uri"), q.Get("state")
	switch { // nobody is sent to where the app didn't say
	case !slices.Contains(s.cfg.SignInClients, q.Get("client_id")):
		s.page(w, http.StatusBadRequest, "", "Invalid value for 'client_id' parameter.")
		return
	case !slices.Contains(s.cfg.RedirectURIs, redirect):
		s.page(w, http.StatusBadRequest, "", "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.")
		return
	}
	if kind, why := refusesLogin(q); kind != "" {
		http.Redirect(w, r, sentBack(redirect, url.Values{"state": {state}, "error": {kind}, "error_description": {why}}), http.StatusFound)
		return
	}
	transaction := rand.Text()
	s.logins.mu.Lock()
	s.logins.asked[transaction] = login{
		client: q.Get("client_id"), redirect: redirect, state: state, nonce: q.Get("nonce"), challenge: q.Get("code_challenge"),
		levels: strings.Fields(q.Get("acr_values")), expires: s.now().Add(time.Hour),
	}
	s.logins.mu.Unlock()
	s.page(w, http.StatusOK, transaction, "")
}

// refusesLogin says why a request to sign in is not as the org wants it; "" if it is.
func refusesLogin(q url.Values) (kind, why string) {
	known := []string{"client_id", "response_type", "scope", "redirect_uri", "state", "nonce", "code_challenge", "code_challenge_method", "prompt", "max_age", "acr_values"}
	for _, name := range slices.Sorted(maps.Keys(q)) {
		if !slices.Contains(known, name) {
			return "invalid_request", "The sandbox does not model the parameter " + name + "."
		}
	}
	switch {
	case q.Get("response_type") != "code":
		return "unsupported_response_type", "The response type is not supported by the authorization server."
	case !slices.Contains(strings.Fields(q.Get("scope")), "openid"):
		return "invalid_scope", "The 'openid' scope is missing."
	case q.Get("state") == "":
		return "invalid_request", "The authentication request has an invalid 'state' parameter."
	case q.Get("code_challenge") == "":
		return "invalid_request", "PKCE code challenge is required by the application."
	case q.Get("code_challenge_method") != challengeBy:
		return "invalid_request", "The 'code_challenge_method' is not supported."
	case q.Get("prompt") == "none":
		return "login_required", "The client specified not to prompt, but the user is not logged in."
	}
	for _, level := range strings.Fields(q.Get("acr_values")) {
		if !slices.Contains(levels(), level) {
			return "invalid_request", "The acr_values parameter has a value that is not supported."
		}
	}
	return "", ""
}

func (s *Server) page(w http.ResponseWriter, status int, transaction, problem string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_ = loginPage.Execute(w, map[string]string{"Action": loginPath, "Transaction": transaction, "Problem": problem}) // who asked may have gone
}

// serveLogin takes what somebody types on that page.
func (s *Server) serveLogin(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.page(w, http.StatusBadRequest, "", "The form cannot be read.")
		return
	}
	s.logins.mu.Lock()
	l, known := s.logins.asked[r.PostForm.Get("transaction")]
	policy := s.logins.policy
	s.logins.mu.Unlock()
	if !known || !s.now().Before(l.expires) {
		s.page(w, http.StatusBadRequest, "", "This page is too old.")
		return
	}
	if r.PostForm.Get("username") == "" {
		http.Redirect(w, r, sentBack(l.redirect, url.Values{"state": {l.state}, "error": {"access_denied"}, "error_description": {"User is not assigned to the client application."}}), http.StatusSeeOther)
		return
	}
	for _, u := range s.Users() {
		if u.Login == r.PostForm.Get("username") && (u.Status == "" || u.Status == world.Active) {
			l.user, l.at, l.expires = u.ID, s.now().Add(-policy.Age), s.now().Add(codeLife)
			code := rand.Text()
			s.logins.mu.Lock()
			delete(s.logins.asked, r.PostForm.Get("transaction"))
			s.logins.codes[code] = &l
			s.logins.mu.Unlock()
			http.Redirect(w, r, sentBack(l.redirect, url.Values{"state": {l.state}, "code": {code}}), http.StatusSeeOther)
			return
		}
	}
	s.page(w, http.StatusOK, r.PostForm.Get("transaction"), "Unable to sign in")
}

func sentBack(to string, with url.Values) string { return to + "?" + with.Encode() }

// redeem is the authorization code grant: what a code is worth, once.
func (s *Server) redeem(r *http.Request, form url.Values) reply {
	s.logins.mu.Lock()
	defer s.logins.mu.Unlock()
	l, known := s.logins.codes[form.Get("code")]
	sum := sha256.Sum256([]byte(form.Get("code_verifier")))
	proved := base64.RawURLEncoding.EncodeToString(sum[:])
	switch {
	case !slices.Contains(s.cfg.SignInClients, form.Get("client_id")):
		return oauthError(http.StatusUnauthorized, "invalid_client", "Invalid value for 'client_id' parameter.")
	case !known || l.used || l.client != form.Get("client_id") || !s.now().Before(l.expires):
		return oauthError(http.StatusBadRequest, "invalid_grant", "The authorization code is invalid or has expired.")
	case l.redirect != form.Get("redirect_uri"):
		return oauthError(http.StatusBadRequest, "invalid_grant", "The 'redirect_uri' does not match the redirect URI used in the authorization request.")
	case subtle.ConstantTimeCompare([]byte(proved), []byte(l.challenge)) != 1:
		return oauthError(http.StatusBadRequest, "invalid_grant", "PKCE verification failed.")
	}
	l.used = true
	level := ""
	if len(l.levels) > 0 {
		level = l.levels[0]
	}
	access := "sandbox-user-token-" + rand.Text()
	s.logins.codes[access] = &login{user: l.user, used: true, expires: s.now().Add(idTokenLife)}
	return s.stated(r, access, statement{client: l.client, user: l.user, nonce: l.nonce, at: l.at, level: level, methods: s.methods()}, s.now())
}

// methods are by what people sign in. The lock is held.
func (s *Server) methods() []string {
	if len(s.logins.policy.Methods) > 0 {
		return s.logins.policy.Methods
	}
	return []string{"pwd", "mfa", "otp"}
}

// serveUserInfo says whose an access token is: GET /oauth2/v1/userinfo.
func (s *Server) serveUserInfo(w http.ResponseWriter, r *http.Request) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.logins.mu.Lock()
	l, known := s.logins.codes[token]
	s.logins.mu.Unlock()
	if !known || !strings.HasPrefix(token, "sandbox-user-token-") || !s.now().Before(l.expires) {
		answer := reply{status: http.StatusUnauthorized, header: map[string]string{challengeHeader: `Bearer error="invalid_token", error_description="The access token is invalid."`}}
		s.write(w, r, bucketOther, answer)
		return
	}
	s.write(w, r, bucketOther, ok(map[string]any{"sub": l.user}))
}

// serveDiscovery says where all that is: GET /.well-known/openid-configuration.
func (s *Server) serveDiscovery(w http.ResponseWriter, r *http.Request) {
	at := baseURL(r)
	s.write(w, r, bucketOther, ok(map[string]any{
		"issuer": at, "authorization_endpoint": at + "/oauth2/v1/authorize", "token_endpoint": at + "/oauth2/v1/token", "userinfo_endpoint": at + "/oauth2/v1/userinfo",
		"jwks_uri": at + "/oauth2/v1/keys", "device_authorization_endpoint": at + "/oauth2/v1/device/authorize", "response_types_supported": []string{"code"},
		"subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"RS256"}, "code_challenge_methods_supported": []string{challengeBy}, "acr_values_supported": levels(),
	}))
}
