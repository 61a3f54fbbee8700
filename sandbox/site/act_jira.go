package site

import (
	"errors"
	"strings"

	"latchkey/sandbox/slack/world"
)

// accountOf is somebody's account in Jira; "" if there is none.
func (s *Site) accountOf(u world.User) string {
	for _, a := range s.world.Jira.Accounts() {
		if a.Active && u.Email != "" && strings.EqualFold(a.Email, u.Email) {
			return a.AccountID
		}
	}
	return ""
}

// inJira is what somebody does on an issue.
func (s *Site) inJira(who world.User, a act) error {
	account := s.accountOf(who)
	if account == "" {
		return errors.New(called(who) + " has no account in Jira")
	}
	if a.Do == "comment" {
		s.record("jira " + who.Name + " comments " + a.Issue + " " + quoted(a.Text))
		return s.world.Jira.Comment(account, a.Issue, a.Text, true)
	}
	s.record("jira " + who.Name + " answers " + a.Issue + " " + a.Do)
	return s.world.Jira.AnswerApproval(account, a.Issue, a.Do)
}
