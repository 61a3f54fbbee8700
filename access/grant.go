package access

import (
	"slices"
	"time"

	"latchkey/catalog"
)

// GrantState is where a change stands.
type GrantState string

// The states of a grant.
const (
	GrantWaiting      GrantState = "waiting" // for the record to exist
	GrantProvisioning GrantState = "provisioning"
	GrantManual       GrantState = "manual" // a person must act: see Grant.Revoking
	GrantActive       GrantState = "active"
	GrantEnding       GrantState = "ending"
	GrantStuck        GrantState = "stuck" // retries are exhausted, a human is told: see Grant.Problem
	GrantEnded        GrantState = "ended" // final
)

// unmoved says why a grant in the state isn't moved by what was to happen to it.
func (s GrantState) unmoved() string {
	switch s {
	case GrantEnded:
		return "This access has already ended."
	case GrantEnding:
		return "This access is already being removed."
	case GrantStuck:
		return "This is stuck and waits for IT."
	case GrantManual:
		return "This waits for somebody to make the change."
	case GrantActive:
		return "This access is already active."
	default:
		return "This access isn't there yet."
	}
}

// End says why a grant ended.
type End string

// The ends of a grant.
const (
	EndExpired     End = "expired"
	EndReturned    End = "returned"
	EndRevoked     End = "revoked"
	EndReclaimed   End = "reclaimed"
	EndReviewed    End = "reviewed"
	EndLeft        End = "left"
	EndOffboarded  End = "offboarded"  // IT ended everything the person had
	EndUnrecorded  End = "unrecorded"  // the issue that says why wasn't there any more when access was to be given
	EndUnfulfilled End = "unfulfilled" // it was to be given by hand, and whoever was asked to says that it can't be
	EndRuledOut    End = "ruled_out"   // it was to begin later than it was approved, and may not be held any more
	EndNeedsLost   End = "needs_lost"  // what its role needs isn't held any more, and the role says that it ends with that
	EndUnexplained End = "unexplained" // found without a request, and the app's policy is to remove that
	EndPartial     End = "partial"     // only a part of it could be given, and the role is given whole or not at all
	EndMoved       End = "moved"       // it came by a birthright whose rule doesn't hold any more
)

// Revokes tells whether access was taken away from whoever had it, by somebody else and before its end.
func (e End) Revokes() bool {
	switch e {
	case EndRevoked, EndReclaimed, EndReviewed, EndLeft, EndOffboarded, EndNeedsLost, EndMoved:
		return true
	}
	return false
}

// Source says where a grant comes from.
type Source string

// The sources of a grant. Every membership of a governed group is explained by one.
const (
	SourceRequested  Source = "requested"
	SourceBreakGlass Source = "break-glass"
	SourceRule       Source = "rule"
	SourceAdopted    Source = "adopted"
	SourceBirthright Source = "birthright" // a rule gives it to everybody it is about
	SourceRestored   Source = "restored"   // a review, or nobody's use of it, took it away, and it was given back by the approval that it had
	SourceDowngraded Source = "downgraded" // a lower role in the place of a higher one that nobody used
)

// Grant is the change: what a person holds, why, and until when.
type Grant struct {
	ID      string
	Version uint64

	Request string // the request it came from; empty where nobody asked (adopted)
	Person  PersonID
	App     string
	Role    string
	Source  Source
	Manual  bool // carried out by fulfillers

	TakenBy PersonID  `json:",omitempty"` // in manual: who of them has said that they make the change; empty: nobody
	TakenAt time.Time `json:",omitzero"`

	State        GrantState
	Revoking     bool // in manual and stuck: access is being taken away, not given
	Entitlements []Entitlement
	Wanted       time.Duration // runs from the moment access is there
	Created      time.Time
	Starts       time.Time `json:",omitzero"` // in waiting: before then nothing begins; zero: it may
	Started      time.Time // when the first of it was there
	Ends         time.Time // zero: no end of its own
	Remind       time.Time // when the person is reminded of the end next; zero: not any more
	Extensions   int       // how often it was extended since a person last approved it
	Finished     time.Time // when access was seen to be gone
	End          End
	EndedBy      Actor
	Problem      string   // in stuck, and where it is disputed: cause and remedy
	FollowUp     FollowUp // in manual and stuck, and where it is disputed: what waits for a person

	Birthright string `json:",omitempty"` // the rule by which it came; empty: by none
	Issue      Issue  `json:",omitzero"`  // of what came by a birthright, or was given back, where it is recorded; what was asked for has it in its request

	// Disputed says that the record it was recovered from may be older than the
	// truth. It explains what the person has, and neither ends by itself nor is
	// extended until a human has looked.
	Disputed bool `json:",omitempty"`

	// Exceptions are what may go together because of the grant, as long as it lives.
	Exceptions []catalog.Exception `json:",omitempty"`
}

