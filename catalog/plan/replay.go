package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
)

// Past is a request that was made lately, and what it would come to today under either file: by how the
// people in it are known now.
type Past struct {
	Label  string // its issue, or its id
	Made   access.Request
	Before Judged
	After  Judged
}

// Judged is what an ask comes to.
type Judged struct {
	Request access.Request
	Err     error
}

// Request compares what a request would come to.
func (c *Comparison) Request(p Past) {
	ref := catalog.RoleRef{App: p.Made.App, Role: p.Made.Role}
	o, n := p.Before.verdict(), p.After.verdict()
	if o == "" || n == "" {
		c.Unknown(fmt.Sprintf("what %s would come to: %v", p.Label, firstOf(p.Before.Err, p.After.Err)))
		return
	}
	c.requests++
	if o == n {
		if o, n = c.asks(was, p.Before), c.asks(becomes, p.After); o == n {
			return
		}
	}
	c.gather(lineKey{Replayed, Change, c.label(ref), o + " → " + n}, one{name: p.Label + ", then " + then(p.Made)})
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// verdict is what it comes to, in words; "" where that isn't known.
func (j Judged) verdict() string {
	refusal, refused := access.AsRefusal(j.Err)
	switch {
	case refused:
		return "refused: " + whyNot(refusal)
	case j.Err != nil:
		return ""
	}
	return wayOf(j.Request)
}

// asks are whom the first stage asks.
func (c *Comparison) asks(side int, j Judged) string {
	if j.Err != nil || len(j.Request.Stages) == 0 {
		return ""
	}
	d := c.files[side].Resolve(j.Request)
	names := slices.Sorted(maps.Values(d.Who))
	if len(names) > mostSaid {
		names = append(names[:mostSaid:mostSaid], fmt.Sprintf("%d more", len(names)-mostSaid))
	}
	return "asks " + strings.Join(names, ", ")
}

// mostSaid is how many names stand in a sentence.
const mostSaid = 5

// then is what came of a request when it was made.
func then(r access.Request) string {
	said := "asked"
	switch {
	case r.BreakGlass:
		said = "taken in an emergency"
	case len(r.Stages) == 0:
		said = "nobody was asked"
	}
	return said + ", " + string(r.State) + ", for " + lengthOf(r)
}

func lengthOf(r access.Request) string {
	if r.Allowed == catalog.Forever {
		return catalog.FormatDuration(r.Wanted)
	}
	return catalog.FormatDuration(r.Allowed)
}
