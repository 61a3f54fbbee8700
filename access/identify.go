package access

import (
	"cmp"
	"time"
)

// AccountSnapshot is what a system shows of one account.
type AccountSnapshot struct {
	System   string
	ID       string
	Kind     Kind
	Standing Standing
	Name     string
	Address  Email
	Level    Assurance // how surely the address is that of the account's owner
}

// IdentityQuestion is whose account this is, with all that may answer it. What
// the store says was looked up by the account and by its address; what the
// directories say was read by bound ids, and by address where none is bound.
type IdentityQuestion struct {
	Account     AccountSnapshot
	Need        Assurance // of an address that binds something for the first time; empty: AssuranceChecked
	Bound       *Person   // to whom the account is bound; nil: to nobody
	Holders     []Holder  // whom the address names
	Directories []DirectoryAnswer
	HeldBack    string // why no address binds anything for the first time at present, for whom it concerns; "": it may
	SignIn      string // the directory by which members are declared to sign in to Slack; "": none is
	At          time.Time

	contested bool // the address of a known person is somebody else's
}

// Holder is somebody whom an address names.
type Holder struct {
	Person Person
	// Standing is that of the holder's own account in the system asked about, as
	// read by its id just now; of one who has none there, how they stood last.
	// Empty: not known, which is not the same as gone.
	Standing Standing
}

// DirectoryAnswer is what one directory says.
type DirectoryAnswer struct {
	System    string
	Silent    bool             // it did not answer
	ByID      *AccountSnapshot // the account that was read by the bound id; nil: none was read
	ByAddress *AccountSnapshot // the one account with the address; nil: none was found
	Holder    *Person          // to whom the account found by address is bound; nil: to nobody
	Ambiguous bool             // several accounts have the address
	Alias     Email            // what the configuration lists in the address's place there; "": nothing
}

// Verdict is the kind of answer to an IdentityQuestion.
type Verdict string

// The verdicts.
const (
	IdentityKnown         Verdict = "known"         // the account is bound to the person
	IdentityBind          Verdict = "bind"          // it is the account of a person known by other means: bind it
	IdentityNew           Verdict = "new"           // it is somebody who was not known before
	IdentityNobody        Verdict = "nobody"        // no person is kept for this account: see Refusal
	IdentityUndecided     Verdict = "undecided"     // a directory that may know better does not answer
	IdentityContradiction Verdict = "contradiction" // what is known does not fit together: bind nothing, tell IT
)

// Identification is the answer to an IdentityQuestion. Nothing is changed until it is
// applied to the person.
type Identification struct {
	Verdict   Verdict
	Person    PersonID          // for known and bind
	Bind      []Binding         // accounts that are theirs from now on
	Tie       []Binding         // accounts that are surely theirs, whether they were bound already or not
	Rename    []Binding         // addresses and names that their accounts show now
	Accounts  []AccountSnapshot // their accounts in directories: whose standing counts, also if it can't be bound
	Release   []Release         // what others lose, because their account is gone
	Conflicts []*Contradiction  // what was left out, and why; for IT
	Refusal   error             // for nobody and contradiction
}

// Release takes an address from a person whose account is gone.
type Release struct {
	Person  PersonID
	System  string
	Address Email
}

// Apply ends the account and the address.
func (r Release) Apply(p Person, at time.Time) Person {
	return p.Unbind(r.System, at).end(at, func(b Binding) bool { return b.IsAddress() && b.ID == string(r.Address) })
}

// Holdings tells what is bound to whom at this moment.
type Holdings interface {
	// AccountHolder is who is bound to an account; "" if nobody is.
	AccountHolder(system, id string) (PersonID, error)
	// AddressHolders are those whom an address names.
	AddressHolders(a Email) ([]PersonID, error)
}

// Apply gives the person what the answer says. An account that was bound to
// somebody else since the question was put is a Contradiction: ask again. An
// address that names somebody else is noted as merely shown, so that it goes on
// naming them alone.
func (i Identification) Apply(p Person, held Holdings) (Person, error) {
	for _, b := range i.Bind {
		holder, err := held.AccountHolder(b.System, b.ID)
		if err != nil {
			return p, err
		}
		if p, err = p.Bind(b, holder); err != nil {
			return p, err
		}
	}
	for _, b := range i.Tie {
		holder, err := held.AccountHolder(b.System, b.ID)
		if err != nil {
			return p, err
		}
		if p, err = p.Tie(b, holder); err != nil {
			return p, err
		}
	}
	for _, b := range i.Rename {
		level, err := uncontested(p, b, held)
		if err != nil {
			return p, err
		}
		b.Level = level
		p = p.Rename(b)
	}
	return p, nil
}

// uncontested is the level at which an address or name can be noted.
func uncontested(p Person, b Binding, held Holdings) (Assurance, error) {
	if !b.IsAddress() {
		return b.Level, nil
	}
	holders, err := held.AddressHolders(Email(b.ID))
	if err != nil {
		return b.Level, err
	}
	for _, h := range holders {
		if h != p.ID {
			return Weaker(b.Level, AssuranceShown), nil
		}
	}
	return b.Level, nil
}

