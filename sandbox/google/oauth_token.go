package google

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/sandbox/google/world"
)

const (
	grantJWT   = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	audience   = "https://oauth2.googleapis.com/token" // Google's own; some clients send it whatever the key file says
	tokenLife  = 3599 * time.Second
	jwtMaxLife = time.Hour
	clockSkew  = 5 * time.Minute
)

// ServiceAccount is an account of a program, with a key of its own.
type ServiceAccount struct {
	Email    string
	ClientID string // the number under which its delegation is entered
	KeyID    string
	Key      *rsa.PrivateKey // the public half is what Google has; the whole of it signs where the platform does
	Scopes   []string        // domain-wide delegation: what it may do for any account of the customer
}

// KeyFile is the service account's key as Google's console hands it out, with the token
// endpoint of this emulation.
func (a ServiceAccount) KeyFile(tokenURL string) (string, error) {
	der, err := x509.MarshalPKCS8PrivateKey(a.Key)
	if err != nil {
		return "", err
	}
	raw, err := json.Marshal(map[string]string{
		"type": "service_account", "project_id": "latchkey-sandbox", "private_key_id": a.KeyID,
		"private_key":  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		"client_email": a.Email, "client_id": a.ClientID, "token_uri": tokenURL,
	})
	return string(raw), err
}

type accessToken struct {
	scopes  []string
	expires time.Time
	subject string
}

// RevokeTokens makes all tokens handed out so far invalid.
func (s *Server) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
}

// Delegate changes what a service account may do for accounts of the customer.
func (s *Server) Delegate(clientID string, scopes ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, a := range s.cfg.Accounts {
		if a.ClientID == clientID {
			s.cfg.Accounts[i].Scopes = scopes
		}
	}
}

// claims is what an assertion says.
type claims struct {
	Iss, Sub, Aud, Scope string
	Iat, Exp             int64
}

// serveToken exchanges an assertion for an access token (JWT bearer grant).
func (s *Server) serveToken(w http.ResponseWriter, r *http.Request) {
	if hit := s.takeFault(r); hit != nil {
		if hit.Status >= http.StatusBadRequest && hit.Status < http.StatusInternalServerError && hit.Status != http.StatusTooManyRequests {
			s.write(w, r, tokenProblem(http.StatusBadRequest, "invalid_grant", "Invalid JWT Signature."))
			return
		}
		if s.spoil(hit, w, r) {
			return
		}
	}
	if err := r.ParseForm(); err != nil || r.PostForm.Get("grant_type") != grantJWT {
		s.write(w, r, tokenProblem(http.StatusBadRequest, "unsupported_grant_type", "Invalid grant_type: "+r.PostForm.Get("grant_type")))
		return
	}
	c, scopes, problem := s.understand(r, r.PostForm.Get("assertion"))
	if problem != nil {
		late := c.Exp != 0 && s.now().After(time.Unix(c.Exp, 0).Add(clockSkew))             // the clock was moved on while it was under way
		if code := problem.body.(object)["error"]; code != "unauthorized_client" && !late { // to ask what is granted is no fault
			s.log.Violate(fmt.Sprintf("POST /token: %v", code))
		}
		s.write(w, r, *problem)
		return
	}
	s.mu.Lock()
	s.made++
	token := "ya29.sandbox-" + strconv.Itoa(s.made) + "-" + rand.Text()
	s.tokens[token] = accessToken{scopes, s.now().Add(tokenLife), c.Sub}
	s.mu.Unlock()
	a := ok(object{"access_token": token, "expires_in": int(tokenLife.Seconds()), "token_type": "Bearer"})
	a.header = map[string]string{"Cache-Control": "no-cache, no-store, max-age=0, must-revalidate"}
	s.write(w, r, a)
}

func tokenProblem(status int, code, description string) reply {
	return reply{status: status, body: object{"error": code, "error_description": description}, injected: true}
}

