package query

import (
	"cmp"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// NeededAhead says which request still needs a group of a grant that is known to Jira alone;
// "" where none does. The store is an older one then, and what was given since is not to be
// lost by what ends here.
func NeededAhead(tx store.Tx, g access.Grant, ref catalog.GroupRef, at time.Time) (reason string, err error) {
	all, _, err := store.Sound(store.Aheads(tx))
	if err != nil {
		return "", err
	}
	mine, _ := g.Entitlement(ref)
	for _, a := range all {
		if a.Subject != access.RequestSubject(g.Request) && a.NeedsGroup(mine, at) {
			return fmt.Sprintf("Kept: by %s, of which Jira knows more than Latchkey's store, the group is still needed.", cmp.Or(a.Place.Key, a.Subject.ID)), nil
		}
	}
	return "", nil
}
