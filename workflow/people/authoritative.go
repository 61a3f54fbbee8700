package people

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/store"
)

// Speaks tells whether how an account in a directory stands says how its owner does. Where another directory
// is named authoritative and knows them, it doesn't: that they have no account here any more is no matter of theirs there.
func (s *identities) Speaks(ctx context.Context, directory string, who access.PersonID) (bool, error) {
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
