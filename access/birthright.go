package access

import (
	"slices"
	"time"

	"latchkey/catalog"
)

// AttributesOf are what a condition asks about somebody, as they are known at this moment.
func AttributesOf(p Person, around Circumstances) catalog.PersonAttributes {
	out := personAttributes(p, around.Groups)
	if around.Manager.ID != "" {
		out.Manager, out.ManagedBy = string(around.Manager.Email), addressesOf(around.Manager)
	}
	return out
}

// Gift is a role that somebody gets by a birthright.
type Gift struct {
	ID     string // of the grant to be; unique
	Person PersonID
	Rule   string // the birthright's id
	App    string
	Role   string
	Groups []catalog.GroupRef
	For    time.Duration // catalog.Forever: as long as the rule holds
	Why    string        // in words, for the log
}

// Give makes the grant of a birthright. It waits until the issue exists that says why.
func Give(b Gift, at time.Time) (Grant, Event, error) {
	if b.Person == "" || b.Rule == "" || len(b.Groups) == 0 {
		return Grant{}, Event{}, refuse(Invalid, "There is nothing to give.")
	}
	g := Grant{
		ID: b.ID, Person: b.Person, App: b.App, Role: b.Role, Source: SourceBirthright, Birthright: b.Rule,
		State: GrantWaiting, Wanted: b.For, Created: at,
	}
	for _, ref := range b.Groups {
		g.Entitlements = append(g.Entitlements, Entitlement{Group: ref, State: EntitlementWanted})
	}
	e := g.Event(EventGrantStarted, System(), at)
	e.Wanted, e.Groups, e.Birthright, e.Note = g.Wanted, b.Groups, b.Rule, b.Why
	return g, e, nil
}

// BirthrightChange is something that a birthright gives to somebody, or that the end of one takes from them, on its way.
type BirthrightChange struct {
	Rule  string
	App   string
	Role  string
	Gives bool
	For   time.Duration `json:",omitempty"` // of what is given

	First   time.Time // when it was seen first, and ever since
	Last    time.Time // when it was seen last
	Counted time.Time `json:",omitzero"`  // when it had been seen for long enough; zero: it hasn't
	Ends    time.Time `json:",omitzero"`  // of what is taken: when, once it counts
	Why     string    `json:",omitempty"` // in words
}

// Key tells one change of somebody's from another.
func (c BirthrightChange) Key() string {
	if c.Gives {
		return "give " + c.Rule + " " + c.App + "/" + c.Role
	}
	return "take " + c.Rule + " " + c.App + "/" + c.Role
}

// Ready reports whether the change is to be made: it counts, its time has come, and it was seen since then.
func (c BirthrightChange) Ready() bool {
	return !c.Counted.IsZero() && (c.Gives || !c.Last.Before(c.Ends))
}

// next is when the person has to be looked at because of it; zero: it waits for nothing.
func (c BirthrightChange) next(settle time.Duration) time.Time {
	switch {
	case c.Counted.IsZero():
		return c.First.Add(settle)
	case c.Gives || c.Ready():
		return time.Time{}
	}
	return c.Ends
}

// Followed is what somebody's birthrights come to after a look.
type Followed struct {
	Changes []BirthrightChange
	Counts  []BirthrightChange // those that count from this look on
	Next    time.Time          // when to look again; zero for when something happens
}

// Follow brings what is on its way up to date with a look at somebody. A change counts once two looks have seen it that lie apart by
// the time to settle, and none in between saw otherwise. What a look couldn't tell moves nothing: it neither counts nor goes.
func Follow(was []BirthrightChange, seen []catalog.Entitlement, has []Grant, b catalog.Birthrights, at time.Time) (f Followed) {
	for _, c := range wants(seen, has) {
		i := slices.IndexFunc(was, func(o BirthrightChange) bool { return o.Key() == c.Key() })
		if c.First = at; i >= 0 {
			c.First, c.Counted, c.Ends = was[i].First, was[i].Counted, was[i].Ends
		}
		c.Last = at
		if c.Counted.IsZero() && at.Sub(c.First) >= b.Settle {
			if c.Counted = at; !c.Gives {
				c.Ends = latest(at, c.First.Add(b.Grace))
			}
			f.Counts = append(f.Counts, c)
		}
		f.Changes = append(f.Changes, c)
	}
	for _, o := range was {
		if undetermined(seen, o) {
			f.Changes = append(f.Changes, o)
		}
	}
	f.Next = f.nextLook(b.Settle, at)
	return f
}

