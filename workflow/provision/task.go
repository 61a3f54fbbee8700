package provision

import (
	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/query"
)

// change says which grant's place in which group a task changes.
type change struct {
	Grant string
	Group catalog.GroupRef
}

// The kinds of task.
const (
	addTask    = query.AddTask
	removeTask = query.RemoveTask
)

// enqueue makes the task that changes one person's place in one group, or lets
// the one there is run now. Of the tasks about that place only one runs at a
// time, whichever grants they belong to: an addition and a removal can't overtake
// each other halfway.
func enqueue(u *engine.Unit, e access.Event, group catalog.GroupRef, kind string, p store.Priority) error {
	body, err := engine.Payload(change{Grant: e.Grant, Group: group})
	if err != nil {
		return err
	}
	t := store.Task{
		ID: query.ChangeTask(kind, e.Grant, group), Queue: group.Directory, Kind: kind, Subject: e.About(),
		Priority: p, Lock: group.String() + "|" + string(e.Person), Payload: body,
	}
	added, err := u.Enqueue(t)
	if err != nil || added {
		return err
	}
	return u.Expedite(t.ID)
}

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
