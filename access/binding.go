package access

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Assurance says how surely something belongs to a person.
type Assurance string

// From nothing to certain. What is recorded is the weaker of the two ends that a
// binding ties together.
const (
	AssuranceSaid    Assurance = "said"    // somebody says so
	AssuranceShown   Assurance = "shown"   // a system shows it; nobody there has checked it
	AssuranceChecked Assurance = "checked" // the system that shows it checked it once
	AssuranceStated  Assurance = "stated"  // by the authority over the account or the domain
	AssuranceProven  Assurance = "proven"  // by an act of the person, signed in, for this purpose
	AssuranceByIT    Assurance = "by_it"   // IT says so, by name
	AssuranceFirst   Assurance = "first"   // the account by which the person was first met: theirs by definition
)

// AtLeast compares two levels; one that is not known counts as a claim.
func (a Assurance) AtLeast(b Assurance) bool { return a.rank() >= b.rank() }

func (a Assurance) rank() int {
	order := []Assurance{AssuranceSaid, AssuranceShown, AssuranceChecked, AssuranceStated, AssuranceProven, AssuranceByIT, AssuranceFirst}
	return max(slices.Index(order, a), 0)
}

// Weaker is the less sure of two levels.
func Weaker(a, b Assurance) Assurance {
	if a.AtLeast(b) {
		return b
	}
	return a
}

// What a binding is about, besides a directory by its id.
const (
	SystemSlack   = "slack"
	SystemJira    = "jira"
	SystemAddress = "address"
	SystemName    = "name"
)

// Binding ties a person to an account in one system, or to an address or a name
// that such an account shows. Former ones are kept: they are the history.
type Binding struct {
	System string // "slack", "jira" or a directory's id: an account. "address", "name": what an account shows
	ID     string // the account's id there, opaque; or the address; or the name
	Source string `json:",omitzero"` // of an address or a name: the system that shows it
	Level  Assurance
	// Reused says of an address that somebody else had it before. It names the person,
	// and what is written down for it is not meant for them until IT says so.
	Reused bool   `json:",omitempty"`
	How    string // how it was established, for people
	// Declared is the directory by which members were declared to sign in to Slack,
	// where the binding rests on that.
	Declared string    `json:",omitempty"`
	Since    time.Time `json:",omitzero"`  // when it was established
	Until    time.Time `json:",omitzero"`  // when it ended; zero while it lives
	Denied   bool      `json:",omitempty"` // of one that ended: it was said not to be theirs
}

// ShownAddress is the address that a person's account in a system shows.
func ShownAddress(source string, a Email, level Assurance, at time.Time) Binding {
	return Binding{System: SystemAddress, ID: string(a), Source: source, Level: level, How: source + " shows it", Since: at}
}

// ShownName is the name that a person's account in a system shows.
func ShownName(source, name string, at time.Time) Binding {
	return Binding{System: SystemName, ID: name, Source: source, Level: AssuranceSaid, How: source + " shows it", Since: at}
}

// Live tells whether the binding has not ended.
func (b Binding) Live() bool { return b.Until.IsZero() }

// Covers tells whether the binding lived at a moment.
func (b Binding) Covers(at time.Time) bool {
	return !at.Before(b.Since) && (b.Live() || at.Before(b.Until))
}

// IsAccount tells whether the binding is to an account, not to what one shows.
func (b Binding) IsAccount() bool { return b.System != SystemAddress && b.System != SystemName }

// IsAddress tells whether the binding is to an address.
func (b Binding) IsAddress() bool { return b.System == SystemAddress }

// check refuses what can't be told apart from something else later. Jira shows
// "unknown" in place of accounts that it has lost.
func (b Binding) check() error {
	switch {
	case !b.IsAccount():
		return refuse(Invalid, "An address or a name is not an account.")
	case b.System == "" || !keepable(b.ID):
		return refuse(Invalid, "An account needs a system and an id.")
	case b.System == SystemJira && b.ID == "unknown":
		return refuse(Invalid, "Jira doesn't say which account this is.")
	}
	return nil
}

