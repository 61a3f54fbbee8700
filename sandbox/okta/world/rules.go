package world

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Rule puts every account whose attribute has a value into groups. Okta's rules take any expression of
// its expression language; the emulation models the equality of one profile attribute.
type Rule struct {
	ID, Name  string
	Status    string   // ACTIVE if empty; INACTIVE and INVALID rules do nothing
	Attribute string   // such as "department"
	Value     string   // such as "Design"
	Groups    []string // names or ids
}

// LiveRule is a group rule as it stands; Fed are its groups.
type LiveRule struct {
	Rule
	Seq     int64
	Fed     []*LiveGroup
	Exclude map[string]bool // ids of accounts taken out by hand or by API
	Created time.Time
}

// AddRule makes a group rule and applies it to everybody.
func (w *World) AddRule(in Rule) Rule {
	w.Update(func(s *State) {
		r := &LiveRule{Seq: s.next(), Exclude: map[string]bool{}, Created: s.Now()}
		in.ID = cmp.Or(in.ID, fmt.Sprintf("0pr%017d", r.Seq))
		in.Status = cmp.Or(in.Status, "ACTIVE")
		r.Rule = in
		for _, name := range in.Groups {
			if g := s.groupNamed(name); g != nil {
				r.Fed = append(r.Fed, g)
			}
		}
		s.Rules = append(s.Rules, r)
		s.note("rule.saved", r.ID)
		for _, u := range s.People {
			s.applyRules(u)
		}
	})
	return in
}

// RuleExclusions lists the logins that a rule (by name) may no longer add, in alphabetical order.
func (w *World) RuleExclusions(ruleName string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.state
	var logins []string
	for _, r := range s.Rules {
		for id := range r.Exclude {
			if u := s.UserByID[id]; u != nil && r.Name == ruleName {
				logins = append(logins, u.Login)
			}
		}
	}
	slices.Sort(logins)
	return logins
}

// applyRules brings the memberships that rules make for an account up to date.
func (s *State) applyRules(u *LiveUser) {
	for _, r := range s.Rules {
		if r.Status != "ACTIVE" || r.Exclude[u.ID] {
			continue
		}
		value := u.profileValue("profile." + r.Attribute)
		for _, g := range r.Fed {
			m := g.Members[u.ID]
			switch {
			case strings.EqualFold(value, r.Value) && s.put(g, u, r.ID):
				g.Changed = s.Now()
				s.record("group.user_membership.add", ruleAgent(), u.target(), g.target())
			case !strings.EqualFold(value, r.Value) && m != nil && m.rule == r.ID:
				s.take(g, u)
				g.Changed = s.Now()
				s.record("group.user_membership.remove", ruleAgent(), u.target(), g.target())
			}
		}
	}
}
