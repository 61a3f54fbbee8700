package jira

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// orderLimit is the number of ORDER BY fields JQL accepts.
const orderLimit = 7

// compile parses JQL for a caller and refuses queries without a restriction.
func (w *world) compile(jql string, who *account) (query, error) {
	b := binder{w, who}
	q, err := parseJQL(jql, b.bind)
	if err != nil {
		return q, err
	}
	if q.where == nil {
		return q, refuse(http.StatusBadRequest, "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.")
	}
	if len(q.order) > orderLimit {
		return q, refuse(http.StatusBadRequest, "The maximum number of fields in ORDER BY is %d.", orderLimit)
	}
	for _, o := range q.order {
		if sortKey(o.field) == nil {
			return q, refuse(http.StatusBadRequest, "Field '%s' does not exist or you do not have permission to view it.", o.field)
		}
	}
	return q, nil
}

// search returns the matching issues as the index sees them.
func (w *world) search(q query, reconcile []int) []doc {
	var hits []doc
	for _, is := range w.order {
		if d, ok := w.indexed(is, reconcile); ok && q.where.match(d) {
			hits = append(hits, d)
		}
	}
	q.sort(hits)
	return w.flap(hits)
}

// flap forgets the newest hit now and then: index visibility is not monotonic.
func (w *world) flap(hits []doc) []doc {
	w.searches++
	if w.cfg.SearchFlap <= 0 || len(hits) == 0 || w.searches%w.cfg.SearchFlap != 0 {
		return hits
	}
	newest := slices.MaxFunc(hits, func(a, b doc) int { return a.is.id - b.is.id })
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
		return b.is.id - a.is.id
	})
}

func sortKey(field string) func(a, b doc) int {
	switch field {
	case "key", "issuekey", "id", "issue":
		return func(a, b doc) int {
			return cmp.Or(strings.Compare(a.project.key, b.project.key), a.number-b.number)
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