// Bind gives the person an account. It is refused with a Contradiction if the
// account is bound to somebody else (holder is whoever is bound to it now, "" for
// nobody), or if the person has another one in that system: nothing is
// overwritten. Bound again with more assurance, the earlier binding is history.
func (p Person) Bind(b Binding, holder PersonID) (Person, error) {
	if err := b.check(); err != nil {
		return p, err
	}
	has, bound := p.Bound(b.System)
	switch {
	case holder != "" && holder != p.ID:
		return p, &Contradiction{Person: p.ID, Binding: b, Holders: []PersonID{holder}, Why: "it is bound to somebody else"}
	case p.Denies(b.System, b.ID) && b.Level != AssuranceByIT:
		return p, &Contradiction{Person: p.ID, Binding: b, Why: "it was said not to be theirs"}
	case bound && has.ID != b.ID:
		return p, &Contradiction{Person: p.ID, Binding: b, Has: has.ID, Why: "the person is bound to another account there"}
	case bound && has.Level.AtLeast(b.Level):
		return p, nil
	}
	return p.put(b), nil
}

// Renumber takes over that a system gave the person's account there another id. It is
// the same account, so it is as surely theirs as it was.
func (p Person) Renumber(system, id string, at time.Time) Person {
	b, bound := p.Bound(system)
	if !bound || b.ID == id || !keepable(id) {
		return p
	}
	b.ID, b.Since = id, at
	return p.put(b)
}

// Rename takes over the address or the name that one of the person's accounts
// shows now: ShownAddress or ShownName. The one it showed before is history. An
// account that shows nothing any more has not changed it.
func (p Person) Rename(b Binding) Person {
	if b.IsAccount() || !keepable(b.ID) {
		return p
	}
	return p.put(b).inStep()
}

