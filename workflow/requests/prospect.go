package requests

import (
	"context"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Prospects tell what would come of what somebody asks for. They are judged as Submit judges, and
// nothing is made. What somebody has of the very same role says nothing against it.
type Prospects struct {
	from            outlook
	by, beneficiary access.Person
	caller          people.Caller
	has             access.Standings
}

// Prospects are those of somebody who asks for somebody, mostly themselves.
func (o outlook) Prospects(ctx context.Context, by, beneficiary access.Person) (p Prospects, err error) {
	p = Prospects{from: o, by: by, beneficiary: beneficiary}
	if p.caller, err = o.authority.Caller(ctx, access.Actor{Person: by.ID}); err != nil {
		return p, err
	}
	err = o.units.View(ctx, func(tx store.Tx) (err error) {
		p.has, err = standings(tx, beneficiary.ID)
		return err
	})
	return p, err
}

// Of are the prospects of one role: what would come of asking for it for a while, at a moment. extends
// says that more time is asked for.
func (p Prospects) Of(ctx context.Context, ref catalog.RoleRef, extends string, at time.Time) func(wanted time.Duration) (access.Request, error) {
	o := p.from
	known := engine.Offered(ctx, o.catalog)
	has := access.Standings{
		Requests: slices.DeleteFunc(slices.Clone(p.has.Requests), func(r access.Request) bool { return r.App == ref.App && r.Role == ref.Role }),
		Grants:   slices.DeleteFunc(slices.Clone(p.has.Grants), func(g access.Grant) bool { return g.App == ref.App && g.Role == ref.Role }),
	}
	around := o.around(ctx, p.by, p.beneficiary, ref)
	var first error
	if p.by.ID != p.beneficiary.ID {
		first = o.mayAskFor(p.caller, p.beneficiary, ref.App)
	}
	if first == nil {
		first = o.authority.Verified(ctx, p.by.ID, p.beneficiary, ref)
	}
	return func(wanted time.Duration) (access.Request, error) {
		ask := access.Ask{ID: "AR-PROSPECT", Requester: p.by, Beneficiary: p.beneficiary, App: ref.App, Role: ref.Role, Wanted: wanted, Reason: "to see what would come of it", Extends: extends, Around: around}
		r, _, _, err := access.Submit(known, ask, has, at)
		if err == nil {
			err = first
		}
		return r, err
	}
}
