package site

import (
	"net/url"
	"strings"
)

// Site is what the client learns about Jira before it works with it.
type Site struct {
	AccountID   string // the bot's account id
	BaseURL     string // address for people
	Project     string // project key, as Jira writes it
	ServiceDesk string // service desk id
	Form        Form
	Statuses    map[string]Status // by key of Config.Statuses
	UntilField  string            // id of the field that holds the end; may be empty

	ApproversField   string // id of the field that Jira's approvals read; may be empty
	ApprovalsField   string // id of the field that shows Jira's approvals; may be empty
	RequestTypeField string // id of the field that holds the request type; may be empty
}

// Status is a status of the workflow.
type Status struct{ ID, Name string }

// IssueURL is the issue's address for people.
func (s *Site) IssueURL(key string) string { return s.BaseURL + "/browse/" + url.PathEscape(key) }

// StatusID finds the id of a status by its name; "" if it has no key.
func (s *Site) StatusID(name string) string {
	for _, st := range s.Statuses {
		if strings.EqualFold(st.Name, name) {
			return st.ID
		}
	}
	return ""
}
