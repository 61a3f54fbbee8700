package access

import (
	"cmp"
	"time"
)

// returnGrace is for how long an account may be deactivated and come back as what it
// was. Accounts are reactivated by mistake and by imports; after longer, one may
// have been given to somebody else, with its id.
const returnGrace = 24 * time.Hour

// Return is how somebody came back whose account was deactivated.
type Return string

// The ways to come back.
const (
	ReturnNone    Return = ""        // they were not away
	ReturnSoon    Return = "soon"    // within the grace
	ReturnSame    Return = "same"    // later, under the same number in the HR file
	ReturnDoubted Return = "doubted" // later, and nothing says that it is the same human
)

// Continue notes that the person's accounts were seen, and whether they were away
// for too long to be taken for the same human. was is the person as they were known
// before; number is that of the HR file, as a directory shows it, "" if none does.
func (p Person) Continue(was Person, number string, at time.Time) (Person, Return) {
	gone := was.Standing == Left || !was.Away.IsZero()
	switch {
	case p.Standing == Left:
		if p.Away.IsZero() {
			p.Away = at
		}
		return p, ReturnNone
	case p.Standing != Active:
		return p, ReturnNone
	case !gone && handedOver(p, was, number):
		p.HandedOver = true
		return doubted(p, at), ReturnDoubted
	case !gone:
		p.Number = cmp.Or(number, p.Number)
		return p, ReturnNone
	case !was.Away.IsZero() && at.Sub(was.Away) <= returnGrace:
		p.Away = time.Time{}
		return p, ReturnSoon
	case number != "" && number == p.Number:
		p.Away = time.Time{}
		return p, ReturnSame
	}
	return doubted(p, at), ReturnDoubted
}

// handedOver tells that an account shows another address and another number of the
// HR file at once: it was given to somebody else while it was in use. Where only the
// domain of the address is another, and the name is the same, it was renamed with all
// others of the company.
func handedOver(p, was Person, number string) bool {
	if number == "" || p.Number == "" || number == p.Number || p.Email == was.Email || was.Email == "" {
		return false
	}
	is, _ := p.Email.parts()
	before, _ := was.Email.parts()
	return is != before || p.Name != was.Name
}

// doubted is somebody of whom a human has to say whether they are who they were.
func doubted(p Person, at time.Time) Person {
	p.Away, p.Doubted = time.Time{}, at
	return p
}

// Confirm says that the person is the human they were, and may ask and decide. number is what the HR file
// says now, "" if that isn't known.
func (p Person) Confirm(number string) Person {
	p.Away, p.Doubted, p.Offboarded, p.HandedOver = time.Time{}, time.Time{}, time.Time{}, false
	p.Number = cmp.Or(number, p.Number)
	return p
}

// Leave takes all accounts and addresses from the person, because another human has
// them now. What they did stays theirs; whoever has the accounts is somebody new.
func (p Person) Leave(at time.Time) Person {
	p = p.end(at, func(Binding) bool { return true })
	p.Standing, p.Doubted, p.HandedOver = Left, time.Time{}, false
	p.Away = at
	return p
}
