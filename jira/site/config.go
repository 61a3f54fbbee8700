package site

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The keys of Config.Statuses, Config.Transitions and Config.Resolutions.
const (
	Pending   = "pending"
	Approved  = "approved"
	Manual    = "manual"
	Active    = "active"
	Stuck     = "stuck"
	Denied    = "denied"
	Cancelled = "cancelled"
	Ended     = "ended"
)

// Further keys of Config.Resolutions: what came of a request, where that is more than its
// status says. Granted is a value of Config.CloseOn, too.
const (
	Granted = "granted"
	Revoked = "revoked"
	Lapsed  = "lapsed"
)

// Emergency is a key of Config.Assignees, like Manual and Stuck.
const Emergency = "emergency"

// Keys lists the status keys in the order in which a request usually meets them.
func Keys() []string {
	return []string{Pending, Approved, Manual, Active, Stuck, Denied, Cancelled, Ended}
}

// The keys of Config.Fields.
const (
	FieldApp       = "app"
	FieldRole      = "role"
	FieldDuration  = "duration"
	FieldReason    = "reason"
	FieldUntil     = "until"
	FieldApprovers = "approvers"
	FieldWaiting   = "waiting_for"
	FieldDecided   = "decided_by"
)

// Config says which project to write to and how its workflow is named.
type Config struct {
	Project     string // project key
	RequestType string // name of the request type, as the portal shows it

	// Statuses maps every key of Keys to the name or id of a status. Several keys may
	// share one.
	Statuses map[string]string
	// Transitions names the transition to take to a key's status. Needed only
	// where several lead there.
	Transitions map[string]string
	// Resolutions names the resolution to set for denied, cancelled and ended, and for
	// granted, revoked and lapsed, in whose place the one of the status stands where they
	// are missing. It is sent only where the transition's screen has the field.
	Resolutions map[string]string
	// Fields maps app, role, duration, reason, until, waiting_for, decided_by and
	// approvers to a field's id or name; all are optional. The first four are on the
	// form: they are filled in, and read from requests that people make in the portal.
	// The next three are kept up to date: until when access lasts, whom the request waits
	// for, and who decided. approvers is the field that Jira's own approvals take their
	// approvers from.
	Fields map[string]string
	// CloseOn is when the issue of access without an end is closed: Granted, or Ended.
	CloseOn string
	// RevocationLink names the type of link between the issue of a revocation and those it belongs to: its review's, and
	// that of the request by which the access came. Empty: Relates, which every site has.
	RevocationLink string
	// Assignees are the addresses of those to whom issues are assigned that need somebody,
	// by the keys Manual, Stuck and Emergency: the first of each whom Jira takes. Of what is
	// made by hand those who make it, where the key is missing.
	Assignees map[string][]string
	// Choices are the values that fields of the form will have to show, by the keys
	// of Fields, as they are at the moment; nil: nobody says which.
	Choices func() map[string][]string
}

// Faults are the faults of the configuration, one sentence each.
func (c Config) Faults() []error {
	var faults []error
	for _, need := range []struct{ key, value, remedy string }{
		{"jira.project", c.Project, "set it to the key of the service project, for example IT"},
		{"jira.request_type", c.RequestType, "set it to the name of the request type, as the portal shows it"},
	} {
		if strings.TrimSpace(need.value) == "" {
			faults = append(faults, fmt.Errorf("%s is missing: %s", need.key, need.remedy))
		}
	}
	for _, key := range Keys() {
		if strings.TrimSpace(c.Statuses[key]) == "" {
			faults = append(faults, fmt.Errorf("jira.statuses.%s is missing: name the status an issue has then", key))
		}
	}
	return append(faults,
		checkKeys("jira.statuses", c.Statuses, Keys()),
		checkKeys("jira.transitions", c.Transitions, Keys()),
		checkKeys("jira.resolutions", c.Resolutions, []string{Denied, Cancelled, Ended, Granted, Revoked, Lapsed}),
		checkKeys("jira.fields", c.Fields, []string{FieldApp, FieldRole, FieldDuration, FieldReason, FieldUntil, FieldApprovers, FieldWaiting, FieldDecided}))
}

func checkKeys(name string, m map[string]string, known []string) error {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if !slices.Contains(known, key) {
			return fmt.Errorf("%s.%s is unknown: use one of %s", name, key, strings.Join(known, ", "))
		}
	}
	return nil
}
