package okta

import (
	"fmt"
	"net/http"

	"latchkey/sandbox/okta/world"
)

// deleteSessions ends what an account has open: DELETE /api/v1/users/{id}/sessions.
func (s *Server) deleteSessions(c *call) reply {
	u := c.org.UserByID[c.PathValue("id")]
	switch {
	case u == nil:
		return notFound(c.PathValue("id"), "User")
	case u.Status == world.Deprovisioned:
		return problem(http.StatusForbidden, codeUserStatus, "This operation is not allowed in the user's current status.")
	}
	s.sessions.mu.Lock()
	defer s.sessions.mu.Unlock()
	delete(s.sessions.open, u.ID)
	return reply{status: http.StatusNoContent}
}

// OpenSession has somebody sign in to the org in a browser.
func (s *Server) OpenSession(login string) error {
	for _, u := range s.Users() {
		if u.Login == login || u.ID == login {
			s.sessions.mu.Lock()
			defer s.sessions.mu.Unlock()
			s.sessions.open[u.ID]++
			return nil
		}
	}
	return fmt.Errorf("okta: there is no %s", login)
}

// Sessions is how many somebody has open, by sign-in name or id.
func (s *Server) Sessions(login string) int {
	for _, u := range s.Users() {
		if u.Login == login || u.ID == login {
			s.sessions.mu.Lock()
			defer s.sessions.mu.Unlock()
			return s.sessions.open[u.ID]
		}
	}
	return 0
}
