package world

import (
	"encoding/json"
	"fmt"
	"strings"
)

// AddAccount adds a person, or replaces the one with the same account id, and
// returns the account with its defaults filled in.
func (w *World) AddAccount(in Account) Account {
	var out Account
	// Adding cannot fail.
	_ = w.Update(func(s *State) error {
		out = s.AddAccount(in).Account
		return nil
	})
	return out
}

// Accounts lists all accounts in the order they were added; the bot is first.
func (w *World) Accounts() []Account {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state.allAccounts()
}

func (s *State) allAccounts() []Account {
	out := make([]Account, 0, len(s.People))
	for _, id := range s.People {
		out = append(out, s.Accounts[id].Account)
	}
	return out
}

// on runs a person's verb on an issue.
func (w *World) on(accountID, key string, f func(s *State, who *LiveAccount, is *LiveIssue) error) error {
	return w.Update(func(s *State) error {
		who, err := s.person(accountID)
		if err != nil {
			return err
		}
		is := s.FindIssue(key)
		if is == nil {
			return fmt.Errorf("no issue %s in Jira: check the key", key)
		}
		return f(s, who, is)
	})
}

// Transition moves the issue along the transition with that name, as the
// person would in the browser: a required resolution is filled in with the
// first one that fits the target status. Portal-only customers may use
// transitions that the portal shows, everybody else all that are offered.
func (w *World) Transition(accountID, issueKey, transitionName string) error {
	return w.on(accountID, issueKey, func(s *State, who *LiveAccount, is *LiveIssue) error {
		var names []string
		for _, t := range s.Workflow.Offered(is.Status) {
			if !t.Customer && !who.Browses() {
				continue
			}
			names = append(names, t.Name)
			if strings.EqualFold(t.Name, transitionName) {
				return s.Transition(is, accountID, s.stepInBrowser(t))
			}
		}
		return fmt.Errorf("%s is %q and offers no transition %q to %s: choose one of %q",
			is.Key, is.Status.Name, transitionName, who.name(), names)
	})
}

func (s *State) stepInBrowser(t *Transition) TransitionInput {
	st := TransitionInput{Transition: t.ID}
	if f := t.screenField("resolution"); f == nil || !f.Required && s.Workflow.FindStatus(t.To).Category != "done" {
		return st
	}
	name := s.resolutionName("", t.To)
	if name == "" {
		name = s.Settings.Resolutions[0]
	}
	raw, err := json.Marshal(map[string]string{"name": name})
	if err != nil {
		return st
	}
	st.Fields = map[string]json.RawMessage{"resolution": raw}
	return st
}

// Comment writes a comment. Internal ones need an agent.
func (w *World) Comment(accountID, issueKey, body string, public bool) error {
	return w.on(accountID, issueKey, func(s *State, who *LiveAccount, is *LiveIssue) error {
		if !public && !who.Agent {
			return fmt.Errorf("%s is no agent and cannot write internal comments", who.name())
		}
		if !who.Browses() && !is.Involves(accountID) {
			return fmt.Errorf("%s cannot see %s", who.name(), is.Key)
		}
		text, err := FromWiki(body)
		if err != nil {
			return err
		}
		s.AddComment(is, accountID, text, public, VisibilityProperty(public))
		return nil
	})
}

// AnswerApproval answers the open approval of the issue for the person.
// Decision is "approve" or "decline".
func (w *World) AnswerApproval(accountID, issueKey, decision string) error {
	return w.on(accountID, issueKey, func(s *State, _ *LiveAccount, is *LiveIssue) error {
		if len(is.Approvals) == 0 {
			return fmt.Errorf("%s has no approval: its status %q is not configured with one", is.Key, is.Status.Name)
		}
		return s.AnswerApproval(is, is.Approvals[len(is.Approvals)-1], accountID, decision)
	})
}

// RaiseRequest fills in the portal form and returns the new issue's key. Rich
// texts are wiki text, users [{"accountId": …}].
func (w *World) RaiseRequest(accountID string, fields map[string]any) (string, error) {
	return w.RaiseRequestFor(accountID, accountID, fields)
}

