package workflow

import (
	"context"
	"fmt"

	"latchkey/access"
	"latchkey/store"
)

// Claim says that somebody is looking at a request, so that the others who were
// asked needn't. Only those who may decide it can.
func (s *Service) Claim(ctx context.Context, request string, by access.Actor) error {
	err := s.amongApprovers(ctx, request, func(r access.Request, eligible []access.PersonID) access.Event {
		e := r.Event(access.EventClaimed, by, s.Clock.Now())
		e.Approvers = eligible
		return e
	})
	return s.Turned(ctx, request, by, "claim", err)
}

// amongApprovers moves a waiting request by an event of somebody who may decide
// it at this moment.
func (s *Service) amongApprovers(ctx context.Context, request string, event func(access.Request, []access.PersonID) access.Event) error {
	c, err := s.Case(ctx, request)
	if err != nil {
		return err
	}
	eligible, _, err := s.mayAnswer(ctx, c)
	if err != nil {
		return fmt.Errorf("find out who may decide: %w", err)
	}
	return s.update(ctx, func(st *step) error {
		r, err := store.Request(st.tx, request)
		if err != nil {
			return err
		}
		e := event(r, eligible)
		if done, err := st.happened(e); err != nil || done {
			return err
		}
		_, err = st.request(r, e)
		return err
	})
}

// happened tells whether what an event came of was taken already: Slack and Jira
// deliver some things twice.
func (st *step) happened(e access.Event) (bool, error) {
	if e.Origin == "" {
		return false, nil
	}
	story, err := st.tx.Events(store.Filter{Request: e.Request}, 0, 1000)
	for _, other := range story {
		if other.Origin == e.Origin && other.Kind == e.Kind {
			return true, err
		}
	}
	return false, err
}
