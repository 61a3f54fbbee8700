package catalog

import (
	"fmt"
	"slices"
	"strings"
)

// Risk is how much harm a role can do in the wrong hands.
type Risk string

// The risks a card shows to the approver.
const (
	Low    Risk = "low"
	Medium Risk = "medium"
	High   Risk = "high"
)

// Kind says what sort of role it is, where the house has a rule of its own for such.
type Kind string

// The kinds of roles. A role that names none is judged by its name, with a warning.
const (
	Everyday   Kind = "everyday" // no rule of its own
	Admin      Kind = "admin"    // may change what others can do
	Production Kind = "production"
	Finance    Kind = "finance"
)

// Assurance is the extra proof a decision needs.
type Assurance string

const (
	// Confirm asks the approver to type the app's name before the decision counts.
	Confirm Assurance = "confirm"
	// Verified asks that it is known surely who gets the role and who says yes to it. A
	// role of high risk asks for that, too.
	Verified Assurance = "verified"
	// StepUp asks whoever says yes to sign in for it: a click in a chat is not enough.
	StepUp Assurance = "step-up"
)

// OnRevoke is what happens beside the removal when somebody else takes a role away before its end.
type OnRevoke string

// EndSessions ends what its holder has open in the directories of the role, so that what an app was told at their last
// sign-in counts no more.
const EndSessions OnRevoke = "end_sessions"

// OnNeedsLost is what becomes of access when something that its role needs isn't held any more.
type OnNeedsLost string

// EndAccess ends it.
const EndAccess OnNeedsLost = "end_access"

// Partial is what becomes of access of which only a part can be given.
type Partial string

// What becomes of a part.
const (
	// Keep has it stay there, until its end, while the rest is tried again. It is what no word means.
	Keep Partial = "keep"
	// Undo takes it back once the rest turns out not to come by itself: all of it, or nothing.
	Undo Partial = "undo"
)

// Role is one level of access to an app.
type Role struct {
	ID          string
	Name        string
	Description string
	Groups      []GroupRef // what the role opens; empty only for manual apps
	Route       string     // the approval route's name
	Approvers   []Approver // whom the source "role" of a route stands for
	Durations   Durations
	Risk        Risk
	Kind        Kind      // empty: nobody has said
	Accepted    string    // why a rule of the house doesn't hold for the role; empty: it does
	Assurance   Assurance // empty: a click is enough
	OnRevoke    OnRevoke  // empty: the removal alone
	Privileged  bool      // opens a privileged group where people can sign in: see WithSignIn
	Partial     Partial   // empty: Keep
	BreakGlass  bool      // may be taken at once in an emergency, and is reviewed afterwards
	Channel     string    // where its approvers are asked, as in "#design-access"; empty: as the route says
	Extend      Extend
	For         Audience    // who may ask for it, or be asked for
	Opens       Opening     // where it is opened, if elsewhere than the app
	Needs       []Holding   // what has to be held before this can be asked for
	OnNeedsLost OnNeedsLost // what becomes of it when that isn't held any more; empty: IT hears of it
	Reclaim     Reclaim     // when it comes back because nobody uses it
}

// NeedsVerified tells whether it has to be known surely who gets the role, and who
// approves it.
func (r Role) NeedsVerified() bool { return r.Risk == High || r.Assurance == Verified }

// NeedsStepUp tells whether whoever says yes to the role, or takes it in an emergency,
// has to sign in for that.
func (r Role) NeedsStepUp() bool { return r.Assurance == StepUp || r.Privileged }

// Directories are those in which the role opens groups, each once.
func (r Role) Directories() []string {
	var out []string
	for _, g := range r.Groups {
		if !slices.Contains(out, g.Directory) {
			out = append(out, g.Directory)
		}
	}
	return out
}

// GroupRef names a group in one configured directory, as in "okta:figma-editors", or gives its id there, as in
// "okta:id:00g1emaKYZTWRYYRRTSK". A name follows whatever group bears it; an id stays with one group.
type GroupRef struct {
	Directory string
	Group     string // its name, or its id
	ByID      bool
}

// byID stands before the id of a group that is not named.
const byID = "id:"

// String is the form used in configuration and records.
func (g GroupRef) String() string {
	if g.ByID {
		return g.Directory + ":" + byID + g.Group
	}
	return g.Directory + ":" + g.Group
}

// ParseGroupRef reads "directory:name" or "directory:id:id". The name may itself contain colons; one that
// begins with "id:" has to be given by its id.
func ParseGroupRef(s string) (GroupRef, error) {
	dir, group, ok := strings.Cut(s, ":")
	dir, group = strings.TrimSpace(dir), strings.TrimSpace(group)
	id, isID := strings.CutPrefix(group, byID)
	if isID {
		group = strings.TrimSpace(id)
	}
	if !ok || dir == "" || group == "" {
		return GroupRef{}, fmt.Errorf("%q is not a group: write directory:group, for example okta:figma-editors", s)
	}
	return GroupRef{Directory: dir, Group: group, ByID: isID}, nil
}

// Means reports whether the reference, by name or by id, is to the group that a directory knows by this id
// and name.
func (g GroupRef) Means(directory, id, name string) bool {
	if g.ByID {
		return g.Directory == directory && g.Group == id
	}
	return g.Directory == directory && g.Group == name
}

// Confusable tells whether two references may be to the same group.
func (g GroupRef) Confusable(o GroupRef) bool {
	return g.Directory == o.Directory && g.ByID == o.ByID && (g.Group == o.Group || !g.ByID && Same(g.Group, o.Group))
}

// MarshalText keeps records readable.
func (g GroupRef) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText is the inverse of MarshalText.
func (g *GroupRef) UnmarshalText(b []byte) error {
	ref, err := ParseGroupRef(string(b))
	if err != nil {
		return err
	}
	*g = ref
	return nil
}
