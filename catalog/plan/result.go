package plan

import (
	"maps"
	"slices"
	"time"

	"latchkey/catalog"
)

// Plan is what was found to be different.
func (c *Comparison) Plan() Plan {
	p := Plan{
		Old: c.files[was].Side, New: c.files[becomes].Side, Kinds: len(c.kinds), People: c.people, Requests: c.requests,
		Basis: "the two files", Unknown: slices.Sorted(maps.Keys(c.unknown)),
	}
	for k, g := range c.lines {
		p.Changes = append(p.Changes, c.line(k, g))
	}
	p.Changes = append(p.Changes, c.decidingLines()...)
	changed, standing := c.unfound()
	p.Changes, p.Standing = append(p.Changes, changed...), append(p.Standing, standing...)
	p.Standing = append(p.Standing, c.withoutEnd()...)
	if len(p.Changes) == 0 && p.Old.Version != p.New.Version {
		p.Changes = append(p.Changes, Line{Section: Else, Sign: Change, Says: "the catalogue says something else, which makes no difference to anybody who was judged"})
	}
	p.Changes, p.Standing = sorted(p.Changes), sorted(p.Standing)
	p.Changed = len(p.Changes) > 0
	return p
}

// By notes by what a plan was found out, where that is more than the two files.
func (p Plan) By(basis string, since time.Time) Plan {
	p.Basis, p.Since = basis, since
	return p
}

func (c *Comparison) line(k lineKey, g *gathered) Line {
	l := Line{Section: k.section, Sign: k.sign, About: k.about, Says: k.says, Count: g.count, Who: g.names}
	if len(g.kinds) > 0 {
		l.Who = append(l.Who, describe(c.kinds, g.kinds)...)
	}
	return l
}

// unfound are the sources of approvers that lead to nobody under the newer file: those that
// didn't before, and those that did.
func (c *Comparison) unfound() (changed, standing []Line) {
	for l, g := range c.lacks[becomes] {
		line := c.line(lineKey{Unfound, "", l.about, l.says}, g)
		before := c.lacks[was][l]
		if before != nil && before.count == g.count && slices.Equal(before.names, g.names) && slices.Equal(before.kinds, g.kinds) {
			standing = append(standing, line)
			continue
		}
		line.Sign = Gain
		changed = append(changed, line)
	}
	for l, g := range c.lacks[was] {
		if _, still := c.lacks[becomes][l]; !still {
			line := c.line(lineKey{Unfound, Loss, l.about, l.says}, g)
			changed = append(changed, line)
		}
	}
	return changed, standing
}

// withoutEnd are the roles that somebody may hold with no end, as before. That one may be by now is a change
// of its lengths.
func (c *Comparison) withoutEnd() (standing []Line) {
	var same []string
	for _, ref := range c.roles() {
		e, judged := c.endless[ref]
		if judged && e[was] && e[becomes] || !judged && c.mayBeEndless(ref) {
			same = append(same, c.label(ref))
		}
	}
	if len(same) == 0 {
		return nil
	}
	slices.Sort(same)
	return []Line{{Section: Length, Says: "can be held with no end", Count: len(same), Who: same[:min(len(same), mostNames)]}}
}

// mayBeEndless tells whether somebody of no kind that is told apart may hold a role with no end.
func (c *Comparison) mayBeEndless(ref catalog.RoleRef) bool {
	_, err := Kind{}.answers(c.files[becomes])(ref, catalog.Forever)
	return err == nil
}
