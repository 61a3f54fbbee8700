package recovery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/requests"
)

// meeting is how somebody comes into the store whom it doesn't know by the id that the
// record has.
type meeting struct {
	is    access.Person
	gone  store.Known      // who the store has met in their place since; without an id: nobody
	taken []access.Binding // accounts that are bound to others here
}

// meetingOf tells how somebody comes into the store; known is true for whom it knows: of
// them it knows enough. Whoever it has met anew since, by an account that the record has as
// theirs, is this one. Where anything contradicts that, the account stays the other one's:
// what was given by it ends by the account all the same.
func (a recordedPeople) meetingOf(tx store.Tx, p access.Person, at time.Time) (m meeting, known bool, err error) {
	_, err = store.Person(tx, p.ID)
	if !errors.Is(err, store.ErrNotFound) {
		return m, err == nil, err
	}
	holders := map[access.PersonID]store.Known{}
	m.is = p
	for _, b := range access.AccountsOf(p) {
		k, err := store.PersonByAccount(tx, b.System, b.ID)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return m, false, err
		default:
			holders[k.ID], m.taken = k, append(m.taken, b)
		}
	}
	for _, k := range holders {
		kept, gone, one := access.Rejoin(p, k.Person, at)
		if _, told := a.byID[k.ID]; one && !told && len(holders) == 1 { // of whom the record tells, it tells two
			m.is, m.taken, m.gone = kept, nil, store.Known{Version: k.Version, Person: gone}
			return m, false, nil
		}
	}
	m.is.Bindings = slices.DeleteFunc(slices.Clone(p.Bindings), func(b access.Binding) bool { return slices.Contains(m.taken, b) })
	return m, false, nil
}

// meet writes down who somebody is whom the store does not know. What it keeps under the
// id by which it has met them anew is brought to the one that the record has: one human
// has one id, whichever of them is found first.
func (a recordedPeople) meet(u *engine.Unit, p access.Person) error {
	m, known, err := a.meetingOf(u.Tx, p, u.At)
	if err != nil || known {
		return err
	}
	if m.gone.ID == "" {
		return putPerson(u, m.is)
	}
	if err := store.PutPerson(u.Tx, &m.gone); err != nil { // first, so that the accounts are free
		return err
	}
	if m.is, err = store.Written(u.Tx, m.is); err != nil {
		return err
	}
	if err := putPerson(u, m.is); err != nil {
		return err
	}
	if err := requests.BringTogether(u, m.gone.ID, m.is.ID); err != nil {
		return err
	}
	_, err = u.Append(access.Event{Kind: access.EventUnited, At: u.At, Person: m.is.ID, Actor: access.Actor{Via: access.ViaCLI}, Subject: access.LogSubject(),
		Note: fmt.Sprintf("%s was met anew by an older copy of the store. The record in Jira has the same account as theirs, so they are who they were.", m.is.Contact())})
	return err
}

// metAnew lists those whom the store has met anew since it was copied: who they are is
// known again, or a human has to say it.
func (s *Service) metAnew(ctx context.Context, recorded recordedPeople) (open []Conflict, known []string, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		open, known = nil, nil
		for _, p := range recorded.people {
			m, here, err := recorded.meetingOf(tx, p, s.units.Now())
			switch {
			case err != nil:
				return err
			case here:
			case m.gone.ID != "":
				known = append(known, m.is.Contact())
			case len(m.taken) > 0:
				open = append(open, metAsAnother(p, m.taken))
			}
		}
		return nil
	})
	return open, known, err
}

func metAsAnother(p access.Person, taken []access.Binding) Conflict {
	var accounts []string
	for _, b := range taken {
		accounts = append(accounts, b.System+":"+b.ID)
	}
	return Conflict{About: p.Contact(), People: []string{p.Contact()}, Do: "latchkey people show " + p.Contact(), Text: fmt.Sprintf(
		"In this store %s belongs to somebody under another id, and what is known of them differs from what Jira knows, so they may be another human. What Jira knows ends on time; they don't see it among what they have. Find out whose the account is. If they are one human, latchkey people merge brings both together", strings.Join(accounts, " and "))}
}
