package access

import (
	"slices"
	"time"
)

// Absorb gives a person all that another one was known by, because both are one human.
// Of two accounts in a system both stay theirs; the person's own goes on being the one
// they are written to. gone is what is left of the other: the history, and who it is now.
func Absorb(p, o Person, how string, at time.Time) (kept, gone Person) {
	kept = p
	kept.Bindings = slices.Clone(p.Bindings)
	for _, b := range o.Bindings {
		was := b
		if was.Live() {
			was.Until = later(b.Since, at)
		}
		kept.Bindings = append(kept.Bindings, was)
		switch _, has := p.shown(b.System, func(mine Binding) bool { return mine.Live() && mine.Source == b.Source }); {
		case !b.Live():
		case b.IsAccount():
			kept.Bindings = append(kept.Bindings, Binding{System: b.System, ID: b.ID, Level: AssuranceByIT, How: how, Since: at})
		case !has:
			b.Since = at
			kept.Bindings = append(kept.Bindings, b)
		}
	}
	if kept.Offboarded.IsZero() {
		kept.Offboarded = o.Offboarded
	}
	kept.United = append(append(slices.Clone(p.United), o.ID), o.United...)
	gone = o.end(at, func(Binding) bool { return true })
	gone.Same, gone.Still = p.ID, nil
	return kept.inStep(), gone
}

// Split takes one account from a person, because another human has it. What it shows
// is theirs no more.
func Split(p Person, system, id string, at time.Time) Person {
	first := p.Account(system) == id
	return p.end(at, func(b Binding) bool {
		return b.System == system && b.ID == id || first && !b.IsAccount() && b.Source == system
	})
}
