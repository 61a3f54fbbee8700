package query

import (
	"errors"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// The kinds of task that change somebody's place in a group.
const (
	AddTask    = "grant.add"
	RemoveTask = "grant.remove"
)

// ChangeTask is the id of the task that changes the place of a grant's person in a group.
func ChangeTask(kind, grant string, group catalog.GroupRef) string {
	return kind + "/" + grant + "/" + group.String()
}

// Tried tells whether everything that is stuck about a grant is tried again by itself: there
// is a task for it that doesn't wait for a human.
func Tried(tx store.Tx, g access.Grant) (bool, error) {
	if g.State != access.GrantStuck {
		return false, nil
	}
	kind := AddTask
	if g.Revoking {
		kind = RemoveTask
	}
	some := false
	for _, ent := range g.Entitlements {
		if ent.State != access.EntitlementWanted && (ent.State != access.EntitlementHeld || !g.Revoking) {
			continue
		}
		t, err := tx.Task(ChangeTask(kind, g.ID, ent.Group))
		switch {
		case errors.Is(err, store.ErrNotFound):
			return false, nil
		case err != nil:
			return false, err
		case t.State == store.Stuck && t.NotBefore.IsZero():
			return false, nil
		}
		some = true
	}
	return some, nil
}
