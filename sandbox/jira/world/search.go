package world

import (
	"cmp"
	"slices"
	"strings"
)

// orderLimit is the number of ORDER BY fields JQL accepts.
const orderLimit = 7

// CompileJQL parses JQL for a caller and refuses queries without a restriction.
func (s *State) CompileJQL(jql string, who *LiveAccount) (query, error) {
	b := binder{s, who}
	q, err := parseJQL(jql, b.bind)
	if err != nil {
		return q, err
	}
	if q.where == nil {
		return q, invalid("Unbounded JQL queries are not allowed here. Please add a search restriction to your query.")
	}
	if len(q.order) > orderLimit {
		return q, invalid("The maximum number of fields in ORDER BY is %d.", orderLimit)
	}
	for _, o := range q.order {
		if sortKey(o.field) == nil {
			return q, invalid("Field '%s' does not exist or you do not have permission to view it.", o.field)
		}
	}
	return q, nil
}

// Search returns the matching issues as the index sees them.
func (s *State) Search(q query, reconcile []int) []*LiveIssue {
	var hits []doc
	for _, is := range s.InOrder {
		if d, ok := s.indexed(is, reconcile); ok && !is.Archived && q.where.match(d) {
			hits = append(hits, d)
		}
	}
	q.sort(hits)
	hits = s.flap(hits)
	found := make([]*LiveIssue, len(hits))
	for i, d := range hits {
		found[i] = d.is
	}
	return found
}

// MatchJQL returns which of the issues a query holds for, as they are now. A
// query without a condition holds for none.
func (s *State) MatchJQL(jql string, who *LiveAccount, ids []int) ([]int, error) {
	matched := []int{}
	q, err := parseJQL(jql, binder{s, who}.bind)
	if err != nil || q.where == nil {
		return matched, err
	}
	for _, id := range ids {
		if is := s.Issues[id]; is != nil && q.where.match(is.doc()) {
			matched = append(matched, id)
		}
	}
	return matched, nil
}

// flap forgets the newest hit now and then: index visibility is not monotonic.
func (s *State) flap(hits []doc) []doc {
	s.searches++
	if s.Settings.SearchFlap <= 0 || len(hits) == 0 || s.searches%s.Settings.SearchFlap != 0 {
		return hits
	}
	newest := slices.MaxFunc(hits, func(a, b doc) int { return a.is.ID - b.is.ID })
	return slices.DeleteFunc(hits, func(d doc) bool { return d.is == newest.is })
}

func (q query) sort(hits []doc) {
	order := q.order
	if len(order) == 0 {
		order = []orderBy{{field: "created", desc: true}}
	}
	slices.SortStableFunc(hits, func(a, b doc) int {
		for _, o := range order {
			c := sortKey(o.field)(a, b)
			if o.desc {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return b.is.ID - a.is.ID
	})
}

func sortKey(field string) func(a, b doc) int {
	switch field {
	case "key", "issuekey", "id", "issue":
		return func(a, b doc) int {
			return cmp.Or(strings.Compare(a.project.Key, b.project.Key), a.number-b.number)
		}
	case "created", "createddate", "updated", "updateddate", "resolved", "resolutiondate":
		get := dateOf(field)
		return func(a, b doc) int { return get(a).Compare(get(b)) }
	case "summary":
		return func(a, b doc) int { return strings.Compare(a.summary, b.summary) }
	case "status":
		return func(a, b doc) int { return strings.Compare(a.status.Name, b.status.Name) }
	case "priority":
		return func(a, b doc) int { return strings.Compare(b.priority, a.priority) }
	case "reporter", "creator", "assignee":
		return func(a, b doc) int { return strings.Compare(a.person(field), b.person(field)) }
	}
	return nil
}

func (d doc) person(field string) string {
	switch field {
	case "reporter":
		return d.reporter
	case "creator":
		return d.creator
	}
	return d.assignee
}

// NextPageToken hands out the token that was just used when the site is told to
// misbehave, as it does when data drifts between pages.
func (s *State) NextPageToken(used, next string) string {
	if used == "" || s.repeats == 0 {
		return next
	}
	s.repeats--
	return used
}
