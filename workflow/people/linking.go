package people

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/idp"
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
	case !calls(found, a):
		return found, alias, nil
	}
	return found, a, nil
}

// calls tells whether an account is called by an address. One to which the address leads as an alias isn't: it may be
// that of whoever reads on for a colleague who has left.
func calls(account idp.Person, a access.Email) bool {
	return access.NewEmail(account.Login) == a || access.NewEmail(account.Email) == a
}
