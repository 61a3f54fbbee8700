package access

import (
	"time"

	"latchkey/catalog"
)

// SignedIn is a sign-in to a directory by which somebody showed, for one yes, that it is they who say it.
type SignedIn struct {
	Directory string
	Account   string    `json:",omitempty"` // the id of the account there; empty where it was erased
	At        time.Time // when the directory saw them sign in
	Level     string    `json:",omitempty"` // how surely, in the directory's words (acr)
	Methods   []string  `json:",omitempty"` // by what, in the directory's words (amr)
	ByCode    bool      `json:",omitempty"` // with a code typed in at the directory, not by a link
}

// bare is the sign-in without the account.
func (s *SignedIn) bare() *SignedIn {
	if s == nil || s.Account == "" {
		return s
	}
	out := *s
	out.Account = ""
	return &out
}

// of is the sign-in to an account.
func (s *SignedIn) of(account string) *SignedIn {
	if s == nil || account == "" {
		return s
	}
	out := *s
	out.Account = account
	return &out
}

// account is the id of the account that was signed in to; "" if nobody did.
func (s *SignedIn) account() string {
	if s == nil {
		return ""
	}
	return s.Account
}

// NeedsStepUp tells whether whoever says yes to the request, or takes its role, has to sign in for that: its role asks
// for it, as it is now or as it was when the request was made.
func (r Request) NeedsStepUp(role catalog.Role) bool { return r.StepUp || role.NeedsStepUp() }

// SignInMissing refuses a yes to a role, or its being taken in an emergency, that needs a sign-in and has
// none. A no needs none, whatever the role.
func SignInMissing(role catalog.Role, e Event) error {
	if !role.NeedsStepUp() {
		return nil
	}
	return signInMissing(e)
}

// signInMissing refuses an event that gives access and says of no sign-in.
func signInMissing(e Event) error {
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
	return signInMissing(e)
}
