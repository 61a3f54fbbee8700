package access

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// mostReassigned is how often one stage is given to others.
const mostReassigned = 5

// reassigned gives a stage, or one person's part in it, to somebody else. Whoever does so
// can't be one of those whom the request concerns, and doesn't decide themselves thereby.
func reassigned(r *Request, e Event, at time.Time) ([]Effect, error) {
	if err := mayReassign(*r, e); err != nil {
		return nil, err
	}
	stage := &r.Stages[r.Stage]
	stage.Reassigned = append(slices.Clip(stage.Reassigned), Reassignment{From: e.For, To: e.Approvers[0], By: e.Actor, At: at, Reason: e.Reason})
	stage.Escalated, stage.Also = 0, nil
	await(r, e, at)
	return effects(EffectRecord, EffectFindApprovers, EffectShowCards), nil
}

func mayReassign(r Request, e Event) error {
	by := e.Actor.Person
	switch {
	case r.Stage >= len(r.Stages) || e.Stage != r.Stage || len(e.Approvers) != 1 || e.Approvers[0] == "":
		return refuse(TooLate, "That stage isn't asked about any more.")
	case strings.TrimSpace(e.Reason) == "":
		return Refuse(Invalid, "reason", "Please say why: everybody concerned reads it.")
	case len([]rune(e.Reason)) > MaxReason:
		return Refuse(Invalid, "reason", fmt.Sprintf("Please keep it under %d characters.", MaxReason))
	case by == "":
		return refuse(NotAllowed, "I can't tell who you are, so you can't ask somebody else.")
	case by == r.Requester, by == r.Beneficiary:
		return refuse(NotAllowed, "Nobody chooses who decides on their own access.")
	}
	return mayBeGiven(r, e.Approvers[0], e.For, by)
}

// mayBeGiven tells whether somebody can be asked in the place of another one, or of all.
func mayBeGiven(r Request, to, from, by PersonID) error {
	stage := r.Stages[r.Stage]
	several := stage.Need.All || stage.Need.Several()
	switch {
	case to == by:
		return Refuse(Invalid, "to", "Please choose somebody else: who is asked, and who chooses that, are two people.")
	case to == r.Requester, to == r.Beneficiary:
		return Refuse(Invalid, "to", "Nobody decides on their own access. Please choose somebody else.")
	case r.Stages[r.Stage].answered(to), r.Stages[r.Stage].filled(to):
		return Refuse(Invalid, "to", "They have answered this request already.")
	case r.Distinct && r.saidYes(to):
		return Refuse(Invalid, "to", "They have said yes to an earlier stage of this request, and every stage needs somebody else.")
	case slices.Contains(stage.Asked, to) && (several || len(stage.Asked) == 1):
		return Refuse(Invalid, "to", "They are asked already.")
	case from == "" && several:
		return Refuse(Invalid, "from", "Several people have to agree. Please choose in whose place somebody else is asked.")
	case from != "" && (!slices.Contains(stage.Asked, from) || stage.answered(from) || stage.filled(from)):
		return Refuse(TooLate, "from", "They aren't waited for any more.")
	case len(stage.Reassigned) >= mostReassigned:
		return refuse(TooLate, "This was given to others several times already. Please correct who is asked, in the directory or in the catalogue.")
	}
	return nil
}

// Place is whom a stage asks instead of those whom its sources name, by what was decided about
// it since: for somebody who is named, who that is now, and whether that is somebody else.
func (s Stage) Place(who PersonID) (now PersonID, by *Reassignment) {
	for i, a := range s.Reassigned {
		if a.From == "" || a.From == who {
			who, by = a.To, &s.Reassigned[i]
		}
	}
	return who, by
}

// Instead is who is asked in the place of one person alone, and by whose word; they themselves,
// and nil, if nobody chose so. Whom somebody chose in the place of all is left out: that was
// for those whom the stage names, and not for who stands in where these can't answer.
func (s Stage) Instead(who PersonID) (now PersonID, by *Reassignment) {
	for i, a := range s.Reassigned {
		if a.From == who {
			who, by = a.To, &s.Reassigned[i]
		}
	}
	return who, by
}
