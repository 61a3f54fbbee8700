package provision

import (
	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/query"
)

// The kinds of task.
const (
	addTask    = query.AddTask
	removeTask = query.RemoveTask
)

// dropAdditions takes back additions that nobody has begun. One that is under way
// finishes; the removal is queued behind it.
func dropAdditions(u *engine.Unit, e access.Event, _ access.Effect) error {
	g, err := u.Grant(e.Grant)
	if err != nil {
		return err
	}
	for _, ent := range g.Entitlements {
		if err := u.Drop(query.ChangeTask(addTask, g.ID, ent.Group)); err != nil {
			return err
		}
	}
	return nil
}
