package recovery

import (
	"fmt"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// table is what a case is compared with.
type table struct {
	catalog *catalog.Catalog
	live    *live
	people  recordedPeople
}

// decide says what becomes of each case, by this table. All of them are signed, and
// stand where they were written.
//
//	is it the newest?  it says                the group shows     fate
//	no                 active                 the person          disputed
//	no                 anything else          whatever            left out
//	yes                of a protected group   nobody looks        left out
//	yes                outside the catalogue  whatever            disputed if active, else unconfirmed
//	yes                active                 the person          resumed
//	yes                active                 not the person      resumed as missing
//	yes                approved, not given    whatever            unconfirmed
//	yes                pending, ended, …      whatever            resumed
//
// Those that are left out are listed and taken from the cases.
func decide(cases []restoredCase, t table, out *Recovery) []restoredCase {
	kept := cases[:0]
	for _, c := range cases {
		c.fate, c.gone = t.fate(c), nil
		if c.fate == resumed {
			c.gone = t.missing(c)
		}
		if listed, ok := t.explain(c); ok {
			out.Conflicts = append(out.Conflicts, listed)
		}
		if c.fate != leftOut {
			kept = append(kept, c)
		}
	}
	return kept
}

func (t table) fate(c restoredCase) fate {
	switch {
	case t.protected(c):
		return leftOut
	case c.Doubt != "" && active(c) && t.there(c) != absent:
		return disputed
	case c.Doubt != "":
		return leftOut
	case t.outside(c) && active(c):
		return disputed
	case t.outside(c) && c.g.State != access.GrantEnded, gives(c):
		return unconfirmed
	}
	return resumed
}

func active(c restoredCase) bool { return c.g != nil && c.g.State == access.GrantActive }

// gives tells whether somebody would be put into a group without a human.
func gives(c restoredCase) bool {
	if c.r.State != access.RequestApproved || c.r.Extends != "" || c.r.Unlisted != "" {
		return false
	}
	if c.g == nil {
		return true
	}
	return !c.g.Manual && (c.g.State == access.GrantWaiting || c.g.State == access.GrantProvisioning)
}

// protected tells whether a case is about a group that must not be touched.
func (t table) protected(c restoredCase) bool {
	return c.open() && t.some(c, func(e access.Entitlement) bool { g := t.live.of(e); return g != nil && g.protected })
}

// outside tells whether a case is about a group that the catalogue doesn't open.
func (t table) outside(c restoredCase) bool {
	return t.some(c, func(e access.Entitlement) bool { return !t.live.governed(e) })
}

func (t table) some(c restoredCase, is func(access.Entitlement) bool) bool {
	if c.g == nil {
		return false
	}
	for _, e := range c.g.Entitlements {
		if is(e) {
			return true
		}
	}
	return false
}

// account is the person's account in the directory of an entitlement.
func (t table) account(c restoredCase, e access.Entitlement) string {
	p := t.people.byID[c.r.Beneficiary]
	return p.Account(e.Group.Directory)
}

// there tells whether the person of an active grant is in any of its groups. Of a grant
// without groups, and of groups that can't be read, nobody knows.
func (t table) there(c restoredCase) presence {
	missing := 0
	for _, e := range c.g.Entitlements {
		switch t.live.sees(e, t.account(c, e)) {
		case there:
			return there
		case absent:
			missing++
		}
	}
	if missing > 0 && missing == len(c.g.Entitlements) {
		return absent
	}
	return unknown
}

// missing are the groups of an active grant that the person was seen not to be in.
func (t table) missing(c restoredCase) (out []access.Entitlement) {
	if !active(c) {
		return nil
	}
	for _, e := range c.g.Entitlements {
		if e.State == access.EntitlementHeld && !e.Missing && t.live.sees(e, t.account(c, e)) == absent {
			out = append(out, e)
		}
	}
	return out
}

// explain is what a human reads of a case, if there is anything to read.
func (t table) explain(c restoredCase) (Conflict, bool) {
	who, label := t.people.contact(c.r.Beneficiary), c.r.Label()
	what := t.label(c)
	out := Conflict{About: label}
	retry := "latchkey stuck retry " + c.r.ID
	switch {
	case t.protected(c):
		out.Urgent, out.Do = true, lookAt(c.Issue)
		out.Text = fmt.Sprintf("%s has %s, which is of a group that is protected, so nothing follows from it and nobody is touched", who, what)
	case c.fork:
		out.Urgent, out.Do = true, lookAt(c.Issue)
		out.Text = fmt.Sprintf("The issue %s is signed, and %s. Two Latchkeys write, or the key was stolen. %s", c.Issue.Key, c.Doubt, t.kept(c, who, what))
	case c.fate == disputed && c.Doubt != "":
		out.Urgent, out.Do = true, retry
		out.Text = fmt.Sprintf("The issue %s may be older than what was there once: %s. %s", c.Issue.Key, c.Doubt, t.kept(c, who, what))
	case c.fate == leftOut:
		out.Do = lookAt(c.Issue)
		out.Text = fmt.Sprintf("The issue %s may be older than what was there once: %s. Nothing follows from it; %s asks again if %s is still wanted", c.Issue.Key, c.Doubt, who, what)
	case c.fate == disputed:
		out.Do, out.Text = retry, fmt.Sprintf("%s has %s by a group that the catalogue doesn't open any more. It is kept, and does not end by itself, until you have looked: the command lets it end as recorded", who, what)
	case c.fate == unconfirmed:
		out.Do, out.Text = retry, fmt.Sprintf("%s was to get %s when the store was lost. Nothing is given unless you say so", who, what)
	case len(c.gone) > 0:
		out.Text = fmt.Sprintf("%s should have %s, and is not in %s. Nobody is put there again: whoever still needs it asks anew", who, what, groupsOf(c.gone))
	default:
		return out, false
	}
	return out, true
}

func (t table) kept(c restoredCase, who, what string) string {
	if c.fate != disputed {
		return fmt.Sprintf("Nothing follows from it; %s asks again if %s is still wanted", who, what)
	}
	end := "with no end"
	if !c.g.Ends.IsZero() {
		end = "to end at " + access.FullMoment(c.g.Ends)
	}
	return fmt.Sprintf("%s keeps %s, known %s, until you have looked: the command lets it go on like that; if it should be gone, revoke it in Slack", who, what, end)
}

func (t table) label(c restoredCase) string {
	app, role, ok := t.catalog.Role(c.r.App, c.r.Role)
	if !ok {
		return c.r.App + " · " + c.r.Role
	}
	return app.Name + " · " + role.Name
}

func groupsOf(all []access.Entitlement) string {
	names := make([]string, len(all))
	for i, e := range all {
		names[i] = e.Group.String()
	}
	return strings.Join(names, ", ")
}

// count counts a case that comes back.
func (out *Recovery) count(c restoredCase, now time.Time) {
	out.Requests++
	if c.r.State == access.RequestPending {
		out.Waiting++
	}
	if c.fate == unconfirmed {
		out.Unconfirmed++
	}
	out.instance = max(out.instance, c.Instance)
	if c.g == nil {
		return
	}
	out.Grants++
	if c.g.Live() {
		out.Live++
	}
	if c.fate == disputed {
		out.Disputed++
	} else if due := c.g.Due(); c.fate == resumed && !due.IsZero() && !due.After(now) {
		out.Overdue++
	}
}
