package access

import "slices"

// MayDecide is the one authorisation function: it tells whether by may answer
// the current stage when eligible are the approvers found at this moment. Slack,
// Jira, the command line and rules all ask it.
func (r Request) MayDecide(by PersonID, eligible []PersonID) error {
	switch {
	case r.State != RequestPending:
		return refuse(TooLate, r.State.undecidable())
	case r.Stage >= len(r.Stages):
		return refuse(NotAllowed, "Nobody is asked to decide on this.")
	case by == "":
		return refuse(NotAllowed, "I can't tell who you are, so your answer can't count.")
	case by == r.Requester, by == r.Beneficiary:
		return refuse(NotAllowed, "Nobody decides on their own access. Somebody else has been asked.")
	case !slices.Contains(eligible, by) && slices.Contains(r.Stages[r.Stage].Asked, by):
		return refuse(NotAllowed, "This request isn't yours to decide any more: who decides has changed since you were asked. Whoever it is now gets a message.")
	case !slices.Contains(eligible, by):
		return refuse(NotAllowed, "This request isn't yours to decide. Its approvers have been asked.")
	case r.Stages[r.Stage].answered(by):
		return refuse(Duplicate, "You have already answered this request.")
	case r.Stages[r.Stage].filled(by):
		return refuse(Duplicate, "Who decides for you has already answered this in your place.")
	case r.Distinct && r.saidYes(by):
		return refuse(NotAllowed, "You have said yes to an earlier stage of this request, and every stage needs somebody else. The others have been asked.")
	}
	return nil
}

// saidYes tells whether somebody has said yes, to whichever stage.
func (r Request) saidYes(who PersonID) bool {
	yes := func(a Answer) bool { return a.Yes && (a.By.Person == who || a.For == who) }
	return slices.ContainsFunc(r.Stages, func(s Stage) bool { return slices.ContainsFunc(s.Answers, yes) })
}

// undecidable says why nothing can be decided any more.
func (s RequestState) undecidable() string {
	switch s {
	case RequestApproved:
		return "This request is already approved."
	case RequestDenied:
		return "This request was already denied."
	case RequestCancelled:
		return "This request was cancelled."
	case RequestLapsed:
		return "This request lapsed because nobody answered in time."
	default:
		return "This can't be done to a waiting request."
	}
}
