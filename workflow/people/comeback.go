package people

import (
	"context"
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// cameBack tells IT that somebody is here again whose account was deactivated for
// long, or whose account seems to have been handed over.
func (s *identities) cameBack(ctx context.Context, was, is access.Person) {
	switch {
	case was.Doubted.IsZero() && !is.Doubted.IsZero():
		s.warnOf(ctx, notice{"returned/" + string(is.ID), "Is this still the same person?", []string{
			fmt.Sprintf("The account of %s is in use again after it was deactivated, or shows another address and another number of the HR file at once. It may have been given to somebody else.", is.Contact()),
			"They can neither ask nor decide until it is clear. What they hold ends as it should.",
			fmt.Sprintf("If it is the same person: latchkey people same %s. If it is somebody else: latchkey people other %s.", is.Contact(), is.Contact()),
		}})
	case !was.Away.IsZero() && is.Away.IsZero() && is.Doubted.IsZero() && is.Standing == access.Active && s.units.Now().Sub(was.Away) > quiet:
		s.warnOf(ctx, notice{"returned/" + string(is.ID), "Somebody is back", []string{
			fmt.Sprintf("The account of %s is in use again after it was deactivated. The HR file has the same number for it, so it is taken for the same person. What they had before is not given back.", is.Contact()),
		}})
	}
}

// SamePerson takes IT's word that somebody who came back is who they were.
func (s *Service) SamePerson(ctx context.Context, who access.PersonID, by string) error {
	return s.word(ctx, who, by, "is the same person as before", func(u *engine.Unit, p access.Person) (access.Person, error) {
		return p.Confirm(""), doubted(p)
	})
}

// OtherPerson takes IT's word that somebody else has the accounts now. Whoever that
// is, is met as somebody new, who inherits nothing.
func (s *Service) OtherPerson(ctx context.Context, who access.PersonID, by string) error {
	return s.word(ctx, who, by, "has left, and somebody else has the accounts now", func(u *engine.Unit, p access.Person) (access.Person, error) {
		return p.Leave(u.At), doubted(p)
	})
}

func doubted(p access.Person) error {
	if !p.Doubted.IsZero() {
		return nil
	}
	return access.Refuse(access.NotAllowed, "person", "There is no doubt about "+p.Contact()+": nothing was asked about them.")
}

// JiraAccount takes IT's word for whose an account in Jira is. It replaces the one
// that the person had there.
func (s *Service) JiraAccount(ctx context.Context, who access.PersonID, account, by string) error {
	return s.word(ctx, who, by, "has the account "+account+" in Jira", func(u *engine.Unit, p access.Person) (access.Person, error) {
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

// word changes what is known of somebody because IT says so, by name, and tells IT.
func (s *Service) word(ctx context.Context, who access.PersonID, by, what string, how func(*engine.Unit, access.Person) (access.Person, error)) error {
	s.Forget(who)
	defer s.Forget(who)
	return s.units.Update(ctx, func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, who)
		if err != nil {
			return err
		}
		name := k.Contact()
		if k.Person, err = how(u, k.Person); err != nil {
			return err
		}
		if err := store.PutPerson(u.Tx, &k); err != nil || s.alarm == nil {
			return err
		}
		return s.alarm(u, fmt.Sprintf("word/%s/%d", who, u.At.UnixMilli()), "IT has said who somebody is", fmt.Sprintf("%s: %s %s.", by, name, what))
	})
}