// Start makes the grant of an approved request. It waits until the request's
// issue exists; nobody is put into a group before that.
func Start(r Request, app catalog.App, role catalog.Role, at time.Time) (Grant, Event, []Effect, error) {
	g, err := newGrant(r, role.Groups, app.Provisioning == catalog.Manual, at)
	if err != nil {
		return Grant{}, Event{}, nil, err
	}
	e := g.Event(EventGrantStarted, System(), at)
	e.Wanted, e.Groups, e.Manual = g.Wanted, role.Groups, g.Manual
	if r.Issue.Key == "" {
		return g, e, nil, nil
	}
	return g, e, effects(EffectRelease), nil
}

func newGrant(r Request, groups []catalog.GroupRef, manual bool, at time.Time) (Grant, error) {
	if r.State != RequestApproved {
		return Grant{}, refuse(Invalid, "Only an approved request becomes a grant.")
	}
	g := Grant{
		ID: r.GrantID(), Request: r.ID, Person: r.Beneficiary, App: r.App, Role: r.Role,
		Source: SourceRequested, Manual: manual,
		State: GrantWaiting, Wanted: r.Allowed, Created: at,
		Exceptions: r.Exceptions,
	}
	if r.BreakGlass {
		g.Source = SourceBreakGlass
	}
	if r.Starts.After(at) {
		g.Starts = r.Starts
	}
	for _, ref := range groups {
		g.Entitlements = append(g.Entitlements, Entitlement{Group: ref, State: EntitlementWanted})
	}
	return g, nil
}

// Event starts an event of the given kind about the grant.
func (g Grant) Event(kind EventKind, by Actor, at time.Time) Event {
	return Event{Kind: kind, At: at.UTC(), Request: g.Request, Grant: g.ID, Person: g.Person, App: g.App, Role: g.Role, Actor: by}
}

// Live reports whether the grant is a reason for its groups: it is being given,
// or held, and no end has begun.
func (g Grant) Live() bool {
	switch g.State {
	case GrantWaiting, GrantProvisioning, GrantActive:
		return true
	case GrantManual, GrantStuck:
		return !g.Revoking
	default:
		return false
	}
}

// Given reports whether any of what a grant gives was seen to be there, or was
// confirmed by whoever made it, and was not seen to be gone since.
func Given(g Grant) bool {
	there := func(e Entitlement) bool { return !e.Missing }
	switch {
	case g.State == GrantActive:
		return len(g.Entitlements) == 0 || slices.ContainsFunc(g.Entitlements, there)
	case g.Manual:
		return g.Revoking && g.State != GrantEnded
	}
	return slices.ContainsFunc(g.Entitlements, func(e Entitlement) bool { return e.State == EntitlementHeld && !e.Missing })
}

// Due is when a timer must look at the grant: when it is to begin; its end, or before that its next
// reminder; where a person has to act, when they are asked again.
func (g Grant) Due() time.Time {
	if g.Planned() {
		return g.Starts
	}
	return earliest(g.end(), g.reminder(), g.FollowUp.Next)
}

// reminder is when the person is told next that the end is near.
func (g Grant) reminder() time.Time {
	if g.State != GrantActive || g.Disputed || !g.Remind.Before(g.Ends) {
		return time.Time{}
	}
	return g.Remind
}

