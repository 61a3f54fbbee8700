package recovery

import (
	"errors"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// adoptedPrefix begins the id of a grant that was found and not asked for.
const adoptedPrefix = "GF-"

// adoptAgain makes the grants anew that explained why the person was in a group
// before this grant came. They have no issue of their own, but the event that
// found the membership names them.
func adoptAgain(u *engine.Unit, g access.Grant, story []access.Event) error {
	for _, e := range story {
		id := adoptedIn(e)
		if id == "" || !foundThere(g, e) {
			continue
		}
		if _, err := u.Grant(id); !errors.Is(err, store.ErrNotFound) {
			if err != nil {
				return err
			}
			continue
		}
		adopted, event, _, err := access.Adopt(access.Adoption{
			ID: id, Person: g.Person, Found: access.Found{App: g.App, Role: g.Role, Groups: []catalog.GroupRef{*e.Group}},
			For: catalog.Forever, By: access.System(), Why: "Rebuilt from " + e.ID + " of the log before: " + e.Note,
		}, e.At)
		if err != nil {
			return err
		}
		event.At = u.At
		if err := engine.Begin(u, engine.Grants(), &adopted, event); err != nil {
			return err
		}
	}
	return nil
}

// foundThere tells whether a grant found the person in the event's group.
func foundThere(g access.Grant, e access.Event) bool {
	if e.Group == nil {
		return false
	}
	ent, ok := g.Entitlement(*e.Group)
	return ok && ent.Before
}

// adoptedIn is the id of the adopted grant that an addition names, or "".
func adoptedIn(e access.Event) string {
	if e.Kind != access.EventMemberAdded || !e.Before {
		return ""
	}
	for word := range strings.FieldsSeq(e.Note) {
		if strings.HasPrefix(word, adoptedPrefix) {
			return word
		}
	}
	return ""
}
