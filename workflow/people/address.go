package people

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
)

// Had is whom an address names, or named last: for looking back. It asks nobody.
func (s *Service) Had(ctx context.Context, a access.Email) (access.Person, error) {
	var found access.Person
	err := s.units.View(ctx, func(tx store.Tx) error {
		k, err := store.PersonByAddress(tx, a)
		if errors.Is(err, store.ErrNotFound) {
			k, err = lastWith(tx, a)
		}
		found = k.Person
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return access.Person{}, access.Refuse(access.Unknown, "person", "Nobody is known who has or had the address "+string(a)+". Look at how it is written; whom Latchkey never met holds nothing through it.")
	case errors.Is(err, store.ErrAmbiguous):
		return access.Person{}, access.Refuse(access.Unknown, "person", "Several people are known by the address "+string(a)+".")
	}
	return found, err
}

// lastWith is whoever showed an address last, of those whom it names no more. Of two who
// turned out to be one human it is the one who they are now: the other is nobody any more.
func lastWith(tx store.Tx, a access.Email) (best store.Known, err error) {
	all, err := store.PeopleWhoShowed(tx, a)
	if err != nil {
		return best, err
	}
	var last access.Binding
	for _, k := range all {
		for _, b := range k.Bindings {
			if k.Same == "" && b.IsAddress() && b.ID == string(a) && (best.ID == "" || endsLater(b, last)) {
				best, last = k, b
			}
		}
	}
	if best.ID == "" {
		err = fmt.Errorf("person who had the address %s: %w", a, store.ErrNotFound)
	}
	return best, err
}

// endsLater tells whether a binding lasted longer than another.
func endsLater(a, b access.Binding) bool {
	if a.Live() || b.Live() {
		return a.Live() && !b.Live()
	}
	return a.Until.After(b.Until)
}

// byAddresses are the people whom addresses name that somebody has written down,
// each once, and those that name nobody.
func (s *Service) byAddresses(ctx context.Context, written []access.Email) (named, error) {
	ctx = idp.WithoutManagers(ctx) // whoever is named is asked for themselves
	found := make([]access.Person, len(written))
	errs := make([]error, len(written))
	sideBySide(len(written), func(i int) { found[i], errs[i] = s.Meant(ctx, written[i]) })
	var n named
	for i, p := range found {
		if err := Softly(errs[i]); err != nil {
			return named{}, err
		}
		if errs[i] != nil {
			s.log.Warn("an address of the configuration names nobody", "address", written[i], "error", errs[i])
			why := " is not known in Slack"
			if r, refused := access.AsRefusal(errs[i]); refused && r.Reason == access.Contradictory {
				why = " is somebody else's than it was"
			}
			n.unfound = append(n.unfound, string(written[i])+why)
			continue
		}
		n.who = append(n.who, p.ID)
	}
	n.who = distinct(n.who)
	return n, nil
}

// Meant is the person whom somebody means who has written an address down: the one
// whom it names, unless somebody else had it before, or else whoever had it last, by
// whatever address they go now. IT hears of one that was given on, and says whether they
// are meant all the same: whoever is given a leaver's address inherits nothing.
func (s *Service) Meant(ctx context.Context, a access.Email) (access.Person, error) {
	p, err := s.ByAddress(ctx, a)
	if r, refused := access.AsRefusal(err); refused && r.Reason == access.Unknown {
		if last, found, gone := hadLast(ctx, s.identities, a); found || gone != nil {
			return last, gone
		}
	}
	if err != nil || p.MeantBy(a) {
		return p, err
	}
	s.warnOf(ctx, reused(a, p))
	return access.Person{}, access.Refuse(access.Contradictory, "person", "The address "+string(a)+" is somebody else's now than before.")
}

// hadLast is whoever had an address last that names nobody now.
func hadLast(ctx context.Context, s *identities, a access.Email) (p access.Person, found bool, err error) {
	r, err := s.recollect(ctx, func(tx store.Tx) (store.Known, error) { return store.Meant(tx, a) })
	if unnamed(err) || err == nil && !r.known.MeantBy(a) {
		return p, false, nil
	}
	if err == nil {
		p, err = s.personKnown(ctx, r)
	}
	return p, err == nil, err
}

func distinct(in []access.PersonID) []access.PersonID {
	var out []access.PersonID
	seen := map[access.PersonID]bool{}
	for _, who := range in {
		if !seen[who] {
			out = append(out, who)
		}
		seen[who] = true
	}
	return out
}

// Admins are IT, as far as they are in Slack.
func (s *Service) Admins(ctx context.Context) ([]access.PersonID, error) {
	n, err := s.byAddresses(ctx, s.admins)
	return n.who, err
}

// Fulfillers are those who make an app's changes where fulfilment is manual, as
// far as they are in Slack.
func (s *Service) Fulfillers(ctx context.Context, a catalog.App) ([]access.PersonID, error) {
	n, err := s.byAddresses(ctx, Addresses(a.Fulfillers()))
	return n.who, err
}

// AdminsIn are IT, as far as the store knows them.
func (s *Service) AdminsIn(tx store.Tx) ([]access.PersonID, error) { return knownIn(tx, s.admins) }

// FulfillersIn are those who make an app's changes where fulfilment is manual,
// as far as the store knows them.
func FulfillersIn(tx store.Tx, a catalog.App) ([]access.PersonID, error) {
	return knownIn(tx, Addresses(a.Fulfillers()))
}

// knownIn are the people whom addresses mean, by the store's index alone.
func knownIn(tx store.Tx, written []access.Email) ([]access.PersonID, error) {
	var out []access.PersonID
	for _, a := range written {
		k, err := store.Meant(tx, a)
		switch {
		case err == nil && !k.MeantBy(a):
		case err == nil:
			out = append(out, k.ID)
		case !unnamed(err):
			return nil, err
		}
	}
	return distinct(out), nil
}
