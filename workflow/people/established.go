package people

import (
	"context"
	"fmt"
	"time"

	"latchkey/access"
)

// Established is what an answer to a request is judged by, all of it found out at
// one moment.
type Established struct {
	Found
	Holder access.Person // the beneficiary
}

// Established finds out who may answer a request at this moment: decide it, or say
// whether the emergency was one. Nobody, for a request that takes no answer. Nothing
// that was known before stands in: a directory that keeps silent is an error. Who
// answers and whose access it is are looked up anew, however lately they were: a
// moment ago one may have left, or the other got another manager. Whoever clicks in
// Slack has an account there; of others Slack is asked, too.
func (s *Service) Established(ctx context.Context, r access.Request, by access.Actor) (Established, error) {
	s.Forget(by.Person)
	s.Forget(r.Beneficiary)
	if by.Via != access.ViaSlack {
		s.forgetMember(ctx, by.Person)
	}
	var out Established
	var may error
	var errs [3]error
	sideBySide(len(errs), func(i int) {
		switch i {
		case 0:
			may, errs[i] = s.mayActNow(ctx, by.Person)
		case 1:
			out.Holder, errs[i] = s.holderNow(ctx, r.Beneficiary)
		case 2:
			out.Found, errs[i] = s.answering(ctx, r)
		}
	})
	for _, err := range errs {
		if err != nil {
			return Established{}, fmt.Errorf("find out who may answer: %w", err)
		}
	}
	return out, may
}

// answering are those who decide a request, or review the emergency.
func (s *Service) answering(ctx context.Context, r access.Request) (Found, error) {
	switch {
	case r.State == access.RequestPending:
		return s.Deciders(ctx, r)
	case r.Emergency:
		return s.Reviewers(ctx, r)
	}
	return Found{}, nil
}

// mayActNow refuses somebody who may not act at this moment. Whoever is not known
// at all is refused by the request's own rule.
func (s *Service) mayActNow(ctx context.Context, who access.PersonID) (refusal, err error) {
	p, err := s.sure(ctx, who)
	if err != nil {
		return nil, Softly(err)
	}
	return p.MayAct(), nil
}

// holderNow is somebody who gets access; as remembered, if Slack doesn't know them.
func (s *Service) holderNow(ctx context.Context, who access.PersonID) (access.Person, error) {
	p, err := s.sure(ctx, who)
	if err != nil && Softly(err) == nil {
		return s.Known(ctx, who), nil
	}
	return p, err
}

// Anew is Person, looked up at this moment. What a directory that keeps silent said
// last stands in.
func (s *Service) Anew(ctx context.Context, who access.PersonID) (access.Person, error) {
	s.Forget(who)
	return s.Person(ctx, who)
}

// sure is Person, by the word of Slack and of every directory. Where one keeps
// silent, what it said last may be untrue by now.
func (s *Service) sure(ctx context.Context, who access.PersonID) (access.Person, error) {
	l := s.memory.begin()
	p, err := s.Person(ctx, who)
	if err != nil || p.MayAct() != nil && p.Standing != access.Suspended {
		return p, err
	}
	if _, all := s.memory.answeredSince(who, l); !all {
		return p, silent("How " + p.Contact() + " stands")
	}
	return p, nil
}

// silent is the failure that a directory does not answer. Why it doesn't is in the
// log.
func silent(what string) error {
	return &access.Failure{Class: access.Transient, Sentence: what + " can't be found out now: a directory does not answer"}
}

// forgetMember lets go of what Slack said of somebody.
func (s *Service) forgetMember(ctx context.Context, who access.PersonID) {
	if k, err := s.remembered(ctx, who); err == nil && k.Account(access.SystemSlack) != "" {
		s.roster.ForgetMember(k.Account(access.SystemSlack))
	}
}

// reserve is what a look-up leaves of the time there is for those who wait for it,
// at most: what a directory doesn't say in time it says too late.
const reserve = 500 * time.Millisecond

// leaving bounds how long directories may take, so that something can still be done
// about those that keep silent.
func leaving(ctx context.Context) (context.Context, context.CancelFunc) {
	until, bound := ctx.Deadline()
	if !bound {
		return context.WithCancel(ctx)
	}
	left := time.Until(until)
	return context.WithTimeout(ctx, left-min(reserve, left/4))
}
