package workflow

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"latchkey/access"
)

// voted puts an answer to Jira's own approval to the service.
func (s *Service) voted(ctx context.Context, request string, v access.Vote, words string) ([]drift, error) {
	why, err := s.decideInJira(ctx, request, v.By, v.Yes, words)
	if err != nil || why == "" {
		return nil, err
	}
	return []drift{{key: "vote-" + v.ID, by: v.By, what: fmt.Sprintf("%s answered Jira's approval. %s", named(v.By), why)}}, nil
}

// moved deals with a change of status: a decision, the word that a change was
// made by hand, or drift.
func (s *Service) moved(ctx context.Context, request string, ch access.Change, words string) ([]drift, error) {
	c, err := s.Case(ctx, request)
	if err != nil {
		return nil, err
	}
	why, meant, err := s.meaning(ctx, c, ch, words)
	if err != nil || meant && why == "" {
		return nil, err
	}
	if after, err := s.Case(ctx, request); err != nil || agrees(after, ch) {
		return nil, err // it came to the same by another way
	}
	return one(ch, strings.TrimSpace(fmt.Sprintf("%s moved the issue from %s to %s. %s", named(ch.By), ch.From, ch.To, why))), nil
}

// meaning tries a change of status as an act. why says what speaks against it.
func (s *Service) meaning(ctx context.Context, c access.Case, ch access.Change, words string) (why string, meant bool, err error) {
	is := func(p access.Phase) bool { return slices.Contains(ch.Is, p) }
	switch {
	case c.Request.State == access.RequestPending && slices.Contains(ch.Was, access.PhaseDeciding):
		switch {
		case is(access.PhasePreparing), is(access.PhaseGranted), is(access.PhaseManual):
			why, err = s.decideInJira(ctx, c.Request.ID, ch.By, true, words)
		case is(access.PhaseWithdrawn):
			why, err = s.withdrawInJira(ctx, c, ch.By)
		case is(access.PhaseDenied):
			why, err = s.decideInJira(ctx, c.Request.ID, ch.By, false, words)
		default:
			return "", false, nil
		}
		return why, true, err
	case c.Phase() == access.PhaseManual && is(access.PhaseGranted):
		why, err = s.doneInJira(ctx, c, ch.By)
		return why, true, err
	}
	return "", false, nil
}

// agrees tells whether a change of status is what came of the request anyway.
func agrees(c access.Case, ch access.Change) bool {
	if slices.Contains(ch.Is, c.Phase()) {
		return true
	}
	if !slices.Contains(ch.Was, access.PhaseDeciding) {
		return false
	}
	switch c.Request.State {
	case access.RequestApproved:
		return slices.Contains(ch.Is, access.PhasePreparing)
	case access.RequestDenied:
		return slices.Contains(ch.Is, access.PhaseDenied)
	case access.RequestCancelled, access.RequestLapsed:
		return slices.Contains(ch.Is, access.PhaseWithdrawn)
	}
	return false
}

// decideInJira puts a decision made in Jira to the service, in the name of the
// person whose account made it. why is the sentence that refuses it.
func (s *Service) decideInJira(ctx context.Context, request string, by access.Account, yes bool, words string) (why string, err error) {
	if !s.JiraDecides {
		return "Decisions made in Jira don't count here (jira.decisions).", nil
	}
	c, err := s.Case(ctx, request)
	if err != nil {
		return "", err
	}
	who, err := s.holder(ctx, by, s.deciders(ctx, c)...)
	if err == nil {
		d := Decision{Request: request, Yes: yes, Reason: words, By: access.Actor{Person: who.ID, Via: access.ViaJira, Account: by.ID}}
		if !yes && words == "" {
			d.Reason = "No reason was given in Jira; please ask " + who.Display() + "."
		}
		_, err = s.Decide(ctx, d)
	}
	return s.refusedInJira(ctx, request, by, yes, err)
}

func (s *Service) deciders(ctx context.Context, c access.Case) []access.PersonID {
	if found, err := s.eligible(ctx, c); err == nil {
		return found
	}
	if c.Request.Stage < len(c.Request.Stages) {
		return c.Request.Stages[c.Request.Stage].Asked
	}
	return nil
}

// refusedInJira words a refusal. Somebody who said the same before, elsewhere or
// a moment ago, is not refused.
func (s *Service) refusedInJira(ctx context.Context, request string, by access.Account, yes bool, err error) (string, error) {
	r, refused := access.AsRefusal(err)
	if !refused {
		return "", err
	}
	c, err := s.Case(ctx, request)
	if err != nil {
		return "", err
	}
	if yes && c.Request.State == access.RequestApproved || !yes && c.Request.State == access.RequestDenied || answeredBy(c.Request, by) {
		return "", nil
	}
	return r.Sentence, nil
}

func answeredBy(r access.Request, by access.Account) bool {
	return slices.ContainsFunc(r.Stages, func(st access.Stage) bool {
		return slices.ContainsFunc(st.Answers, func(a access.Answer) bool {
			return a.By.Account == by.ID || by.Email != "" && a.By.Person == PersonOf(by.Email)
		})
	})
}

func (s *Service) withdrawInJira(ctx context.Context, c access.Case, by access.Account) (string, error) {
	who, err := s.holder(ctx, by, c.Request.Requester, c.Request.Beneficiary)
	if err == nil {
		err = s.Cancel(ctx, c.Request.ID, access.Actor{Person: who.ID, Via: access.ViaJira, Account: by.ID})
	}
	if r, refused := access.AsRefusal(err); refused {
		return r.Sentence, nil
	}
	return "", err
}

func (s *Service) doneInJira(ctx context.Context, c access.Case, by access.Account) (string, error) {
	who, err := s.holder(ctx, by, append(PeopleOf(c.App.Fulfillers()), s.admins()...)...)
	if err == nil {
		err = s.Done(ctx, c.Request.ID, access.Actor{Person: who.ID, Via: access.ViaJira, Account: by.ID})
	}
	if r, refused := access.AsRefusal(err); refused {
		return r.Sentence, nil
	}
	return "", err
}
