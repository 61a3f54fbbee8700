package campaigns

import (
	"slices"
	"time"

	"latchkey/catalog"
)

// includes tells whether a review is about a membership.
func (s scope) includes(f fact, at time.Time) bool {
	a := f.account
	in := func(department string) bool { return catalog.Fold(department) == a.department }
	return (len(s.Departments) == 0 || slices.ContainsFunc(s.Departments, in)) &&
		(len(s.managers) == 0 || a.managedBy != "" && s.managers[a.managedBy]) &&
		(len(s.people) == 0 || a.who != "" && s.people[a.who]) &&
		(len(s.Sources) == 0 || slices.Contains(s.Sources, sourceOf(f.grant.source))) &&
		(s.OlderThan == 0 || f.grant.since.IsZero() || at.Sub(f.grant.since) >= s.OlderThan)
}

// excluded is why nobody decides on a membership; "" where somebody does.
func (s scope) excluded(f fact) string {
	if f.excluded != "" {
		return f.excluded
	}
	if e, out := s.left[f.account.who]; out && f.account.who != "" {
		return exclusion(e)
	}
	return ""
}
