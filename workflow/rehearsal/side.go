package rehearsal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/catalog/plan"
	"latchkey/workflow/people"
)

// side judges by one catalogue.
type side struct {
	Side
	ctx   context.Context
	now   time.Time
	named map[access.PersonID]string
	name  func(access.PersonID) string

	always map[string]plan.Deciders // of what asks the same people whoever asks
	mine   map[string]plan.Deciders // of what doesn't, for whom it was asked last
	whose  access.PersonID
}

func newSide(ctx context.Context, c Config, s Side) side {
	return side{Side: s, ctx: ctx, now: c.Now, named: map[access.PersonID]string{}, always: map[string]plan.Deciders{}, mine: map[string]plan.Deciders{},
		name: func(who access.PersonID) string { return display(ctx, c.View, who) }}
}

// file is the side as it is compared.
func (s *side) file() plan.File {
	return plan.File{Side: plan.Side{File: s.File}, Catalog: s.Catalog, Admins: s.Admins, Fallback: s.Fallback, Resolve: s.resolve}
}

// answers are what would come of what somebody asks for.
func (s *side) answers(ctx context.Context, who access.Person) (plan.Answers, error) {
	all, err := s.Requests.Prospects(ctx, who, who)
	if err != nil {
		return nil, err
	}
	var last catalog.RoleRef
	var of func(time.Duration) (access.Request, error)
	return func(ref catalog.RoleRef, wanted time.Duration) (access.Request, error) {
		if of == nil || ref != last {
			last, of = ref, all.Of(ctx, ref, "", s.now)
		}
		return of(wanted)
	}, nil
}

// resolve finds who may answer the current stage of a request. Where that doesn't depend on who asks it
// is found once.
func (s *side) resolve(r access.Request) plan.Deciders {
	if r.Stage >= len(r.Stages) {
		return plan.Deciders{}
	}
	st := r.Stages[r.Stage]
	key := fmt.Sprint(r.App, "|", r.Role, "|", st.Sources, "|", st.Backups, "|", st.Need, "|", len(st.Reassigned), st.Escalated)
	known := s.always
	if personal(st) {
		if s.whose != r.Beneficiary {
			s.whose = r.Beneficiary
			clear(s.mine)
		}
		known = s.mine
	} else {
		r.Requester, r.Beneficiary = "", ""
	}
	if d, found := known[key]; found {
		return d
	}
	d := s.ask(r)
	known[key] = d
	return d
}

// personal tells whether whom a stage asks depends on who asks.
func personal(s access.Stage) bool {
	return len(s.Reassigned) > 0 || s.Escalated > 0 || slices.ContainsFunc(slices.Concat(s.Sources, s.Backups), func(a catalog.Approver) bool {
		return a.Kind == catalog.Manager || a.Kind == catalog.SecondManager || a.Kind == catalog.RoleApprover
	})
}

// ask finds who may answer as it is found for a card.
func (s *side) ask(r access.Request) plan.Deciders {
	found, err := s.People.Deciders(s.ctx, r)
	if err != nil {
		return plan.Deciders{Unread: []string{sentence(err)}}
	}
	d := plan.Deciders{Who: map[string]string{}, Unread: found.Unread}
	for _, who := range found.Who {
		d.Who[string(who)] = s.called(who)
	}
	for _, what := range found.Unfound {
		d.Lacks = append(d.Lacks, strings.Replace(what, " is not known in Slack", " "+people.NeverMet, 1))
	}
	if _, instead, stands := strings.Cut(found.Why, "In their place: "); stands {
		d.Instead = strings.TrimSuffix(instead, ".")
	}
	return d
}

func sentence(err error) string { return strings.TrimSuffix(access.Classify(err).Sentence, ".") }

// called is what people call somebody.
func (s *side) called(who access.PersonID) string {
	if _, known := s.named[who]; !known {
		s.named[who] = s.name(who)
	}
	return s.named[who]
}
