package people

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
)

// Linking is how the accounts of one person in several directories belong together, as far as the
// configuration says so.
type Linking struct {
	// Authority is the directory whose word on managers, departments and the like counts, and on who has left; "":
	// none is named, and all of them are heard.
	Authority string
	// Aliases are, by directory, the domains under which people sign in there in place of the one of their address.
	Aliases map[string]map[string]string
}

// In is an address as it may stand in a directory in its place; "" if the configuration lists nothing.
func (l Linking) In(directory string, a access.Email) access.Email {
	domain := l.Aliases[directory][a.Domain()]
	if domain == "" || a.Domain() == "" {
		return ""
	}
	return access.NewEmail(string(a)[:len(a)-len(a.Domain())] + domain)
}

// byName finds the one account that an address names in a directory, or what is listed in its place there. If
// both name one they may be two people's: nobody guesses.
func (l Linking) byName(ctx context.Context, d idp.Directory, a access.Email) (found idp.Person, by access.Email, err error) {
	found, err = d.FindPerson(ctx, string(a))
	alias := l.In(d.ID(), a)
	if alias == "" || alias == a || err != nil && !errors.Is(err, idp.ErrNotFound) {
		return found, a, err
	}
	other, otherErr := d.FindPerson(ctx, string(alias))
	switch {
	case errors.Is(otherErr, idp.ErrNotFound):
		return found, a, err
	case otherErr != nil || err != nil:
		return other, alias, otherErr
	case other.ID != found.ID:
		return idp.Person{}, a, fmt.Errorf("%s has an account for %s and another one for %s: %w", d.ID(), a, alias, idp.ErrAmbiguous)
	}
	return found, a, nil
}

// vouches tells whether a directory's word that an account has an e-mail address is enough to take it for its
// owner's. Whoever runs one of several directories may write anybody's address there: in the others than the one that
// people are known by, only what somebody signs in with counts.
func (s *identities) vouches(directory string) bool {
	if len(s.dirs) < 2 {
		return true
	}
	if s.linking.Authority != "" {
		return directory == s.linking.Authority
	}
	return directory == s.dirs[0].ID()
}

// Speaks tells whether how an account in a directory stands says how its owner does. Where another directory
// is named authoritative and knows them, it doesn't: that they have no account here any more is no matter of theirs there.
func (s *Service) Speaks(ctx context.Context, directory string, who access.PersonID) (bool, error) {
	authority := s.linking.Authority
	if authority == "" || authority == directory {
		return true, nil
	}
	if _, configured := s.dirs.Get(authority); !configured {
		return true, nil
	}
	k, err := s.remembered(ctx, who)
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	return k.Account(authority) == "", err
}

// telling are the replies by which somebody is known: all of those that show an account of theirs, or the one of
// the authoritative directory if that does.
func (all replies) telling(id access.Identification, authority string) replies {
	var out replies
	for _, r := range all {
		switch {
		case authority != "" && r.dir.ID() == authority && (r.counts(id) || r.gone || r.answer.Silent):
			return replies{r}
		case r.counts(id) || r.gone:
			out = append(out, r)
		}
	}
	return out
}
