// Package idp is the contract between Latchkey and the directories that hold people and groups.
//
// Directory is the required core, small enough for every identity provider. What only some of them can do is
// an optional capability, found with As: MemberChecker, UsageReporter, Lister, Prober, SessionEnder, Expirer, AccountLog, PeopleLister, AdminGroups, AppLister, GroupSizer, and SignIn and
// Login by which people sign in. A decorator, such as
// Logged, has the capabilities of the directory under it.
//
// To find (by an address or a name that people use) and to read (by the directory's own id) are different
// calls, because they prove different things: an address or a name may be given to somebody else, or to
// another group, and an index may trail; an id stays with what it was made for.
//
// A further directory is a folder with an implementation that passes the suite of package idptest, and one
// line in the registry of package app. idptest holds a directory in memory that shows how little that is.
package idp

import (
	"context"
	"iter"
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
	Number       string // in the HR file; the same number is the same human, "" if unknown
	Title        string
	Department   string
	Type         string // what sort of work relation, as in "Contractor"; "" if unknown
	Location     string // where they work, in the directory's words; "" if unknown
	ManagerID    string // the directory's own key of the manager's account, "" if unknown
	ManagerEmail string // that account's e-mail, in lower case, "" if unknown
	ManagerKey   string // by what the directory names that account: an id, an address, a number; "" if unknown
	ManagerText  string // what the directory has in the manager's place, where that leads to no one account; "" otherwise
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

// Listing is who is in a group.
type Listing struct {
	// Count is the vendor's own count of the members, to compare with. It may trail behind the list.
	Count Count
	// All goes through the members, page by page: each page is read when the one before is used up. An
	// error is the last thing it yields, and what came before it is not the whole group. Once through only.
	All iter.Seq2[Membership, error]
	// Read says, once All came to its end, how the group was read, and asks the vendor then for its own count: a call for
	// each list. Before the end, or after an error: ErrUnfinished. nil where nobody knows how, as of what was kept.
	Read func(ctx context.Context) (Extraction, error)
}

// Count is a number that a vendor may not tell; the zero value is unknown.
type Count struct {
	N     int
	Known bool
}

// Counted is a number that is known.
func Counted(n int) Count { return Count{n, true} }

// Directory is the required core of an identity provider.
//
// All methods are safe for concurrent use. Every context must carry a deadline; an implementation may
// wait for the vendor's rate limit as long as the context allows. All methods may be run again after
// any error: reads change nothing, Add and Remove state a wanted end, not a step.
//
// What a search answers is checked against what was asked, and what a read answers against the id: an index
// that trails or a proxy's cache can return somebody else.
//
// Errors are told apart with errors.Is (ErrNotFound, ErrAmbiguous, ErrDenied, ErrRefused) and errors.As
// (*RateLimited). Any other error is transient: the outcome of a write is then unknown, and repeating it
// is the cure. Error texts are for people and logs; nobody matches them.
type Directory interface {
	// ID is the configured id of this directory, such as "okta". It never fails and never changes.
	ID() string

	// FindPerson finds the one account with this address, as its e-mail or as its sign-in name, in any letter
	// case and any status. No account: ErrNotFound, also if the directory offers one that does not carry the
	// address. Several of equal standing, also if it is the sign-in name of one and the e-mail of another:
	// ErrAmbiguous; one that has not left is preferred to those that have. The answer may lag behind the directory by
	// seconds, so not to be found is no proof of not being there.
	//
	// An alias, which is any other address that an account has, leads to nobody; or, where the vendor lets no two accounts share an
	// address of whatever sort, to that account, of which the answer says its own e-mail and sign-in name and never the alias.
	// It goes after them: an address that is somebody's own doesn't lead to who has it as an alias. Whoever asks compares,
	// because an alias doesn't say who somebody is: a leaver's address is often given to whoever reads on for them.
	FindPerson(ctx context.Context, address string) (Person, error)

	// Person reads the account with this id, in any status. No account: ErrNotFound; an address or a
	// sign-in name is no id, though a vendor may take it for one.
	Person(ctx context.Context, id string) (Person, error)

	// FindGroup finds the one group with exactly this name. No such group: ErrNotFound; several of that
	// name: ErrAmbiguous. A group that must not be changed is found all the same, with Governable false.
	FindGroup(ctx context.Context, name string) (Group, error)

	// Group reads the group with this id. No such group: ErrNotFound; a name is no id.
	Group(ctx context.Context, id string) (Group, error)

	// Members lists everybody in the group, strongly consistent: a change acknowledged before the call is
	// seen. Accounts that have left are listed while they are members. No such group: ErrNotFound, from
	// the call itself.
	Members(ctx context.Context, groupID string) (Listing, error)

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
	// IsMember tells whether the person is in the group. Unknown group: ErrNotFound; an account that does not
	// exist in a group that does: ErrNoAccount, which is not "no".
	IsMember(ctx context.Context, groupID, personID string) (bool, error)
}

// Lagging knows how far its answers may trail.
type Lagging interface {
	// ReadLag is how long after a change a read may still answer as if it had not been made: within it, not to
	// be found proves nothing.
	ReadLag() time.Duration
}

// UsageReporter knows when people last used an application.
type UsageReporter interface {
	// Usage reports on everybody who used the application (the directory's app id) as far as records
	// reach. Unknown app: a report on nobody, or ErrNotFound where the directory can tell.
	Usage(ctx context.Context, appID string) (Usage, error)
}

// Usage is a report on the use of one application.
type Usage struct {
	// Source is what the report is taken from, in words for people, such as "sign-ins in Okta's System Log".
	Source string
	// Since is how far back it reaches. Who is not in it has not been seen since then, which is not
	// proof of disuse.
	Since time.Time
	// Complete is until when it is complete, as far as the directory's makers say: a use after that may not be on record yet.
	Complete time.Time
	// All goes through the people with a use on record, each of them once. An error is the last thing it
	// yields, and makes the report worthless as evidence of disuse. Once through only.
	All iter.Seq2[Use, error]
}

// Use is the last successful use of an application by one account.
type Use struct {
	PersonID string
	Last     time.Time
}

// SessionEnder ends what somebody has open.
type SessionEnder interface {
	// EndSessions ends all sessions of the account in the directory, so that whoever uses them has to sign in again, and
	// what apps were given to act for the account counts no more. It is idempotent. Unknown account: ErrNotFound. What
	// an app keeps for itself, once it has let somebody in, is out of its reach.
	EndSessions(ctx context.Context, personID string) error
}

// Tenanted knows which organisation answers. The same name may stand before another one.
type Tenanted interface {
	// Tenant is the vendor's own id of the organisation; "" if that can't be told.
	Tenant(ctx context.Context) (string, error)
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

	Note    bool // everything works, but somebody should know
	Untried bool // it was only explained: there was nothing to try it with
}
