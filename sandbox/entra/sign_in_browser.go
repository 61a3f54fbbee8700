package entra

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	loginPath = "/sandbox/login" // where the page of authorize leads; in life it is Microsoft's own business
	codeLife  = 10 * time.Minute
)

// login is a sign-in in a browser (the authorization code grant).
type login struct {
	redirect, state, nonce, challenge, scope string
	user                                     string // "": the page is still looked at
	at, expires                              time.Time
	used                                     bool
}

var loginPage = template.Must(template.New("login").Parse(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in · sandbox Entra ID</title></head><body><h1>Sign in</h1>
{{with .Problem}}<p>{{.}}</p>{{end}}<form method="post" action="{{.Action}}"><input type="hidden" name="transaction" value="{{.Transaction}}"><label>Account <input name="username" autofocus></label> <button>Sign in</button></form></body></html>`))

func (s *Server) page(w http.ResponseWriter, status int, transaction, problem string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_ = loginPage.Execute(w, map[string]string{"Action": loginPath, "Transaction": transaction, "Problem": problem}) // who asked may have gone
}

// serveAuthorize shows the page on which somebody signs in. Parameters that Microsoft doesn't know, such as acr_values and
// max_age, it doesn't mind.
func (s *Server) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	q, cfg := r.URL.Query(), s.settings()
	redirect, state := q.Get("redirect_uri"), q.Get("state")
	switch { // nobody is sent to where the app didn't say
	case !s.isTenant(r.PathValue("tenant")) || q.Get("client_id") != cfg.SignInClient:
		s.page(w, http.StatusBadRequest, "", "AADSTS700016: Application was not found in the directory.")
		return
	case !slices.Contains(cfg.RedirectURIs, redirect):
		s.page(w, http.StatusBadRequest, "", "AADSTS50011: The redirect URI specified in the request does not match the redirect URIs configured for the application.")
		return
	case q.Get("response_type") != "code" || !slices.Contains(strings.Fields(q.Get("scope")), "openid") || q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" || q.Get("prompt") != "login":
		s.write(w, r, s.refuse(r, "this way to sign in"))
		return
	}
	transaction := rand.Text()
	s.signIns.mu.Lock()
	s.signIns.logins[transaction] = &login{redirect: redirect, state: state, nonce: q.Get("nonce"), challenge: q.Get("code_challenge"), scope: q.Get("scope"), expires: s.now().Add(time.Hour)}
	s.signIns.mu.Unlock()
	s.page(w, http.StatusOK, transaction, "")
}

// serveLogin takes what somebody types on that page; nothing is no.
func (s *Server) serveLogin(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.page(w, http.StatusBadRequest, "", "The form cannot be read.")
		return
	}
	transaction, who := r.PostForm.Get("transaction"), r.PostForm.Get("username")
	s.signIns.mu.Lock()
	defer s.signIns.mu.Unlock()
	l := s.signIns.logins[transaction]
	if l == nil || l.user != "" || !s.now().Before(l.expires) {
		s.page(w, http.StatusBadRequest, "", "This page is too old.")
		return
	}
	if who == "" {
		s.sendBack(w, r, l, url.Values{"error": {"access_denied"}, "error_description": {"AADSTS65004: User declined to consent to access the app."}})
		return
	}
	for _, u := range s.Users() {
		if !strings.EqualFold(u.UPN, who) || u.Disabled {
			continue
		}
		code := rand.Text()
		l.user, l.at, l.expires = u.ID, s.now(), s.now().Add(codeLife) // prompt=login has everybody sign in
		delete(s.signIns.logins, transaction)
		s.signIns.logins[code] = l
		s.sendBack(w, r, l, url.Values{"code": {code}})
		return
	}
	s.page(w, http.StatusOK, transaction, "This username may be incorrect.")
}

func (s *Server) sendBack(w http.ResponseWriter, r *http.Request, l *login, with url.Values) {
	with.Set("state", l.state)
	http.Redirect(w, r, l.redirect+"?"+with.Encode(), http.StatusSeeOther)
}

// byCode is what a code is worth, once.
func (s *Server) byCode(form url.Values) reply {
	if refused := s.signInClient(s.settings().Tenant, form); refused != nil {
		return *refused
	}
	sum := sha256.Sum256([]byte(form.Get("code_verifier")))
	s.signIns.mu.Lock()
	l, policy := s.signIns.logins[form.Get("code")], s.signIns.policy
	bad := l == nil || l.user == "" || l.used || !s.now().Before(l.expires) || l.redirect != form.Get("redirect_uri") ||
		subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(l.challenge)) != 1
	if !bad {
		l.used = true
	}
	s.signIns.mu.Unlock()
	if bad {
		return s.oauthError(http.StatusBadRequest, "invalid_grant", 70008, "The provided authorization code or refresh token has expired, or is not for this.")
	}
	return s.stated(statement{user: l.user, nonce: l.nonce, scope: l.scope, at: l.at}, policy)
}
