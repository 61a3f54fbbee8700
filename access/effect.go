package access

import "latchkey/catalog"

// EffectKind names work that a machine asks for.
type EffectKind string

// What a step of a machine can ask for. Effects of one step are given in the
// order in which they should be carried out.
const (
	EffectOpenIssue     EffectKind = "open_issue"     // make the Jira issue for the request
	EffectRecord        EffectKind = "record"         // tell the issue about the event
	EffectFindApprovers EffectKind = "find_approvers" // resolve the approvers of the current stage
	EffectShowCards     EffectKind = "show_cards"     // bring every card of the request up to date, whoever has to see one
	EffectStartGrant    EffectKind = "start_grant"    // create the grant the request was for
	EffectAddMember     EffectKind = "add_member"     // put the person into Group
	EffectRemoveMember  EffectKind = "remove_member"  // take the person out of Group
	EffectRelease       EffectKind = "release"        // the issue exists: the grant may begin
	EffectBackstop      EffectKind = "backstop"       // have the directories end it by themselves, too, where they can, now that its end is another one
	EffectDropAdds      EffectKind = "drop_adds"      // additions not yet made must not be made any more
	EffectEndGrant      EffectKind = "end_grant"      // what the request gave must not go on
	EffectLoseNeeds     EffectKind = "lose_needs"     // see to what needs what is ending
	EffectEstablish     EffectKind = "establish"      // find out whether a kept answer counts
	EffectTellStuck     EffectKind = "tell_stuck"     // tell IT which removals are stuck, all of them together
	EffectRemind        EffectKind = "remind"         // tell Event.Approvers that something waits for them, with all else that does
	EffectSettleReview  EffectKind = "settle_review"  // note on the rows of a review what became of the access that they revoked
	EffectSettleReclaim EffectKind = "settle_reclaim" // have the question about an idle seat follow what becomes of the access
	EffectTell          EffectKind = "tell"           // say the event's words in the thread of every card of the request
)

// Effect is one piece of work. It names its subject by the event that caused it.
type Effect struct {
	Kind  EffectKind
	Group *catalog.GroupRef // for EffectAddMember and EffectRemoveMember
}

func effects(kinds ...EffectKind) []Effect {
	out := make([]Effect, len(kinds))
	for i, k := range kinds {
		out[i] = Effect{Kind: k}
	}
	return out
}
