package ledger

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/query"
)

// The kinds of task that have what is open signed anew.
const (
	RenewAllTask = "issues.renew"
	RenewTask    = "issue.renew"
)

// renewPage is how many grants are looked at in one step.
const renewPage = 200

// renewing is how far the grants have been gone through.
type renewing struct{ Mark, After string }

// Renew has the issues of everything that is open signed anew, because another key
// signs from now on. The same mark again is the same round.
func Renew(u *engine.Unit, mark string) error { return renewAfter(u, renewing{Mark: mark}) }

func renewAfter(u *engine.Unit, p renewing) error {
	body, err := engine.Payload(p)
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{ID: "renew/" + p.Mark + "/" + p.After, Queue: Queue, Kind: RenewAllTask, Priority: store.Notices, Payload: body})
	return err
}

// renewAll is the handler of RenewAllTask: one page, and then the next.
func (s *Service) renewAll(_ context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[renewing](t)
	if err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error {
		grants, damage, err := store.Sound(store.AllGrants(u.Tx, p.After, renewPage))
		if err != nil {
			return err
		}
		for _, g := range grants {
			if err := renewOne(u, g); err != nil {
				return err
			}
		}
		if len(grants)+len(damage) < renewPage {
			return nil
		}
		return renewAfter(u, renewing{p.Mark, query.Last(grants, damage, query.GrantID)})
	}, nil
}

// renewOne has the issue of one grant signed anew. Of one that is disputed the issue
// may know more than the store: it is left as it is.
func renewOne(u *engine.Unit, g access.Grant) error {
	if g.State == access.GrantEnded || g.Request == "" || g.Disputed {
		return nil
	}
	return renewIssue(u, g.Request)
}

// renewIssue has what the issue of a request carries written anew.
func renewIssue(u *engine.Unit, request string) error {
	_, err := u.Enqueue(store.Task{
		ID: "renew/" + request, Queue: Queue, Kind: RenewTask, Subject: access.RequestSubject(request), Priority: store.Notices, Lane: lane(request),
	})
	return err
}

// renew is the handler of RenewTask.
func (s *Service) renew(ctx context.Context, t store.Task) (engine.Outcome, error) {
	if s.renewals == nil {
		return nil, nil
	}
	if err := mayBeOlder(ctx, s.units, t.Subject.Request()); err != nil {
		return nil, err
	}
	c, err := s.query.Case(ctx, t.Subject.Request())
	if err != nil || c.Request.Issue.Key == "" || c.Request.Issue.Gone || c.Grant != nil && c.Grant.Disputed {
		return nil, err
	}
	w := requests{units: s.units, query: s.query, sign: s.sign, may: s.may}
	if err := w.mayWrite(); err != nil {
		return nil, err
	}
	var wrote access.Entry
	if err := s.renewals.Renew(ctx, c, w.recordMaker(ctx, c, &wrote)); err != nil {
		return nil, err
	}
	return jiraHolds(wrote), nil
}

// first is the handler of FirstTask.
func (s *Service) first(ctx context.Context, t store.Task) (engine.Outcome, error) {
	held := false
	err := s.units.View(ctx, func(tx store.Tx) error {
		_, err := store.LoadSeen(tx, t.Subject)
		if held = err == nil; errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	if err != nil || held {
		return nil, err
	}
	return func(u *engine.Unit) error { return renewIssue(u, t.Subject.Request()) }, nil
}
