package people

import (
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Unite takes IT's word, in the unit, that two people are one human. The id that was
// there first stays; the accounts, addresses and history of the other are theirs.
func (c Corrections) Unite(u *engine.Unit, one, other access.PersonID, by access.Actor) (kept, gone access.PersonID, err error) {
	a, err := store.Person(u.Tx, one)
	if err != nil {
		return "", "", err
	}
	b, err := store.Person(u.Tx, other)
	if err != nil {
		return "", "", err
	}
	if a.ID == b.ID {
		return "", "", access.Refuse(access.Duplicate, "person", a.Contact()+" is one person already, under both addresses.")
	}
	if since(b.Person).Before(since(a.Person)) {
		a, b = b, a
	}
	speaker, err := actorIn(u, by)
	if err != nil {
		return "", "", err
	}
	what := fmt.Sprintf("%s and %s are the same person", a.Contact(), b.Contact())
	a.Person, b.Person = access.Absorb(a.Person, b.Person, speaker+" says so", u.At)
	if err := store.PutPerson(u.Tx, &b); err != nil { // first, so that the accounts are free
		return "", "", err
	}
	if a.Person, err = store.Written(u.Tx, a.Person); err != nil {
		return "", "", err
	}
	if err := store.PutPerson(u.Tx, &a); err != nil {
		return "", "", err
	}
	return a.ID, b.ID, c.said(u, access.EventUnited, a.ID, by, fmt.Sprintf("%s: %s.", speaker, what),
		"What was asked for, given and decided under both is theirs. Requests in which one human stands where two are needed are closed.")
}

// since is when somebody became known.
func since(p access.Person) (first time.Time) {
	for _, b := range p.Bindings {
		if first.IsZero() || b.Since.Before(first) {
			first = b.Since
		}
	}
	return first
}

// Split takes IT's word, in the unit, that an account is another human's than the
// person's it is known as. That is somebody new, to whom it alone belongs.
func (c Corrections) Split(u *engine.Unit, who access.PersonID, system, account string, by access.Actor) (fresh access.PersonID, err error) {
	k, err := store.Person(u.Tx, who)
	if err != nil {
		return "", err
	}
	has := func(b access.Binding) bool { return b.System == system && b.ID == account }
	mine := access.AccountsOf(k.Person)
	switch i := slices.IndexFunc(mine, has); {
	case i < 0:
		return "", access.Refuse(access.Unknown, "account", fmt.Sprintf("The account %s in %s isn't known as that of %s.", account, called(system), k.Contact()))
	case len(mine) == 1:
		return "", access.Refuse(access.NotAllowed, "account", fmt.Sprintf("It is the only account of %s: if somebody else has it now, say latchkey people other %s.", k.Contact(), k.Contact()))
	}
	speaker, err := actorIn(u, by)
	if err != nil {
		return "", err
	}
	name := k.Contact()
	k.Person = access.Split(k.Person, system, account, u.At)
	if err := store.PutPerson(u.Tx, &k); err != nil {
		return "", err
	}
	n := store.Known{Person: access.Person{ID: c.known.newID(), Kind: access.Employee, Standing: access.Active}}
	if n.Person, err = n.Bind(access.Binding{System: system, ID: account, Level: access.AssuranceFirst, How: speaker + " says that it is nobody else's", Since: u.At}, ""); err != nil {
		return "", err
	}
	if err := store.PutPerson(u.Tx, &n); err != nil {
		return "", err
	}
	return n.ID, c.said(u, access.EventSplit, who, by, fmt.Sprintf("%s: the account %s in %s is not that of %s but somebody else's, who is known by it alone.", speaker, account, called(system), name),
		"What was given to that account goes on until its end, as theirs.")
}

// said keeps in the log what IT said, and tells IT.
func (c Corrections) said(u *engine.Unit, kind access.EventKind, about access.PersonID, by access.Actor, note string, more ...string) error {
	e, err := u.Append(access.Event{Kind: kind, At: u.At, Person: about, Actor: by, Subject: access.LogSubject(), Note: note})
	if err != nil {
		return err
	}
	return c.known.notifier.it(u, notice{"correction/" + e.ID, "IT has said who somebody is", append([]string{note}, more...)})
}
