package people

import (
	"context"
	"fmt"

	"latchkey/access"
	"latchkey/idp"
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
	ctx = idp.WithPriority(ctx, idp.Addition) // before whatever only looks around: somebody waits for it
	s.Forget(by.Person)
	s.Forget(r.Beneficiary)
	if by.Via != access.ViaSlack {
		s.forgetMember(ctx, by.Person)
	}
	var out Established
	var may error
	q := question{s, r}
	errs := [3]error{}
	sideBySide(len(errs), func(i int) {
		switch i {
		case 0:
			may, errs[i] = q.mayAct(ctx, by.Person)
		case 1:
			out.Holder, errs[i] = q.holder(ctx)
		case 2:
			out.Found, errs[i] = q.answering(ctx)
		}
	})
	for _, err := range errs {
		if err != nil {
			return Established{}, fmt.Errorf("find out who may answer: %w", err)
		}
	}
	return out, may
}

// question is what has to be known to judge an answer to a request.
type question struct {
	s *Service
	r access.Request
}

// answering are those who decide the request, or review the emergency.
func (q question) answering(ctx context.Context) (Found, error) {
	switch {
	case q.r.State == access.RequestPending:
		return q.s.Deciders(ctx, q.r)
	case q.r.BreakGlass:
		return q.s.Reviewers(ctx, q.r)
	}
	return Found{}, nil
}

// mayAct refuses somebody who may not act at this moment. Whoever is not known at all
// is refused by the request's own rule.
func (q question) mayAct(ctx context.Context, who access.PersonID) (refusal, err error) {
	p, err := q.s.sure(ctx, who)
	if err != nil {
		return nil, Softly(err)
	}
	return p.MayAct(), nil
}

// holder is who gets the access; as remembered, if Slack doesn't know them.
func (q question) holder(ctx context.Context) (access.Person, error) {
	p, err := q.s.sure(ctx, q.r.Beneficiary)
	if err != nil && Softly(err) == nil {
		return q.s.Known(ctx, q.r.Beneficiary), nil
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
func (s *identities) sure(ctx context.Context, who access.PersonID) (access.Person, error) {
	l := s.cache.begin()
	p, err := s.person(ctx, who)
	if err != nil || p.MayAct() != nil && p.Standing != access.Suspended {
		return p, err
	}
	if _, all := s.cache.answeredSince(who, l); !all {
		return p, silent("How " + p.Contact() + " stands")
	}
	return p, nil
}

// forgetMember lets go of what Slack said of somebody.
func (s *identities) forgetMember(ctx context.Context, who access.PersonID) {
	if k, err := s.remembered(ctx, who); err == nil && k.Account(access.SystemSlack) != "" {
		s.roster.ForgetMember(k.Account(access.SystemSlack))
	}
}
