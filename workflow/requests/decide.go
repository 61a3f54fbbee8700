package requests

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// Decision is one approver's answer.
type Decision struct {
	Request string
	By      access.Actor
	Yes     bool
	Reason  string        // needed for a no
	Wanted  time.Duration // a yes for less time than asked; zero: as asked
	Typed   string        // what was typed to confirm, for roles that need it
	SignIn  string        // the sign-in for it (store.SignIn), for roles that need one
	Seen    int           // the stage the person saw, counted from 1; 0: whichever it is
}

func (d Decision) answer() answer {
	w := answer{by: d.By, as: access.EventDenied, reason: strings.TrimSpace(d.Reason), wanted: d.Wanted, signIn: d.SignIn}
	if d.Yes {
		w.as = access.EventApproved
	}
	return w
}

// Decide takes one approver's answer. When it returns nil the answer and all
// that follows from it are committed. Who may answer is found at this moment. Where
// that can't be found out in time, the answer is kept, which the request returned
// tells (access.Request.Kept): it takes effect, or is refused, as soon as it is known.
func (s *Service) Decide(ctx context.Context, d Decision) (access.Request, error) {
	ctx = s.units.Holding(ctx)
	r, err := s.decide(ctx, d)
	return r, s.units.LogRefusal(ctx, d.Request, d.By, "answer", err)
}

func (s *Service) decide(ctx context.Context, d Decision) (access.Request, error) {
	seen, err := s.request(ctx, d.Request)
	if err != nil {
		return seen, err
	}
	if err := countsHere(s.jiraOnly, seen, d.By.Via); err != nil {
		return seen, err
	}
	if err := confirmed(engine.Offered(ctx, s.catalog), seen, d); err != nil {
		return seen, err
	}
	what := asItStands("answer", seen)
	if err := s.units.RefusedLately(d.Request, d.By, what); err != nil {
		return seen, err
	}
	moved, err := s.stages.answer(ctx, seen, d.answer(), func(r access.Request) error { return stillAsked(r, seen, d) })
	return moved, s.units.NoteRefusal(d.Request, d.By, what, err)
}

// countsHere refuses a decision made where, by the configuration, none counts.
// Jira's own refusal is said where its issues are read.
func countsHere(jiraOnly bool, r access.Request, via access.Via) error {
	if !jiraOnly || via != access.ViaSlack {
		return nil
	}
	where := "its Jira issue, which is about to be made"
	if r.Issue.Key != "" {
		where = r.Issue.Key
	}
	return access.Refuse(access.NotAllowed, "", "Requests are decided in Jira here, so an answer in Slack doesn't count. Please decide in "+where+".")
}

// stillAsked refuses an answer to what isn't asked any more: the request moved on
// while it was found out who may answer, or since the person saw their card.
func stillAsked(r, seen access.Request, d Decision) error {
	who := d.By.Person
	switch {
	case r.Stage != seen.Stage || r.State != seen.State:
		if err := r.MayDecide(who, []access.PersonID{who}); err != nil {
			return err
		}
		return access.Refuse(access.TooLate, "", "Somebody answered at the same moment. Please look at the card again.")
	case d.Seen > 0 && d.Seen != r.Stage+1 && r.State == access.RequestPending && d.By.Via == access.ViaJira:
		return access.Refuse(access.TooLate, "", "That was an answer to another stage of the request than the one that is asked about now, so it doesn't count.")
	case d.Seen > 0 && d.Seen != r.Stage+1 && r.State == access.RequestPending:
		return access.Refuse(access.TooLate, "", "This card is from an earlier stage of the request, so your answer doesn't count. The newest card shows what is asked now.")
	}
	return nil
}

// confirmed asks for the typed confirmation, or the sign-in, where the role needs one.
func confirmed(c *catalog.Catalog, r access.Request, d Decision) error {
	app, role, _ := c.Role(r.App, r.Role)
	if d.Yes && d.SignIn == "" {
		if err := access.SignInMissing(role, d.answer().event(r, people.Found{}, time.Time{})); err != nil {
			return err
		}
	}
	if !d.Yes || role.Assurance != catalog.Confirm || r.NeedsStepUp(role) || catalog.Same(d.Typed, app.Name) {
		return nil
	}
	return access.Refuse(access.Invalid, "typed", fmt.Sprintf("To approve this role, please type the app's name: %s", app.Name))
}

