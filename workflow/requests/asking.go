package requests

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// asking has those told who were found for a stage.
type asking struct {
	seen    access.Request
	found   people.Found
	lacks   []string                                  // directories that show no account of who gets the access
	earlier []earlier                                 // yes to earlier stages that count for this one, too
	ended   func(*engine.Unit, access.PersonID) error // ends what somebody who may not act any more decides for others
	again   bool                                      // they were asked before: if nothing has changed, nothing is said
}

// do asks those who were found, unless the stage was answered meanwhile, or is by
// what was said before.
func (a asking) do(u *engine.Unit) error {
	r, err := u.Request(a.seen.ID)
	if err != nil || r.State != access.RequestPending || r.Stage != a.seen.Stage {
		return err
	}
	if err := errors.Join(stillHere(u, a.found.Who), a.stillSo(u, r)); err != nil {
		return err
	}
	if r, err = a.reuseEarlier(u, r); err != nil || r.State != access.RequestPending || r.Stage != a.seen.Stage {
		return err
	}
	e := r.Event(access.EventApproversAsked, access.System(), u.At)
	e.Approvers, e.Unfound, e.Lacks, e.Note = a.found.Asked(), a.found.Unfound, a.lacks, a.found.Why
	e.Also, e.Standby, e.Unread = a.found.Also, a.found.Standby, a.found.Unread
	e.Delegates = slices.Clone(a.found.Delegates)
	if err := a.stay(u, r, &e); err != nil {
		return err
	}
	if few := tooFew(r, a.found.Principals()); few != "" {
		e.Kind, e.Note = access.EventUnroutable, strings.TrimSpace(few+" "+a.found.Why)
	}
	if a.again && unchanged(r, e) {
		return nil
	}
	if _, err := u.MoveRequest(r, e); err != nil {
		return err
	}
	for _, tell := range []func(*engine.Unit, access.Request, access.Event) error{tellIncomplete, tellLacking, tellRelieved} {
		if err := tell(u, r, e); err != nil {
			return err
		}
	}
	return a.endUnfit(u, r, e)
}

// stillSo has it looked again who decides, where something was said of it since this look began: by
// who decides for others, or by whoever had it looked again.
func (a asking) stillSo(u *engine.Unit, r access.Request) error {
	same, err := people.StillDelegated(u, r, a.found)
	if err == nil && (!same || !r.Look.Equal(a.seen.Look)) {
		err = &access.Failure{Class: access.Limited, After: lookAgain, Sentence: "Who decides may have changed just now; it is looked again"}
	}
	return err
}

// endUnfit ends delegations by which somebody was asked and isn't any more, where one of the
// two may not act.
func (a asking) endUnfit(u *engine.Unit, before access.Request, e access.Event) error {
	for _, d := range before.Stages[before.Stage].Delegates {
		if slices.Contains(e.Delegates, d) || a.ended == nil {
			continue
		}
		if err := errors.Join(a.ended(u, d.For), a.ended(u, d.Who)); err != nil {
			return err
		}
	}
	return nil
}

