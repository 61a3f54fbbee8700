package people

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/store"
)

// byAddress is the one person whom an address names at this moment: as they are
// known, or as Slack shows them, in which case they are met now. A refusal if it
// names nobody, or not one alone.
func (s *identities) byAddress(ctx context.Context, a access.Email) (access.Person, error) {
	var k store.Known
	err := s.units.View(ctx, func(tx store.Tx) (err error) {
		k, err = store.PersonByAddress(tx, a)
		return err
	})
	switch {
	case errors.Is(err, store.ErrAmbiguous):
		return access.Person{}, access.Refuse(access.Unknown, "person", "Several people are known by the address "+string(a)+".")
	case err == nil:
		p, err := s.personKnown(ctx, k)
		if err == nil && p.Holds(a) || Softly(err) != nil {
			return p, err
		}
	case !errors.Is(err, store.ErrNotFound):
		return access.Person{}, err
	}
	return s.inSlackByAddress(ctx, a)
}

// personKnown is person for one who was found in the store just now.
func (s *identities) personKnown(ctx context.Context, k store.Known) (access.Person, error) {
	if f, ok := s.cache.person(k.ID); ok {
		return s.managed(ctx, f)
	}
	return s.anew(ctx, k)
}

// inSlackByAddress is whoever has an address in Slack.
func (s *identities) inSlackByAddress(ctx context.Context, a access.Email) (access.Person, error) {
	l := s.cache.begin()
	m, err := s.roster.MemberByEmail(ctx, a)
	if err != nil {
		return access.Person{}, err
	}
	p, err := s.member(ctx, m, l)
	switch {
	case err != nil:
		return access.Person{}, err
	case p.ID == "":
		return p, p.MayAct()
	case !p.Holds(a):
		return access.Person{}, access.Refuse(access.Unknown, "person", "It isn't certain whose the address "+string(a)+" is.")
	}
	return p, nil
}

// Written is the one person whom an address means that somebody has written down:
// whoever has it, or else whoever had it last, by whatever address they go now. A
// refusal if that is nobody, or not certain; IT hears of what isn't.
func (s *identities) Written(ctx context.Context, a access.Email) (access.Person, error) {
	var k store.Known
	err := s.units.View(ctx, func(tx store.Tx) (err error) {
		k, err = store.Meant(tx, a)
		return err
	})
	switch {
	case errors.Is(err, store.ErrGivenOn):
		return access.Person{}, s.givenOn(ctx, a)
	case errors.Is(err, store.ErrAmbiguous), errors.Is(err, store.ErrNotFound):
		return s.byAddress(ctx, a)
	case err != nil:
		return access.Person{}, err
	}
	p, err := s.personKnown(ctx, k)
	if err == nil || Softly(err) != nil {
		return p, err
	}
	other, found := s.inSlackByAddress(ctx, a) // they are not there any more: who has the address is somebody else
	switch {
	case Softly(found) != nil:
		return access.Person{}, found
	case found == nil && other.ID != k.ID:
		return access.Person{}, s.givenOn(ctx, a)
	}
	return access.Person{}, err
}

// givenOn tells IT that an address that was written down has gone to somebody else
// since, and refuses to take it for either.
func (s *identities) givenOn(ctx context.Context, a access.Email) error {
	s.warnOf(ctx, givenOn(a))
	return fmt.Errorf("%w: %w", access.Refuse(access.Unknown, "person", "It isn't certain whom the address "+string(a)+" means: it was given to somebody else. IT was asked."), store.ErrGivenOn)
}
