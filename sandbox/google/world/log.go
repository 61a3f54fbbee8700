package world

import (
	"slices"
	"time"
)

// Activity is an entry of the audit log.
type Activity struct {
	ID          int64
	At          time.Time // when it happened
	Shown       time.Time // from when reports have it
	Application string    // token, saml, login, admin
	Type, Event string
	Actor       string // the id of an account; "" for none
	Email       string
	Parameters  []Parameter
}

// Parameter is what an entry says more; the values of one that may have several stand in Values.
type Parameter struct {
	Name, Value string
	Values      []string
}

// Record writes into the audit log what somebody did.
func (w *World) Record(a Activity) {
	w.Update(func(s *State) { s.record(a) })
}

func (s *State) record(a Activity) {
	if a.At.IsZero() {
		a.At = s.Now()
	}
	if u := s.User(a.Actor); u != nil {
		a.Actor, a.Email = u.ID, u.Email
	}
	a.ID, a.Shown = -4_000_000_000_000_000_000+s.Number(), s.Now().Add(s.LogLag)
	s.Log = append(s.Log, a)
	s.note("activity", number(a.ID))
}

// SetLogLag changes how long what happens from now on takes to be in reports.
func (w *World) SetLogLag(d time.Duration) { w.Lag(func(s *Settings) { s.LogLag = d }) }

// Authorize records that somebody let an app, by its OAuth client id, act for them; refused
// that they were kept from it.
func (w *World) Authorize(account, clientID, name string, at time.Time, refused bool) {
	event := "authorize"
	if refused {
		event = "request"
	}
	w.Record(Activity{At: at, Application: "token", Type: "auth", Event: event, Actor: account, Parameters: []Parameter{
		{Name: "client_id", Value: clientID}, {Name: "app_name", Value: name}, {Name: "client_type", Value: "WEB"}, {Name: "scope", Values: []string{"openid"}},
	}})
}

// CallAPI records that an app used what it was let do.
func (w *World) CallAPI(account, clientID, name string, at time.Time) {
	w.Record(Activity{At: at, Application: "token", Type: "auth", Event: "activity", Actor: account, Parameters: []Parameter{
		{Name: "client_id", Value: clientID}, {Name: "app_name", Value: name}, {Name: "api_name", Value: "drive"}, {Name: "method_name", Value: "drive.files.get"},
	}})
}

// SAML records a sign-in to an application by SAML, or one that failed.
func (w *World) SAML(account, application string, at time.Time, failed bool) {
	event := "login_success"
	if failed {
		event = "login_failure"
	}
	w.Record(Activity{At: at, Application: "saml", Type: "login", Event: event, Actor: account, Parameters: []Parameter{
		{Name: "application_name", Value: application}, {Name: "initiated_by", Value: "sp"}, {Name: "orgunit_path", Value: "/"},
	}})
}

// Reported are the entries of an application that reports have by now, the latest first.
func (s *State) Reported(application string) (all []Activity) {
	now := s.Now()
	for _, a := range s.Log {
		if a.Application == application && !a.Shown.After(now) {
			all = append(all, a)
		}
	}
	slices.SortStableFunc(all, func(a, b Activity) int { return b.At.Compare(a.At) })
	return all
}

// audit records what an administrator did to an account.
func (s *State) audit(event, address string) {
	s.record(Activity{Application: "admin", Type: "USER_SETTINGS", Event: event, Email: "admin@" + s.Domains[0], Parameters: []Parameter{{Name: "USER_EMAIL", Value: address}}})
}

func (s *State) auditEdit(was, is User) {
	if Folded(is.Email) != Folded(was.Email) {
		s.audit("RENAME_USER", was.Email)
	}
	if is.Title != was.Title || is.Department != was.Department || is.Kind != was.Kind || is.Location != was.Location {
		s.audit("CHANGE_USER_ORGANIZATION", is.Email)
	}
	if is.Manager != was.Manager {
		s.audit("CHANGE_USER_RELATION", is.Email)
	}
	switch {
	case is.Suspended && !was.Suspended:
		s.audit("SUSPEND_USER", is.Email)
	case was.Suspended && !is.Suspended:
		s.audit("UNSUSPEND_USER", is.Email)
	case is.Archived != was.Archived:
		s.audit(map[bool]string{true: "ARCHIVE_USER", false: "UNARCHIVE_USER"}[is.Archived], is.Email)
	}
}
