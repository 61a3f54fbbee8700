package people

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Many people whose addresses go to another domain within a few days are one question
// to IT. Fewer marry, or change between subsidiaries.
const (
	manyMove  = 5
	moveLasts = 7 * catalog.Day
)

// swapsWithin is how close to each other two changes of address are a swap.
const swapsWithin = 24 * time.Hour

// renamed notes what it means that somebody's addresses are others now.
func (s *identities) renamed(u *engine.Unit, was, is access.Person) error {
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
		if err := s.forgetOthersWith(u, is.ID, access.Email(b.ID)); err != nil {
			return err
		}
	}
	return nil
}

// forgetOthersWith has those looked up anew who had an address that somebody has now:
// it means them no more where it was written down.
func (s *identities) forgetOthersWith(u *engine.Unit, who access.PersonID, a access.Email) error {
	others, err := store.PeopleWhoShowed(u.Tx, a)
	for _, k := range others {
		if k.ID == who || k.Same != "" || !k.Held(a) {
			continue
		}
		s.Forget(k.ID)
		if slices.Contains(s.written(), a) {
			return s.toIT(u, givenOn(a))
		}
	}
	return err
}

// swapped tells IT, once, of two people who have taken each other's addresses. Each is
// who they were: it is for IT to see why.
func (s *identities) swapped(u *engine.Unit, one access.Person, has access.Email) error {
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
				return s.toIT(u, notice{fmt.Sprintf("swap/%s/%s/%s", first.ID, second.ID, u.At.UTC().Format(time.DateOnly)), "Two people have each other's addresses", []string{
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
func (s *identities) moved(u *engine.Unit, was, is access.Person) error {
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

func (s *identities) countMove(u *engine.Unit, from, to string) error {
	m, err := store.LoadMove(u.Tx, from, to)
	if err != nil || !m.Settled.IsZero() {
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
func (s *identities) askMove(u *engine.Unit, m store.Move) error {
	lines := []string{
		fmt.Sprintf("%d people lately have an address at %s who had one at %s, and more may follow. They stay who they are, for they are known by their accounts: what they hold, asked for and decide is theirs as before.", m.People, m.To, m.From),
		fmt.Sprintf("Is that meant? Then: latchkey people moved %s %s. Until you say so, nobody is met for the first time by an address at %s alone, and nothing more is asked about those whose address goes there.", m.From, m.To, m.To),
	}
	if n := s.writtenAt(m.From); n > 0 {
		lines = append(lines, fmt.Sprintf("Addresses of the configuration at %s: %d. They go on meaning the same people. Write the new ones there before the old ones are given to somebody else.", m.From, n))
	}
	return s.toIT(u, notice{"move/" + m.From + "/" + m.To + "/" + m.Told.UTC().Format("2006-01-02"), "Addresses go from " + m.From + " to " + m.To, lines})
}

// writtenAt counts the addresses of the configuration at a domain.
func (s *identities) writtenAt(domain string) int {
	seen := map[access.Email]bool{}
	for _, a := range s.written() {
		if a.Domain() == domain {
			seen[a] = true
		}
	}
	return len(seen)
}

// writtenIn are the addresses that a catalogue names.
func writtenIn(c *catalog.Catalog) []access.Email {
	var all []string
	for _, a := range c.Apps() {
		all = append(append(all, a.Owners...), a.FulfilledBy...)
		for _, r := range a.Roles {
			all = append(all, r.For.People...)
		}
	}
	for _, r := range c.Routes() {
		for _, source := range r.Sources() {
			if source.Kind == catalog.Named {
				all = append(all, source.Person)
			}
		}
	}
	return Addresses(all)
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

// partOfMove tells whether somebody's address went to a domain about which IT was
// asked already.
func (s *identities) partOfMove(ctx context.Context, was, is access.Person) bool {
	open := false
	err := s.units.View(ctx, func(tx store.Tx) error {
		m, err := store.LoadMove(tx, was.Email.Domain(), is.Email.Domain())
		open = m.Open()
		return err
	})
	return err == nil && open
}

// Moved takes IT's word that addresses are meant to go from one domain to another. Of
// whom it seemed that somebody else has their account, because of that, nothing is
// asked any more.
func (c Corrections) Moved(ctx context.Context, from, to string, by access.Actor) error {
	from, to = strings.ToLower(from), strings.ToLower(to)
	var since store.Move
	err := c.known.units.Update(ctx, func(u *engine.Unit) error {
		m, err := store.LoadMove(u.Tx, from, to)
		if err != nil {
			return err
		}
		if !m.Open() {
			return access.Refuse(access.NotAllowed, "domain", fmt.Sprintf("Nothing was asked about addresses that go from %s to %s, so there is nothing to answer.", from, to))
		}
		since, m.Settled = m, u.At
		if err := store.PutMove(u.Tx, &m); err != nil {
			return err
		}
		speaker, err := actorIn(u, by)
		if err != nil {
			return err
		}
		_, err = u.Append(access.Event{Kind: access.EventVouched, At: u.At, Actor: by, Subject: access.LogSubject(),
			Note: fmt.Sprintf("%s: addresses go from %s to %s, and that is meant. Seen of %d people.", speaker, from, to, m.People)})
		return err
	})
	if err != nil {
		return err
	}
	return c.confirmMoved(ctx, since)
}

// confirmMoved lets go of the doubts that a move caused, page by page.
func (c Corrections) confirmMoved(ctx context.Context, m store.Move) error {
	const page = 100
	for after := ""; ; {
		var some []store.Known
		err := c.known.units.Update(ctx, func(u *engine.Unit) (err error) {
			if some, err = store.AllPeople(u.Tx, after, page); err != nil {
				return err
			}
			for _, k := range some {
				if k.Doubted.Before(m.Since) || k.Email.Domain() != m.To || k.Doubted.IsZero() {
					continue
				}
				k.Person = k.Confirm("")
				if err := store.PutPerson(u.Tx, &k); err != nil {
					return err
				}
			}
			return nil
		})
		for _, k := range some {
			c.known.Forget(k.ID)
		}
		if err != nil || len(some) < page {
			return err
		}
		after = string(some[len(some)-1].ID)
	}
}
