package workflow

import (
	"errors"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// resume takes up what was under way. Timers need nothing: the store knows when
// its records fall due.
func (st *step) resume(c revived) error {
	switch {
	case c.r.State == access.RequestPending:
		if len(c.r.Stages) > 0 && len(c.r.Stages[c.r.Stage].Asked) == 0 {
			if err := st.enqueue(findApproversTask(c.r.Event(access.EventTaskResumed, access.System(), st.at))); err != nil {
				return err
			}
		}
	case c.g == nil && c.r.State == access.RequestApproved:
		return st.grantAfresh(c.r)
	case c.g == nil || c.g.State == access.GrantEnded:
		return nil
	default:
		if err := st.resumeGrant(*c.g, c.story); err != nil {
			return err
		}
	}
	return st.placeCards(c)
}

// grantAfresh starts the grant of an approved request whose record ends there.
func (st *step) grantAfresh(r access.Request) error {
	err := st.startGrant(r.ID)
	if refusal, refused := access.AsRefusal(err); refused {
		e := r.Event(access.EventUnroutable, access.System(), st.at)
		e.Note = refusal.Sentence
		return st.carry(e, nil)
	}
	return err
}

func (st *step) resumeGrant(g access.Grant, story []access.Event) error {
	if err := st.adoptAgain(g, story); err != nil {
		return err
	}
	e := g.Event(access.EventTaskResumed, access.System(), st.at)
	switch g.State {
	case access.GrantWaiting:
		return st.release(g.Request)
	case access.GrantProvisioning:
		return st.changes(e, g, addMember, store.Additions, access.EntitlementWanted)
	case access.GrantEnding:
		return st.changes(e, g, removeMember, store.Removals, access.EntitlementWanted, access.EntitlementHeld)
	default:
		return nil
	}
}

func (st *step) changes(e access.Event, g access.Grant, kind string, p store.Priority, holds ...access.EntitlementState) error {
	for _, ent := range g.Entitlements {
		if !slices.Contains(holds, ent.State) {
			continue
		}
		if err := st.enqueue(memberTask(e, ent.Group, kind, p)); err != nil {
			return err
		}
	}
	return nil
}

// adoptAgain makes the grants anew that explained why the person was in a group
// before this grant came. They have no issue of their own, but the event that
// found the membership names them.
func (st *step) adoptAgain(g access.Grant, story []access.Event) error {
	for _, e := range story {
		id := adoptedIn(e)
		if ent, ok := entitlementOf(g, e); id == "" || !ok || !ent.Before {
			continue
		}
		if _, err := store.Grant(st.tx, id); err == nil {
			continue
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		adopted, event, _, err := access.Adopt(access.Adoption{
			ID: id, Person: g.Person, Found: access.Found{App: g.App, Role: g.Role, Groups: []catalog.GroupRef{*e.Group}},
			For: catalog.Forever, By: access.System(), Why: "Rebuilt from " + e.ID() + " of the log before: " + e.Note,
		}, e.At)
		if err != nil {
			return err
		}
		event.At = st.at
		if err := st.saveGrant(&adopted, event, nil); err != nil {
			return err
		}
	}
	return nil
}

func entitlementOf(g access.Grant, e access.Event) (access.Entitlement, bool) {
	if e.Group == nil {
		return access.Entitlement{}, false
	}
	return g.Entitlement(*e.Group)
}

// adoptedIn is the id of the adopted grant that an addition names, or "".
func adoptedIn(e access.Event) string {
	if e.Kind != access.EventMemberAdded || !e.Before {
		return ""
	}
	for _, word := range strings.Fields(e.Note) {
		if strings.HasPrefix(word, adoptedPrefix) {
			return word
		}
	}
	return ""
}

// placeCards notes that the case's cards stand somewhere in Slack, to be looked
// for before one is posted. Only cases that wait for somebody are shown now: the
// others are shown when they move.
func (st *step) placeCards(c revived) error {
	full, err := st.s.loadCase(st.tx, c.r.ID)
	if err != nil {
		return err
	}
	for _, p := range st.s.readers(full) {
		id := store.CardID(c.r.ID, string(p.Face), string(p.Reader))
		card := store.Card{ID: id, Request: c.r.ID, Reader: string(p.Reader), Face: string(p.Face), Posting: id}
		if err := store.PutCard(st.tx, &card); err != nil {
			return err
		}
	}
	if c.g != nil && c.g.State == access.GrantActive {
		return nil
	}
	return st.showCards(c.r.ID)
}
