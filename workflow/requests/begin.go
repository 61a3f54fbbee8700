package requests

import (
	"context"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// BeginTask is the kind of task that looks once more whether access may be held, when it is to begin later
// than it was approved.
const BeginTask = "grant.begin"

// beginAgain is how soon it is looked again where it can't be told whether access may be held.
const beginAgain = 10 * time.Minute

func beginTask(r access.Request) store.Task {
	return store.Task{ID: "begin/" + r.ID, Queue: engine.HouseQueue, Kind: BeginTask, Subject: access.RequestSubject(r.ID), Priority: store.Additions}
}

// beginsLater tells of a request that was approved before the moment for which it was asked: its holder, the
// rules and what they have may be otherwise by then.
func beginsLater(r access.Request) bool { return r.Starts.After(r.Decided) }

// begin carries a BeginTask out. While it isn't known whether a rule refuses, access doesn't begin, and is looked at
// again; IT hears of it.
func (s *Service) begin(ctx context.Context, t store.Task) (engine.Outcome, error) {
	r, err := s.request(ctx, t.Subject.Request())
	if err != nil {
		return nil, err
	}
	holder, err := s.sure(ctx, r.Beneficiary)
	if err != nil {
		return nil, err
	}
	asker := holder
	if r.Requester != r.Beneficiary {
		if asker, err = s.sure(ctx, r.Requester); err != nil {
			return nil, err
		}
	}
	around := s.around(ctx, asker, holder, catalog.RoleRef{App: r.App, Role: r.Role})
	waits := false
	err = s.units.Update(ctx, func(u *engine.Unit) (err error) {
		waits, err = judgedAtStart(u, r.ID, holder, around, u.At.Sub(t.Created) >= beginAgain)
		return err
	})
	if err == nil && waits {
		err = &access.Failure{Class: access.Limited, After: beginAgain, Sentence: "Whether access may begin depends on what the directory doesn't say now"}
	}
	return nil, err
}

// sure is somebody as they are at this moment; as they are remembered, where Slack doesn't know them any more.
func (s *Service) sure(ctx context.Context, who access.PersonID) (p access.Person, err error) {
	if p, err = s.attributes.Sure(ctx, who); err == nil {
		return p, nil
	}
	if err := people.Softly(err); err != nil {
		return p, err
	}
	err = s.units.View(ctx, func(tx store.Tx) error {
		p, err = people.In(tx, who)
		return err
	})
	return p, err
}

// judgedAtStart lets access begin, or ends it where it may not be held any more. waits: that isn't known.
func judgedAtStart(u *engine.Unit, id string, holder access.Person, around access.Circumstances, tell bool) (waits bool, err error) {
	r, err := u.Request(id)
	if err != nil {
		return false, err
	}
	g, err := u.Grant(r.GrantID())
	if err != nil || g.State != access.GrantWaiting || g.Planned() {
		return false, ignoreMissing(err)
	}
	err = objection(u, r, holder, around)
	why, refused := access.AsRefusal(err)
	switch {
	case err != nil && !refused:
		return false, err
	case !refused:
		return false, recorded(u, r, g)
	case why.Reason == access.Undetermined && tell:
		return true, undetermined(u, r, why)
	case why.Reason == access.Undetermined:
		return true, nil
	}
	return false, ruledOut(u, r, g, why)
}

// ruledOut ends access before it began, because it may not be held any more. Those who said yes hear of it.
func ruledOut(u *engine.Unit, r access.Request, g access.Grant, why *access.Refusal) error {
	if _, err := u.MoveGrant(g, end(g, access.EndRuledOut, access.System(), why.Sentence, u.At)); err != nil {
		return err
	}
	for _, st := range r.Stages {
		for _, a := range st.Answers {
			marker := fmt.Sprintf("ruled-out/%s/%s", r.ID, a.By.Person)
			if err := notify.Announce(u, marker, a.By.Person, "Not given: "+notify.WhatOf(u, r), why.Sentence,
				"You said yes to it. It was to begin now, so what may be held was looked at again. Whoever asked has been told.", "Request "+r.Label()); err != nil {
				return err
			}
		}
	}
	return nil
}

// undetermined tells IT that access waits for what the directory doesn't say.
func undetermined(u *engine.Unit, r access.Request, why *access.Refusal) error {
	return notify.Announce(u, "undetermined-start/"+r.ID+"/"+u.At.Format(time.DateOnly), "", "It waits for the directory: "+notify.WhatOf(u, r), why.Sentence,
		"It was approved and was to begin now. It begins by itself once that is known, or is refused.", "Request "+r.Label())
}
