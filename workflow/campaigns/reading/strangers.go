package reading

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/workflow/people"
)

// strangers looks up whether accounts are in a group of which the directory says that they aren't there, and notes that with
// the latest reading: one may have been deleted and stay on the list, and one that never was may stand in a member's place.
func (r *reading) strangers(ctx context.Context, k *knowledge, all []*member, proof *access.Population) (n int, err error) {
	d, _ := r.directory(k.Ref.Directory)
	checker, able := idp.As[idp.MemberChecker](d)
	if !able || len(proof.Readings) == 0 {
		return 0, nil
	}
	last := &proof.Readings[len(proof.Readings)-1]
	for _, m := range all {
		if !m.absent {
			continue
		}
		a := r.accounts.account(int(m.number))
		is, err := checker.IsMember(idp.Apart(ctx), k.group.ID, a.id)
		switch {
		case errors.Is(err, idp.ErrNoAccount):
		case errors.Is(err, idp.ErrDenied), errors.Is(err, idp.ErrRefused), errors.Is(err, idp.ErrNotFound):
			continue
		case err != nil:
			return n, people.DirectoryFailure(d, fmt.Sprintf("Look up an account in %q for a review", k.group.Name), err)
		}
		if last.LookedUp++; !is {
			last.Strangers++
			n++
		}
	}
	return n, nil
}
