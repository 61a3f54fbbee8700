// Package site knows the site that the configuration points to: the project with
// its request type, form, fields and statuses, and who has which account there.
//
// Names in the configuration become ids here, once, and a configuration that
// doesn't fit the site is refused with the remedy.
package site

import (
	"net/url"
	"strings"
	"time"

	"latchkey/access"
)

// Site is what was discovered about the site, in ids.
type Site struct {
	AccountID   string // the bot's account id
	BaseURL     string // address for people
	Project     string // project key, as Jira writes it
	ServiceDesk string // service desk id
	Form        Form
	Lacks       []Lack            // values of the catalogue that lists on the form are without
	Statuses    map[string]Status // by key of Config.Statuses
	UntilField  string            // id of the field that holds the end; may be empty

	WaitingField string // id of the field that says whom the request waits for; may be empty
	DecidedField string // id of the field that says who decided; may be empty

	ApproversField   string // id of the field that Jira's approvals read; may be empty
	ApprovalsField   string // id of the field that shows Jira's approvals; may be empty
	RequestTypeField string // id of the field that holds the request type; may be empty

	Assignees map[string][]string // as Config.Assignees

	closesGranted bool // access without an end closes its issue

	seen         time.Time        // when it was looked at
	faults       []error          // what doesn't fit the configuration, with the remedy
	formFault    error            // one that keeps issues from being opened
	statusFaults map[string]error // by key of Config.Statuses
	names        *recalled        // nil: nothing is remembered
}

// recalled are the ids as they were, and those that are found now.
type recalled struct {
	before map[string]string
	now    map[string]string
	notes  []string // what is called otherwise by now
}

// Status is a status of the project's workflow.
type Status struct{ ID, Name string }

// Issue is an issue with its addresses for people. One that was moved to another
// project is not in this portal any more.
func (s *Site) Issue(id, key string) access.Issue {
	is := access.Issue{ID: id, Key: key, URL: s.BaseURL + "/browse/" + url.PathEscape(key)}
	if s.Form.Portal != "" && strings.HasPrefix(key, s.Project+"-") {
		is.Portal = s.BaseURL + "/servicedesk/customer/portal/" + url.PathEscape(s.Form.Portal) + "/" + url.PathEscape(key)
	}
	return is
}