// unsureAgain is how soon somebody is looked at again of whom something couldn't be told.
const unsureAgain = 10 * time.Minute

func (f Followed) nextLook(settle time.Duration, at time.Time) (next time.Time) {
	for _, c := range f.Changes {
		when := c.next(settle)
		if !when.IsZero() && !when.After(at) { // this look couldn't tell
			when = at.Add(unsureAgain)
		}
		next = earliest(next, when)
	}
	return next
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// undetermined tells whether a look couldn't tell what becomes of a change.
func undetermined(seen []catalog.Entitlement, c BirthrightChange) bool {
	return slices.ContainsFunc(seen, func(e catalog.Entitlement) bool {
		return e.Rule == c.Rule && e.Role == catalog.RoleRef{App: c.App, Role: c.Role} && e.Truth == catalog.Unknown
	})
}

// wants are what somebody is to get, and to lose, by what a look has seen. Of several rules that give a role the first counts; what
// another one gave stays as long as that holds.
func wants(seen []catalog.Entitlement, has []Grant) (out []BirthrightChange) {
	given := map[catalog.RoleRef]bool{}
	for _, e := range seen {
		g, there := heldBy(has, e)
		switch {
		case e.Truth == catalog.Yes && there:
			given[e.Role] = true
		case e.Truth == catalog.No && there:
			out = append(out, BirthrightChange{Rule: e.Rule, App: g.App, Role: g.Role, Why: whyNot(e)})
		}
	}
	for _, e := range seen {
		if e.Truth == catalog.Yes && !given[e.Role] && !declined(has, e) {
			given[e.Role] = true
			out = append(out, BirthrightChange{Rule: e.Rule, App: e.Role.App, Role: e.Role.Role, Gives: true, For: e.For, Why: catalog.Says(e.Clauses)})
		}
	}
	return append(out, orphans(seen, has)...)
}

// whyNot says of what isn't to be had any more why that is.
func whyNot(e catalog.Entitlement) string {
	if len(e.Clauses) > 0 {
		return "the policy refuses it: " + catalog.Says(e.Clauses)
	}
	return "the rule " + e.Rule + " doesn't hold any more"
}

// heldBy finds what somebody has by a rule.
func heldBy(has []Grant, e catalog.Entitlement) (Grant, bool) {
	i := slices.IndexFunc(has, func(g Grant) bool { return g.Live() && comesOf(g, e) })
	if i < 0 {
		return Grant{}, false
	}
	return has[i], true
}

// comesOf tells whether a grant is what a rule gave.
func comesOf(g Grant, e catalog.Entitlement) bool {
	return g.Source == SourceBirthright && g.Birthright == e.Rule && g.App == e.Role.App && g.Role == e.Role.Role
}

// orphans are what somebody has by rules that there are no more, or that don't give it any more.
func orphans(seen []catalog.Entitlement, has []Grant) (out []BirthrightChange) {
	for _, g := range has {
		known := slices.ContainsFunc(seen, func(e catalog.Entitlement) bool { return comesOf(g, e) })
		if g.Source == SourceBirthright && g.Live() && !known {
			out = append(out, BirthrightChange{Rule: g.Birthright, App: g.App, Role: g.Role, Why: "the rule " + g.Birthright + " isn't in the configuration any more, or doesn't give it"})
		}
	}
	return out
}

// declined tells whether somebody was given a role by the rule before, and it ended otherwise than by the rule: it was
// given back, taken away or has run out. Then a rule doesn't give it again; it can be asked for.
func declined(has []Grant, e catalog.Entitlement) bool {
	last := Grant{}
	for _, g := range has {
		if comesOf(g, e) && (last.ID == "" || g.Created.After(last.Created)) {
			last = g
		}
	}
	switch {
	case last.ID == "":
		return false
	case last.State != GrantEnded:
		return !last.Revoking // what is on its way is there; what is just being taken away is given anew
	case last.End == EndMoved, last.End == EndLeft, last.End == EndOffboarded, last.End == EndUnrecorded:
		return false
	}
	return true
}
