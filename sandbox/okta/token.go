package okta

import (
	"crypto/rsa"
	"net/http"
	"slices"
	"strings"
	"time"

	"latchkey/sandbox/okta/world"
)

// OAuth scopes of the modelled operations.
const (
	scopeReadOrgs     = "okta.orgs.read"
	scopeReadUsers    = "okta.users.read"
	scopeManageUsers  = "okta.users.manage"
	scopeReadGroups   = "okta.groups.read"
	scopeManageGroups = "okta.groups.manage"
	scopeReadRoles    = "okta.roles.read"
	scopeReadApps     = "okta.apps.read"
	scopeReadLogs     = "okta.logs.read"
	assertionType     = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	tokenLife         = time.Hour
)

// Client is an API Services app that signs in with a key of its own (private_key_jwt).
type Client struct {
	ID     string
	Key    *rsa.PublicKey
	Scopes []string // granted
	DPoP   bool     // demands proof of possession, as apps made since 2024 do unless switched off
}

type accessToken struct {
	scopes  []string
	expires time.Time
	client  string
}

// RevokeTokens makes all OAuth tokens handed out so far invalid.
func (s *Server) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
}

// RotateToken gives the org another API token; the old one is refused from then on.
func (s *Server) RotateToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended[s.cfg.Token] = true
	delete(s.ended, token)
	s.cfg.Token = token
}

// tokenStands tells whether an API token is the org's, and whether it once was: that
// it ended is nothing its holder did wrong.
func (s *Server) tokenStands(token string) (now, once bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return token == s.cfg.Token, s.ended[token]
}

// authorize checks the Authorization header; scope is what a bearer token needs.
func (s *Server) authorize(r *http.Request, scope string) (world.Actor, *reply) {
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	switch kind {
	case "SSWS":
		now, once := s.tokenStands(token)
		if now {
			return world.TokenOwner(), nil
		}
		if once {
			refused := problem(http.StatusUnauthorized, codeToken, "Invalid token provided")
			refused.injected = true
			return world.Actor{}, &refused
		}
	case "Bearer":
		s.mu.Lock()
		t, known := s.tokens[token]
		s.mu.Unlock()
		if !known || !time.Now().Before(t.expires) {
			break
		}
		if !slices.Contains(t.scopes, scope) && !slices.Contains(t.scopes, strings.TrimSuffix(scope, "read")+"manage") {
			refused := forbidden()
			refused.header = map[string]string{challengeHeader: `Bearer authorization_uri="http://rfc-editor.org/rfc/rfc6749.txt", realm="http://rfc-editor.org/rfc/rfc6750.txt", scope="` + scope +
				`", error="insufficient_scope", error_description="The access token provided does not contain the required scopes.", resource="` + r.URL.Path + `"`}
			return world.Actor{}, &refused
		}
		return world.Actor{ID: t.client, Type: "PublicClientApp", AlternateID: t.client, DisplayName: t.client}, nil
	}
	refused := problem(http.StatusUnauthorized, codeToken, "Invalid token provided")
	return world.Actor{}, &refused
}
