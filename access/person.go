package access

import (
	"cmp"
	"strings"
	"time"
)

// PersonID keys a person everywhere. It is an id of ours that never changes; for
// now its value is the person's folded address.
type PersonID string

// Email is an address: lower case, no surrounding space.
type Email string

// NewEmail folds an address to the form in which addresses are compared.
func NewEmail(s string) Email { return Email(strings.ToLower(strings.TrimSpace(s))) }

// Kind says what sort of account stands behind a person.
type Kind string

// Only employees may request or decide.
const (
	Employee Kind = "employee"
	Guest    Kind = "guest"    // a restricted Slack account
	External Kind = "external" // somebody from another organisation, by Slack Connect
	Bot      Kind = "bot"
)

// Standing says whether the account may still act.
type Standing string

// The standings of a person, the worst of what Slack and the directories say.
const (
	Active    Standing = "active"
	Suspended Standing = "suspended"
	Left      Standing = "left"
)

// Person is somebody as Slack, Jira and the directories know them.
type Person struct {
	ID         PersonID
	Email      Email
	Name       string
	Title      string
	Department string
	Manager    PersonID // empty when no directory names one
	TimeZone   string
	Kind       Kind
	Standing   Standing
	Since      time.Time // when the directory account was made; zero if unknown
	LastLogin  time.Time // last sign-in to the directory; zero if unknown or never
	Bindings   []Binding
}

// Binding ties a person to an account in one system, and says how that was found out.
type Binding struct {
	System string // "slack", "jira" or a directory's id
	ID     string // the account's id there, opaque
	How    string // for example "e-mail matched exactly one active account"
	At     time.Time
}

// Account is the person's id in a system, or "".
func (p Person) Account(system string) string {
	for _, b := range p.Bindings {
		if b.System == system {
			return b.ID
		}
	}
	return ""
}

// MayAct refuses everybody who may neither ask nor decide: guests, bots,
// strangers and people who have left.
func (p Person) MayAct() error {
	switch {
	case p.Kind == Guest:
		return refuse(NotAllowed, "Guest accounts can't request or decide on access. Ask the colleague you work with to do it for you.")
	case p.Kind == External:
		return refuse(NotAllowed, "Only members of this workspace can request or decide on access.")
	case p.Kind == Bot:
		return refuse(NotAllowed, "Apps and bots can't request or decide on access.")
	case p.Email == "":
		return refuse(NotAllowed, "I can't tell who you are: your Slack profile shows no e-mail address. Ask IT to add one.")
	case p.Standing != Active:
		return refuse(NotAllowed, "This account is deactivated, so it can't request or decide on access.")
	}
	return nil
}

// Display is the name to show for the person; the e-mail when no name is known,
// and the id when that isn't either.
func (p Person) Display() string {
	if p.Name != "" {
		return p.Name
	}
	return cmp.Or(string(p.Email), string(p.ID))
}
