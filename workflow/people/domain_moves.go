package people

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// renames notes what it means that people's addresses are others than they were.
type renames struct {
	notifier notifier
	written  func() []access.Email // the addresses that the configuration names
	forget   func(access.PersonID) // has somebody looked up anew
	view     func(context.Context, func(store.Tx) error) error
}

// Many people whose addresses go to another domain within a few days are one question
// to IT. Fewer marry, or change between subsidiaries.
const (
	manyMove  = 5
	moveLasts = 7 * catalog.Day
)

// swapsWithin is how close to each other two changes of address are a swap.
const swapsWithin = 24 * time.Hour

// note notes what it means that somebody's addresses are others now.
func (s renames) note(u *engine.Unit, was, is access.Person) error {
	if err := s.moved(u, was, is); err != nil {
		return err
	}
	for _, b := range is.Bindings {
		if !b.IsAddress() || !b.Live() || was.Holds(access.Email(b.ID)) {
			continue
		}
		if err := s.swapped(u, is, access.Email(b.ID)); err != nil {
			return err
		}
		if err := s.forgetOthersWith(u, is, access.Email(b.ID)); err != nil {
			return err
		}
	}
	return nil
}

// forgetOthersWith has those looked up anew who had an address that somebody has now:
// it means them no more where it was written down.
func (s renames) forgetOthersWith(u *engine.Unit, is access.Person, a access.Email) error {
	others, err := store.PeopleWhoShowed(u.Tx, a)
	for _, k := range others {
		if k.ID == is.ID || k.Same != "" || !k.Held(a) {
			continue
		}
		s.forget(k.ID)
		if slices.Contains(s.written(), a) {
			return s.notifier.it(u, reused(a, is))
		}
	}
	return err
}

// swapped tells IT, once, of two people who have taken each other's addresses. Each is
// who they were: it is for IT to see why.
func (s renames) swapped(u *engine.Unit, one access.Person, has access.Email) error {
	others, err := store.PeopleWhoShowed(u.Tx, has)
	if err != nil {
		return err
	}
	for _, other := range others {
		if other.ID == one.ID || !lately(other.Person, has, u.At) {
			continue
		}
		for _, b := range other.Bindings {
			if a := access.Email(b.ID); b.IsAddress() && b.Live() && a != has && lately(one, a, u.At) {
				first, second := one, other.Person
				if second.ID < first.ID {
					first, second, has, a = second, first, a, has
				}
				return s.notifier.it(u, notice{fmt.Sprintf("swap/%s/%s/%s", first.ID, second.ID, u.At.UTC().Format(time.DateOnly)), "Two people have each other's addresses", []string{
					fmt.Sprintf("%s and %s swapped addresses within a day: they have %s and %s now.", first.Display(), second.Display(), has, a),
					"Each of them is known by their accounts and stays who they were: what one holds or decides is not the other's. Find out who changed the addresses, and why.",
				}})
			}
		}
	}
	return nil
}

// lately tells whether an address was somebody's until a short while ago.
func lately(p access.Person, a access.Email, at time.Time) bool {
	return slices.ContainsFunc(p.Bindings, func(b access.Binding) bool {
		return b.IsAddress() && b.ID == string(a) && !b.Live() && at.Sub(b.Until) <= swapsWithin
	})
}

// moved notes that somebody's addresses went to another domain, while their accounts
// stayed what they were.
func (s renames) moved(u *engine.Unit, was, is access.Person) error {
	for _, b := range is.Bindings {
		old := was.Shows(b.Source)
		if !b.IsAddress() || !b.Live() || old == "" {
			continue
		}
		from, to := old.Domain(), access.Email(b.ID).Domain()
		if from == to || from == "" || to == "" || slices.ContainsFunc(was.Bindings, func(o access.Binding) bool { return o.IsAddress() && access.Email(o.ID).Domain() == to }) {
			continue // they were counted when the first of their addresses went
		}
		return s.countMove(u, from, to)
	}
	return nil
}

func (s renames) countMove(u *engine.Unit, from, to string) error {
	m, err := store.LoadMove(u.Tx, from, to)
	if err != nil || !m.Answered.IsZero() {
		return err
	}
	if m.People == 0 || u.At.Sub(m.Last) > moveLasts {
		m.People, m.Since = 0, u.At
	}
	m.People, m.Last = m.People+1, u.At
	if m.People >= manyMove && m.Told.IsZero() {
		m.Told = u.At
		if err := s.askMove(u, m); err != nil {
			return err
		}
	}
	return store.PutMove(u.Tx, &m)
}

// askMove asks IT whether a move is meant: once, however many people it is about.
func (s renames) askMove(u *engine.Unit, m store.Move) error {
	lines := []string{
		fmt.Sprintf("%d people lately have an address at %s who had one at %s, and more may follow. They stay who they are, for they are known by their accounts: what they hold, asked for and decide is theirs as before.", m.People, m.To, m.From),
		fmt.Sprintf("Is that meant? Then: latchkey people moved %s %s. Until you say so, nobody is met for the first time by an address at %s alone, and nothing more is asked about those whose address goes there.", m.From, m.To, m.To),
	}
	if n := s.writtenAt(m.From); n > 0 {
		lines = append(lines, fmt.Sprintf("Addresses of the configuration at %s: %d. They go on meaning the same people. Write the new ones there before the old ones are given to somebody else.", m.From, n))
	}
	return s.notifier.it(u, notice{"move/" + m.From + "/" + m.To + "/" + m.Told.UTC().Format("2006-01-02"), "Addresses go from " + m.From + " to " + m.To, lines})
}

// writtenAt counts the addresses of the configuration at a domain.
func (s renames) writtenAt(domain string) int {
	seen := map[access.Email]bool{}
	for _, a := range s.written() {
		if a.Domain() == domain {
			seen[a] = true
		}
	}
	return len(seen)
}

// heldBack says why an address binds nothing for the first time at present; "" if it
// may.
func heldBack(tx store.Tx, a access.Email) (string, error) {
	if a.Domain() == "" {
		return "", nil
	}
	m, err := store.OpenMoveTo(tx, a.Domain())
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return fmt.Sprintf("Many addresses have lately gone from %s to %s, and IT was asked whether that is meant. I can't tell who you are until they say so. Please try again then.", m.From, m.To), err
}

// asked tells whether somebody's address went to a domain about which IT was
// asked already.
func (s renames) asked(ctx context.Context, was, is access.Person) bool {
	open := false
	err := s.view(ctx, func(tx store.Tx) error {
		m, err := store.LoadMove(tx, was.Email.Domain(), is.Email.Domain())
		open = m.Open()
		return err
	})
	return err == nil && open
}
