package requests

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// MoreTime is what somebody asks for who wants to keep access for longer.
type MoreTime struct {
	Request string // whose access it is about
	By      access.Person
	Account string        // the Slack account, as evidence
	More    time.Duration // beyond the present end
	Reason  string        // needed where it is approved anew
	Origin  string        // stable key of the submission

	around access.Circumstances // what the policy asks
}

// Extended is what came of it.
type Extended struct {
	Until time.Time       // the new end; zero while it waits for an approval
	Asked *access.Request // the request that was made, where a new approval is needed
	Why   string          // why it is needed
}

// Extend gives more time on the earlier approval where the role's policy lets
// it, and otherwise asks for a new one. Either way the access goes on without a
// gap. Nobody gets more time for what they may not hold any more.
func (s *Service) Extend(ctx context.Context, m MoreTime) (out Extended, err error) {
	ctx = s.units.Holding(ctx)
	by := access.Actor{Person: m.By.ID, Via: access.ViaSlack, Account: m.Account}
	if m.By, err = s.stages.anew(ctx, m.By); err != nil {
		return out, err
	}
	if m.around, err = s.aroundGrant(ctx, m); err != nil {
		return out, err
	}
	caller, err := s.authority.Caller(ctx, by)
	if err != nil {
		return out, err
	}
	err = s.units.Update(ctx, func(u *engine.Unit) (err error) {
		out, err = s.extend(ctx, u, m, caller)
		return err
	})
	return out, s.units.LogRefusal(ctx, m.Request, by, "extend", err)
}

func (s *Service) extend(ctx context.Context, u *engine.Unit, m MoreTime, by people.Caller) (Extended, error) {
	held, err := s.extendable(u, u.Catalog, m.Request, by)
	if err != nil {
		return Extended{}, err
	}
	has, err := standingsIn(u, m.By.ID)
	if err != nil {
		return Extended{}, err
	}
	held = held.judged(u.Catalog, m.By, m.around, has, m.More)
	r, g := held.request, held.grant
	e := g.Event(access.EventExtended, by.Actor, u.At)
	e.Origin = m.Origin
	if done, err := query.Happened(u.Tx, e); err != nil || done {
		return Extended{Until: g.Ends}, err
	}
	if made, err := store.RequestsFrom(u.Tx, m.Origin); err != nil || len(made) > 0 {
		return Extended{Asked: firstOf(made)}, err
	}
	if err := objection(u, r, m.By, m.around); err != nil {
		return Extended{}, err
	}
	if err := s.authority.Verified(ctx, m.By.ID, m.By, catalog.RoleRef{App: g.App, Role: g.Role}); err != nil {
		return Extended{}, err
	}
	ext, err := g.Extend(r, held.role, m.More, u.At)
	if err != nil {
		return Extended{}, err
	}
	if ext.Anew != "" {
		made, err := askForMore(u, m, g, s.lapseAfter(m.More, u.At))
		return Extended{Asked: &made, Why: ext.Anew}, err
	}
	a, _ := r.Decider()
	e.Until, e.Wanted, e.Reason = ext.Until, m.More, m.Reason
	approver, err := people.ContactIn(u.Tx, a.By.Person)
	if err != nil {
		return Extended{}, err
	}
	e.Note = fmt.Sprintf("On the approval by %s of %s.", approver, a.At.UTC().Format("2 January 2006"))
	_, err = u.MoveGrant(g, e)
	return Extended{Until: ext.Until}, err
}

func firstOf(list []access.Request) *access.Request {
	if len(list) == 0 {
		return nil
	}
	return &list[0]
}

// holding is access that could go on for longer.
type holding struct {
	request access.Request
	grant   access.Grant
	role    catalog.Role
}

// judged is the same with the time that the policy lets its holder have.
func (h holding) judged(c *catalog.Catalog, holder access.Person, around access.Circumstances, has access.Standings, more time.Duration) holding {
	h.role.Durations = access.Ask{
		Requester: holder, Beneficiary: holder, App: h.grant.App, Role: h.grant.Role, Wanted: more, Extends: h.grant.ID, Around: around,
	}.JudgeBeside(c, has).Durations
	return h
}

// aroundGrant is what the policy asks about somebody who wants to keep access for longer.
func (s *Service) aroundGrant(ctx context.Context, m MoreTime) (access.Circumstances, error) {
	r, err := s.request(ctx, m.Request)
	if err != nil {
		return access.Circumstances{}, err
	}
	return s.around(ctx, m.By, m.By, catalog.RoleRef{App: r.App, Role: r.Role}), nil
}

