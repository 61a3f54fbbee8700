package people

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/idp"
)

// share is the part of the time there is that goes into finding out who does something.
// What they do has the rest: Slack waits three seconds for a click, and a directory may
// take longer than that for one answer.
const share = 3

// Who is the person behind a Slack account, if they may act; otherwise the refusal says
// why not. Where Slack or a directory doesn't say so in time, whoever is bound to the
// account is as they were seen last: who may do what is established where it is done.
func (s *Service) Who(ctx context.Context, slackID string) (access.Person, error) {
	p, err := s.inTime(ctx, slackID)
	if err != nil {
		return p, err
	}
	return p, p.MayAct()
}

// Alone says that nobody needs to know who the managers are of those who are looked up with the
// context: who somebody is, and whether they may act, doesn't depend on it.
func Alone(ctx context.Context) context.Context { return idp.WithoutManagers(ctx) }

func (s *Service) inTime(ctx context.Context, slackID string) (access.Person, error) {
	until, bound := ctx.Deadline()
	if !bound {
		return s.Member(ctx, slackID)
	}
	short, cancel := context.WithTimeout(ctx, time.Until(until)/share)
	defer cancel()
	p, err := s.Member(short, slackID)
	if _, refused := access.AsRefusal(err); err == nil || refused || short.Err() == nil {
		return p, err
	}
	known, bad := s.bearer(ctx, access.SystemSlack, slackID)
	switch {
	case bad != nil:
		return p, errors.Join(err, bad)
	case known == nil:
		return s.Member(ctx, slackID) // nobody is remembered who could stand in
	}
	s.log.Warn("who does something isn't said in time; what was known last stands in", "person", known.ID, "error", err)
	return *known, nil
}
