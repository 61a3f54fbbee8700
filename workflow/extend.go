package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// MoreTime is somebody's wish to keep access for longer.
type MoreTime struct {
	Request string // whose access it is about
	By      access.Person
	Account string        // the Slack account, as evidence
	More    time.Duration // beyond the present end
	Reason  string        // needed where it is approved anew
	Origin  string        // stable key of the submission
}

// Extended is what came of a wish for more time.
type Extended struct {
	Until time.Time       // the new end; zero while it waits for an approval
	Asked *access.Request // the request that was made, where a new approval is needed
	Why   string          // why it is needed
}

// Extend gives more time on the earlier approval where the role's policy lets
// it, and otherwise asks for a new one. Either way the access goes on without a
// gap.
func (s *Service) Extend(ctx context.Context, m MoreTime) (Extended, error) {
	by := access.Actor{Person: m.By.ID, Via: access.ViaSlack, Account: m.Account}
	var out Extended
	err := s.update(ctx, func(st *step) (err error) {
		out, err = st.extend(m, by)
		return err
	})
	return out, s.Turned(ctx, m.Request, by, "extend", err)
}

func (st *step) extend(m MoreTime, by access.Actor) (Extended, error) {
	r, g, role, err := st.extendable(m.Request)
	if err != nil {
		return Extended{}, err
	}
	if by.Person != g.Person {
		return Extended{}, access.Refuse(access.NotAllowed, "", "Only the person who holds this access can ask for more time.")
	}
	e := g.Event(access.EventExtended, by, st.at)
	e.Origin = m.Origin
	if done, err := st.happened(e); err != nil || done {
		return Extended{Until: g.Ends}, err
	}
	if made, err := store.RequestsFrom(st.tx, m.Origin); err != nil || len(made) > 0 {
		return Extended{Asked: &made[0]}, err
	}
	ext, err := g.Extend(r, role, m.More, st.at)
	if err != nil {
		return Extended{}, err
	}
	if ext.Anew != "" {
		made, err := st.askForMore(m, g)
		return Extended{Asked: &made, Why: ext.Anew}, err
	}
	a, _ := r.Decider()
	e.Until, e.Wanted, e.Reason = ext.Until, m.More, m.Reason
	e.Note = fmt.Sprintf("On the approval by %s of %s.", a.By.Person, a.At.UTC().Format("2 January 2006"))
	_, err = st.grant(g, e)
	return Extended{Until: ext.Until}, err
}

// extendable is the access of a request and what the role allows now.
func (st *step) extendable(request string) (r access.Request, g access.Grant, role catalog.Role, err error) {
	if r, err = store.Request(st.tx, request); err != nil {
		return r, g, role, notFound(err, "That request isn't known any more.")
	}
	if g, err = st.grantOf(request); err != nil {
		return r, g, role, err
	}
	_, role, ok := st.s.Config.Catalog.Role(g.App, g.Role)
	if !ok {
		err = access.Refuse(access.Unknown, "role", "This role isn't offered any more, so it can't be extended.")
	}
	return r, g, role, err
}

// askForMore makes the request whose approval extends the grant.
func (st *step) askForMore(m MoreTime, g access.Grant) (access.Request, error) {
	return st.submit(access.Ask{
		ID: newRequestID(), Origin: m.Origin, Requester: m.By, Beneficiary: m.By, App: g.App, Role: g.Role,
		Wanted: m.More, Reason: m.Reason, Via: access.ViaSlack, LapseAfter: st.s.Lapse, Extends: g.ID,
	})
}

// prolong lets an approved request for more time extend its grant, and reports
// whether that is all there is to do. Access that ended while the request was
// waiting is given anew.
func (st *step) prolong(r access.Request) (bool, error) {
	if r.Extends == "" {
		return false, nil
	}
	g, err := store.Grant(st.tx, r.Extends)
	if errors.Is(err, store.ErrNotFound) || err == nil && (g.State != access.GrantActive || g.Over(st.at) || g.Ends.IsZero()) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	a, _ := r.Decider()
	e := g.Event(access.EventExtended, a.By, st.at)
	e.Until, e.Wanted, e.Reason = g.Ends.Add(r.Allowed), r.Allowed, r.Reason
	e.Note = "More time was asked for and approved in " + r.Label() + "."
	if a.By.Person != "" {
		e.Approvers = []access.PersonID{a.By.Person}
	}
	_, err = st.grant(g, e)
	return err == nil, err
}

// Extensions are the stretches by which somebody may extend their access, and
// whether the longest carries on the earlier approval. An error says why there
// are none.
func (s *Service) Extensions(ctx context.Context, request string, by access.PersonID) (choices []time.Duration, anew string, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		st := &step{s: s, tx: tx, at: s.Clock.Now().UTC()}
		r, g, role, err := st.extendable(request)
		if err != nil {
			return err
		}
		if by != g.Person {
			return access.Refuse(access.NotAllowed, "", "Only the person who holds this access can ask for more time.")
		}
		if choices = g.Choices(role); len(choices) == 0 {
			return access.Refuse(access.TooLate, "", fmt.Sprintf("This role can be held for %s at most, and this access reaches that already. You can ask again once it has ended.", catalog.FormatDuration(role.Durations.Max)))
		}
		ext, err := g.Extend(r, role, slices.Min(choices), st.at)
		anew = ext.Anew
		return err
	})
	return choices, anew, err
}
