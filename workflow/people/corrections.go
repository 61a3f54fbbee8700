package people

import (
	"context"
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Corrections take IT's word for who somebody is.
type Corrections struct{ known *identities }

// SamePerson takes IT's word that somebody who came back is who they were, or that
// whom IT offboarded may ask and decide again. What ended stays ended.
func (c Corrections) SamePerson(ctx context.Context, who access.PersonID, by string) error {
	return c.word(ctx, who, by, "is the same person as before", func(u *engine.Unit, p access.Person) (access.Person, error) {
		return p.Confirm(""), doubted(p)
	})
}

// OtherPerson takes IT's word that somebody else has the accounts now. Whoever that
// is, is met as somebody new, who inherits nothing.
func (c Corrections) OtherPerson(ctx context.Context, who access.PersonID, by string) error {
	return c.word(ctx, who, by, "has left, and somebody else has the accounts now", func(u *engine.Unit, p access.Person) (access.Person, error) {
		return p.Leave(u.At), doubted(p)
	})
}

func doubted(p access.Person) error {
	if !p.Doubted.IsZero() || !p.Offboarded.IsZero() {
		return nil
	}
	return access.Refuse(access.NotAllowed, "person", "There is no doubt about "+p.Contact()+": nothing was asked about them.")
}

// JiraAccount takes IT's word for whose an account in Jira is. It replaces the one
// that the person had there.
func (c Corrections) JiraAccount(ctx context.Context, who access.PersonID, account, by string) error {
	return c.word(ctx, who, by, "has the account "+account+" in Jira", func(u *engine.Unit, p access.Person) (access.Person, error) {
		holder, err := store.HoldingsOf(u.Tx).AccountHolder(access.SystemJira, account)
		if err != nil {
			return p, err
		}
		if p.Account(access.SystemJira) != account {
			p = p.Unbind(access.SystemJira, u.At)
		}
		return p.Bind(access.Binding{System: access.SystemJira, ID: account, Level: access.AssuranceByIT, How: by + " says so", Since: u.At}, holder)
	})
}

// Meant takes IT's word that the configuration means whoever has an address now,
// although somebody else had it before.
func (c Corrections) Meant(ctx context.Context, who access.PersonID, a access.Email, by string) error {
	return c.word(ctx, who, by, "is meant by what the configuration says of "+string(a), func(u *engine.Unit, p access.Person) (access.Person, error) {
		if !p.Holds(a) {
			return p, access.Refuse(access.NotAllowed, "person", "Nobody has the address "+string(a)+" now.")
		}
		return p.Inherit(a, false), nil
	})
}

// word changes what is known of somebody because IT says so, by name, and tells IT.
func (c Corrections) word(ctx context.Context, who access.PersonID, by, what string, how func(*engine.Unit, access.Person) (access.Person, error)) error {
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
		if err := store.PutPerson(u.Tx, &k); err != nil || c.known.alarm == nil {
			return err
		}
		return c.known.alarm(u, fmt.Sprintf("word/%s/%d", who, u.At.UnixMilli()), "IT has said who somebody is", fmt.Sprintf("%s: %s %s.", by, name, what))
	})
}
