package people

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/store"
)

// BulkRoster is a roster that can read many members at once: to ask for two hundred one
// by one takes minutes.
type BulkRoster interface {
	// Gather reads those who are not known freshly, as far as that is quicker, so that Member and MemberByEmail
	// know them.
	Gather(ctx context.Context, slackIDs []string, addresses []access.Email) error
}

// gather has people read at once who are about to be looked up one by one. Whom it
// misses is looked up alone.
func (s *identities) gather(ctx context.Context, who []access.PersonID, addresses []access.Email) error {
	bulk, able := s.roster.(BulkRoster)
	if !able {
		return nil
	}
	var accounts []string
	err := s.units.View(ctx, func(tx store.Tx) error {
		accounts = nil
		for _, id := range who {
			if _, fresh := s.cached(ctx, id); fresh {
				continue
			}
			k, err := store.Person(tx, id)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if account := k.Account(access.SystemSlack); account != "" {
				accounts = append(accounts, account)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return bulk.Gather(ctx, accounts, addresses)
}
