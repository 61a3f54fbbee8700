package reclaim

import (
	"cmp"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// settleEnded has the questions about a seat follow what becomes of a grant that held it, and what is to end follow once the lower
// role is there that is given in its place.
func settleEnded(u *engine.Unit, e access.Event, _ access.Effect) error {
	all, _, err := store.Sound(store.ReclaimsOfGrant(u.Tx, e.Grant))
	for _, c := range all {
		if err != nil {
			return err
		}
		c, err = engine.Load(u, reclaims(), c.ID)
		if err != nil {
			return err
		}
		switch {
		case e.Grant == c.Gives:
			err = lowerCame(u, c)
		case c.Answers():
			err = endedOtherwise(u, c, e)
		case c.State == access.ReclaimRemoving || c.State == access.ReclaimReturning || c.State == access.ReclaimRemoved && c.Outcome == access.ReclaimManual:
			err = settle(u, c)
		}
	}
	return err
}

// endedOtherwise ends a question once nothing holds the seat any more.
func endedOtherwise(u *engine.Unit, c access.Reclaim, e access.Event) error {
	for _, id := range c.Grants {
		if g, err := u.Grant(id); err != nil || g.Live() {
			return err
		}
	}
	ended, err := u.Grant(e.Grant)
	if err != nil {
		return err
	}
	return drop(u, c, endWords(ended.End))
}

// endWords say why access ended otherwise.
func endWords(end access.End) string {
	switch end {
	case access.EndReturned:
		return "They gave it back."
	case access.EndLeft:
		return "They have left."
	case access.EndOffboarded:
		return "IT ended everything they have."
	case access.EndExpired:
		return "Its time was up."
	case access.EndReviewed:
		return "A review revoked it."
	case access.EndRevoked:
		return "It was revoked."
	}
	return "The access ended otherwise."
}

// verdict is what became of access.
type verdict struct {
	outcome access.ReclaimOutcome
	cause   string
}

// settle notes what became of the access that a question ended, as soon as that is known of all of it.
func settle(u *engine.Unit, c access.Reclaim) error {
	v, err := cameTo(u, c)
	if err != nil || v.outcome == "" {
		return err
	}
	e := c.Event(access.EventReclaimSettled, access.System(), u.At)
	e.Reclaim.Outcome, e.Note = v.outcome, v.cause
	c, err = move(u, c, e)
	if _, refused := access.AsRefusal(err); refused {
		return nil // that is known
	}
	if err != nil || v.outcome != access.ReclaimManual {
		return err
	}
	return notify.Alert(u, "reclaim/manual/"+c.ID, "A seat that came back was removed by hand", v.cause, "It is "+c.ID+".")
}

// cameTo is what became of the access by all grants that held the seat; nothing, as long as one of them is on its way.
func cameTo(u *engine.Unit, c access.Reclaim) (verdict, error) {
	var v verdict
	for _, id := range c.Ends {
		g, err := u.Grant(id)
		if err != nil {
			return v, err
		}
		one := cameOf(g)
		if one.outcome == "" || one.outcome == access.ReclaimFailed {
			return one, nil
		}
		if v.outcome == "" || rank(one) < rank(v) {
			v = one
		}
	}
	if v.outcome != access.ReclaimGone || c.Gives == "" {
		return v, nil
	}
	if lower, err := u.Grant(c.Gives); err != nil || !access.Given(lower) {
		return v, err
	}
	return verdict{outcome: access.ReclaimDowngraded}, nil
}

// rank orders what became of several grants: what keeps the seat says most.
func rank(v verdict) int {
	return slices.Index([]access.ReclaimOutcome{access.ReclaimManual, access.ReclaimShared, access.ReclaimGone, access.ReclaimEnded}, v.outcome)
}

// cameOf is what became of one grant.
func cameOf(g access.Grant) verdict {
	in := func(s access.EntitlementState) bool {
		return slices.ContainsFunc(g.Entitlements, func(e access.Entitlement) bool { return e.State == s })
	}
	switch {
	case g.State == access.GrantStuck:
		return verdict{access.ReclaimFailed, cmp.Or(g.Problem, "It is stuck.")}
	case g.State != access.GrantEnded:
		return verdict{}
	case g.Manual:
		return verdict{access.ReclaimManual, "Whoever makes such changes says that it is removed."}
	case in(access.EntitlementKept):
		return verdict{access.ReclaimShared, "It stays: something else still needs it."}
	case in(access.EntitlementRemoved):
		return verdict{outcome: access.ReclaimGone}
	}
	return verdict{access.ReclaimEnded, "There was nothing to remove: the group or the account isn't there any more."}
}
