package recovery

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// restoredCase is one case on its way back into the store.
type restoredCase struct {
	r     access.Request
	g     *access.Grant
	story []access.Event
}

// restoreAll restores cases and counts them.
func restoreAll(known *catalog.Catalog, recovered []access.RecoveredCase, now time.Time, out *Recovery) []restoredCase {
	var cases []restoredCase
	for _, m := range recovered {
		c, doubts := restore(known, m)
		for _, d := range append(slices.Clone(m.Doubts), doubts...) {
			out.Conflicts = append(out.Conflicts, Conflict{About: m.Request.Label(), Text: d})
		}
		cases = append(cases, c)
		out.count(c, now)
	}
	return cases
}

func (out *Recovery) count(c restoredCase, now time.Time) {
	out.Requests++
	if c.r.State == access.RequestPending {
		out.Waiting++
	}
	if c.g == nil {
		return
	}
	out.Grants++
	if c.g.Live() {
		out.Live++
	}
	if due := c.g.Due(); !due.IsZero() && !due.After(now) {
		out.Overdue++
	}
}

// restore takes the state as it was written down, or replays it from the story
// where it was too long for that. doubts say what does not fit.
func restore(known *catalog.Catalog, m access.RecoveredCase) (c restoredCase, doubts []string) {
	r, g, err := m.Replay(known)
	c = restoredCase{r: m.Request, g: m.Grant, story: m.Story}
	switch {
	case !m.Whole && err != nil:
		doubts = append(doubts, "Its state was too long for the issue, and the story in its comments breaks off: "+sentenceOf(err)+" Check what the person has")
		c.r, c.g = r, g
	case !m.Whole:
		c.r, c.g = r, g
	case err == nil && !sameCourse(r, g, m):
		doubts = append(doubts, "The state in the issue does not follow from its story; the state was used. Somebody may have changed the issue's property: check what the person has and until when")
	}
	if !m.Whole && m.Phase != "" && (access.Case{Request: c.r, Grant: c.g}).Phase() != m.Phase {
		doubts = append(doubts, fmt.Sprintf("The issue says %q, but its story ends at %q; the story was used", m.Phase, access.Case{Request: c.r, Grant: c.g}.Phase()))
	}
	c.r.Version = 0
	if c.g != nil {
		fresh := *c.g
		fresh.Version = 0
		c.g = &fresh
	}
	return c, doubts
}

func sentenceOf(err error) string {
	return strings.TrimSuffix(err.Error(), ".") + "."
}

// sameCourse compares what matters of a case told again with what was written down.
func sameCourse(r access.Request, g *access.Grant, m access.RecoveredCase) bool {
	if r.State != m.Request.State || r.Stage != m.Request.Stage || r.Allowed != m.Request.Allowed || (g == nil) != (m.Grant == nil) {
		return false
	}
	if g == nil {
		return true
	}
	if g.State != m.Grant.State || g.Person != m.Grant.Person || g.End != m.Grant.End || !g.Ends.Equal(m.Grant.Ends) {
		return false
	}
	return slices.EqualFunc(g.Entitlements, m.Grant.Entitlements, func(a, b access.Entitlement) bool { return a.Group == b.Group && a.State == b.State })
}

// collect brings the events of all cases into the order they happened in.
func collect(cases []restoredCase) access.Chain {
	var all []access.Event
	for _, c := range cases {
		all = append(all, c.story...)
	}
	return access.Assemble(all)
}

// damage words what is wrong with the old log, as far as the record shows it.
func damage(chain access.Chain) []Conflict {
	var out []Conflict
	for _, e := range chain.Breaks {
		out = append(out, Conflict{About: "log", Text: fmt.Sprintf(
			"Event %s of request %s was altered after it was sealed, or does not follow the event before it: compare the issue's comments with what people remember", e.ID(), e.Request)})
	}
	return out
}
