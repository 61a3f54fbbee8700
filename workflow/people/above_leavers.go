package people

import (
	"context"
	"errors"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// mostAbove is how far up it is looked for who manages somebody who has left.
const mostAbove = 5

// aboveLeavers are those who managed whom the sources name and who have left, if these may decide:
// they know what was asked of them, and are asked before anybody else who stands in. What can do harm is
// decided by those whom the route names, by the app's owners, or by IT.
func (q question) aboveLeavers(ctx context.Context, n named) (Found, error) {
	_, role, _ := engine.Offered(ctx, q.s.catalog).Role(q.r.App, q.r.Role)
	if role.Risk == catalog.High {
		return Found{}, nil
	}
	above, left := named{}, []string(nil)
	for _, who := range n.who {
		if p := q.s.Known(ctx, who); hasGone(p) {
			m, err := q.inChargeOf(ctx, p)
			if err != nil {
				return Found{}, err
			}
			above.who, left = append(above.who, m.who...), append(left, p.Contact())
		}
	}
	if len(above.who) == 0 {
		return Found{}, nil
	}
	above.because(access.Basis{})
	found, err := q.s.admitted(ctx, q.r, q.standingIn(above))
	found.Unfound = nil // nobody is missing who only stands in
	if err == nil {
		found.Who, err = escalation(q).notBelow(ctx, found.Who)
	}
	found.Why = "In their place: who managed " + strings.Join(left, ", ") + ", who has left."
	return found, err
}

// inChargeOf is the next above somebody who has left who hasn't.
func (q question) inChargeOf(ctx context.Context, p access.Person) (named, error) {
	seen := []access.PersonID{p.ID}
	for range mostAbove {
		m, err := q.managedBy(ctx, p.ID)
		if err == nil && len(m.who) == 0 {
			m, err = q.listedAbove(ctx, p.ID)
		}
		if err != nil || len(m.who) == 0 {
			return named{}, err
		}
		if p = q.s.Known(ctx, m.who[0]); slices.Contains(seen, p.ID) {
			return named{}, nil // a directory may go round in circles
		}
		if !hasGone(p) {
			return named{who: m.who}, nil
		}
		seen = append(seen, p.ID)
	}
	return named{}, nil
}

// managedBy is the manager of somebody who is between; where an answer is judged, nothing counts that was known
// of them before.
func (q question) managedBy(ctx context.Context, between access.PersonID) (named, error) {
	if livingNow(ctx) {
		living, err := q.s.living(ctx, []access.PersonID{between}, nil)
		if err != nil {
			return named{}, err
		}
		ctx = living
		defer dropOutlived(ctx, q.s.identities, between)
		if _, err := q.s.sure(ctx, between); Softly(err) != nil {
			return named{}, err
		}
	}
	return q.s.managerOf(ctx, between)
}

// listedAbove is the manager of somebody who is nobody in Slack any more, by the account in a directory that is
// bound to them: who has left is listed there for a while.
func (q question) listedAbove(ctx context.Context, who access.PersonID) (named, error) {
	k, err := q.s.remembered(ctx, who)
	if err != nil {
		return named{}, nil
	}
	for _, d := range q.s.dirs {
		account := k.Account(d.ID())
		if account == "" {
			continue
		}
		a, err := d.Person(idp.WithManagers(ctx), account)
		if errors.Is(err, idp.ErrNotFound) {
			continue
		}
		if err != nil {
			return named{}, DirectoryFailure(d, "Look up the manager of "+k.Contact()+" in "+d.ID(), err)
		}
		m, err := q.entered(ctx, managerEntry{directory: d.ID(), account: a.ManagerID, address: access.NewEmail(a.ManagerEmail), key: a.ManagerKey, named: a.ManagerText})
		if err != nil || m != "" {
			return named{who: []access.PersonID{m}}, err
		}
	}
	return named{}, nil
}

// entered is the manager whom a directory names, who is met if nobody has known them yet.
func (q question) entered(ctx context.Context, b managerEntry) (m access.PersonID, err error) {
	err = q.s.units.View(ctx, func(tx store.Tx) error {
		m, err = managerIn(tx, b, "")
		return err
	})
	if err != nil || m != "" || b.address == "" {
		return m, err
	}
	p, err := q.s.ByAddress(ctx, b.address)
	if err != nil || b.givenOn(p) {
		return "", Softly(err)
	}
	return p.ID, nil
}

// hasGone tells whether somebody has left, or was offboarded, or came back since as nobody knows whom: nothing waits for
// them.
func hasGone(p access.Person) bool {
	return p.Departed() || !p.Doubted.IsZero()
}

// wasAsked tells whether somebody was asked about what is to be answered.
func (q question) wasAsked(who access.PersonID) bool {
	if q.r.State != access.RequestPending {
		return q.r.Review != nil && slices.Contains(q.r.Review.Asked, who)
	}
	return q.r.Stage < len(q.r.Stages) && slices.Contains(q.r.Stages[q.r.Stage].Asked, who)
}