// extendable finds the access of a request, and what its role allows now. Only
// whoever holds it can ask for more.
func (s *Service) extendable(from source, c *catalog.Catalog, request string, by people.Caller) (h holding, err error) {
	if h.grant, err = grantOf(from, request); err != nil {
		return h, err
	}
	if h.request, err = requestIn(from, request); err != nil {
		return h, err
	}
	if err := s.authority.May(by, people.ActExtend, people.Matter{App: h.grant.App, Holder: access.Person{ID: h.grant.Person}}); err != nil {
		return h, err
	}
	known := false
	if _, h.role, known = c.Role(h.grant.App, h.grant.Role); !known {
		err = access.Refuse(access.Unknown, "role", "This role isn't offered any more, so it can't be extended.")
	}
	return h, err
}

// askForMore makes the request whose approval extends the grant.
func askForMore(u *engine.Unit, m MoreTime, g access.Grant, lapseAfter time.Duration) (access.Request, error) {
	return submit(u, access.Ask{
		ID: newRequestID(), Origin: m.Origin, Requester: m.By, Beneficiary: m.By, App: g.App, Role: g.Role,
		Wanted: m.More, Reason: m.Reason, Via: access.ViaSlack, LapseAfter: lapseAfter, Extends: g.ID, Around: m.around,
	}, access.Issue{})
}

// prolong lets an approved request for more time extend its grant, and reports
// whether that is all there is to do. Access that ended while the request was
// waiting is given anew.
func prolong(u *engine.Unit, r access.Request) (bool, error) {
	if r.Extends == "" {
		return false, nil
	}
	g, err := u.Grant(r.Extends)
	if errors.Is(err, store.ErrNotFound) || err == nil && (g.State != access.GrantActive || g.Over(u.At) || g.Ends.IsZero()) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, role, ok := u.Catalog.Role(g.App, g.Role)
	if !ok {
		return false, access.Refuse(access.Unknown, "role", "This role was taken out of the catalogue meanwhile, so it can't be extended any more.")
	}
	until, whole, err := g.Prolonged(role, r.Allowed)
	if err != nil {
		return false, err
	}
	a, _ := r.Decider()
	e := g.Event(access.EventExtended, a.By, u.At)
	e.Until, e.Wanted, e.Reason = until, until.Sub(g.Ends), r.Reason
	e.Note = "More time was asked for and approved in " + r.Label() + "."
	if !whole {
		e.Note += " All together the role can be held for " + catalog.FormatDuration(role.Durations.Max) + " at most, so it is " + catalog.FormatDuration(e.Wanted.Round(time.Second)) + " of it."
	}
	if a.By.Person != "" {
		e.Approvers = []access.PersonID{a.By.Person}
	}
	_, err = u.MoveGrant(g, e)
	return err == nil, err
}

// Extensions are the stretches by which somebody may extend their access, and
// whether the longest carries on the earlier approval. An error says why there
// are none.
func (s *Service) Extensions(ctx context.Context, request string, by access.Actor) (choices []time.Duration, anew string, err error) {
	caller, err := s.authority.Caller(ctx, by)
	if err != nil {
		return nil, "", err
	}
	holder, err := s.people.Person(ctx, by.Person)
	if err != nil {
		return nil, "", err
	}
	around, err := s.aroundGrant(ctx, MoreTime{Request: request, By: holder})
	if err != nil {
		return nil, "", err
	}
	err = s.units.View(ctx, func(tx store.Tx) error {
		h, err := s.extendable(stored{tx}, engine.Offered(ctx, s.catalog), request, caller)
		if err != nil {
			return err
		}
		has, err := standings(tx, by.Person)
		if err != nil {
			return err
		}
		h = h.judged(engine.Offered(ctx, s.catalog), holder, around, has, h.grant.Wanted)
		if choices = h.grant.Choices(h.role); len(choices) == 0 {
			return access.Refuse(access.TooLate, "", fmt.Sprintf("This role can be held for %s at most, and this access reaches that already. You can ask again once it has ended.", catalog.FormatDuration(h.role.Durations.Max)))
		}
		ext, err := h.grant.Extend(h.request, h.role, slices.Min(choices), s.units.Now())
		anew = ext.Anew
		return err
	})
	return choices, anew, err
}