// answer takes an answer to a request as it was seen; asked refuses it where that
// isn't asked any more.
func (s stages) answer(ctx context.Context, seen access.Request, w answer, asked func(access.Request) error) (moved access.Request, err error) {
	short, cancel := inBudget(ctx)
	found, err := s.authority.Established(short, seen, w.by)
	cancel()
	unknown := false
	if _, refused := access.AsRefusal(err); err != nil && !refused && ctx.Err() == nil {
		unknown, err = true, nil
	}
	if err != nil {
		return seen, err
	}
	var ruled error
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		r, err := u.RequestSince(seen)
		if err = query.NotFound(err, query.UnknownRequest); err == nil {
			err = asked(r)
		}
		if err == nil {
			err = people.StillHere(u, w.by.Person)
		}
		if err != nil {
			return err
		}
		w := w // this may run more than once
		if w.signedIn, err = spend(u, w.signIn, w.by, yesTo(r, w)); err != nil {
			return err
		}
		if unknown {
			moved, err = keep(u, r, w)
			return err
		}
		moved, ruled, err = take(u, r, w, found)
		return err
	})
	if !unknown {
		s.whoChanged(ctx, seen, found.Found, err)
	}
	if found.Remedy != "" && errors.Is(err, found.Doubt) {
		err = errors.Join(err, s.units.Update(ctx, func(u *engine.Unit) error { return tellHolder(u, seen, found.Remedy) }))
	}
	if err == nil {
		err = ruled
	}
	return moved, err
}

// stillStanding leaves out those in whose place somebody would answer who have left since that
// was found out, or for whom they don't decide any more.
func stillStanding(u *engine.Unit, found people.Found, by access.PersonID) (people.Found, error) {
	var failed error
	ended := func(d access.Delegate) bool {
		if d.Who != by || failed != nil {
			return false
		}
		stands, err := people.Stands(u, d)
		if left := people.StillHere(u, d.For); err == nil && left != nil {
			_, refused := access.AsRefusal(left)
			if stands = false; !refused {
				err = left
			}
		}
		failed = err
		return !stands
	}
	before := len(found.Delegates)
	found.Delegates = slices.DeleteFunc(slices.Clone(found.Delegates), ended)
	if len(found.Delegates) < before && !slices.ContainsFunc(found.Delegates, func(d access.Delegate) bool { return d.Who == by }) {
		found.Who = slices.DeleteFunc(slices.Clone(found.Who), func(who access.PersonID) bool { return who == by })
	}
	return found, failed
}

// take moves a request by an answer. A yes to what may not be given any more
// closes the request instead, by that rule; ruled says so to whoever said it.
func take(u *engine.Unit, r access.Request, w answer, found people.Established) (moved access.Request, ruled, err error) {
	r, twice, err := united(u, r)
	if err != nil || twice != nil {
		return closeTwice(u, r, w, twice, err)
	}
	if found.Found, err = stillStanding(u, found.Found, w.by.Person); err != nil {
		return r, nil, err
	}
	e := w.event(r, found.Found, u.At)
	counts := r.MayDecide(w.by.Person, found.Who) == nil
	if found.Doubt != nil && (w.as == access.EventApproved && counts || w.as == access.EventJustified) {
		return r, nil, found.Doubt
	}
	if _, role, _ := u.Catalog.Role(r.App, r.Role); counts {
		if err := access.SignInMissing(role, e); err != nil {
			return r, nil, err
		}
	}
	if w.as == access.EventApproved && counts {
		err := objection(u, r, found.Holder, found.Around)
		if why, refused := access.AsRefusal(err); refused {
			if why.Reason == access.Undetermined { // it may be known tomorrow
				return r, access.Refuse(why.Reason, "", why.Sentence+" So your yes can't count yet. The request waits."), alertUndetermined(u, why, notify.WhatOf(u, r), found.Holder)
			}
			moved, err = ruleOut(u, r, w.by, why)
			return moved, access.Refuse(why.Reason, "", why.Sentence+" So your yes can't count. The request is closed, and whoever asked has been told."), err
		}
		if err == nil {
			e, err = bounded(u, r, e, found)
		}
		if err != nil {
			return r, nil, err
		}
	}
	moved, err = u.MoveRequest(r, e)
	return moved, nil, err
}

// bounded is a yes for as long as the policy allows it by now.
func bounded(u *engine.Unit, r access.Request, e access.Event, found people.Established) (access.Event, error) {
	most, why, err := shortened(u, r, e.Wanted, found)
	if err == nil && most > 0 {
		e.Wanted, e.Note = most, strings.TrimSpace(e.Note+" "+why)
	}
	return e, err
}

// tellHolder tells who would get the access what they have to do before it can be
// given: somebody wanted to say yes to it.
func tellHolder(u *engine.Unit, r access.Request, remedy string) error {
	marker := fmt.Sprintf("unproved/%s/%s/%s", r.ID, r.Beneficiary, u.At.Format(time.DateOnly))
	return notify.Announce(u, marker, r.Beneficiary, "It waits for you: "+notify.WhatOf(u, r), remedy, "Somebody wanted to say yes to it and can do so after that.", "Request "+r.Label())
}
