package evidence

import (
	"strconv"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// column is one column of a table about nouns of type T.
type column[T any] struct {
	name string
	text func(T) string
}

func header[T any](columns []column[T]) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.name
	}
	return out
}

func row[T any](columns []column[T], v T) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.text(v)
	}
	return out
}

func requestColumns(n *names) []column[access.Request] {
	type r = access.Request
	return []column[r]{
		{"request", func(r r) string { return r.ID }},
		{"issue", func(r r) string { return r.Issue.Key }},
		{"requester", func(r r) string { return n.at(r.Requester, r.Created) }},
		{"person", func(r r) string { return n.at(r.Beneficiary, r.Created) }},
		{"app", func(r r) string { return r.App }},
		{"role", func(r r) string { return r.Role }},
		{"wanted", func(r r) string { return catalog.ShortDuration(r.Wanted) }},
		{"allowed", func(r r) string { return catalog.ShortDuration(r.Allowed) }},
		{"reason", func(r r) string { return r.Reason }},
		{"state", func(r r) string { return string(r.State) }},
		{"answers", func(r r) string { return answers(n, r) }},
		{"created", func(r r) string { return stamp(r.Created) }},
		{"decided", func(r r) string { return stamp(r.Decided) }},
		{"lapses", func(r r) string { return stamp(r.Lapses) }},
	}
}

func answers(n *names, r access.Request) string {
	var out []string
	for _, s := range r.Stages {
		for _, a := range s.Answers {
			word := "yes"
			if !a.Yes {
				word = "no"
			}
			if a.Reused {
				word += " to an earlier stage, counted here too,"
			}
			out = append(out, word+" by "+n.at(a.By.Person, a.At)+" via "+string(a.By.Via)+" at "+stamp(a.At))
		}
	}
	return strings.Join(out, "; ")
}

func grantColumns(n *names) []column[access.Grant] {
	type g = access.Grant
	return []column[g]{
		{"grant", func(g g) string { return g.ID }},
		{"request", func(g g) string { return g.Request }},
		{"person", func(g g) string { return n.at(g.Person, g.Created) }},
		{"app", func(g g) string { return g.App }},
		{"role", func(g g) string { return g.Role }},
		{"source", func(g g) string { return string(g.Source) }},
		{"state", func(g g) string { return string(g.State) }},
		{"groups", func(g g) string { return groups(g) }},
		{"created", func(g g) string { return stamp(g.Created) }},
		{"started", func(g g) string { return stamp(g.Started) }},
		{"ends", func(g g) string { return stamp(g.Ends) }},
		{"finished", func(g g) string { return stamp(g.Finished) }},
		{"end", func(g g) string { return string(g.End) }},
		{"ended_by", func(g g) string { return n.at(g.EndedBy.Person, g.Finished) }},
		{"problem", func(g g) string { return g.Problem }},
	}
}

func groups(g access.Grant) string {
	var out []string
	for _, e := range g.Entitlements {
		out = append(out, e.Group.String()+" "+string(e.State))
	}
	return strings.Join(out, "; ")
}

// eventColumns are the columns of the log; with stable, without the one that says
// where in the log an event stands.
func eventColumns(n *names, stable bool) []column[access.Event] {
	type e = access.Event
	out := []column[e]{
		{"at", func(e e) string { return stamp(e.At) }},
		{"kind", func(e e) string { return string(e.Kind) }},
		{"request", func(e e) string { return e.Request }},
		{"grant", func(e e) string { return e.Grant }},
		{"person", func(e e) string { return n.at(e.Person, e.At) }},
		{"app", func(e e) string { return e.App }},
		{"role", func(e e) string { return e.Role }},
		{"actor", func(e e) string { return n.at(e.Actor.Person, e.At) }},
		{"in_place_of", func(e e) string { return n.at(e.For, e.At) }},
		{"via", func(e e) string { return string(e.Actor.Via) }},
		{"account", func(e e) string { return e.Actor.Account }},
		{"group", func(e e) string { return groupOf(e) }},
		{"approvers", func(e e) string { return n.joined(e.Approvers, e.At) }},
		{"reason", func(e e) string { return unless(e.Erased, e.Reason) }},
		{"until", func(e e) string { return stamp(e.Until) }},
		{"end", func(e e) string { return string(e.End) }},
		{"note", func(e e) string { return unless(e.Erased, e.Note) }},
		{"answer", func(e e) string { return string(e.Answer) }},
		{"direction", func(e e) string { return string(e.Direction) }},
		{"event", func(e e) string { return e.ID }},
		{"number", func(e e) string { return strconv.FormatUint(e.N, 10) }},
		{"leaf", func(e e) string { return e.Leaf.String() }},
		{"follows", func(e e) string { return e.Prev.String() }},
	}
	if stable {
		return out
	}
	return append(out, column[e]{"place", func(e e) string { return strconv.FormatUint(e.Place, 10) }})
}

// unless is a text, or that it was erased.
func unless(erased bool, text string) string {
	if erased {
		return "erased"
	}
	return text
}

func groupOf(e access.Event) string {
	if e.Group == nil {
		return ""
	}
	return e.Group.String()
}

// stamp writes a time; empty for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
