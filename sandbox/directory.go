package sandbox

import (
	"fmt"
	"net/http"
	"time"
)

// DirectoryConfig is one directory that a world is to have.
type DirectoryConfig struct {
	ID     string   // what Latchkey's configuration calls it
	Kind   string   // a key of kinds, such as "okta"
	Pages  []string // to which browsers may come back from there, once people have signed in
	Groups []Group  // to make, besides "security"
}

// Group is a group to make; without an ID the directory makes one.
type Group struct{ Name, ID string }

// Directory is an emulated directory of whichever kind, as its administrators see it: groups go by
// their names, people by the addresses they sign in with. What only one kind can do is done to the emulator
// itself, such as [World.Okta].
type Directory struct {
	ID, Kind string
	DirectoryService
	DirectoryGroups
	DirectoryLists
	DirectoryAccounts
	DirectoryTroubles
	Apps    DirectoryApps    // nil where the vendor doesn't know of an application which groups it lets in
	SignIns DirectorySignIns // nil where nobody signs in with a code
}

// DirectoryService is how Latchkey reaches a directory, and how it behaved there.
type DirectoryService interface {
	Handler() http.Handler
	// Opened is told the address at which the directory is served, without a trailing slash, before the first call.
	// It returns what Latchkey signs in there with, by the keys of the directory's own settings.
	Opened(url string) map[string]string
	// Violations lists what the vendor would refuse or punish.
	Violations() []string
	Close()
}

// DirectoryGroups is what administrators do to groups.
type DirectoryGroups interface {
	// AddGroup makes a group that people can be put into; with "" for id under one of the directory's making.
	AddGroup(name, id string) error
	// RenameGroup gives a group another name; id and members stay.
	RenameGroup(name, to string) error
	// DeleteGroup removes a group as administrators do: where the vendor keeps it to be restored, it is kept.
	DeleteGroup(name string) error
	// SetMember puts an account into a group by hand, or takes it out.
	SetMember(group, address string, in bool) error
	// Members are the sign-in addresses of a group's members; none if there is no such group.
	Members(group string) []string
}

// DirectoryLists is what administrators see at a glance.
type DirectoryLists interface {
	// GroupNames are the names of all groups, in the order in which they were made.
	GroupNames() []string
}

// DirectoryApps is what administrators do to applications.
type DirectoryApps interface {
	// AddApp has an application let in the members of groups. A group or an owner that isn't there is an error.
	AddApp(a App) error
}

// DirectorySignIns is what people do who sign in with a code.
type DirectorySignIns interface {
	// SignInWith has the owner of an account type a code in and sign in; with "" somebody says that they didn't ask for it.
	SignInWith(code, address string) error
}

// App is an application that a directory lets people into.
type App struct {
	Name   string
	Groups []string // names
	Owners []string // addresses of accounts; only where the vendor keeps such
}

// DirectoryAccounts is what administrators and HR feeds do to accounts.
type DirectoryAccounts interface {
	// Hire makes an account, with a new id. An address that is taken is an error.
	Hire(a Account) error
	// Edit changes an account, also its address; the id stays.
	Edit(address string, edit func(*Account)) error
	// SetState changes whether an account can be used.
	SetState(address string, state AccountState) error
	// Fire deletes an account so that its address is free for a new one, which has another id.
	Fire(address string) error
	// AccountID is the directory's own id of an account; "" if there is none.
	AccountID(address string) string
}

// Account is what the directories know of somebody, as far as all of them do.
type Account struct {
	Address           string // by which they sign in, and to which mail goes
	First, Last       string
	Title, Department string
	Manager           string // address of the manager's account in the same directory; "" for none
	Type              string // of employment, such as "Employee" or "Contractor"
	Number            string // in the HR file
	Created           time.Time
	LastLogin         time.Time
}

// AccountState is whether an account can be used, in the words that all directories have in common. A
// directory that knows only on and off takes Suspended for off.
type AccountState string

// The states of accounts.
const (
	Active    AccountState = "active"
	Suspended AccountState = "suspended"
	Left      AccountState = "left"
)

// DirectoryTroubles is what goes wrong with a directory.
type DirectoryTroubles interface {
	// Break has calls go wrong until Mend, or as often and as long as the trouble says.
	Break(t Trouble) error
	// Mend ends all troubles.
	Mend()
}

// Trouble is what goes wrong with some calls.
type Trouble struct {
	Of     Operation
	Status int       // the answer in place of the true one, with the vendor's own body for it
	Times  int       // how many calls it hits; 0 is every one
	Until  time.Time // when it is over; zero is never
	Drop   bool      // the connection is closed without an answer
	After  bool      // the call is carried out first
}

// Operation says which calls.
type Operation string

// The operations that troubles tell apart.
const (
	Anything Operation = ""
	Adding   Operation = "add"    // putting somebody into a group
	Removing Operation = "remove" // taking somebody out of one
	Reading  Operation = "read"   // every call that changes nothing, but for signing in
)

// kinds make an emulator of each kind. Its number, from 0, tells it apart from others of its kind in the world:
// no token, tenant or id of one is one of another.
func kinds() map[string]func(w *World, id string, number int) Directory {
	return map[string]func(*World, string, int) Directory{
		"okta":   newOkta,
		"entra":  newEntra,
		"google": newGoogle,
	}
}

// Emulates tells whether the sandbox has directories of a kind.
func Emulates(kind string) bool { return kinds()[kind] != nil }

// Directory is a directory of the world, by its id.
func (w *World) Directory(id string) (Directory, error) {
	for _, d := range w.directories {
		if d.ID == id {
			return d, nil
		}
	}
	return Directory{}, fmt.Errorf("sandbox: there is no directory %q", id)
}

// Directories are all of the world's, in the order in which they are configured.
func (w *World) Directories() []Directory { return w.directories }

// pages are those to which browsers may come back from a directory.
func (w *World) pages(id string) []string {
	for _, d := range w.cfg.Directories {
		if d.ID == id {
			return d.Pages
		}
	}
	return nil
}

// found makes the directories of the world.
func (w *World) found() error {
	if len(w.cfg.Directories) == 0 {
		w.cfg.Directories = []DirectoryConfig{{ID: "okta", Kind: "okta"}}
	}
	of := map[string]int{}
	for _, d := range w.cfg.Directories {
		make := kinds()[d.Kind]
		if make == nil {
			return fmt.Errorf("sandbox: no directory of kind %q is emulated", d.Kind)
		}
		w.directories = append(w.directories, make(w, d.ID, of[d.Kind]))
		of[d.Kind]++
	}
	if w.Okta == nil { // nobody serves it: for words about Okta in a world without
		newOkta(w, "okta", of["okta"])
	}
	return nil
}
