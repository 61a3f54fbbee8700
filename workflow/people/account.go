package people

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/idp"
)

// Account is somebody's account in one directory, from the cache where it is fresh
// enough: the one that is bound to them, read by its id. Where none is bound, it is
// the one with their address, unless it is somebody else's.
func (s *Service) Account(ctx context.Context, d idp.Directory, who access.PersonID) (idp.Person, error) {
	key := accountKey{d.ID(), who}
	if a, ok := s.cache.account(key); ok {
		return a, nil
	}
	l := s.cache.begin()
	k, err := s.remembered(ctx, who)
	if err != nil {
		return idp.Person{}, err
	}
	found, err := s.accountOf(ctx, d, k.Person)
	if err == nil {
		s.cache.keepAccount(key, found, l)
	}
	return found, err
}

func (s *identities) accountOf(ctx context.Context, d idp.Directory, p access.Person) (idp.Person, error) {
	if id := p.Account(d.ID()); id != "" {
		return d.Person(ctx, id)
	}
	found, err := idp.Person{}, fmt.Errorf("%s has no address by which an account could be found: %w", p.Display(), idp.ErrNotFound)
	for _, a := range addressesFor(p) {
		var by access.Email
		found, by, err = s.linking.byName(ctx, d, a)
		switch {
		case err != nil:
		case !calls(found, by):
			err = fmt.Errorf("in %s the address of %s is an alias of an account that is called otherwise; IT has to say whose it is: %w", d.ID(), p.Display(), idp.ErrNotFound)
		case access.NewEmail(found.Login) != by && !s.vouches(d.ID()):
			err = fmt.Errorf("an account in %s shows the address of %s, and they don't sign in there with it; IT has to say whose it is: %w", d.ID(), p.Display(), idp.ErrNotFound)
		}
		if !errors.Is(err, idp.ErrNotFound) {
			break
		}
	}
	if err != nil {
		return found, err
	}
	if p.Denies(d.ID(), found.ID) {
		return found, fmt.Errorf("the account with the address of %s was said not to be theirs; IT has to say whose it is: %w", p.Display(), idp.ErrAmbiguous)
	}
	bearer, err := s.bearer(ctx, d.ID(), found.ID)
	if err == nil && bearer != nil && bearer.ID != p.ID {
		err = fmt.Errorf("the account with the address of %s is known as that of %s: %w", p.Display(), bearer.Display(), idp.ErrAmbiguous)
	}
	return found, err
}

// Lacks are those of some directories that show no account of somebody. One that
// can't tell at this moment is none of them.
func (s *Service) Lacks(ctx context.Context, who access.PersonID, directories []string) []string {
	var out []string
	for _, id := range directories {
		d, known := s.dirs.Get(id)
		if !known {
			continue
		}
		if _, err := s.Account(ctx, d, who); errors.Is(err, idp.ErrNotFound) {
			out = append(out, id)
		}
	}
	return out
}

// addressesFor are those by which a person's account is looked for: what names
// them, and of guests what is shown.
func addressesFor(p access.Person) []access.Email {
	all := p.Addresses()
	if len(all) == 0 && p.Kind != access.Employee && p.Email != "" {
		return []access.Email{p.Email}
	}
	return all
}
