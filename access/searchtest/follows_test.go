package searchtest

import (
	"slices"
	"time"

	"latchkey/access"
)

// followsRequest tells what an event of a request has to bring about, and didn't.
func followsRequest(e access.Event, r, next access.Request, effs []access.Effect) string {
	switch e.Kind {
	case access.EventApproversAsked:
		if !slices.Equal(next.Stages[r.Stage].Asked, e.Approvers) {
			return "7. others are waited for than were asked"
		}
		if by := next.Stages[r.Stage].Claim.By; by != "" && !slices.Contains(e.Approvers, by) {
			return "7. somebody is said to look at it who isn't asked any more"
		}
	case access.EventReassigned:
		if by := e.Actor.Person; by == r.Requester || slices.Contains(e.Approvers, by) || slices.Contains(e.Approvers, r.Requester) || !has(effs, access.EffectFindApprovers) {
			return "4. somebody chooses who decides on their own access, or chooses themselves"
		}
	case access.EventUnroutable:
		if r.State == access.RequestPending && len(next.Awaited()) > 0 {
			return "7. people are waited for who can't answer"
		}
		return roundsGrow(r, next, e)
	case access.EventReviewAsked, access.EventReviewDue:
		return roundsGrow(r, next, e)
	case access.EventAskedAgain, access.EventEscalated:
		if r.State == access.RequestPending && (next.FollowUp.Told != r.FollowUp.Told+1 || dueNow(next.FollowUp.Next)) {
			return "7. people are told again, and it isn't counted"
		}
		if want := next.FollowUp.Told > 0 && e.Kind == access.EventAskedAgain; r.State == access.RequestPending && want != has(effs, access.EffectRemind) {
			return "7. people are said to be told again, and are not, or the other way round"
		}
		return addsOthers(r, next, e)
	case access.EventQuestioned, access.EventReplied:
		if asked := e.Kind == access.EventQuestioned; asked != next.Questioned && (asked || r.Questioned && e.Actor.Person == r.Requester) {
			return "7. a question is waited for that nobody asked, or isn't though somebody did"
		}
	case access.EventUnjustified, access.EventJustified:
		if has(effs, access.EffectEndGrant) != (e.Kind == access.EventUnjustified) {
			return "2. an emergency was none, and its access goes on, or the other way round"
		}
	}
	return ""
}

// addsOthers: where nobody answers, others are asked as well, a few times, but not in the
// place of everybody who has to agree, nor where somebody else has to answer.
func addsOthers(r, next access.Request, e access.Event) string {
	if r.State != access.RequestPending || r.Stage >= len(r.Stages) {
		return ""
	}
	before, after := r.Stages[r.Stage], next.Stages[r.Stage]
	adds := e.Kind == access.EventEscalated && len(before.Asked) > 0 && !r.Questioned && !before.Need.All && before.Escalated < 4
	if want := map[bool]int{true: before.Escalated + 1, false: before.Escalated}[adds]; after.Escalated != want {
		return "7. others are asked although they can't answer, or aren't where they can"
	}
	return ""
}

// roundsGrow: those who are asked to judge an emergency are told again a few times, before
// IT is told, whoever that is by then.
func roundsGrow(r, next access.Request, e access.Event) string {
	if next.Review == nil {
		return ""
	}
	want, began := 1, r.Review == nil
	if !began {
		want = r.Review.Rounds
	}
	if e.Kind == access.EventReviewDue {
		want++
	}
	switch {
	case next.Review.Rounds != want:
		return "7. people are asked to judge, and it isn't counted"
	case dueNow(next.Review.Next) && (began || e.Kind == access.EventReviewDue):
		return "7. people are asked to judge, and are told of it at once"
	case !began && e.Kind != access.EventReviewDue && !next.Review.Next.Equal(r.Review.Next):
		return "7. who is asked to judge is told at another time because somebody else is, too"
	case e.Kind == access.EventReviewAsked && len(next.Review.Asked) == 0:
		return "7. people are asked to judge, and may not"
	}
	return ""
}

