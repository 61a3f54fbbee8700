package membership

import (
	"unicode"
	"unicode/utf8"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/query"
)

// Change says which grant's place in which group a task changes.
type Change struct {
	Grant string
	Group catalog.GroupRef
}

// Enqueue makes the task that changes one person's place in one group, or lets
// the one there is run now. Of the tasks about that place only one runs at a
// time, whichever grants they belong to: an addition and a removal can't overtake
// each other halfway.
func Enqueue(u *engine.Unit, e access.Event, group catalog.GroupRef, kind string, p store.Priority) error {
	body, err := engine.Payload(Change{Grant: e.Grant, Group: group})
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

// Purpose says what the tasks of a kind are for: what is done, before the group.
func Purpose(does string) func(store.Tx, store.Task) string {
	return func(_ store.Tx, t store.Task) string {
		p, err := engine.ReadPayload[Change](t)
		if err != nil {
			return does + " a group"
		}
		return does + " " + p.Group.String()
	}
}

// Title is the name of a directory as a sentence begins with it.
func Title(directory string) string {
	first, n := utf8.DecodeRuneInString(directory)
	return string(unicode.ToUpper(first)) + directory[n:]
}

// Observe notes of a grant what was seen of one of its groups, by nobody's doing here.
func Observe(u *engine.Unit, g access.Grant, kind access.EventKind, ref catalog.GroupRef, note string) error {
	e := g.Event(kind, access.System(), u.At)
	e.Group, e.Note = &ref, note
	_, err := u.MoveGrant(g, e)
	return err
}
