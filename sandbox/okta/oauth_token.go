package okta

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// serveToken is the client_credentials grant, and what comes of a device code. Okta reads the parameters from the form; okta-sdk-golang v2
// sends them in the query, so both count. Tokens live by the wall clock, like those who sign assertions.
func (s *Server) serveToken(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.write(w, r, bucketOther, oauthError(http.StatusBadRequest, "invalid_request", "The parameters cannot be read."))
		return
	}
	if f := s.takeFault(r); f != nil && (!s.delay(f, r) || s.answerFault(f, w, r, bucketOther)) {
		return
	}
	s.write(w, r, bucketOther, s.token(r, r.Form))
}

func (s *Server) token(r *http.Request, form url.Values) reply {
	if form.Get("grant_type") == deviceGrant {
		return s.signedIn(r, form)
	}
	if form.Get("grant_type") == "authorization_code" {
		return s.redeem(r, form)
	}
	if form.Get("grant_type") != "client_credentials" {
		return oauthError(http.StatusBadRequest, "unsupported_grant_type", "The authorization grant type is not supported by the authorization server.")
	}
	if form.Get("client_assertion_type") != assertionType {
		return oauthError(http.StatusUnauthorized, "invalid_client", "The client_assertion_type is invalid.")
	}
	client, err := s.verify(form.Get("client_assertion"), baseURL(r)+"/oauth2/v1/token", time.Now())
	if err != nil {
		return oauthError(http.StatusUnauthorized, "invalid_client", err.Error())
	}
	if client.DPoP && r.Header.Get("DPoP") == "" {
		return oauthError(http.StatusBadRequest, "invalid_dpop_proof", "The DPoP proof JWT header is missing.")
	}
	scopes := strings.Fields(form.Get("scope"))
	if len(scopes) == 0 {
		return oauthError(http.StatusBadRequest, "invalid_scope", "The scope parameter is missing.")
	}
	for _, scope := range scopes {
		if !slices.Contains(client.Scopes, scope) {
			return oauthError(http.StatusBadRequest, "invalid_scope", "One or more scopes are not configured for the authorization server resource.")
		}
	}
	return s.issue(client, scopes)
}

func (s *Server) issue(client Client, scopes []string) reply {
	token := fmt.Sprintf("sandbox-access-token-%d", s.Number())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[token] = accessToken{scopes, time.Now().Add(tokenLife), client.ID}
	return ok(map[string]any{
		"token_type": "Bearer", "expires_in": int(tokenLife / time.Second),
		"access_token": token, "scope": strings.Join(scopes, " "),
	})
}

// verify checks a signed assertion and returns the client that made it.
func (s *Server) verify(assertion, audience string, now time.Time) (Client, error) {
	parts := strings.Split(assertion, ".")
	if len(parts) != 3 {
		return Client{}, fmt.Errorf("the client_assertion is not a JWT")
	}
	var head struct{ Alg string }
	var claims struct {
		Iss, Sub, Aud string
		Exp           int64
	}
	if err := decodePart(parts[0], &head); err != nil {
		return Client{}, err
	}
	if err := decodePart(parts[1], &claims); err != nil {
		return Client{}, err
	}
	at := slices.IndexFunc(s.cfg.Clients, func(c Client) bool { return c.ID == claims.Sub && c.ID == claims.Iss })
	expires := time.Unix(claims.Exp, 0)
	switch {
	case at < 0:
		return Client{}, fmt.Errorf("the client is unknown")
	case head.Alg != "RS256":
		return Client{}, fmt.Errorf("the signing algorithm is not supported")
	case claims.Aud != audience:
		return Client{}, fmt.Errorf("the audience claim for client_assertion must be the endpoint invoked for the request")
	case !expires.After(now) || expires.Sub(now) > time.Hour+time.Second:
		return Client{}, fmt.Errorf("the client_assertion token has an expiration that is past or too far into the future")
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err != nil || rsa.VerifyPKCS1v15(s.cfg.Clients[at].Key, crypto.SHA256, sum[:], signature) != nil {
		return Client{}, fmt.Errorf("the client_assertion signature is invalid")
	}
	return s.cfg.Clients[at], nil
}

func decodePart(part string, v any) error {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return fmt.Errorf("the client_assertion is not base64: %w", err)
	}
	return json.Unmarshal(raw, v)
}

func oauthError(status int, kind, description string) reply {
	return reply{status: status, body: map[string]string{"error": kind, "error_description": description}}
}