// understand checks an assertion as Google does: signature, times, audience, whom it is
// for, and that each of its scopes is delegated.
func (s *Server) understand(r *http.Request, assertion string) (c claims, scopes []string, problem *reply) {
	refuse := func(status int, code, description string) (claims, []string, *reply) {
		p := tokenProblem(status, code, description)
		return c, nil, &p
	}
	account := s.signed(assertion, &c)
	now := s.now()
	switch {
	case account == nil:
		return refuse(http.StatusBadRequest, "invalid_grant", "Invalid JWT Signature.")
	case c.Aud != audience && c.Aud != "http://"+r.Host+"/token":
		return refuse(http.StatusBadRequest, "invalid_grant", "Invalid JWT: audience")
	case c.Iat == 0 || time.Unix(c.Exp, 0).Sub(time.Unix(c.Iat, 0)) > jwtMaxLife || now.After(time.Unix(c.Exp, 0).Add(clockSkew)) || time.Unix(c.Iat, 0).After(now.Add(clockSkew)):
		return refuse(http.StatusBadRequest, "invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.")
	}
	if scopes = strings.Fields(c.Scope); len(scopes) == 0 {
		return refuse(http.StatusBadRequest, "invalid_scope", "Invalid OAuth scope or ID token audience provided.")
	}
	for _, scope := range scopes {
		if short, isGoogle := strings.CutPrefix(scope, scopeRoot); !isGoogle || !slices.Contains(knownScopes(), short) {
			return refuse(http.StatusBadRequest, "invalid_scope", scope+" is not a valid audience string.")
		}
		if !slices.Contains(account.Scopes, scope) {
			return refuse(http.StatusUnauthorized, "unauthorized_client", "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.")
		}
	}
	known := false
	s.View(func(dir *world.State) { u := dir.User(c.Sub); known = u != nil && !u.Suspended && !u.Archived })
	if !known {
		return refuse(http.StatusBadRequest, "invalid_grant", "Invalid email or User ID")
	}
	return c, scopes, nil
}

func knownScopes() []string {
	return []string{scopeUsers, scopeReadUsers, scopeGroups, scopeReadGroups, scopeMembers, scopeReadMembers, scopeSecurity, scopeRoles, scopeReadRoles, scopeReports, scopeCloud, scopeReadCloud, scopeCloudAll}
}

// signed reads an assertion and finds the service account that signed it.
func (s *Server) signed(assertion string, c *claims) *ServiceAccount {
	parts := strings.Split(assertion, ".")
	if len(parts) != 3 {
		return nil
	}
	var head struct{ Alg, Kid string }
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || decodePart(parts[0], &head) != nil || decodePart(parts[1], c) != nil || head.Alg != "RS256" {
		return nil
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.cfg.Accounts {
		if a.Email == c.Iss && rsa.VerifyPKCS1v15(&a.Key.PublicKey, crypto.SHA256, sum[:], signature) == nil {
			return &a
		}
	}
	return nil
}

func decodePart(part string, into any) error {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

// serveSignJWT has Google sign an assertion with the key that it keeps for a service
// account (IAM Service Account Credentials, signJwt).
func (s *Server) serveSignJWT(w http.ResponseWriter, r *http.Request) {
	email, isSign := strings.CutSuffix(r.PathValue("account"), ":signJwt")
	var ask struct{ Payload string }
	switch {
	case !isSign:
		s.unknown(w, r)
		return
	case s.cfg.Platform == "" || r.Header.Get("Authorization") != "Bearer "+s.cfg.Platform:
		s.write(w, r, cloudFailure(http.StatusForbidden, "PERMISSION_DENIED", "Permission 'iam.serviceAccounts.signJwt' denied on resource (or it may not exist)."))
		return
	case json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&ask) != nil || !json.Valid([]byte(ask.Payload)):
		s.write(w, r, cloudFailure(http.StatusBadRequest, "INVALID_ARGUMENT", "Request contains an invalid argument."))
		return
	}
	for _, a := range s.cfg.Accounts {
		if a.Email == email {
			s.write(w, r, ok(object{"keyId": a.KeyID, "signedJwt": a.sign(ask.Payload)}))
			return
		}
	}
	s.write(w, r, cloudFailure(http.StatusNotFound, "NOT_FOUND", "Unknown service account"))
}

func (a ServiceAccount) sign(payload string) string {
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(`{"alg":"RS256","typ":"JWT","kid":"`+a.KeyID+`"}`)) + "." + encode([]byte(payload))
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, a.Key, crypto.SHA256, sum[:])
	if err != nil {
		return ""
	}
	return text + "." + encode(signature)
}

// authorize checks the access token and says whom it acts for.
func (s *Server) authorize(r *http.Request, scopes []string) (subject string, refused *reply) {
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	s.mu.Lock()
	t, known := s.tokens[token]
	s.mu.Unlock()
	if kind != "Bearer" || !known || !s.now().Before(t.expires) {
		a := unauthenticated()
		a.injected = true // a token that ended is nothing its holder did wrong
		return "", &a
	}
	for _, scope := range scopes {
		if slices.Contains(t.scopes, scopeRoot+scope) {
			return t.subject, nil
		}
	}
	a := failure(http.StatusForbidden, "insufficientPermissions", "Request had insufficient authentication scopes.")
	a.body.(object)["error"].(object)["status"] = "PERMISSION_DENIED"
	a.header = map[string]string{"WWW-Authenticate": `Bearer realm="https://accounts.google.com/", error="insufficient_scope"`}
	return "", &a
}

func unauthenticated() reply {
	a := failure(http.StatusUnauthorized, "authError", "Invalid Credentials")
	e := a.body.(object)["error"].(object)
	e["status"], e["message"] = "UNAUTHENTICATED", "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential."
	return a
}
