package access

import (
	"slices"
	"time"
)

// Rejoin puts somebody of whom the record tells in the place of whoever was met anew under
// another id by an account that is surely theirs: both are one human. kept has the id that
// the record has, is known by all that both were known by, and stands as they were seen
// last. gone is what is left of the other: the history, and who it is now. ok is false
// where they share no such account, anything contradicts, or whoever has it was known
// before the record tells of the account: then it went from one human to another.
func Rejoin(recorded, anew Person, at time.Time) (kept, gone Person, ok bool) {
	if !firstKnown(anew).After(firstKnown(recorded)) || !oneHuman(recorded, anew) {
		return recorded, anew, false
	}
	kept = anew
	kept.ID, kept.Bindings = recorded.ID, slices.Clone(recorded.Bindings)
	for _, b := range anew.Bindings {
		kept = rejoined(kept, b)
	}
	if kept.Offboarded.IsZero() {
		kept.Offboarded = recorded.Offboarded
	}
	kept.United = append(slices.Clone(anew.United), anew.ID)
	gone = anew.end(at, func(Binding) bool { return true })
	gone.Same, gone.Still = recorded.ID, nil
	return kept.inStep(), gone, true
}

// firstKnown is when somebody became known.
func firstKnown(p Person) (first time.Time) {
	for _, b := range p.Bindings {
		if first.IsZero() || b.Since.Before(first) {
			first = b.Since
		}
	}
	return first
}

// oneHuman tells whether two people share an account that is surely that of each, and
// nothing contradicts: neither has another one in the same system only, and none of
// either was said not to be the other's.
func oneHuman(a, b Person) bool {
	mine, theirs := AccountsOf(a), AccountsOf(b)
	if slices.ContainsFunc(mine, func(m Binding) bool { return b.Denies(m.System, m.ID) }) ||
		slices.ContainsFunc(theirs, func(t Binding) bool { return a.Denies(t.System, t.ID) }) {
		return false
	}
	surely := false
	for _, m := range mine {
		i := slices.IndexFunc(theirs, func(t Binding) bool { return t.System == m.System && t.ID == m.ID })
		switch {
		case i >= 0:
			surely = surely || Weaker(m.Level, theirs[i].Level).AtLeast(AssuranceChecked)
		case b.Account(m.System) != "" && !shareOne(mine, theirs, m.System):
			return false
		}
	}
	return surely
}

// shareOne tells whether two lists have an account of a system in common.
func shareOne(mine, theirs []Binding, system string) bool {
	return slices.ContainsFunc(mine, func(m Binding) bool {
		return m.System == system && slices.ContainsFunc(theirs, func(t Binding) bool { return t.System == system && t.ID == m.ID })
	})
}

// rejoined adds what somebody was known by under another id. An account that is theirs
// already goes on being bound as it was, unless it was proved or said since.
func rejoined(p Person, b Binding) Person {
	same := func(mine Binding) bool { return mine.Live() && mine.System == b.System && mine.ID == b.ID }
	switch i := slices.IndexFunc(p.Bindings, same); {
	case !b.Live():
	case !b.IsAccount():
		b.Reused = b.Reused || i >= 0 && p.Bindings[i].Reused
		return p.put(b)
	case i >= 0 && (!b.tied() || !b.Level.AtLeast(p.Bindings[i].Level)):
		return p
	case i >= 0:
		p = p.end(b.Since, same)
	}
	p.Bindings = append(p.Bindings, b)
	return p
}
