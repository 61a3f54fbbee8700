package world

import (
	"fmt"
	"slices"
	"strings"
)

// Rule is one of the desk's automations: whenever somebody else writes a comment
// that customers can read, it takes a transition where that is offered. Desks have
// such rules from the start.
type Rule struct {
	Transition string // by name
	Account    string // account id it acts as
}

// RemoveRule switches an automation off.
func (w *World) RemoveRule(r Rule) error {
	return w.Update(func(s *State) error {
		s.rules = slices.DeleteFunc(s.rules, func(o Rule) bool { return o == r })
		s.note("workflow.changed", r.Transition)
		return nil
	})
}

// AddRule switches an automation on.
func (w *World) AddRule(r Rule) error {
	return w.Update(func(s *State) error {
		if s.Accounts[r.Account] == nil {
			return fmt.Errorf("no Jira account %q: add it with AddAccount first", r.Account)
		}
		s.rules = append(s.rules, r)
		s.note("workflow.changed", r.Transition)
		return nil
	})
}

// automate carries out what the rules say about a new comment. What a rule does sets
// off no other.
func (s *State) automate(is *LiveIssue, c *LiveComment) {
	for _, r := range s.rules {
		if !c.Public || c.Author == r.Account {
			continue
		}
		for _, t := range s.Workflow.Offered(is.Status) {
			if strings.EqualFold(t.Name, r.Transition) {
				// A rule whose transition is refused does nothing.
				_ = s.Transition(is, r.Account, TransitionInput{Transition: t.ID})
				break
			}
		}
	}
}
