package okta

import (
	"cmp"
	"fmt"
	"net/http"
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

type rule struct {
	Rule
	seq     int64
	groups  []*group
	exclude map[string]bool // ids of accounts taken out by hand or by API
	created time.Time
}

// AddRule makes a group rule and applies it to everybody.
func (s *Server) AddRule(in Rule) Rule {
	s.change(func() {
		r := &rule{seq: s.next(), exclude: map[string]bool{}, created: s.now()}
		in.ID = cmp.Or(in.ID, fmt.Sprintf("0pr%017d", r.seq))
		in.Status = cmp.Or(in.Status, "ACTIVE")
		r.Rule = in
		for _, name := range in.Groups {
			if g := s.groupNamed(name); g != nil {
				r.groups = append(r.groups, g)
			}
		}
		s.rules = append(s.rules, r)
		for _, u := range s.people {
			s.applyRules(u)
		}
	})
	return in
}

// RuleExclusions lists the logins that a rule (by name) may no longer add, in alphabetical order.
func (s *Server) RuleExclusions(ruleName string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var logins []string
	for _, r := range s.rules {
		for id := range r.exclude {
			if u := s.users[id]; u != nil && r.Name == ruleName {
				logins = append(logins, u.Login)
			}
		}
	}
	slices.Sort(logins)
	return logins
}

// applyRules brings the memberships that rules make for an account up to date.
func (s *Server) applyRules(u *user) {
	for _, r := range s.rules {
		if r.Status != "ACTIVE" || r.exclude[u.ID] {
			continue
		}
		value := u.profileValue("profile." + r.Attribute)
		for _, g := range r.groups {
			m := g.members[u.ID]
			switch {
			case strings.EqualFold(value, r.Value) && g.join(u, s.next(), r.ID):
				g.changed = s.now()
				s.record("group.user_membership.add", ruleAgent, u.target(), g.target())
			case !strings.EqualFold(value, r.Value) && m != nil && m.rule == r.ID:
				g.leave(u)
				g.changed = s.now()
				s.record("group.user_membership.remove", ruleAgent, u.target(), g.target())
			}
		}
	}
}

func (s *Server) listRules(c *call) reply {
	page, links := pageOf(c, s.rules, func(r *rule) int64 { return r.seq }, 50, 200)
	out := make([]any, len(page))
	for i, r := range page {
		out[i] = r.wire()
	}
	return reply{status: http.StatusOK, body: out, links: links}
}

func (r *rule) wire() map[string]any {
	excluded, groups := []string{}, []string{}
	for id := range r.exclude {
		excluded = append(excluded, id)
	}
	slices.Sort(excluded)
	for _, g := range r.groups {
		groups = append(groups, g.ID)
	}
	return map[string]any{
		"type": "group_rule", "id": r.ID, "status": r.Status, "name": r.Name,
		"created": stamp(r.created), "lastUpdated": stamp(r.created),
		"conditions": map[string]any{
			"people": map[string]any{
				"users":  map[string]any{"exclude": excluded},
				"groups": map[string]any{"exclude": []string{}},
			},
			"expression": map[string]any{
				"type": "urn:okta:expression:1.0", "value": fmt.Sprintf("user.%s==%q", r.Attribute, r.Value),
			},
		},
		"actions": map[string]any{"assignUserToGroups": map[string]any{"groupIds": groups}},
	}
}