// Identify decides whose account it is. An account that is bound is its person's,
// whatever it shows. Otherwise the address counts, if it is sure enough and no
// other account stands for it; nothing is ever taken over from somebody whose own
// account lives.
func Identify(q IdentityQuestion) Identification {
	q.Need = cmp.Or(q.Need, AssuranceChecked)
	if q.Bound != nil {
		return q.known()
	}
	if err := q.unfit(); err != nil {
		return Identification{Verdict: IdentityNobody, Refusal: err}
	}
	owner, release, conflict := q.owner()
	switch {
	case conflict != nil:
		return Identification{Verdict: IdentityContradiction, Conflicts: []*Contradiction{conflict}, Refusal: conflict}
	case q.silent():
		return Identification{Verdict: IdentityUndecided}
	case owner == nil:
		return q.join(Identification{Verdict: IdentityNew, Release: release, Bind: []Binding{q.anchor()}}, Person{})
	}
	bind := []Binding{q.byAddress(q.Account, AssuranceFirst)}
	return q.join(Identification{Verdict: IdentityBind, Person: owner.ID, Release: release, Bind: bind}, *owner)
}

// Register decides whose account it is that was found where accounts are listed,
// such as in a group. It differs from Identify in that everybody is somebody,
// whether they may act or not: who can't be told to be a person already known is a
// new one, by this account alone. An address shown there names nobody.
func Register(q IdentityQuestion) Identification {
	if q.Bound != nil {
		return q.known()
	}
	q.Account.Level = Weaker(q.Account.Level, AssuranceShown)
	return q.join(Identification{Verdict: IdentityNew, Bind: []Binding{q.anchor()}}, Person{})
}

// declared tells whether an account is surely that of whoever has the one in Slack,
// because members are declared to sign in there by a directory: the address that Slack
// shows is stated by their active account in that directory, and by this one.
func (q IdentityQuestion) declared(a AccountSnapshot) bool {
	if q.SignIn == "" || q.contested || q.Account.System != SystemSlack || q.Account.Kind != Employee || !q.Account.Level.AtLeast(AssuranceChecked) || !q.states(&a) {
		return false
	}
	for _, d := range q.Directories {
		if d.System == q.SignIn {
			return q.states(d.found(q.Bound))
		}
	}
	return false
}

// states tells whether an account is in use and states the address that is asked about.
func (q IdentityQuestion) states(a *AccountSnapshot) bool {
	return a != nil && a.Standing == Active && a.Address != "" && a.Address == q.Account.Address && a.Level.AtLeast(AssuranceStated)
}

// found is the account in a directory that counts for somebody: the one that is bound
// to them, or the one with the address, if it is nobody else's.
func (d DirectoryAnswer) found(who *Person) *AccountSnapshot {
	bound := ""
	if who != nil {
		bound = who.Account(d.System)
	}
	switch {
	case d.ByID != nil && d.ByID.ID == bound:
		return d.ByID
	case d.ByAddress == nil, bound != "" && d.ByAddress.ID != bound, d.Holder != nil && who != nil && d.Holder.ID != who.ID:
		return nil
	}
	return d.ByAddress
}

// known answers for an account that is bound. An address that is somebody else's
// binds nothing more.
func (q IdentityQuestion) known() Identification {
	id := Identification{Verdict: IdentityKnown, Person: q.Bound.ID}
	if q.second() {
		q.contested = true
		return q.join(id, *q.Bound)
	}
	for _, h := range q.Holders {
		if h.Person.ID != q.Bound.ID {
			c := &Contradiction{Person: q.Bound.ID, Binding: q.address(q.Account), Holders: []PersonID{h.Person.ID}, Why: "the address is somebody else's"}
			id.Conflicts = append(id.Conflicts, c)
			q.contested = true
		}
	}
	return q.join(id, *q.Bound)
}

// unfit refuses accounts by which nobody is met for the first time.
func (q IdentityQuestion) unfit() error {
	a := q.Account
	if err := (Person{Kind: a.Kind, Email: a.Address, Standing: a.Standing}).MayAct(); err != nil {
		return err
	}
	if q.HeldBack != "" {
		return refuse(NotAllowed, q.HeldBack)
	}
	if !keepable(string(a.Address)) || !a.Level.AtLeast(q.Need) {
		return refuse(NotAllowed, "I can't tell who you are: the e-mail address "+string(a.Address)+" of your profile is not confirmed. Confirm it there, or ask IT.")
	}
	return nil
}

// second tells whether the account is one that a person has besides the one they are
// written to there, by the word of IT. What it shows is not what they are called by.
func (q IdentityQuestion) second() bool {
	return q.Bound != nil && q.Account.ID != q.Bound.Account(q.Account.System)
}

func (q IdentityQuestion) silent() bool {
	for _, d := range q.Directories {
		if d.Silent {
			return true
		}
	}
	return false
}

func (q IdentityQuestion) anchor() Binding {
	return Binding{System: q.Account.System, ID: q.Account.ID, Level: AssuranceFirst, How: "the account by which the person was first met", Since: q.At}
}

// byAddress binds an account that was found by address: as surely as the weaker
// of the two addresses says.
func (q IdentityQuestion) byAddress(a AccountSnapshot, level Assurance) Binding {
	return Binding{
		System: a.System, ID: a.ID, Level: Weaker(q.Account.Level, level), Since: q.At,
		How: "the address " + string(a.Address) + " is that of exactly one account",
	}
}

func (q IdentityQuestion) address(a AccountSnapshot) Binding {
	return ShownAddress(a.System, a.Address, a.Level, q.At)
}
