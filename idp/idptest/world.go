package idptest

import (
	"context"
	"time"

	"latchkey/idp"
)

// Person is an account to be made. The login is the e-mail unless Login says otherwise.
type Person struct {
	Email, Login, Name, Title, Department, Type, Location string
	Manager                                               string // e-mail of an account made before
}

// Kind is what sort of group to make.
type Kind int

const (
	Plain    Kind = iota // governable
	BuiltIn              // the vendor's own
	Mastered             // filled by another system
	RuleFed              // filled by a rule
)

// Failure is how a vendor can fail.
type Failure int

const (
	Outage     Failure = iota // every call is answered with a server error
	Denied                    // the token is valid but may no longer do anything
	BadToken                  // the token is refused
	LostAnswer                // the next write is carried out, but its answer never arrives
	Throttled                 // every call is refused for a minute
	Hiccup                    // the next call is refused for a second
)

// World is one emulated vendor with one directory on it. All fields are required, unless they say otherwise.
type World struct {
	Directory idp.Directory

	// Already are the ids of accounts that a vendor can't do without, such as that of an administrator who is
	// acted for; there need be none.
	Already []string

	AddPerson func(Person) (id string)
	// AddAlias gives an account one more address, beside its own. False: the vendor refuses it, since it is another
	// account's.
	AddAlias     func(id, address string) bool
	SetStatus    func(id string, s idp.Status)
	DeletePerson func(id string)
	AddGroup     func(name string, k Kind) (id string)
	SetMember    func(groupID, personID string, member bool)
	IsMember     func(groupID, personID string) bool
	Stick        func(groupID string) // makes the group take back whom the API removes
	// PageSize is how many members a page of the vendor's list holds, where the directory asks for as many as it does; 0 where
	// the list comes whole.
	PageSize int
	// Miscount has the vendor count so many members of a group too many, or, below zero, too few; HideCount has it not say how
	// many there are. NameTwice has its list of a group name one member a second time.
	Miscount  func(groupID string, by int)
	HideCount func(groupID string)
	NameTwice func(groupID string)
	// Mislead makes the vendor answer whoever asks for one address, name or id with what it knows of another.
	Mislead func(asked, answered string)
	Fail    func(Failure)
	Heal    func()
	// SignIn records that a person used an application and returns the application's id. It is needed
	// only if the directory is an idp.UsageReporter.
	SignIn func(personID string, at time.Time, success bool) (appID string)
	// SignedIn records that a person signed in to the directory itself. It is nil of a vendor that tells nobody's last
	// sign-in: then the directory must not tell any.
	SignedIn func(personID string, at time.Time)
	// OpenSession has a person sign in to the directory itself, and Sessions counts what they have open. They are
	// needed only if the directory is an idp.SessionEnder.
	OpenSession func(personID string)
	Sessions    func(personID string) int
	// Expires is when the directory ends a membership by itself, zero for never, and Pass lets time go by there. They
	// are needed only if the directory is an idp.Expirer.
	Expires func(groupID, personID string) time.Time
	Pass    func(time.Duration)
	// MakeAdmin has a group carry an administrator's role. It is needed only if the directory is an idp.AdminGroups.
	MakeAdmin func(groupID, role string)
	// AddApp makes an application. It is needed only if the directory is an idp.AppLister.
	AddApp func(App) (id string)
}

// App is an application to be made.
type App struct {
	Name   string
	Off    bool     // nobody gets in
	Groups []string // ids of the groups that are assigned
	People []string // ids of the accounts that it is assigned to without a group
	Owners []string // ids of the accounts that own it, where the vendor knows such
}

// CaseTimeout bounds each case, far above what any should take.
const CaseTimeout = time.Minute

type world struct {
	World
	Judge
	ctx context.Context
}

// Judge is told what a case finds: a test, or whoever wants to know whether a case finds anything.
type Judge interface {
	Helper()
	Error(args ...any)
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}
