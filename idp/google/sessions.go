package google

import (
	"context"
	"errors"
	"fmt"

	admin "google.golang.org/api/admin/directory/v1"

	"latchkey/idp"
)

// EndSessions implements idp.SessionEnder: sessions in browsers and on devices, and then each app's right to act for the
// person. Signing out leaves those tokens be, so they are deleted one by one.
func (d *accounts) EndSessions(ctx context.Context, personID string) error {
	what := fmt.Sprintf("end the sessions of the account %s (this needs the privilege User Security Management)", personID)
	return noAccount(d.cfg.ID, personID, d.call(ctx, admin.AdminDirectoryUserSecurityScope, what, func(ctx context.Context) error {
		if err := d.admin.Users.SignOut(personID).Context(ctx).Do(); err != nil {
			return err
		}
		given, err := d.admin.Tokens.List(personID).Context(ctx).Do()
		if err != nil {
			return err
		}
		for _, t := range given.Items {
			err := d.admin.Tokens.Delete(personID, t.ClientId).Context(ctx).Do()
			if err != nil && !errors.Is(classify(err), idp.ErrNotFound) {
				return err
			}
		}
		return nil
	}))
}

// noAccount says of a key that Google takes for none that there is no such account.
func noAccount(directory, personID string, err error) error {
	if noKey(err) {
		return fmt.Errorf("%s: no account has the id %q: %w", directory, personID, idp.ErrNotFound)
	}
	return err
}
