package access

import "latchkey/catalog"

// EffectKind names work that a machine asks for.
type EffectKind string

// What a step of a machine can ask for. Effects of one step are given in the
// order in which they should be carried out.
const (
	OpenIssue     EffectKind = "open_issue"     // make the Jira issue for the request
	Record        EffectKind = "record"         // tell the issue about the event
	FindApprovers EffectKind = "find_approvers" // resolve the approvers of the current stage
	ShowCards     EffectKind = "show_cards"     // bring every card of the request up to date, whoever has to see one
	StartGrant    EffectKind = "start_grant"    // create the grant the request was for
	AddMember     EffectKind = "add_member"     // put the person into Group
	RemoveMember  EffectKind = "remove_member"  // take the person out of Group
	Release       EffectKind = "release"        // the issue exists: the grant may begin
	DropAdds      EffectKind = "drop_adds"      // additions not yet made must not be made any more
	EndGrant      EffectKind = "end_grant"      // what the request gave must not go on
	Tell          EffectKind = "tell"           // say the event's words in the thread of every card of the request
)

// Effect is one piece of work. It names its subject by the event that caused it.
type Effect struct {
	Kind  EffectKind
	Group *catalog.GroupRef // for AddMember and RemoveMember
}

func effects(kinds ...EffectKind) []Effect {
	out := make([]Effect, len(kinds))
	for i, k := range kinds {
		out[i] = Effect{Kind: k}
	}
	return out
}
