package okta

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// LogEvent is an entry of the System Log.
type LogEvent struct {
	ID      string
	Seq     int64
	At      time.Time
	Type    string // such as "group.user_membership.add"
	Actor   Target // who did it
	Targets []Target
	Outcome string // SUCCESS or FAILURE
}

// Target is a party of a log event.
type Target struct{ ID, Type, AlternateID, DisplayName string }

// An actor is who changes things: the owner of the token, an administrator, a rule, a directory sync.
type actor Target

var (
	tokenOwner = actor{"00usandboxserviceacct", "User", "latchkey-service@sandbox.example", "Service account"}
	admin      = actor{"00usandboxadminaccount", "User", "admin@sandbox.example", "Org administrator"}
	ruleAgent  = actor{"sandboxgrouprules", "SystemPrincipal", "system@okta.com", "Okta System"}
	syncAgent  = actor{"sandboxdirectorysync", "SystemPrincipal", "system@okta.com", "Directory sync"}
)

const (
	logDay      = 24 * time.Hour
	logKept     = 90 * logDay  // older entries are never returned
	logReach    = 180 * logDay // a since before this is refused
	logStandard = 7 * logDay   // since, if the caller names none
)

// RecordSSO writes that an account signed in to an application, or tried to: outcome is SUCCESS or
// FAILURE. It reports whether both exist. A success is also the account's last login.
func (s *Server) RecordSSO(login, appID string, at time.Time, outcome string) bool {
	found := false
	s.change(func() {
		u, a := s.find(login), s.apps[appID]
		if found = u != nil && a != nil; !found {
			return
		}
		s.log = append(s.log, s.event("user.authentication.sso", at, actor(u.target()), outcome, a.target(), u.target()))
		if outcome == "SUCCESS" && at.After(u.LastLogin) {
			u.LastLogin = at
			s.index(u)
		}
	})
	return found
}

// Log is the System Log in the order it was written.
func (s *Server) Log() []LogEvent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}

func (s *Server) record(kind string, by actor, targets ...Target) {
	s.log = append(s.log, s.event(kind, s.now(), by, "SUCCESS", targets...))
}

func (s *Server) event(kind string, at time.Time, by actor, outcome string, targets ...Target) LogEvent {
	n := s.next()
	return LogEvent{
		ID: fmt.Sprintf("00000000-0000-4000-8000-%012d", n), Seq: n, At: at.UTC(),
		Type: kind, Actor: Target(by), Targets: targets, Outcome: outcome,
	}
}

func (s *Server) listLogs(c *call) reply {
	q, now := c.URL.Query(), s.now()
	since, until, bad := logRange(c, now)
	if bad != nil {
		return *bad
	}
	match := predicate(func(attributes) bool { return true })
	if q.Has("filter") {
		var err error
		if match, err = parseFilter(q.Get("filter"), filterLogs); err != nil {
			return *badExpression(codeBadInput, err)
		}
	}
	var hits []LogEvent
	for _, e := range s.log {
		if !e.At.Before(since) && e.At.Before(until) && !e.At.Before(now.Add(-logKept)) && match(e.attribute) {
			hits = append(hits, e)
		}
	}
	return logPage(c, hits)
}

func logPage(c *call, hits []LogEvent) reply {
	q := c.URL.Query()
	slices.SortStableFunc(hits, func(a, b LogEvent) int { return a.At.Compare(b.At) })
	if q.Get("sortOrder") == "DESCENDING" {
		slices.Reverse(hits)
	}
	place := make(map[int64]int64, len(hits))
	for i, e := range hits {
		place[e.Seq] = int64(i)
	}
	page, links := pageOf(c, hits, func(e LogEvent) int64 { return place[e.Seq] }, 100, 1000)
	if len(links) == 1 && !q.Has("until") && q.Get("sortOrder") != "DESCENDING" {
		if n := len(page); n > 0 { // a polling query never ends: there is always a next page, if an empty one
			q.Set("after", encodeCursor(place[page[n-1].Seq]))
		}
		links = append(links, linkTo(c, q, "next"))
	}
	out := make([]any, len(page))
	for i, e := range page {
		out[i] = e.wire()
	}
	return reply{status: http.StatusOK, body: out, links: links}
}

func logRange(c *call, now time.Time) (since, until time.Time, bad *reply) {
	q := c.URL.Query()
	until = now.Add(time.Millisecond)
	var err error
	if q.Has("until") {
		if until, err = time.Parse(time.RFC3339, q.Get("until")); err != nil {
			return since, until, badExpression(codeBadInput, err)
		}
	}
	since = until.Add(-logStandard)
	if q.Has("since") {
		if since, err = time.Parse(time.RFC3339, q.Get("since")); err != nil {
			return since, until, badExpression(codeBadInput, err)
		}
	}
	if since.Before(now.Add(-logReach)) {
		r := problem(http.StatusBadRequest, codeLogRange, "The since parameter is over 180 days prior to the current day.")
		return since, until, &r
	}
	return since, until, nil
}

func (e LogEvent) attribute(name string) []string {
	var ids, types []string
	for _, t := range e.Targets {
		ids, types = append(ids, t.ID), append(types, t.Type)
	}
	return map[string][]string{
		"eventType": {e.Type}, "outcome.result": {e.Outcome}, "actor.id": {e.Actor.ID},
		"actor.alternateId": {e.Actor.AlternateID}, "target.id": ids, "target.type": types,
		"uuid": {e.ID}, "severity": {"INFO"},
	}[name]
}

func (e LogEvent) wire() map[string]any {
	targets := make([]any, len(e.Targets))
	for i, t := range e.Targets {
		targets[i] = t.wire()
	}
	return map[string]any{
		"uuid": e.ID, "published": stamp(e.At), "eventType": e.Type, "version": "0", "severity": "INFO",
		"displayMessage": e.Type, "actor": e.Actor.wire(), "target": targets,
		"outcome": map[string]any{"result": e.Outcome},
	}
}

func (t Target) wire() map[string]any {
	return map[string]any{"id": t.ID, "type": t.Type, "alternateId": t.AlternateID, "displayName": t.DisplayName}
}
