package people

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/store"
)

// byAddress is the one person whom an address names at this moment: as they are
// known, or as Slack shows them, in which case they are met now. A refusal if it
// names nobody, or not one alone.
func (s *identities) byAddress(ctx context.Context, a access.Email) (access.Person, error) {
	r, err := s.recalledBy(ctx, a)
	switch {
	case errors.Is(err, store.ErrAmbiguous):
		return access.Person{}, access.Refuse(access.Unknown, "person", "Several people are known by the address "+string(a)+".")
	case err == nil:
		p, err := s.personKnown(ctx, r)
		if err == nil && p.Holds(a) || Softly(err) != nil {
			return p, err
		}
	case !errors.Is(err, store.ErrNotFound):
		return access.Person{}, err
	}
	return s.inSlackByAddress(ctx, a)
}

// personKnown is person for one who was found in the store just now.
func (s *identities) personKnown(ctx context.Context, r *recollection) (access.Person, error) {
	if f, ok := s.cached(ctx, r.known.ID); ok {
		return s.managed(ctx, f)
	}
	return s.anew(ctx, r)
}

// inSlackByAddress is whoever has an address in Slack.
func (s *identities) inSlackByAddress(ctx context.Context, a access.Email) (access.Person, error) {
	l := s.cache.begin()
	m, err := s.roster.MemberByEmail(ctx, a)
	if err != nil {
		return access.Person{}, err
	}
	p, err := s.member(ctx, m, l, nil)
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
