package jira

import (
	"errors"
	"slices"
	"time"
)

// SetSearchLag changes how long writes stay invisible to JQL.
func (s *Server) SetSearchLag(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.SearchLag = d
}

// SetSearchFlap makes every n-th search forget its newest hit; 0 ends it.
func (s *Server) SetSearchFlap(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.SearchFlap = n
}

// RepeatPageTokens makes the next n follow-up pages of a search return the
// token they were asked with.
func (s *Server) RepeatPageTokens(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world.repeats = n
}

// SetLimits turns the per-issue write limit and the burst limits on or off.
func (s *Server) SetLimits(perIssueWrites, burst bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.WriteLimits, s.cfg.BurstLimits = perIssueWrites, burst
}

// RotateToken gives the bot a new API token; the old one is refused from then
// on.
func (s *Server) RotateToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world.accounts[s.world.bot].Token = token
}

// SetWorkflow replaces the workflow. It is refused once there are issues, whose
// statuses would be lost.
func (s *Server) SetWorkflow(f Workflow) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.world.order) > 0 {
		return errors.New("the workflow can't be changed: there are issues in it already")
	}
	s.cfg.Workflow = f
	return nil
}

// Fields lists the site's fields.
func (s *Server) Fields() []Field {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.world.fields)
}
