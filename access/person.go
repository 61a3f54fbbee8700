package access

import (
	"cmp"
	"strings"
	"time"
)

// PersonID keys a person everywhere. It is an id of ours that never changes: "P-"
// and ten letters or digits. It says nothing about the person.
type PersonID string

const personPrefix, personLength = "P-", 10

// NewPersonID makes an id from random upper-case letters and digits, of which it
// takes the first ten: crypto/rand's Text gives them.
func NewPersonID(random string) PersonID { return PersonID(personPrefix + random[:personLength]) }

// Valid tells whether the id has the form that NewPersonID gives.
func (id PersonID) Valid() bool {
	text, ok := strings.CutPrefix(string(id), personPrefix)
	other := func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') }
	return ok && len(text) == personLength && !strings.ContainsFunc(text, other)
}

// Email is an address in the form in which addresses are compared.
type Email string

// NewEmail folds an address: ASCII letters become lower case, ASCII space around
// it goes. All else is left as it is, byte for byte, so that no two different
// addresses become one: Unicode would fold the Kelvin sign to k and İ to i.
func NewEmail(s string) Email {
	b := []byte(strings.Trim(s, " \t\r\n"))
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return Email(b)
}

// Domain is what stands behind the last @; "" if there is none.
func (a Email) Domain() string {
	_, domain := a.parts()
	return domain
}

func (a Email) parts() (local, domain string) {
	at := strings.LastIndexByte(string(a), '@')
	if at < 0 {
		return string(a), ""
	}
	return string(a[:at]), string(a[at+1:])
}

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

// Person is somebody as Slack, Jira and the directories know them. What they are
// known by are bindings: an account that moves to another human does not take the
// person with it, and a person whose address changes keeps everything.
type Person struct {
	ID         PersonID
	Email      Email  // to show and to write to; never a key
	Name       string // to show; never a key
	Title      string
	Department string
	Employment string   `json:",omitempty"` // what sort of work relation, as the directory says it, as in "Contractor"
	Location   string   `json:",omitempty"` // where they work, in the directory's words
	Manager    PersonID // empty when no directory names one
	TimeZone   string
	Kind       Kind
	Standing   Standing
	Since      time.Time // when the directory account was made; zero if unknown
	LastLogin  time.Time // last sign-in to the directory; zero if unknown or never
	Bindings   []Binding // accounts, addresses and names, the former ones too

	Stood *Stood `json:",omitempty"` // where they stood before they moved last; nil: they weren't seen to

	Still []Email `json:",omitempty"` // addresses that they show no more, and that mean them where they were written down

	Same   PersonID   `json:",omitempty"` // who they are, where they were found to be somebody who was known already
	United []PersonID `json:",omitempty"` // under which other ids they were known before that

	// AwayUntil is until when they are on leave, as they said; zero, or past: they aren't.
	AwayUntil time.Time `json:",omitzero"`
	// StatusAway is until when their status in Slack says the same. It is a hint: nobody said it here.
	StatusAway time.Time `json:",omitzero"`

	Number  string    `json:",omitempty"` // in the HR file, as a directory showed it last
	Away    time.Time `json:",omitzero"`  // since when an account of theirs has been deactivated; zero: none is
	Doubted time.Time `json:",omitzero"`  // since when it is open whether they are still the same human; zero: it isn't
	Erased  time.Time `json:",omitzero"`  // what named or quoted them before that was erased; zero: nothing was
	// HandedOver says that the doubt is one about an account that was in use all the time.
	HandedOver bool `json:",omitempty"`

	// Offboarded is when IT ended everything they have. Whatever the directory says, they
	// neither ask nor decide until IT takes that back; zero: it didn't.
	Offboarded time.Time `json:",omitzero"`
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
	case !p.Doubted.IsZero():
		return refuse(NotAllowed, "Your account was deactivated for a while, or handed over. IT was asked whether it is still yours; until they say so, you can't request or decide on access.")
	case !p.Offboarded.IsZero():
		return refuse(NotAllowed, "IT ended everything that you have here, so you can't request or decide on access. If that was a mistake, ask IT: they can take it back.")
	case p.Standing == Suspended:
		return refuse(NotAllowed, "This account is suspended in the company's directory, or isn't found there, so it can't request or decide on access.")
	case p.Standing != Active:
		return refuse(NotAllowed, "This account is deactivated, so it can't request or decide on access.")
	}
	return nil
}

// AbsentUntil is until when somebody is on leave, by what they said or by their status in
// Slack; zero, or past: they aren't.
func (p Person) AbsentUntil() time.Time { return later(p.AwayUntil, p.StatusAway) }

// Unnamed is what somebody is called of whom neither a name nor an address is
// known. An id of ours says nothing to anybody.
const Unnamed = "somebody unknown"

// Display is the name to show for the person; the e-mail when no name is known.
func (p Person) Display() string { return cmp.Or(p.Name, string(p.Email), Unnamed) }

// Contact is the address to show for the person; the name when none is known.
func (p Person) Contact() string { return cmp.Or(string(p.Email), p.Name, Unnamed) }

// ContactAt is the address that the person had at a moment, as far as that is
// known; otherwise the one they have now.
func (p Person) ContactAt(at time.Time) string { return cmp.Or(string(p.AddressAt(at)), p.Contact()) }