// stay leaves those asked who were before, while a source can't be read that may still name
// them: that it can't be read doesn't say that they are no more. What they answer is kept until
// it is known.
func (a asking) stay(u *engine.Unit, r access.Request, e *access.Event) error {
	if len(a.found.Unread) == 0 {
		return nil
	}
	stage := r.Stages[r.Stage]
	for _, who := range access.Principals(stage.Asked, stage.Delegates) {
		if _, given := stage.Place(who); given != nil {
			continue
		}
		if err := staying(u, e, who); err != nil {
			return err
		}
	}
	for _, d := range stage.Delegates {
		stands, err := people.Stands(u, d)
		if err == nil && stands && slices.Contains(e.Approvers, d.For) && slices.Contains(stage.Asked, d.Who) && !slices.Contains(e.Delegates, d) && !decidesAnyway(*e, d.Who) {
			if err = staying(u, e, d.Who); slices.Contains(e.Approvers, d.Who) {
				e.Delegates = append(slices.Clip(e.Delegates), d)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// staying has somebody asked, if they are here.
func staying(u *engine.Unit, e *access.Event, who access.PersonID) error {
	err := people.StillHere(u, who)
	if _, refused := access.AsRefusal(err); err != nil && !refused {
		return err
	}
	if err == nil && !slices.Contains(e.Approvers, who) {
		e.Approvers = append(e.Approvers, who)
	}
	return nil
}

// decidesAnyway tells whether somebody is asked who doesn't need another one's place.
func decidesAnyway(e access.Event, who access.PersonID) bool {
	return slices.Contains(access.Principals(e.Approvers, e.Delegates), who)
}

// unchanged tells that an event says what is known already.
func unchanged(r access.Request, e access.Event) bool {
	stage := r.Stages[r.Stage]
	same := sameSet(stage.Asked, e.Approvers) && sameSet(stage.Standby, e.Standby)
	if e.Kind == access.EventUnroutable {
		same = len(stage.Asked) == 0
	}
	return same && sameSet(stage.Delegates, e.Delegates) && stage.Why == e.Note && slices.Equal(stage.Unfound, e.Unfound) && slices.Equal(stage.Unread, e.Unread) && slices.Equal(r.Lacks, e.Lacks)
}

// tellLacking tells IT that somebody asks for what can't be set up yet, before
// anybody decides.
func tellLacking(u *engine.Unit, before access.Request, e access.Event) error {
	if len(e.Lacks) == 0 || slices.Equal(before.Lacks, e.Lacks) {
		return nil
	}
	who, err := people.ContactIn(u.Tx, before.Beneficiary)
	if err != nil {
		return err
	}
	return notify.Announce(u, "lacks/"+before.ID+"/"+strings.Join(e.Lacks, "-"), "", "No account to set it up in: "+notify.WhatOf(u, before),
		fmt.Sprintf("%s shows no account of %s. Nothing can be set up until there is one, whoever says yes.", strings.Join(e.Lacks, " and "), who),
		"Make the account, or correct the address it carries.", "Request "+before.Label())
}

// tellIncomplete tells IT of a stage that needs everybody and where not everybody
// can be asked: it can't be completed as it is.
func tellIncomplete(u *engine.Unit, r access.Request, e access.Event) error {
	missing := slices.Concat(e.Unread, e.Unfound)
	if !r.Stages[r.Stage].Need.All || len(missing) == 0 || e.Kind != access.EventApproversAsked {
		return nil
	}
	lines := append([]string{"Everybody whom this stage names has to say yes, and not everybody can be asked:"}, missing[:min(len(missing), mostSaid)]...)
	lines = append(lines, "It waits for them. Bring them into Slack, or take them out of what the stage names: the group, the app's owners, or the people of the configuration.", "Request "+r.Label())
	return notify.Announce(u, fmt.Sprintf("unfound/%s/%d/%d", r.ID, r.Stage, u.At.UnixNano()), "", "Not everybody can be asked: "+notify.WhatOf(u, r), lines...)
}

// mostSaid is how many of those who can't be asked a message names.
const mostSaid = 10

// reuseEarlier lets earlier yes count for the stage. Whoever has said yes is not asked
// a second time; the record says that one person stands in both places.
func (a asking) reuseEarlier(u *engine.Unit, r access.Request) (access.Request, error) {
	for _, yes := range a.earlier {
		w := answer{by: yes.By, as: access.EventApproved, reused: true, signedIn: yes.SignedIn, how: "looked up when the stage began",
			note: "The same person may answer this stage and has said yes to an earlier one, at " + access.FullMoment(yes.At) + ": it counts here, too."}
		next, ruled, err := take(u, r, w, yes.found)
		if r = next; err != nil || ruled != nil {
			return r, err
		}
		if r.State != access.RequestPending || r.Stage != a.seen.Stage {
			break
		}
	}
	return r, nil
}

// tooFew says why those who were found can't complete the request's stage; "" if
// they can.
func tooFew(r access.Request, found []access.PersonID) string {
	if len(found) == 0 {
		return "Nobody can be found who may decide this. Add a manager in the directory, an owner in the catalogue, or people.fallback, then retry."
	}
	stage := r.Stages[r.Stage]
	if missing := stage.Missing(found); missing > 0 {
		return fmt.Sprintf("%d different people have to agree, and only %d can be found who may. Add to those whom the stage asks, as in its group or the app's owners, then retry.",
			stage.Need.Count(), stage.Need.Count()-missing)
	}
	return ""
}

// whyRelieved says why somebody else is asked than those who were before.
func whyRelieved(u *engine.Unit, stage access.Stage) (string, error) {
	n := len(stage.Reassigned)
	if n == 0 || stage.Reassigned[n-1].At.Before(stage.AskedAt) {
		return "Who decides has changed since you were asked, and somebody else is asked now.", nil
	}
	by, err := people.In(u.Tx, stage.Reassigned[n-1].By.Person)
	return by.Display() + " has somebody else decide: " + stage.Reassigned[n-1].Reason, err
}

// tellRelieved tells those who were asked before, and are no more, that somebody
// else is.
func tellRelieved(u *engine.Unit, before access.Request, e access.Event) error {
	stage := before.Stages[before.Stage]
	for _, who := range stage.Asked {
		answered := slices.ContainsFunc(stage.Answers, func(a access.Answer) bool { return a.By.Person == who })
		if answered || slices.Contains(e.Approvers, who) {
			continue
		}
		if left := people.StillHere(u, who); left != nil {
			continue
		}
		p, err := people.In(u.Tx, before.Beneficiary)
		if err != nil {
			return err
		}
		marker := fmt.Sprintf("relieved/%s/%d/%s/%d", before.ID, before.Stage, who, u.At.UnixNano())
		why, err := whyRelieved(u, stage)
		if err != nil {
			return err
		}
		err = notify.Announce(u, marker, who, "You needn't decide any more: "+notify.WhatOf(u, before)+" for "+p.Display(),
			why+" The buttons of the earlier message don't count any more.", "Request "+before.Label())
		if err != nil {
			return err
		}
	}
	return nil
}