// keepable tells whether a text comes back from a store as it was.
func keepable(s string) bool { return s != "" && utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// Unbind ends the person's account in a system, and what that account shows.
func (p Person) Unbind(system string, at time.Time) Person {
	return p.end(at, func(b Binding) bool {
		return b.IsAccount() && b.System == system || !b.IsAccount() && b.Source == system
	})
}

// Disown ends the person's account in a system because it was said not to be theirs.
// From then on only IT's word binds it to them again.
func (p Person) Disown(system string, at time.Time) Person {
	was, bound := p.Bound(system)
	p = Split(p, system, was.ID, at)
	for i, b := range p.Bindings {
		if bound && b.System == system && b.ID == was.ID && b.Since.Equal(was.Since) {
			p.Bindings[i].Denied = true
		}
	}
	return p
}

// Denies tells whether an account was said not to be the person's, and nobody has
// said otherwise since.
func (p Person) Denies(system, id string) (denied bool) {
	for _, b := range p.Bindings {
		if b.System == system && b.ID == id {
			denied = b.Denied || denied && !b.Live()
		}
	}
	return denied
}

// put ends the live binding in the same place, if it says something else.
func (p Person) put(b Binding) Person {
	same := func(old Binding) bool { return old.Live() && old.System == b.System && old.Source == b.Source }
	if i := slices.IndexFunc(p.Bindings, same); i >= 0 && p.Bindings[i].ID == b.ID && p.Bindings[i].Level == b.Level && p.Bindings[i].Declared == b.Declared {
		return p
	}
	p = p.end(b.Since, same)
	p.Bindings = append(p.Bindings, b)
	return p
}

func (p Person) end(at time.Time, which func(Binding) bool) Person {
	p.Bindings = slices.Clone(p.Bindings)
	for i, b := range p.Bindings {
		if b.Live() && which(b) {
			p.Bindings[i].Until = later(b.Since, at)
		}
	}
	return p.inStep()
}

// inStep makes the address and the name to show those of the bindings.
func (p Person) inStep() Person {
	p.Email = p.Address()
	if b, ok := p.shown(SystemName, Binding.Live); ok {
		p.Name = b.ID
	}
	return p
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Bound is the person's account in a system, with how it was bound.
func (p Person) Bound(system string) (Binding, bool) {
	i := slices.IndexFunc(p.Bindings, func(b Binding) bool { return b.Live() && b.System == system })
	if i < 0 {
		return Binding{}, false
	}
	return p.Bindings[i], true
}

// AccountsOf are a person's accounts, in the order in which they became known.
func AccountsOf(p Person) []Binding {
	return slices.DeleteFunc(slices.Clone(p.Bindings), func(b Binding) bool { return !b.IsAccount() || !b.Live() })
}

// Shows is the address that the person's account in a system shows; "" for none.
func (p Person) Shows(system string) Email {
	b, _ := p.shown(SystemAddress, func(b Binding) bool { return b.Live() && b.Source == system })
	return Email(b.ID)
}

// Account is the person's id in a system, or "".
func (p Person) Account(system string) string {
	b, _ := p.Bound(system)
	return b.ID
}

// Surely tells whether the person's account in a system is known to be theirs, not
// merely taken for it.
func (p Person) Surely(system string) bool {
	b, bound := p.Bound(system)
	return bound && b.Level.AtLeast(AssuranceChecked)
}

// Former are the ended bindings of a system (or of "address", "name"), in the
// order in which they were made.
func (p Person) Former(system string) []Binding {
	return slices.DeleteFunc(slices.Clone(p.Bindings), func(b Binding) bool { return b.Live() || b.System != system })
}

// Address is the person's address now: what Slack shows, or else the surest one.
// Without any binding to an address it is Email.
func (p Person) Address() Email {
	if b, ok := p.shown(SystemAddress, Binding.Live); ok {
		return Email(b.ID)
	}
	if slices.ContainsFunc(p.Bindings, Binding.IsAddress) {
		return ""
	}
	return p.Email
}

// AddressAt is the person's address at an earlier moment; "" if none is known.
func (p Person) AddressAt(at time.Time) Email {
	b, _ := p.shown(SystemAddress, func(b Binding) bool { return b.Covers(at) })
	return Email(b.ID)
}

// Addresses are those by which the person can be named: the live ones that a
// system has checked or states. One that is merely shown names nobody.
func (p Person) Addresses() []Email {
	var out []Email
	for _, b := range p.Bindings {
		if b.IsAddress() && b.Live() && b.Level.AtLeast(AssuranceChecked) && !slices.Contains(out, Email(b.ID)) {
			out = append(out, Email(b.ID))
		}
	}
	return out
}

// AddressLevel is how surely an address is the person's now; a claim, if it isn't.
func (p Person) AddressLevel(a Email) Assurance {
	level := AssuranceSaid
	for _, b := range p.Bindings {
		if b.IsAddress() && b.Live() && b.ID == string(a) && b.Level.AtLeast(level) {
			level = b.Level
		}
	}
	return level
}

// Holds tells whether an address names the person now.
func (p Person) Holds(a Email) bool { return a != "" && slices.Contains(p.Addresses(), a) }

// MeantBy tells whether what somebody has written down for an address is meant for
// the person: it names them now, and nobody else had it before; or it named them last,
// and nobody has it now.
func (p Person) MeantBy(a Email) bool {
	reused := func(b Binding) bool { return b.IsAddress() && b.Live() && b.ID == string(a) && b.Reused }
	return p.Holds(a) && !slices.ContainsFunc(p.Bindings, reused) || a != "" && slices.Contains(p.Still, a)
}

// MeantByOneOf tells whether the person is meant by any of the addresses, as somebody
// has written them down.
func (p Person) MeantByOneOf(written []string) bool {
	return slices.ContainsFunc(written, func(a string) bool { return p.MeantBy(NewEmail(a)) })
}

// Inherit notes that somebody else had an address of the person before, or takes IT's
// word that it is meant for them all the same.
func (p Person) Inherit(a Email, reused bool) Person {
	p.Bindings = slices.Clone(p.Bindings)
	for i, b := range p.Bindings {
		if b.IsAddress() && b.Live() && b.ID == string(a) {
			p.Bindings[i].Reused = reused
		}
	}
	return p
}

// Held tells whether an address named the person once, and does no more.
func (p Person) Held(a Email) bool {
	once := func(b Binding) bool { return b.IsAddress() && b.ID == string(a) && b.Level.AtLeast(AssuranceChecked) }
	return !p.Holds(a) && slices.ContainsFunc(p.Bindings, once)
}

// shown is the one of several addresses or names to show.
func (p Person) shown(system string, when func(Binding) bool) (best Binding, ok bool) {
	for _, b := range p.Bindings {
		if b.System == system && when(b) && (!ok || preferred(b, best)) {
			best, ok = b, true
		}
	}
	return best, ok
}

// preferred tells whether a is to be shown rather than b: what people see in
// Slack comes first.
func preferred(a, b Binding) bool {
	if slack := a.Source == SystemSlack; slack != (b.Source == SystemSlack) {
		return slack
	}
	return cmp.Or(cmp.Compare(a.Level.rank(), b.Level.rank()), a.Since.Compare(b.Since)) > 0
}
