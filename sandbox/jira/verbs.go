package jira

import (
	"encoding/json"
	"fmt"
	"strings"
)

// AddAccount adds a person, or replaces the one with the same account id, and
// returns the account with its defaults filled in.
func (s *Server) AddAccount(in Account) Account {
	var out Account
	// Adding cannot fail.
	_ = s.change(func(w *world) error {
		out = w.addAccount(in).Account
		return nil
	})
	return out
}

// Accounts lists all accounts in the order they were added; the bot is first.
func (s *Server) Accounts() []Account {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Account, 0, len(s.world.people))
	for _, id := range s.world.people {
		out = append(out, s.world.accounts[id].Account)
	}
	return out
}

// on runs a person's verb on an issue.
func (s *Server) on(accountID, key string, f func(w *world, who *account, is *issue) error) error {
	return s.change(func(w *world) error {
		who, err := w.person(accountID)
		if err != nil {
			return err
		}
		is := w.find(key)
		if is == nil {
			return fmt.Errorf("no issue %s in Jira: check the key", key)
		}
		return f(w, who, is)
	})
}

// Transition moves the issue along the transition with that name, as the
// person would in the browser: a required resolution is filled in with the
// first one that fits the target status. Portal-only customers may use
// transitions that the portal shows, everybody else all that are offered.
func (s *Server) Transition(accountID, issueKey, transitionName string) error {
	return s.on(accountID, issueKey, func(w *world, who *account, is *issue) error {
		var names []string
		for _, t := range w.flow.offered(is.status) {
			if !t.Customer && !who.browses() {
				continue
			}
			names = append(names, t.Name)
			if strings.EqualFold(t.Name, transitionName) {
				return w.advance(is, accountID, w.personalStep(t))
			}
		}
		return fmt.Errorf("%s is %q and offers no transition %q to %s: choose one of %q",
			is.key, is.status.Name, transitionName, who.name(), names)
	})
}

func (w *world) personalStep(t *Transition) step {
	st := step{id: t.ID}
	if f := t.screenField("resolution"); f == nil || !f.Required && w.flow.status(t.To).Category != "done" {
		return st
	}
	name := w.resolutionName("", t.To)
	if name == "" {
		name = w.cfg.Resolutions[0]
	}
	raw, err := json.Marshal(obj{"name": name})
	if err != nil {
		return st
	}
	st.fields = map[string]json.RawMessage{"resolution": raw}
	return st
}

// Comment writes a comment. Internal ones need an agent.
func (s *Server) Comment(accountID, issueKey, body string, public bool) error {
	return s.on(accountID, issueKey, func(w *world, who *account, is *issue) error {
		if !public && !who.Agent {
			return fmt.Errorf("%s is no agent and cannot write internal comments", who.name())
		}
		if !who.browses() && !is.involves(accountID) {
			return fmt.Errorf("%s cannot see %s", who.name(), is.key)
		}
		text, err := fromWiki(body)
		if err != nil {
			return err
		}
		w.addComment(is, accountID, text, public, visibility(public))
		return nil
	})
}

// AnswerApproval answers the open approval of the issue for the person.
// Decision is "approve" or "decline".
func (s *Server) AnswerApproval(accountID, issueKey, decision string) error {
	return s.on(accountID, issueKey, func(w *world, _ *account, is *issue) error {
		if len(is.approvals) == 0 {
			return fmt.Errorf("%s has no approval: its status %q is not configured with one", is.key, is.status.Name)
		}
		return w.answer(is, is.approvals[len(is.approvals)-1], accountID, decision)
	})
}

// RaiseRequest fills in the portal form and returns the new issue's key. Rich
// texts are wiki text, users [{"accountId": …}].
func (s *Server) RaiseRequest(accountID string, fields map[string]any) (string, error) {
	values, err := rawValues(fields)
	if err != nil {
		return "", err
	}
	var key string
	err = s.change(func(w *world) error {
		if _, err := w.person(accountID); err != nil {
			return err
		}
		if err := w.mayRaiseFor(accountID); err != nil {
			return err
		}
		is, err := w.raise(requestInput{creator: accountID, reporter: accountID, fields: values, channel: "portal"})
		if err == nil {
			key = is.key
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
func (s *Server) EditField(accountID, issueKey, field string, value any) error {
	values, err := rawValues(map[string]any{field: value})
	if err != nil {
		return err
	}
	return s.on(accountID, issueKey, func(w *world, who *account, is *issue) error {
		f := w.field(field)
		if f == nil || !who.browses() {
			return fmt.Errorf("%s cannot edit the field %q of %s", who.name(), field, is.key)
		}
		items, err := w.set(is, f, values[field], wikiText)
		if err == nil {
			w.record(is, accountID, nil, items...)
		}
		return err
	})
}

// DeleteIssue deletes the issue for good.
func (s *Server) DeleteIssue(accountID, issueKey string) error {
	return s.on(accountID, issueKey, func(w *world, who *account, is *issue) error {
		if !who.browses() {
			return fmt.Errorf("%s cannot delete %s from the portal", who.name(), is.key)
		}
		w.remove(is)
		return nil
	})
}

// MoveIssue moves the issue to another project, which is created when it is
// new, and returns the new key. The old key keeps leading to the issue.
func (s *Server) MoveIssue(accountID, issueKey, projectKey string) (string, error) {
	var key string
	err := s.on(accountID, issueKey, func(w *world, who *account, is *issue) error {
		if !who.browses() {
			return fmt.Errorf("%s cannot move %s from the portal", who.name(), is.key)
		}
		w.move(is, accountID, w.project(projectKey, projectKey))
		key = is.key
		return nil
	})
	return key, err
}

// DeleteComment deletes a comment by id.
func (s *Server) DeleteComment(accountID, issueKey, commentID string) error {
	return s.on(accountID, issueKey, func(w *world, _ *account, is *issue) error {
		m := is.comment(commentID)
		if m == nil {
			return noComment(commentID)
		}
		w.deleteComment(is, m)
		return nil
	})
}

// DeleteProperty deletes an issue property, as another app with edit
// permission could.
func (s *Server) DeleteProperty(accountID, issueKey, key string) error {
	return s.on(accountID, issueKey, func(w *world, _ *account, is *issue) error {
		return w.deleteProperty(is, key)
	})
}

// SetProperty writes a property, as whoever may edit the issue can. The value is
// JSON.
func (s *Server) SetProperty(accountID, issueKey, key, value string) error {
	return s.on(accountID, issueKey, func(w *world, _ *account, is *issue) error {
		p := property{Key: key, Value: json.RawMessage(value)}
		if err := p.check(); err != nil {
			return err
		}
		w.setProperty(is, p)
		return nil
	})
}
