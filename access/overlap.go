package access

import (
	"slices"
	"time"

	"latchkey/catalog"
)

// This file says what several grants of one person have to do with each other where they open the same group: which of them
// needs it, explains that the person is in it, or gave it.

// Needs reports whether the grant is a reason for the person to be in the group
// now. A grant that still waits for its record is not: it will put the person in
// when it begins, and may never begin. Nor is what was found, and is there no more.
func (g Grant) Needs(ref catalog.GroupRef) bool {
	e, opens := g.Entitlement(ref)
	return opens && g.Live() && g.State != GrantWaiting && !lapsed(g, e)
}

// lapsed tells of one of a grant's groups that the membership was found, not given, and
// was seen to be there no more. It is no reason for anything until it is found again:
// who is put into the group meanwhile is there by what was approved, and for so long.
func lapsed(g Grant, e Entitlement) bool {
	return g.Source == SourceAdopted && g.State == GrantActive && e.Missing
}

// NeededBy finds another grant among others that still needs the group. One of which it
// is known that it gave the group to another account of the same person, as they have
// after two people turned out to be one, is no reason for this account to be in it.
func (g Grant) NeededBy(ref catalog.GroupRef, others []Grant) (Grant, bool) {
	for _, o := range others {
		if o.ID != g.ID && o.Person == g.Person && o.Needs(ref) && !apart(g, o, ref) {
			return o, true
		}
	}
	return Grant{}, false
}

// apart tells whether two grants are known to be about different accounts in a group.
func apart(g, o Grant, ref catalog.GroupRef) bool {
	mine, _ := g.Entitlement(ref)
	theirs, _ := o.Entitlement(ref)
	return mine.Account != "" && theirs.Account != "" && mine.Account != theirs.Account
}

// Explains reports whether the grant accounts for finding the person in the
// group: it was seen to put them there, or to find them there, and has not yet
// been seen to let go. A grant that has not touched the group explains nothing.
func (g Grant) Explains(ref catalog.GroupRef) bool {
	e, ok := g.Entitlement(ref)
	return ok && g.State != GrantEnded && !lapsed(g, e) && (e.State == EntitlementHeld || e.State == EntitlementWanted && e.Absent)
}

// FoundBefore is the grant among others that explains the membership, in a group, of the
// account that g is about as one that was found, whether it is still there or not.
func FoundBefore(g Grant, ref catalog.GroupRef, others []Grant) (Grant, bool) {
	mine, _ := g.Entitlement(ref)
	i := slices.IndexFunc(others, func(o Grant) bool {
		e, opens := o.Entitlement(ref)
		return opens && o.Source == SourceAdopted && o.State == GrantActive && o.ID != g.ID && o.Person == g.Person &&
			mine.Account != "" && e.Account == mine.Account && e.GroupID == mine.GroupID
	})
	if i < 0 {
		return Grant{}, false
	}
	return others[i], true
}

// GivenBesides reports whether a membership that was seen at a moment, after it had been
// missing from what g explains, may be another grant's doing. Where that one misses it,
// too, somebody else brought it back.
func GivenBesides(g Grant, ref catalog.GroupRef, others []Grant, seen time.Time) bool {
	return slices.ContainsFunc(others, func(o Grant) bool {
		e, _ := o.Entitlement(ref)
		open := o.State != GrantEnded && (e.State == EntitlementHeld || e.State == EntitlementWanted)
		return (open || o.State == GrantEnded && !o.Finished.Before(seen)) && gave(e) && o.ID != g.ID && o.Person == g.Person && !apart(g, o, ref)
	})
}

// gave tells of one of a grant's groups whether the membership is, or may be, Latchkey's
// own work, and not only what was found. Whoever was seen not to be there is there by
// somebody else's, if they are again.
func gave(e Entitlement) bool { return (e.Absent || e.Sent) && !e.Missing }

// Restored are those of the others that g puts right by giving the group: they gave it, too,
// and somebody took it away past Latchkey.
func Restored(g Grant, ref catalog.GroupRef, others []Grant) (all []Grant) {
	for _, o := range others {
		e, opens := o.Entitlement(ref)
		if opens && e.Missing && o.State == GrantActive && o.Source != SourceAdopted && o.ID != g.ID && o.Person == g.Person && !apart(g, o, ref) {
			all = append(all, o)
		}
	}
	return all
}

// Unexplained reports whether a membership that g found when it came to add the
// person is explained by nobody: neither by what g itself has done before nor by
// another grant.
func (g Grant) Unexplained(ref catalog.GroupRef, others []Grant) bool {
	return !slices.ContainsFunc(append(others[:len(others):len(others)], g), func(o Grant) bool {
		return o.Person == g.Person && o.Explains(ref)
	})
}

// Untouched reports whether g has changed nothing about the group so far. Its
// end then has nothing to take back.
func (g Grant) Untouched(ref catalog.GroupRef) bool {
	e, ok := g.Entitlement(ref)
	return ok && e.State == EntitlementWanted && !e.Absent
}

// PassOn returns those of the others that take over what g knows of a group it
// leaves alone: the membership is Latchkey's own work, so whoever comes to add
// the person must not take it for one that was there before. Where it was found,
// not given, they look themselves: it may have gone meanwhile.
func (g Grant) PassOn(ref catalog.GroupRef, others []Grant) []Grant {
	mine, _ := g.Entitlement(ref)
	found := func(o Grant) bool {
		e, opens := o.Entitlement(ref)
		was := opens && o.Source == SourceAdopted && o.State == GrantActive && o.Person == g.Person && o.ID != g.ID && !apart(g, o, ref)
		return was && !(lapsed(o, e) && gave(mine))
	}
	if g.Untouched(ref) || slices.ContainsFunc(others, found) {
		return nil
	}
	var out []Grant
	for _, o := range others {
		e, _ := o.Entitlement(ref)
		takes := o.Untouched(ref) || gave(mine) && !gave(e) && o.Explains(ref)
		if o.ID != g.ID && o.Person == g.Person && takes && !apart(g, o, ref) {
			out = append(out, o.Pin(ref, mine.Account, mine.GroupID, true))
		}
	}
	return out
}