// followsGrant tells what an event of a grant has to bring about, and didn't.
func followsGrant(e access.Event, g, next access.Grant, effs []access.Effect) string {
	if g.Revoking && !next.Revoking || g.Revoking && next.Live() {
		return "2. what ends comes to life again"
	}
	if alive(g) && alive(next) && !g.Started.IsZero() && (!next.Started.Equal(g.Started) || e.Kind != access.EventExtended && !next.Ends.Equal(g.Ends)) {
		return "2. the time of access begins anew"
	}
	if begins := next.State == access.GrantProvisioning || next.State == access.GrantManual; begins && g.Starts.After(now) {
		return "2. access begins before its time"
	}
	switch e.Kind {
	case access.EventFulfilled:
		if want := map[access.Direction]access.GrantState{access.Granting: access.GrantActive, access.Revoking: access.GrantEnded}[e.Direction]; next.State != want {
			return "6. a change by hand is noted the wrong way round"
		}
	case access.EventTaken, access.EventNotFulfilled, access.EventRetried, access.EventEnding:
		return followsHands(e, g, next)
	case access.EventExtended:
		if want := map[bool]int{true: 0, false: g.Extensions + 1}[len(e.Approvers) > 0]; next.Extensions != want {
			return "4. extensions that nobody approved are not counted"
		}
	case access.EventFollowedUp, access.EventGrantEscalated:
		if next.FollowUp.Told != g.FollowUp.Told+1 || dueNow(next.FollowUp.Next) {
			return "7. people are told again, and it isn't counted"
		}
		if hand := g.State == access.GrantManual && g.FollowUp.Told < 3; has(effs, access.EffectRemind) != hand {
			return "7. who has to do it by hand is said to be told again, and isn't, or is too often"
		}
	}
	return first(groupsFollow(e, g, next))
}

// followsHands tells what has to come of what is said of a change by hand.
func followsHands(e access.Event, g, next access.Grant) string {
	switch {
	case e.Kind == access.EventTaken && (next.TakenBy != e.Actor.Person || next.State != g.State):
		return "7. somebody takes a change on, and it isn't noted that they do"
	case e.Kind != access.EventTaken && next.TakenBy != "":
		return "7. somebody is said to make a change that they haven't taken on"
	case e.Kind == access.EventRetried && g.Manual && next.State != access.GrantManual:
		return "2. what is to be made by hand is asked of nobody any more"
	case e.Kind != access.EventNotFulfilled:
	case !g.Revoking && (next.State != access.GrantEnded || next.End != access.EndUnfulfilled || !next.Started.IsZero()):
		return "6. what can't be given doesn't end, or is said to have been there"
	case g.Revoking && (next.State != access.GrantStuck || next.Problem == ""):
		return "2. what can't be taken away is closed"
	case g.Revoking && (next.FollowUp.Told > 0 || next.FollowUp.Next.Sub(now) > 15*time.Minute):
		return "7. IT isn't told again in time of what can't be taken away"
	}
	return ""
}

// groupsFollow tells of a group that isn't noted as it was seen.
func groupsFollow(e access.Event, g, next access.Grant) string {
	if e.Group == nil {
		return ""
	}
	want := map[access.EventKind]access.EntitlementState{
		access.EventMemberAdded: access.EntitlementHeld, access.EventMemberRemoved: access.EntitlementRemoved, access.EventMemberKept: access.EntitlementKept,
		access.EventMemberGone: access.EntitlementGone, access.EventMemberMissing: access.EntitlementHeld, access.EventMemberBack: access.EntitlementHeld,
	}[e.Kind]
	for i, ent := range next.Entitlements {
		was := g.Entitlements[i]
		switch {
		case want == "":
		case ent.Group != *e.Group:
			if ent != was {
				return "6. something is noted of another group than it was seen of"
			}
		case ent.State != want, e.Before && !ent.Before, e.Kind == access.EventMemberMissing && !ent.Missing, e.Kind == access.EventMemberBack && ent.Missing:
			return "6. a group isn't noted as it was seen"
		}
	}
	return ""
}
