package bot

import (
	"context"
	"slices"
	"strconv"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/evidence"
	"latchkey/workflow/query"
	"latchkey/workflow/requests"
)

// standing is what the desk says when it is asked who stands where.
type standing struct {
	held      []query.Holding
	asked     []access.Request
	awaiting  []access.Request
	stuck     []query.Stuck
	events    []access.Event
	people    map[access.PersonID]access.Person
	used      []string
	pace      query.Pace
	week      evidence.Report
	forgotten []string
	linked    []string
	revoked   []string
	it        access.PersonID
	broken    error // of every question
}

func (d *desk) seen() standing {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.world
}

// whole is the desk as all parts of a desk.
func (d *desk) whole() Desk {
	return Desk{Asking: d, Deciding: d, Talking: d, Prolonging: d, Hastening: d, Acting: d, Knowing: d, Standing: d, Overseeing: d, Tending: d}
}

func (d *desk) Member(ctx context.Context, id string) (access.Person, error) {
	return d.roster.Member(ctx, id)
}

func (d *desk) SubmitAll(_ context.Context, subs []requests.Submission) ([]access.Request, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.submitted = append(d.submitted, subs...)
	defer d.ring()
	if d.refusal != nil {
		return nil, d.refusal
	}
	var made []access.Request
	for i, s := range subs {
		key := s.ID + "#" + strconv.Itoa(i)
		r, ok := d.requests[key]
		if !ok {
			to := s.By
			if s.For != "" && s.For != s.By.ID {
				to = access.Person{ID: s.For, Email: access.Email(s.For), Standing: access.Active}
			}
			var err error
			ask := access.Ask{ID: "AR-" + strconv.Itoa(i+1), Requester: s.By, Beneficiary: to, App: s.App, Role: s.Role, Wanted: s.Wanted, Reason: s.Reason, Unlisted: s.Unlisted, Conversation: s.Conversation, Via: s.Via}
			if r, _, _, err = access.Submit(d.catalog, ask, access.Standings{}, monday); err != nil {
				return nil, &requests.Refused{Item: i, Err: err}
			}
			d.requests[key] = r
		}
		made = append(made, r)
	}
	return made, nil
}

func (d *desk) Objections(_ context.Context, _, _ access.Person, roles []catalog.RoleRef) ([]*access.Refusal, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := make([]*access.Refusal, len(roles))
	r, refused := access.AsRefusal(d.objection)
	if d.objection != nil && !refused {
		return nil, d.objection
	}
	for i := range out {
		out[i] = r
	}
	return out, nil
}

func (d *desk) UsedBy(context.Context, string) ([]string, error) {
	return d.seen().used, d.seen().broken
}
func (d *desk) Pace(context.Context, string) (query.Pace, error) {
	return d.seen().pace, d.seen().broken
}
func (d *desk) Names(_ context.Context, who []access.PersonID) map[access.PersonID]access.Person {
	out := map[access.PersonID]access.Person{}
	for _, p := range append([]access.Person{maya, noor, omar}, slices.Collect(mapValues(d.seen().people))...) {
		if slices.Contains(who, p.ID) {
			out[p.ID] = p
		}
	}
	return out
}

func mapValues(m map[access.PersonID]access.Person) func(func(access.Person) bool) {
	return func(yield func(access.Person) bool) {
		for _, p := range m {
			if !yield(p) {
				return
			}
		}
	}
}

func (d *desk) Forget(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.world.forgotten = append(d.world.forgotten, id)
	if d.ring != nil {
		d.ring()
	}
}

func (d *desk) Link(_ context.Context, id, talk string, by access.Actor) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.world.linked = append(d.world.linked, id+" "+talk+" by "+string(by.Person))
	return d.refusal
}

func cut1[T any](all []T, from, size int) query.List[T] {
	from = min(from, len(all))
	return query.List[T]{Items: all[from:min(len(all), from+size)], From: from, Total: len(all)}
}

func (d *desk) Held(_ context.Context, _ access.PersonID, from, size int) (query.List[query.Holding], error) {
	return cut1(d.seen().held, from, size), d.seen().broken
}

func (d *desk) Asked(_ context.Context, _ access.PersonID, from, size int) (query.List[access.Request], error) {
	return cut1(d.seen().asked, from, size), d.seen().broken
}

func (d *desk) Awaiting(_ context.Context, _ access.PersonID, from, size int) (query.List[access.Request], error) {
	return cut1(d.seen().awaiting, from, size), d.seen().broken
}

func (d *desk) Oversees(who access.PersonID, _ string) error {
	if who == d.seen().it {
		return nil
	}
	return access.Refuse(access.NotAllowed, "", "Only IT can see this.")
}

func (d *desk) Holders(_ context.Context, by access.PersonID, _ string, from, size int) (query.List[query.Holding], error) {
	if err := d.Oversees(by, ""); err != nil {
		return query.List[query.Holding]{}, err
	}
	return cut1(d.seen().held, from, size), d.seen().broken
}

func (d *desk) Why(context.Context, access.PersonID, access.Person, string) ([]query.Holding, error) {
	return d.seen().held, d.seen().broken
}

func (d *desk) Trace(context.Context, access.PersonID, access.PersonID, string) ([]access.Event, error) {
	return d.seen().events, d.seen().broken
}

func (d *desk) RevokeAll(_ context.Context, grants []string, _ string, _ access.Actor) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.world.revoked = append(d.world.revoked, grants...)
	return d.refusal
}

func (d *desk) Stuck(_ context.Context, by access.PersonID, from, size int) (query.List[query.Stuck], error) {
	if err := d.Oversees(by, ""); err != nil {
		return query.List[query.Stuck]{}, err
	}
	return cut1(d.seen().stuck, from, size), d.seen().broken
}

func (d *desk) Week(_ context.Context, by access.PersonID) (evidence.Report, error) {
	return d.seen().week, d.Oversees(by, "")
}
