package access

import (
	"slices"
	"time"
)

// Course is how far a request and its grant have come, in as few words as it
// takes to see whether a story that is told again ends where it ended.
type Course struct {
	Phase   Phase
	Request RequestState
	Stage   int           `json:",omitempty"`
	Allowed time.Duration `json:",omitempty"`
	Grant   GrantState    `json:",omitempty"`
	Until   time.Time     `json:",omitzero"`
	End     End           `json:",omitempty"`
	Groups  []Entitlement `json:",omitempty"`
}

// CourseOf takes the course of a request and its grant, if there is one.
func CourseOf(r Request, g *Grant) Course {
	c := Course{Phase: phaseOf(r, g), Request: r.State, Stage: r.Stage, Allowed: r.Allowed}
	if g != nil {
		c.Grant, c.Until, c.End, c.Groups = g.State, g.Ends, g.End, g.Entitlements
	}
	return c
}

// Same reports whether two courses ended alike. What was noted of a group before
// it was changed does not count: no event tells it (Grant.Pin).
func (c Course) Same(o Course) bool {
	return c.Phase == o.Phase && c.Request == o.Request && c.Stage == o.Stage && c.Allowed == o.Allowed &&
		c.Grant == o.Grant && c.End == o.End && c.Until.Equal(o.Until) &&
		slices.EqualFunc(c.Groups, o.Groups, func(a, b Entitlement) bool {
			return a.Group == b.Group && a.State == b.State && a.Before == b.Before && a.Missing == b.Missing
		})
}
