package people

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Exchange is a roster that knows what ids its accounts had before: Slack gives the
// members of a workspace others when it joins an organisation.
type Exchange interface {
	// Former is the id that a member's account had before. "" is none that Slack tells
	// of, which proves nothing.
	Former(ctx context.Context, slackID string) (string, error)
}

// renumbered binds an account under the id that Slack gave it in exchange for the one
// that it is bound under. Nothing but Slack's word counts for that: a new id that only
// shows the same address is another account.
func (s *identities) renumbered(ctx context.Context, account string) error {
	slack, able := s.roster.(Exchange)
	if !able || account == "" {
		return nil
	}
	if bound, err := s.bearer(ctx, access.SystemSlack, account); err != nil || bound != nil {
		return err
	}
	former, err := slack.Former(ctx, account)
	var f *access.Failure
	if errors.As(err, &f) && f.Class == access.Denied {
		s.warnOf(ctx, notice{"renumbered/denied", "Slack doesn't say which ids its accounts had before", []string{
			f.Sentence + ".", "Until then, whom Slack has given another id since the workspace joined its organisation can neither ask nor decide, and is taken for nobody else.",
		}})
		return nil
	}
	if err != nil || former == "" || former == account {
		return err
	}
	var who access.PersonID
	err = s.units.Update(ctx, func(u *engine.Unit) (err error) {
		who, err = renumber(u, former, account)
		return err
	})
	if err != nil || who == "" {
		return err
	}
	s.cache.change(who, func(p *access.Person) { *p = p.Renumber(access.SystemSlack, account, s.units.Now()) })
	s.warnOf(ctx, notice{"renumbered/slack", "Slack gave accounts other ids", []string{
		"The workspace is part of an organisation now, and Slack says which account has which id in it. Everybody goes on being who they are, with what they hold and decide: each is known under the new id as soon as they are seen. You need do nothing.",
	}})
	return nil
}

// renumber notes in the unit that an account has another id, and keeps it in the log.
func renumber(u *engine.Unit, former, account string) (access.PersonID, error) {
	k, err := store.PersonByAccount(u.Tx, access.SystemSlack, former)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	k.Person = k.Renumber(access.SystemSlack, account, u.At)
	if err := store.PutPerson(u.Tx, &k); err != nil {
		return "", err
	}
	_, err = u.Append(access.Event{Kind: access.EventRenumbered, At: u.At, Person: k.ID, Subject: access.LogSubject(),
		Note: fmt.Sprintf("Slack: the account %s of %s has the id %s in the organisation that the workspace joined.", former, k.Contact(), account)})
	return k.ID, err
}
