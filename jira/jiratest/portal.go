package jiratest

import (
	"context"
	"time"

	"latchkey/access"
	sandbox "latchkey/sandbox/jira"
)

// NobodyKnows takes every issue for one that was not dealt with.
func NobodyKnows(string, time.Time) bool { return false }

// Changes reads what was changed since a moment and expects one issue.
func (d *Desk) Changes(since time.Time) access.IssueSnapshot {
	d.T.Helper()
	seen, err := d.Client.Snapshots.Changes(context.Background(), since, NobodyKnows)
	if err != nil {
		d.T.Fatalf("Changes: %v", err)
	}
	if len(seen) != 1 {
		d.T.Fatalf("%d issues seen, want 1: %+v", len(seen), seen)
	}
	return seen[0]
}

// Account is the id of somebody's account in Jira.
func (d *Desk) Account(email access.PersonID) string {
	d.T.Helper()
	for _, a := range d.Site.Accounts() {
		if a.Email == string(email) {
			return a.AccountID
		}
	}
	d.T.Fatalf("%s has no account", email)
	return ""
}

// WithForm gives the request type fields of its own.
func WithForm(cfg *sandbox.Config) {
	text := "com.atlassian.jira.plugin.system.customfieldtypes:textfield"
	cfg.Fields = []sandbox.Field{
		{ID: "customfield_10070", Name: "Application", Type: "string", Custom: text, OnForm: true},
		{ID: "customfield_10071", Name: "Role", Type: "option", Custom: "com.atlassian.jira.plugin.system.customfieldtypes:select", OnForm: true, Options: []string{"Editor", "Viewer"}},
		{ID: "customfield_10072", Name: "Duration", Type: "string", Custom: text, OnForm: true},
	}
}

// MapFields starts again with fields of the form that are Latchkey's.
func (d *Desk) MapFields(fields map[string]string) {
	d.Config.Site.Fields = fields
	d.Restart()
}

// Raise lets somebody ask in the portal.
func (d *Desk) Raise(who access.PersonID, fields map[string]any) string {
	d.T.Helper()
	key, err := d.Site.RaiseRequest(d.Account(who), fields)
	if err != nil {
		d.T.Fatal(err)
	}
	return key
}
