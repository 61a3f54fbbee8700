package requests

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// outlook says what would come of asking for something, before anybody does.
type outlook struct {
	units      *engine.Units
	catalog    func() *catalog.Catalog
	authority  Authority
	attributes Attributes
}

// Choice is a role, and for how long somebody would ask for it.
type Choice struct {
	catalog.RoleRef
	Wanted time.Duration // 0: what is usual
}

// Objections are what Submit would refuse about each role, whatever else is
// filled in; nil where nothing stands against it.
func (o outlook) Objections(ctx context.Context, by, beneficiary access.Person, choices []Choice) ([]*access.Refusal, error) {
	out, known := make([]*access.Refusal, len(choices)), engine.Offered(ctx, o.catalog)
	caller, err := o.authority.Caller(ctx, access.Actor{Person: by.ID})
	if err != nil {
		return nil, err
	}
	around := make([]access.Circumstances, len(choices))
	for i, r := range choices {
		around[i] = o.around(ctx, by, beneficiary, r.RoleRef)
	}
	err = o.units.View(ctx, func(tx store.Tx) error {
		has, err := standings(tx, beneficiary.ID)
		if err != nil {
			return err
		}
		for i, r := range choices {
			err := o.mayAskFor(caller, beneficiary, r.App)
			if err == nil {
				ask := access.Ask{Origin: together, Requester: by, Beneficiary: beneficiary, App: r.App, Role: r.Role, Wanted: r.length(known), Around: around[i]}
				err = ask.Objection(known, withOthers(has, beneficiary.ID, choices, i))
			}
			if err == nil {
				err = o.authority.Verified(ctx, by.ID, beneficiary, r.RoleRef)
			}
			out[i], _ = access.AsRefusal(err)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for what stands against a request: %w", err)
	}
	return out, nil
}

// together is the origin of what is about to be asked for.
const together = "together"

// withOthers is what somebody has, with what is to be asked for beside one of some roles.
func withOthers(has access.Standings, who access.PersonID, choices []Choice, but int) access.Standings {
	has.Requests = slices.Clone(has.Requests)
	for i, r := range choices {
		if i != but && r.RoleRef != choices[but].RoleRef && r.Role != "" {
			has.Requests = append(has.Requests, access.Request{Origin: together, Beneficiary: who, App: r.App, Role: r.Role, State: access.RequestPending})
		}
	}
	return has
}

// Judgement is what the policy says where somebody would ask for a role for somebody, themselves or
// another. It decides nothing: what is asked for is judged again.
func (o outlook) Judgement(ctx context.Context, by, beneficiary access.Person, choice Choice) catalog.Judgement {
	c, has := engine.Offered(ctx, o.catalog), access.Standings{}
	ask := access.Ask{Requester: by, Beneficiary: beneficiary, App: choice.App, Role: choice.Role, Wanted: choice.length(c), Around: o.around(ctx, by, beneficiary, choice.RoleRef)}
	if c.Conflicting(choice.RoleRef) {
		err := o.units.View(ctx, func(tx store.Tx) (err error) {
			has, err = standings(tx, beneficiary.ID)
			return err
		})
		if err != nil { // what is asked for is judged again
			has = access.Standings{}
		}
	}
	return ask.JudgeBeside(c, has)
}

// Shown is the catalogue as somebody sees it. It keeps nothing secret: whoever names what they aren't shown
// reads that it isn't offered to them.
func (o outlook) Shown(ctx context.Context, who access.Person) *catalog.Catalog {
	c := engine.Offered(ctx, o.catalog)
	if !c.Policy().Hides() {
		return c
	}
	return access.Shown(c, who, o.around(ctx, who, who, catalog.RoleRef{}))
}

// around is what the policy asks beyond what is known of people anyway.
func (o outlook) around(ctx context.Context, by, holder access.Person, role catalog.RoleRef) access.Circumstances {
	if o.attributes == nil {
		return access.Circumstances{}
	}
	return o.attributes.Around(ctx, by, holder, role)
}

// mayAskFor tells whether somebody may ask for another person. An app that is
// empty or unknown has no owners.
func (o outlook) mayAskFor(by people.Caller, beneficiary access.Person, app string) error {
	return o.authority.May(by, people.ActAskFor, people.Matter{App: app, Holder: beneficiary})
}

// length is for how long the role would be asked for.
func (h Choice) length(c *catalog.Catalog) time.Duration {
	_, role, _ := c.Role(h.App, h.Role)
	return cmp.Or(h.Wanted, role.Durations.Default)
}

// standings are what a person has asked for and holds.
func standings(tx store.Tx, who access.PersonID) (has access.Standings, err error) {
	if has.Requests, err = store.OpenRequestsOf(tx, who); err != nil {
		return has, err
	}
	has.Grants, err = store.OpenGrantsOf(tx, who)
	return has, err
}