// RaiseRequestFor is RaiseRequest by an agent in the name of somebody else, who
// becomes the reporter.
func (w *World) RaiseRequestFor(accountID, reporter string, fields map[string]any) (string, error) {
	values, err := rawValues(fields)
	if err != nil {
		return "", err
	}
	var key string
	err = w.Update(func(s *State) error {
		if _, err := s.person(accountID); err != nil {
			return err
		}
		if err := s.MayRaiseFor(reporter); err != nil {
			return err
		}
		is, err := s.RaiseRequest(RequestInput{Creator: accountID, Reporter: reporter, Fields: values, Channel: "portal"})
		if err == nil {
			key = is.Key
		}
		return err
	})
	return key, err
}

func rawValues(fields map[string]any) (map[string]json.RawMessage, error) {
	out := make(map[string]json.RawMessage, len(fields))
	for id, v := range fields {
		raw, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("field %s cannot be written as JSON: %w", id, err)
		}
		out[id] = raw
	}
	return out, nil
}

// EditField sets one field as a person would. Rich texts are wiki text.
func (w *World) EditField(accountID, issueKey, field string, value any) error {
	values, err := rawValues(map[string]any{field: value})
	if err != nil {
		return err
	}
	return w.on(accountID, issueKey, func(s *State, who *LiveAccount, is *LiveIssue) error {
		f := s.FieldByID(field)
		if f == nil || !who.Browses() {
			return fmt.Errorf("%s cannot edit the field %q of %s", who.name(), field, is.Key)
		}
		items, err := s.SetField(is, f, values[field], wikiText)
		if err == nil {
			s.LogChange(is, accountID, nil, items...)
		}
		return err
	})
}

// DeleteIssue deletes the issue for good.
func (w *World) DeleteIssue(accountID, issueKey string) error {
	return w.on(accountID, issueKey, func(s *State, who *LiveAccount, is *LiveIssue) error {
		if !who.Browses() {
			return fmt.Errorf("%s cannot delete %s from the portal", who.name(), is.Key)
		}
		s.DeleteIssue(is)
		return nil
	})
}

// ArchiveIssue makes the issue read only and takes it out of searches, or brings it
// back.
func (w *World) ArchiveIssue(accountID, issueKey string, archived bool) error {
	return w.on(accountID, issueKey, func(s *State, who *LiveAccount, is *LiveIssue) error {
		if !who.Browses() {
			return fmt.Errorf("%s cannot archive %s from the portal", who.name(), is.Key)
		}
		is.Archived = archived
		s.touch(is)
		return nil
	})
}

// MoveIssue moves the issue to another project, which is created when it is
// new, and returns the new key. The old key keeps leading to the issue.
func (w *World) MoveIssue(accountID, issueKey, projectKey string) (string, error) {
	var key string
	err := w.on(accountID, issueKey, func(s *State, who *LiveAccount, is *LiveIssue) error {
		if !who.Browses() {
			return fmt.Errorf("%s cannot move %s from the portal", who.name(), is.Key)
		}
		s.move(is, accountID, s.project(projectKey, projectKey))
		key = is.Key
		return nil
	})
	return key, err
}

// EditComment changes what a comment says, as its author can, and whoever may edit all comments.
func (w *World) EditComment(accountID, issueKey, commentID, text string) error {
	return w.on(accountID, issueKey, func(s *State, _ *LiveAccount, is *LiveIssue) error {
		m := is.FindComment(commentID)
		if m == nil {
			return NoComment(commentID)
		}
		body, err := FromWiki(text)
		if err == nil {
			s.EditComment(is, m, accountID, body, nil)
		}
		return err
	})
}

// DeleteComment deletes a comment by id.
func (w *World) DeleteComment(accountID, issueKey, commentID string) error {
	return w.on(accountID, issueKey, func(s *State, _ *LiveAccount, is *LiveIssue) error {
		m := is.FindComment(commentID)
		if m == nil {
			return NoComment(commentID)
		}
		s.DeleteComment(is, m)
		return nil
	})
}

// DeleteProperty deletes an issue property, as another app with edit
// permission could.
func (w *World) DeleteProperty(accountID, issueKey, key string) error {
	return w.on(accountID, issueKey, func(s *State, _ *LiveAccount, is *LiveIssue) error {
		return s.DeleteProperty(is, key)
	})
}

// SetProperty writes a property, as whoever may edit the issue can. The value is
// JSON.
func (w *World) SetProperty(accountID, issueKey, key, value string) error {
	return w.on(accountID, issueKey, func(s *State, _ *LiveAccount, is *LiveIssue) error {
		p := Property{Key: key, Value: json.RawMessage(value)}
		if err := p.Check(); err != nil {
			return err
		}
		s.SetProperty(is, p)
		return nil
	})
}
