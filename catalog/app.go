package catalog

import "time"

// Status says whether an app is offered to people.
type Status string

// The stages of an app's life in the catalogue. Only Approved is offered.
const (
	Unassigned Status = "unassigned" // known, but nobody has decided yet
	Approved   Status = "approved"
	Retired    Status = "retired" // kept so that old requests still read well
)

// Provisioning says who carries a granted request out.
type Provisioning string

// How access is given.
const (
	ByDirectory Provisioning = "directory" // Latchkey changes the mapped groups
	Manual      Provisioning = "manual"    // a named person does it and says so
)

// Unrequested says what becomes of a membership that nobody asked for.
type Unrequested string

// What reconciliation does about memberships of an app's groups without a grant.
const (
	Alert  Unrequested = "alert"  // IT is told, nothing is changed
	Adopt  Unrequested = "adopt"  // kept and explained, for App.AdoptFor
	Remove Unrequested = "remove" // taken away, and the person told
)

// App is one thing people ask access to.
type App struct {
	ID           string // stable key, lower case, used in commands and records
	Name         string // what people call it
	Description  string
	Category     string
	Icon         Icon
	Owners       []string // lower-cased e-mails; the first one is asked first
	Tags         []string
	Status       Status
	Provisioning Provisioning
	FulfilledBy  []string      // who acts for manual apps; the owners when empty
	Unrequested  Unrequested   // what becomes of memberships without a request; Alert when empty
	AdoptFor     time.Duration // how long adopted memberships are kept; Forever for no end
	Opens        Opening       // how somebody who got in begins
	Seat         Seat          // what a seat costs, and what was bought
	Uses         []AppUse      // in whose sign-ins the use of it shows; empty: in those of the applications that its groups are assigned to
	Roles        []Role
}

// Role finds a role of the app by its id.
func (a App) Role(id string) (Role, bool) {
	for _, r := range a.Roles {
		if r.ID == id {
			return r, true
		}
	}
	return Role{}, false
}

// Fulfillers are the people who carry out a manual change.
func (a App) Fulfillers() []string {
	if len(a.FulfilledBy) > 0 {
		return a.FulfilledBy
	}
	return a.Owners
}

// Offered reports whether people may ask for the app today.
func (a App) Offered() bool { return a.Status == Approved }

// Opening is how somebody who got a role begins: the role's own way, else the app's.
func (a App) Opening(r Role) Opening { return r.Opens.Or(a.Opens) }
