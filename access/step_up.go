package access

import (
	"latchkey/catalog"
)

// NeedsStepUp tells whether whoever says yes to the request, or takes its role, has to sign in for that: its role asks
// for it, as it is now or as it was when the request was made.
func (r Request) NeedsStepUp(role catalog.Role) bool { return r.StepUp || role.NeedsStepUp() }

// SignInMissing refuses a yes to a role, or its being taken in an emergency, that needs a sign-in and has
// none. A no needs none, whatever the role.
func SignInMissing(role catalog.Role, e Event) error {
	if !role.NeedsStepUp() {
		return nil
	}
	return withoutSignIn(e)
}

// withoutSignIn refuses an event that gives access and says of no sign-in.
func withoutSignIn(e Event) error {
	switch {
	case e.SignedIn != nil, e.Kind != EventApproved && e.Kind != EventBreakGlass:
		return nil
	case e.Kind == EventBreakGlass:
		return refuse(Unproved, "To take this role you have to sign in, too: open the emergency form in Slack.")
	case e.Actor.Via == ViaSlack:
		return refuse(Unproved, "A yes to this role counts only once you have signed in for it. Press Approve on the newest message about it, or in the Home tab.")
	}
	return refuse(Unproved, "A yes to this role counts only once you have signed in for it, so it has to be given in Slack. A no counts from here, too.")
}

// signInMissing refuses a yes to a request that was made when its role asked for a sign-in.
func (r Request) signInMissing(e Event) error {
	if !r.StepUp {
		return nil
	}
	return withoutSignIn(e)
}
