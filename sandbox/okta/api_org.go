package okta

import (
	"cmp"
	"net/http"
)

// getOrg shows which org this is.
func (s *Server) getOrg(*call) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	return reply{status: http.StatusOK, body: map[string]any{
		"id": cmp.Or(s.orgID, "00o0000000acme000001"), "subdomain": "acme", "companyName": "Acme", "status": "ACTIVE", "_links": map[string]any{},
	}}
}

// Become makes the org another one, as when its URL is given to a new tenant.
func (s *Server) Become(orgID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orgID = orgID
}
