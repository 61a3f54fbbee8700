package enforcing

import (
	"cmp"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// verdict is what became of a row, and why in words where it isn't gone.
type verdict struct {
	outcome access.ReviewOutcome
	cause   string
}

// settleEnded notes on the rows that revoked a grant what became of their place in its groups.
func settleEnded(u *engine.Unit, e access.Event, _ access.Effect) error {
	all, _, err := store.Sound(store.ReviewItemsEnding(u.Tx, e.Grant))
	for _, i := range all {
		if err != nil {
			return err
		}
		v, err := cameTo(u.Grant, i)
		if err == nil && v.outcome == access.OutcomeManual && i.Group.Directory == access.ImportedDirectory {
			var name string
			name, err = people.ContactIn(u.Tx, e.Actor.Person)
			v = wordOf(name, i)
		}
		if err != nil {
			return err
		}
		if err := settleAnew(u, i, v); err != nil {
			return err
		}
	}
	return err
}

// cameTo is what became of a row by the grants that it ended; nothing, as long as one of them is on its way.
func cameTo(grant func(string) (access.Grant, error), i access.ReviewItem) (verdict, error) {
	var v verdict
	for _, id := range i.Ends {
		g, err := grant(id)
		if err != nil {
			return v, err
		}
		one := cameOf(g, i)
		if one.outcome == "" || one.outcome == access.OutcomeFailed {
			return one, nil
		}
		if v.outcome == "" || rank(one) < rank(v) {
			v = one
		}
	}
	return v, nil
}

// rank orders what became of several grants of one row: that one of them gave way says most.
func rank(v verdict) int {
	return slices.Index([]access.ReviewOutcome{access.OutcomeGone, access.OutcomeShared, access.OutcomeManual, access.OutcomeEnded}, v.outcome)
}

// cameOf is what became of a row's group by one grant.
func cameOf(g access.Grant, i access.ReviewItem) verdict {
	e, _ := g.Entitlement(i.Group)
	switch {
	case e.State == access.EntitlementRemoved:
		return verdict{outcome: access.OutcomeGone}
	case e.State == access.EntitlementKept:
		return verdict{access.OutcomeShared, "It stays: something else still needs it."}
	case e.State == access.EntitlementGone:
		return verdict{access.OutcomeEnded, "There was nothing to remove: the group or the account isn't there any more."}
	case g.State == access.GrantStuck:
		return verdict{access.OutcomeFailed, cmp.Or(g.Problem, "It is stuck.")}
	case g.Manual && g.State == access.GrantEnded:
		return verdict{access.OutcomeManual, "Whoever makes such changes says that it is removed. It is looked at before the review closes."}
	case g.Manual:
		return verdict{access.OutcomeManual, "It is removed by hand."}
	case g.State == access.GrantEnded:
		return verdict{access.OutcomeEnded, "It had ended before anything was given."}
	}
	return verdict{}
}

// settleAnew notes what became of a row, unless that is what is known of it already.
func settleAnew(u *engine.Unit, i access.ReviewItem, v verdict) error {
	i, err := engine.Load(u, rows.Items(), i.ID())
	if err != nil || v.outcome == "" || i.Outcome == v.outcome && i.Cause == v.cause {
		return err
	}
	err = settle(u, i, v)
	if _, refused := access.AsRefusal(err); refused {
		return nil // it is done
	}
	return err
}

// settle notes what became of a row, on its issue as well, and tells IT of what it has to see to.
func settle(u *engine.Unit, i access.ReviewItem, v verdict) error {
	e := i.Event(access.EventRowSettled, access.System(), u.At)
	e.Review.Outcome, e.Note = v.outcome, v.cause
	i, err := engine.Move(u, rows.Items(), i, e)
	if err != nil {
		return err
	}
	if err := tellRevocation(u, i); err != nil {
		return err
	}
	switch v.outcome {
	case access.OutcomeManual:
		return notify.Alert(u, "review/manual/"+i.Campaign, "A review revoked access that Latchkey can't remove", v.cause, fmt.Sprintf("Row %d of the review %s. Which there are is in its status; more of them are not told one by one.", i.Row, i.Campaign))
	case access.OutcomeFailed:
		return notify.Alert(u, "review/failed/"+i.Campaign, "Access that a review revoked couldn't be removed", v.cause, fmt.Sprintf("Row %d of the review %s. Latchkey goes on trying.", i.Row, i.Campaign))
	}
	return nil
}
