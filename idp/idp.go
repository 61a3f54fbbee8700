// Package idp is the contract between Latchkey and the directories that hold people and groups.
//
// Directory is the required core, small enough for every identity provider. What only some of them
// can do is an optional capability, found by type assertion: MemberChecker, UsageReporter, Lister, Prober.
// The decorators of this package (Logged, Cached) pass on exactly the capabilities that the directory
// under them has; the Gate keeps a directory's calls within the vendor's rate limits.
package idp

import (
	"context"
	"time"
)

// Status says whether an account may be used. It is the vendor's many states folded to what governance needs.
type Status string

const (
	// Active accounts can be used, or can be once their owner has finished signing up or unlocked them.
	Active Status = "active"
	// Suspended accounts are on hold and may come back; access is neither granted nor taken away by it.
	Suspended Status = "suspended"
	// Left accounts are deactivated. They may still sit in groups: directories do not clean up by themselves.
	Left Status = "left"
)

// Person is what a directory says about one account.
type Person struct {
	ID           string // the directory's own key; stable, never shown to people
	Login        string // the sign-in name; often, not always, the e-mail
	Email        string // lower case
	Name         string // display name, "" if unknown
	Title        string
	Department   string
	ManagerEmail string // resolved e-mail in lower case, "" if unknown
	Status       Status
	Created      time.Time
	LastLogin    time.Time // last sign-in to the directory itself, zero if never or unknown
}

// Group is a group of accounts and whether Latchkey may change who is in it.
type Group struct {
	ID          string
	Name        string
	Description string
	Governable  bool
	Why         string // when not Governable: a sentence that names the reason and the remedy
}

// Membership is one account's place in a group.
type Membership struct {
	PersonID  string
	Email     string // lower case
	Status    Status
	LastLogin time.Time // last sign-in to the directory, zero if never or unknown
}

// Directory is the required core of an identity provider.
//
// All methods are safe for concurrent use. Every context must carry a deadline; an implementation may
// wait for the vendor's rate limit as long as the context allows. All methods may be run again after
// any error: reads change nothing, Add and Remove state a wanted end, not a step.
//
// Errors are told apart with errors.Is (ErrNotFound, ErrAmbiguous, ErrDenied, ErrRefused) and errors.As
// (*RateLimited). Any other error is transient: the outcome of a write is then unknown, and repeating it
// is the cure. Error texts are for people and logs; nobody matches them.
type Directory interface {
	// ID is the configured id of this directory, such as "okta". It never fails and never changes.
	ID() string

	// Person finds the one account with this e-mail address, in any letter case and any status.
	// No account: ErrNotFound. Several of equal standing: ErrAmbiguous; one that has not left is
	// preferred to those that have. The answer may lag behind the directory by seconds.
	Person(ctx context.Context, email string) (Person, error)

	// Group finds a group by its id or its exact name. No such group: ErrNotFound; several of that
	// name: ErrAmbiguous. A group that must not be changed is found all the same, with Governable false.
	Group(ctx context.Context, name string) (Group, error)

	// Members lists everybody in the group, all pages, strongly consistent: a change acknowledged
	// before the call is seen. Accounts that have left are listed while they are members.
	// No such group: ErrNotFound.
	Members(ctx context.Context, groupID string) ([]Membership, error)

	// Add makes the person a member. It is idempotent: adding a member succeeds and changes nothing.
	// Unknown group or person: ErrNotFound; a group that is not governable, or an account that can
	// not be added: ErrRefused.
	Add(ctx context.Context, groupID, personID string) error

	// Remove ends the person's membership. It is idempotent: removing a non-member, or an account that
	// no longer exists, succeeds. Unknown group: ErrNotFound; a group that is not governable: ErrRefused.
	// Success means that the directory has accepted it; read back to know that the person is gone.
	Remove(ctx context.Context, groupID, personID string) error
}

// MemberChecker reads one membership back more cheaply than listing the whole group.
// It is as consistent as Directory.Members.
type MemberChecker interface {
	// IsMember tells whether the person is in the group. Unknown group: ErrNotFound;
	// an account that does not exist is no member.
	IsMember(ctx context.Context, groupID, personID string) (bool, error)
}

// UsageReporter knows when a person last used an application.
type UsageReporter interface {
	// LastUse is the last successful sign-in of the person to the app (the directory's app id).
	// The bool is false if none is on record, which is not proof of disuse: records reach back
	// a limited time (90 days at Okta). Unknown app or person: false, or ErrNotFound where the
	// directory can tell.
	LastUse(ctx context.Context, personID, appID string) (time.Time, bool, error)
}

// Lister lists groups, for importing a catalogue.
type Lister interface {
	// Groups lists the groups whose names start with prefix, in name order; "" lists all.
	Groups(ctx context.Context, prefix string) ([]Group, error)
}

// Prober checks what can go wrong before anybody depends on it: token, scopes, reachability.
type Prober interface {
	// Probe makes harmless reads and reports one Finding for each thing it looked at. The error is
	// for a probe that could not be made at all, not for what it found.
	Probe(ctx context.Context) ([]Finding, error)
}

// Finding is one answer of a Probe.
type Finding struct {
	Check  string // what was looked at, such as "read groups"
	OK     bool
	Detail string // what was seen; if not OK, the cause and the remedy in one sentence
}
