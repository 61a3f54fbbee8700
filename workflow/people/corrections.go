package people

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Corrections take IT's word for who somebody is.
type Corrections struct {
	known   *identities
	command string // what people type in Slack
}

// SamePerson takes IT's word that somebody who came back is who they were, or that
// whom IT offboarded may ask and decide again. What ended stays ended.
func (c Corrections) SamePerson(ctx context.Context, who access.PersonID, by access.Actor) error {
	return c.correct(ctx, who, by, "is the same person as before", func(u *engine.Unit, p access.Person) (access.Person, error) {
		return p.Confirm(""), doubted(p)
	})
}

// OtherPerson takes IT's word that somebody else has the accounts now. Whoever that
// is, is met as somebody new, who inherits nothing.
func (c Corrections) OtherPerson(ctx context.Context, who access.PersonID, by access.Actor) error {
	return c.correct(ctx, who, by, "has left, and somebody else has the accounts now", func(u *engine.Unit, p access.Person) (access.Person, error) {
		return p.Leave(u.At), doubted(p)
	})
}

func doubted(p access.Person) error {
	if !p.Doubted.IsZero() || !p.Offboarded.IsZero() {
		return nil
	}
	return access.Refuse(access.NotAllowed, "person", "There is no doubt about "+p.Contact()+": nothing was asked about them.")
}

// Account takes IT's word for whose an account in Jira or in a directory is. It
// replaces the one that the person had there. An account of a directory has to exist.
func (c Corrections) Account(ctx context.Context, who access.PersonID, system, account string, by access.Actor) error {
	what, sees := "has the account "+account+" in "+called(system), ""
	if system != access.SystemJira {
		found, err := c.inDirectory(ctx, system, account)
		if err != nil {
			return err
		}
		what += " (" + found.Login + ")"
		sees = ": " + found.Login
	}
	return c.correct(ctx, who, by, what, func(u *engine.Unit, p access.Person) (access.Person, error) {
		holder, err := store.HoldingsOf(u.Tx).AccountHolder(system, account)
		if err != nil {
			return p, err
		}
		if holder != "" && holder != p.ID {
			return p, c.taken(u, holder, system, account)
		}
		if p.Account(system) != account {
			p = p.Unbind(system, u.At)
		}
		name, err := actorIn(u, by)
		if err != nil {
			return p, err
		}
		if p, err = p.Tie(access.Binding{System: system, ID: account, Level: access.AssuranceByIT, How: name + " says so", Since: u.At}, holder); err != nil {
			return p, err
		}
		return p, c.known.notifier.person(u, who, fmt.Sprintf("correction/%s/%d", who, u.At.UnixMilli()), "IT has said which account is yours",
			fmt.Sprintf("%s says that you have an account in %s%s.", name, called(system), sees), "If that isn't your account, say so at once: “That isn't mine” is on the Home tab of this app.")
	})
}

// inDirectory reads an account that IT names by its id.
func (c Corrections) inDirectory(ctx context.Context, system, account string) (idp.Person, error) {
	d, known := c.known.dirs.Get(system)
	if !known {
		return idp.Person{}, access.Refuse(access.Unknown, "account", "There is no directory called "+system+" in the configuration: write the account as DIRECTORY:ID, as in okta:00u1a2b3.")
	}
	found, err := d.Person(ctx, account)
	switch {
	case errors.Is(err, idp.ErrNotFound):
		return found, access.Refuse(access.Unknown, "account", "There is no account with the id "+account+" in "+system+": an address or a sign-in name is no id.")
	case err != nil:
		return found, DirectoryFailure(d, "Read the account "+account+" in "+system, err)
	}
	return found, nil
}

// taken refuses an account that is somebody else's, and says what to do first.
func (c Corrections) taken(u *engine.Unit, holder access.PersonID, system, account string) error {
	name, err := ContactIn(u.Tx, holder)
	if err != nil {
		return err
	}
	return access.Refuse(access.NotAllowed, "account", fmt.Sprintf("The account %s in %s is known as that of %s, and an account is one person's: take it from them first with latchkey people not %s %s.", account, called(system), name, name, written(system, account)))
}

// NotTheirs takes the word of IT, or of whoever it was known as theirs, that an account
// isn't somebody's. It is bound to nobody from then on, and not to them again unless IT
// says so: nothing new is given to it in their name, and what is done by it isn't their
// doing. What it was given before goes on to its end, by its id.
func (c Corrections) NotTheirs(ctx context.Context, who access.PersonID, system, account string, by access.Actor) error {
	c.known.Forget(who)
	defer c.known.Forget(who)
	return c.known.units.Update(ctx, func(u *engine.Unit) error { return disown(u, c.known.notifier, who, system, account, by) })
}

// Meant takes IT's word that the configuration means whoever has an address now,
// although somebody else had it before.
func (c Corrections) Meant(ctx context.Context, who access.PersonID, a access.Email, by access.Actor) error {
	return c.correct(ctx, who, by, "is meant by what the configuration says of "+string(a), func(u *engine.Unit, p access.Person) (access.Person, error) {
		if !p.Holds(a) {
			return p, access.Refuse(access.NotAllowed, "person", "Nobody has the address "+string(a)+" now.")
		}
		return store.Written(u.Tx, p.Inherit(a, false))
	})
}

// correct changes what is known of somebody because IT says so, by name. The log keeps
// it, and IT is told, as is whom it is about.
func (c Corrections) correct(ctx context.Context, who access.PersonID, by access.Actor, what string, how func(*engine.Unit, access.Person) (access.Person, error)) error {
	c.known.Forget(who)
	defer c.known.Forget(who)
	return c.known.units.Update(ctx, func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, who)
		if err != nil {
			return err
		}
		name := k.Contact()
		if k.Person, err = how(u, k.Person); err != nil {
			return err
		}
		if err := store.PutPerson(u.Tx, &k); err != nil {
			return err
		}
		speaker, err := actorIn(u, by)
		if err != nil {
			return err
		}
		e, err := u.Append(access.Event{Kind: access.EventVouched, At: u.At, Person: who, Actor: by, Subject: access.LogSubject(), Note: speaker + ": " + name + " " + what + "."})
		if err != nil {
			return err
		}
		return c.known.notifier.it(u, notice{"correction/" + e.ID, "IT has said who somebody is", []string{fmt.Sprintf("%s: %s %s.", speaker, name, what)}})
	})
}
