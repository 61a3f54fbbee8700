package requests

import (
	"context"
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// EstablishTask is the kind of task that finds out whether an answer counts that
// was kept.
const EstablishTask = "answer.establish"

// keep commits an answer of which it can't be found out now whether it counts.
func keep(u *engine.Unit, r access.Request, w answer) (access.Request, error) {
	e := r.Event(access.EventAnswerKept, w.by, u.At)
	e.Answer, e.Reason, e.Wanted, e.SignedIn = w.as, w.reason, w.wanted, w.signedIn
	yes := e
	yes.Kind = w.as
	if _, role, _ := u.Catalog.Role(r.App, r.Role); r.State == access.RequestPending {
		if err := access.SignInMissing(role, yes); err != nil {
			return r, err
		}
	}
	return u.MoveRequest(r, e)
}

// keptBy is the payload of an EstablishTask.
type keptBy struct{ Person access.PersonID }

// establish is the effect that has it found out whether kept answers count.
func establish(u *engine.Unit, e access.Event, _ access.Effect) error {
	r, err := u.Request(e.Request)
	if err != nil {
		return err
	}
	for _, k := range r.Waiting {
		body, err := engine.Payload(keptBy{k.By.Person})
		if err != nil {
			return err
		}
		t := store.Task{ID: "answer/" + r.ID + "/" + string(k.By.Person), Queue: engine.HouseQueue, Kind: EstablishTask, Subject: e.About(), Priority: store.Additions, Payload: body}
		added, err := u.Enqueue(t)
		if err == nil && !added {
			err = u.Expedite(t.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// establishKept carries an EstablishTask out. It is tried until it is known: as long
// as a directory keeps silent, the answer is kept.
func (s stages) establishKept(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[keptBy](t)
	if err != nil {
		return nil, err
	}
	r, err := requestNow(ctx, s.units, t.Subject.Request())
	if err != nil {
		return nil, err
	}
	if _, kept := r.Kept(p.Person); !kept {
		return func(u *engine.Unit) error { return nothingKept(u, r.ID, p.Person) }, nil
	}
	found, err := s.authority.Established(ctx, r, access.Actor{Person: p.Person})
	refusal, refused := access.AsRefusal(err)
	if err != nil && !refused {
		return nil, err
	}
	return func(u *engine.Unit) error { return takeEffect(u, r, p.Person, found, refusal) }, nil
}

// nothingKept ends a task that had nothing to do, unless there is something by now:
// no other task was made for that while this one was under way.
func nothingKept(u *engine.Unit, request string, who access.PersonID) error {
	r, err := u.Request(request)
	if err != nil {
		return err
	}
	if _, kept := r.Kept(who); kept {
		return movedOn()
	}
	return nil
}

// movedOn has it found out anew who may answer.
func movedOn() error {
	return &access.Failure{Class: access.Limited, After: lookAgain, Sentence: "The request moved on while it was found out who may answer; that is found out again"}
}

// takeEffect lets a kept answer take effect, or refuses it and tells its giver. Others
// may have answered meanwhile.
func takeEffect(u *engine.Unit, seen access.Request, who access.PersonID, found people.Established, refusal *access.Refusal) error {
	r, err := u.Request(seen.ID)
	if err != nil {
		return err
	}
	k, kept := r.Kept(who)
	if !kept {
		return nil
	}
	if r.State == seen.State && r.Stage != seen.Stage && k.Stage == r.Stage {
		return movedOn()
	}
	if refusal == nil {
		if r, refusal, err = count(u, r, k, found); err != nil {
			return err
		}
	}
	if err := changed(u, seen, r, found.Found); err != nil || refusal == nil {
		return err
	}
	if doubt, _ := access.AsRefusal(found.Doubt); found.Remedy != "" && doubt == refusal {
		if err := tellHolder(u, r, found.Remedy); err != nil {
			return err
		}
	}
	return dropped(u, r, k, refusal)
}

// count takes a kept answer.
func count(u *engine.Unit, r access.Request, k access.KeptAnswer, found people.Established) (access.Request, *access.Refusal, error) {
	decision := k.As == access.EventApproved || k.As == access.EventDenied
	err := people.StillHere(u, k.By.Person)
	if err == nil && decision && r.State == access.RequestPending && k.Stage != r.Stage {
		err = access.Refuse(access.TooLate, "", "Others have answered that stage meanwhile.")
	}
	moved := r
	if err == nil {
		w := answer{by: k.By, as: k.As, reason: k.Reason, wanted: k.Wanted, signedIn: k.SignedIn, how: fmt.Sprintf("looked up at %s; the answer was given at %s, when that could not be found out",
			u.At.UTC().Format(time.RFC3339), k.At.UTC().Format(time.RFC3339))}
		var ruled error
		if moved, ruled, err = take(u, r, w, found); err == nil {
			err = ruled
		}
	}
	if why, refused := access.AsRefusal(err); refused {
		return moved, why, nil
	}
	return moved, nil, err
}

// dropped lets go of a kept answer that can't count, and tells its giver.
func dropped(u *engine.Unit, r access.Request, k access.KeptAnswer, why *access.Refusal) error {
	e := r.Event(access.EventAnswerDropped, k.By, u.At)
	e.Note = why.Sentence
	if _, err := u.MoveRequest(r, e); err != nil {
		return err
	}
	name, err := people.In(u.Tx, r.Beneficiary)
	if err != nil {
		return err
	}
	marker := fmt.Sprintf("answer/%s/%s/%d", r.ID, k.By.Person, k.At.UnixNano())
	return notify.Announce(u, marker, k.By.Person, "Your answer doesn't count: "+notify.WhatOf(u, r)+" for "+name.Display(), why.Sentence,
		"It was kept at "+access.FullMoment(k.At)+", because it couldn't be found out then whether you may answer.", "Request "+r.Label())
}

// whoChanged has it looked for those who may answer where an answer showed that
// they are others than those who were asked. It is no matter of the answer if that
// can't be arranged: it is looked for regularly, too.
func (s stages) whoChanged(ctx context.Context, seen access.Request, found people.Found, err error) {
	if _, refused := access.AsRefusal(err); err != nil && !refused || !differs(seen, found) {
		return
	}
	_ = s.units.Update(ctx, func(u *engine.Unit) error {
		r, err := u.Request(seen.ID)
		if err != nil {
			return err
		}
		return changed(u, seen, r, found)
	})
}

// changed has it looked for those who may answer where they are others than those
// who were asked, as far as the request stands where it was seen.
func changed(u *engine.Unit, seen, r access.Request, found people.Found) error {
	if r.Stage != seen.Stage || !differs(r, found) {
		return nil
	}
	_, err := u.Enqueue(lookAgainTask(r))
	return err
}

// differs tells whether others may answer the current stage than those who were
// asked.
func differs(r access.Request, found people.Found) bool {
	if r.State != access.RequestPending || r.Stage >= len(r.Stages) || len(r.Stages[r.Stage].Asked) == 0 {
		return false
	}
	asked, standby := r.Stages[r.Stage].Asked, r.Stages[r.Stage].Standby
	missing := func(who access.PersonID) bool { return !slices.Contains(asked, who) && !slices.Contains(standby, who) }
	gone := func(who access.PersonID) bool { return !slices.Contains(found.Named, who) }
	if found.Named == nil {
		return len(found.Who) > 0 && !sameSet(asked, found.Asked())
	}
	return slices.ContainsFunc(found.Who, missing) || slices.ContainsFunc(asked, gone)
}

func sameSet[T comparable](a, b []T) bool {
	in := func(all []T) func(T) bool { return func(v T) bool { return !slices.Contains(all, v) } }
	return !slices.ContainsFunc(a, in(b)) && !slices.ContainsFunc(b, in(a))
}
