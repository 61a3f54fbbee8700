package access

import (
	"fmt"
	"slices"
	"strings"

	"latchkey/catalog"
)

// HoldingsOf are what grants give somebody, or are about to, until they have ended: what is being taken
// away is still there.
func HoldingsOf(grants []Grant) (has catalog.Holdings) {
	for _, g := range grants {
		if g.State == GrantEnded || g.Source == SourceAdopted && !Given(g) {
			continue
		}
		has.Roles = append(has.Roles, catalog.RoleRef{App: g.App, Role: g.Role})
		for _, e := range g.Entitlements {
			if e.Missing || e.State != EntitlementWanted && e.State != EntitlementHeld {
				continue
			}
			if has.Groups == nil {
				has.Groups = map[catalog.GroupRef]catalog.Truth{}
			}
			has.Groups[e.Group] = catalog.Yes
		}
	}
	return has
}

// ExceptionsOf are what somebody may have together because of grants that live.
func ExceptionsOf(grants []Grant) (out []catalog.Exception) {
	for _, g := range grants {
		if g.Live() {
			out = append(out, g.Exceptions...)
		}
	}
	return out
}

// Conflicts says which of what somebody has can't go together, and isn't allowed by a grant that lives. groups are
// those that they were seen to be in, or not to be in, whoever put them there.
func Conflicts(c *catalog.Catalog, grants []Grant, groups map[catalog.GroupRef]catalog.Truth) []catalog.Violation {
	has, allowed := HoldingsOf(grants).And(catalog.Holdings{Groups: groups}), ExceptionsOf(grants)
	return slices.DeleteFunc(c.Violations(has), func(v catalog.Violation) bool {
		return v.Conflict.Excepts() && v.AmongExceptions(allowed)
	})
}

// allowed are the exceptions by which who gets the access has something else for a while. One by which they have the
// role itself already carries nothing that is to last longer than it, nor does one beside which they have the same for good.
func (a Ask) allowed() []catalog.Exception {
	carry := func(g Grant) bool {
		lasting := func(o Grant) bool {
			return o.ID != g.ID && o.State != GrantEnded && o.App == g.App && o.Role == g.Role && len(o.Exceptions) == 0
		}
		return (g.App != a.App || g.Role != a.Role) && !slices.ContainsFunc(a.Beside.Grants, lasting)
	}
	return ExceptionsOf(slices.DeleteFunc(slices.Clone(a.Beside.Grants), func(g Grant) bool { return !carry(g) }))
}

// holdings are what who gets the access has, with what the same submission asks for besides.
func (a Ask) holdings() catalog.Holdings {
	has := HoldingsOf(a.Beside.Grants).And(catalog.Holdings{Groups: a.Around.Groups})
	for _, r := range a.Beside.Requests {
		asked := r.State == RequestPending || r.State == RequestApproved
		if asked && a.Origin != "" && r.Origin == a.Origin && r.Beneficiary == a.Beneficiary.ID && r.Unlisted == "" {
			has.Roles = append(has.Roles, catalog.RoleRef{App: r.App, Role: r.Role})
		}
	}
	return has
}

// conflicting refuses a role that can't go with what somebody has. Where it isn't known whether they have it, that is
// said: it may be known in a moment.
func (a Ask) conflicting(c *catalog.Catalog, list []catalog.Violation) error {
	ref := catalog.RoleRef{App: a.App, Role: a.Role}
	known := slices.IndexFunc(list, func(v catalog.Violation) bool { return v.Known })
	v := list[max(known, 0)]
	name, other := c.PlainName(ref.Holding()), c.PlainName(catalog.Other(c, v, ref))
	have := "you have or have just asked for"
	if a.Beneficiary.ID != a.Requester.ID {
		have = a.Beneficiary.Display() + " has"
	}
	rule := fmt.Sprintf(" (That is the conflict %s of the policy.)", v.Conflict.ID)
	if known < 0 {
		return Refuse(Undetermined, "role", fmt.Sprintf("%s can't go with %s, and it can't be found out now whether %s that. Please try again in a while.%s", name, other, have, rule))
	}
	say := fmt.Sprintf("%s can't go with %s, which %s: %s", name, other, have, sentence(v.Conflict.Why))
	if a.late && a.Extends == "" && v.Conflict.Exception.Allowed() {
		say += " That wasn't known when it was asked for. Asked for again, it can be decided as an exception."
	}
	return Refuse(NotAllowed, "role", say+rule)
}

// sentence has a text end as a sentence does.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?") {
		return s
	}
	return s + "."
}

// InSpiteOf says what access can't go with and is had with all the same, as part of a record; "" if there is nothing.
func InSpiteOf(list []catalog.Exception) string {
	var out []string
	for _, e := range list {
		said := e.With
		if e.Unsure {
			said += ", of which it isn't known whether it is held"
		}
		out = append(out, said+" (conflict "+e.Conflict+")")
	}
	if len(out) == 0 {
		return ""
	}
	return "It can't go, by the policy, with " + strings.Join(out, "; with ") + "."
}
