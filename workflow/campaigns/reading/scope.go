package reading

import (
	"context"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/campaigns/targets"
	"latchkey/workflow/people"
)

// scope is what a review is about, with the people whom its addresses mean.
type scope struct {
	catalog.ReviewScope
	managers, people map[access.PersonID]bool
	left             map[access.PersonID]catalog.ReviewExclude
	departments      map[string]bool // as they are compared
}

// meant finds out whom the addresses of a review mean. One that means nobody is a fault: it would leave out, or let in, others than are meant.
func (p *pass) meant(ctx context.Context) (scope, error) {
	is := p.Campaign.Review.Scope
	s := scope{is, map[access.PersonID]bool{}, map[access.PersonID]bool{}, map[access.PersonID]catalog.ReviewExclude{}, map[string]bool{}}
	var fault error
	find := func(address string) access.PersonID {
		who, err := p.People.Meant(ctx, access.NewEmail(address))
		if err != nil && fault == nil {
			if fault = people.Softly(err); fault == nil {
				fault = people.Rejected("The review %s names %s, who is nobody that is known: correct the address, or take it out", p.Campaign.Review.ID, address)
			}
		}
		return who.ID
	}
	for _, d := range is.Departments {
		s.departments[catalog.Fold(d)] = true
	}
	for _, a := range is.Managers {
		s.managers[find(a)] = true
	}
	for _, a := range is.People {
		s.people[find(a)] = true
	}
	for _, e := range is.Exclude {
		if e.Person != "" {
			s.left[find(e.Person)] = e
		}
	}
	return s, fault
}

// personal tells whether a review is about some people and not about others in the same place.
func (s *scope) personal() bool { return len(s.managers)+len(s.people)+len(s.left) > 0 }

// includes tells whether a review is about a membership.
func (s *scope) includes(f *fact, at time.Time) bool {
	a, in := f.account, f.member.department
	return (len(s.departments) == 0 || in != nil && s.departments[in.name]) &&
		(len(s.managers) == 0 || a.managedBy != "" && s.managers[a.managedBy]) &&
		(len(s.people) == 0 || a.who != "" && s.people[a.who]) &&
		(len(s.Sources) == 0 || slices.Contains(s.Sources, access.ReviewSourceOf(f.grant.source))) &&
		(s.OlderThan == 0 || f.grant.since.IsZero() || at.Sub(f.grant.since) >= s.OlderThan)
}

// excluded is why nobody decides on a membership; "" where somebody does.
func (s *scope) excluded(f *fact) string {
	if f.Excluded != "" {
		return f.Excluded
	}
	if len(s.left) == 0 {
		return ""
	}
	if e, out := s.left[f.account.who]; out && f.account.who != "" {
		return targets.Exclusion(e)
	}
	return ""
}
