package engine

import (
	"fmt"

	"latchkey/access"
	"latchkey/store"
)

// addInvolved adds to an event who those were whom it brings into its story, as far
// as that is known, for those who will only have the record.
func (u *Unit) addInvolved(e access.Event) (access.Event, error) {
	for _, id := range e.Involves() {
		key := identityKey{"identity", string(id)}
		who, known := u.known[key].(access.Identity)
		if !known {
			var err error
			who, err = store.IdentityOf(u.Tx, id)
			if damaged(err) {
				u.units.log.Error("somebody can't be introduced to the record", "person", id, "error", err)
			} else if err != nil {
				return e, fmt.Errorf("append to the log: %w", err)
			}
			put(&u.known, key, any(who))
		}
		if who.Email == "" && who.Name == "" {
			continue
		}
		if e.People == nil {
			e.People = map[access.PersonID]access.Identity{}
		}
		e.People[id] = who
	}
	return e, nil
}