// end is when the grant ends by itself: zero for never, and once its end has begun.
func (g Grant) end() time.Time {
	if !g.Live() || g.State == GrantManual || g.Disputed {
		return time.Time{}
	}
	return g.Ends
}

// Over reports whether the time of a grant is up: of all of it, although only a
// part of it may have been given.
func (g Grant) Over(at time.Time) bool {
	end := g.end()
	return !end.IsZero() && !at.Before(end)
}

// Span is how long the access was, or is to be, there: what is still to come of it
// counts, what was given back does not.
func (g Grant) Span(at time.Time) time.Duration {
	switch {
	case g.Started.IsZero() && g.State == GrantEnded:
		return 0
	case g.Started.IsZero():
		return g.Wanted
	case !g.Finished.IsZero():
		return g.Finished.Sub(g.Started)
	case g.Live() && !g.Ends.IsZero():
		return g.Ends.Sub(g.Started)
	}
	return at.Sub(g.Started)
}

// Direction is which way the change goes that is under way.
func (g Grant) Direction() Direction {
	if g.Revoking {
		return Revoking
	}
	return Granting
}

// Partly reports whether some of the access is there while the rest is not.
func (g Grant) Partly() bool {
	return g.State != GrantActive && g.Live() && !g.Started.IsZero()
}

// Entitlement finds what is known of one group.
func (g Grant) Entitlement(ref catalog.GroupRef) (Entitlement, bool) {
	for _, e := range g.Entitlements {
		if e.Group == ref {
			return e, true
		}
	}
	return Entitlement{}, false
}

// Pin notes what was seen of one of the grant's groups before it is changed:
// which account and group it is about, by the directory's own ids, and whether
// the person was absent.
func (g Grant) Pin(ref catalog.GroupRef, account, groupID string, absent bool) Grant {
	g.Entitlements = slices.Clone(g.Entitlements)
	for i := range g.Entitlements {
		if e := &g.Entitlements[i]; e.Group == ref {
			e.Account, e.GroupID, e.Absent = account, groupID, absent
		}
	}
	return g
}

// Accepted notes that a directory took the addition to a group, or may have taken it:
// the person may be in there without having been seen there. From then on the access
// has an end, whatever becomes of looking.
func (g Grant) Accepted(ref catalog.GroupRef, at time.Time) Grant {
	g.Entitlements = slices.Clone(g.Entitlements)
	for i := range g.Entitlements {
		if e := &g.Entitlements[i]; e.Group == ref {
			e.Sent = true
		}
	}
	if g.Wanted != catalog.Forever && g.Ends.IsZero() {
		g.Ends = at.Add(g.Wanted)
	}
	return g
}

// NothingLeft tells that at its end nobody had to be taken out of anything: the groups
// or the account were gone.
func (g Grant) NothingLeft() bool {
	in := func(s EntitlementState) bool {
		return slices.ContainsFunc(g.Entitlements, func(e Entitlement) bool { return e.State == s })
	}
	return in(EntitlementGone) && !in(EntitlementRemoved)
}

// Label is how people refer to the grant.
func (g Grant) Label(c *catalog.Catalog) string {
	app, role := g.Names(c)
	return app + " · " + role
}

// Names are how people call what the grant is about; the ids of what isn't in the catalogue any more.
func (g Grant) Names(c *catalog.Catalog) (app, role string) {
	a, r, ok := c.Role(g.App, g.Role)
	if !ok {
		return g.App, g.Role
	}
	return a.Name, r.Name
}

// Planned reports whether a grant waits for the moment for which it was asked.
func (g Grant) Planned() bool { return g.State == GrantWaiting && !g.Starts.IsZero() }

// Recorded reports whether a grant without a request has an issue of its own, which has to be there before anything is given.
func (g Grant) Recorded() bool {
	return g.Request == "" && (g.Source == SourceBirthright || g.Source == SourceRestored || g.Source == SourceDowngraded)
}
