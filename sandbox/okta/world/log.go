package world

import (
	"fmt"
	"slices"
	"time"
)

// LogEvent is an entry of the System Log.
type LogEvent struct {
	ID      string
	Seq     int64
	At      time.Time // when it happened: its "published"
	Kept    time.Time // from when on the log shows it
	Type    string    // such as "group.user_membership.add"
	Actor   Target    // who did it
	Targets []Target
	Outcome string // SUCCESS or FAILURE
}

// Target is a party of a log event.
type Target struct{ ID, Type, AlternateID, DisplayName string }

// An actor is who changes things: the owner of the token, an administrator, a rule, a directory sync.
type Actor Target

// TokenOwner is who holds the org's API token.
func TokenOwner() Actor {
	return Actor{"00usandboxserviceacct", "User", "latchkey-service@sandbox.example", "Service account"}
}

func admin() Actor {
	return Actor{"00usandboxadminaccount", "User", "admin@sandbox.example", "Org administrator"}
}

func ruleAgent() Actor {
	return Actor{"sandboxgrouprules", "SystemPrincipal", "system@okta.com", "Okta System"}
}

func syncAgent() Actor {
	return Actor{"sandboxdirectorysync", "SystemPrincipal", "system@okta.com", "Directory sync"}
}

// RecordSSO writes that an account signed in to an application, or tried to: outcome is SUCCESS or
// FAILURE. It reports whether both exist. A success is also the account's last login.
func (w *World) RecordSSO(login, appID string, at time.Time, outcome string) bool {
	found := false
	w.Update(func(s *State) {
		u, a := s.FindUser(login), s.AppByID[appID]
		if found = u != nil && a != nil; !found {
			return
		}
		s.write(s.event("user.authentication.sso", at, Actor(u.target()), outcome, a.target(), u.target()))
		if outcome == "SUCCESS" && at.After(u.LastLogin) {
			u.LastLogin = at
			s.index(u)
		}
	})
	return found
}

// Log is the System Log in the order it was written.
func (w *World) Log() []LogEvent {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.state
	return slices.Clone(s.Log)
}

// SetLogLag changes how long what happens from now on takes to be in the System Log. Entries may so
// come there in another order than they happened.
func (w *World) SetLogLag(d time.Duration) {
	w.View(func(s *State) { s.settings.LogLag = d })
}

func (s *State) record(kind string, by Actor, targets ...Target) {
	s.write(s.event(kind, s.Now(), by, "SUCCESS", targets...))
}

func (s *State) write(e LogEvent) {
	s.Log = append(s.Log, e)
	s.note("log.written", e.ID)
}

func (s *State) event(kind string, at time.Time, by Actor, outcome string, targets ...Target) LogEvent {
	n := s.next()
	return LogEvent{
		ID: fmt.Sprintf("00000000-0000-4000-8000-%012d", n), Seq: n, At: at.UTC(), Kept: s.Now().Add(s.settings.LogLag),
		Type: kind, Actor: Target(by), Targets: targets, Outcome: outcome,
	}
}

// Attribute is one property of the entry as expressions name it.
func (e LogEvent) Attribute(name string) []string {
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
