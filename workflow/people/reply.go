package people

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
)

// lookAround asks every directory, side by side: by the account that is bound
// there, or else by the address. manager is whose they were when they were looked up last.
func (s *identities) lookAround(ctx context.Context, q *access.IdentityQuestion, manager access.Person) replies {
	ctx, done := leaving(ctx)
	defer done()
	all := make(replies, len(s.dirs))
	sideBySide(len(s.dirs), func(i int) {
		d := s.dirs[i]
		all[i] = s.replyOf(idp.WithLikelyManager(ctx, manager.Account(d.ID())), d, *q)
	})
	for _, r := range all {
		q.Directories = append(q.Directories, r.answer)
	}
	return all
}

func (s *identities) replyOf(ctx context.Context, d idp.Directory, q access.IdentityQuestion) reply {
	r := reply{dir: d, answer: access.DirectoryAnswer{System: d.ID(), Alias: s.linking.In(d.ID(), q.Account.Address)}}
	bound, by := "", q.Account.Address
	if q.Bound != nil {
		bound = q.Bound.Account(d.ID())
	}
	switch {
	case bound != "":
		r.shown, r.err = d.Person(ctx, bound)
	case q.Account.Address != "":
		r.shown, by, r.err = s.linking.byName(ctx, d, q.Account.Address)
	default:
		return r
	}
	switch {
	case r.err == nil && bound != "":
		r.answer.ByID = s.snapshot(d, r.shown, by)
	case r.err == nil:
		r.answer.ByAddress = s.snapshot(d, r.shown, by)
		r.answer.Holder, r.err = s.bearer(ctx, d.ID(), r.shown.ID)
	case errors.Is(r.err, idp.ErrNotFound):
		r.err, r.gone = nil, bound != ""
	case errors.Is(r.err, idp.ErrAmbiguous):
		r.answer.Ambiguous, r.err = true, nil
	}
	r.answer.Silent = r.err != nil
	return r
}

// bearer is the person to whom an account is bound, nil if it is nobody's.
func (s *identities) bearer(ctx context.Context, system, account string) (*access.Person, error) {
	var p *access.Person
	err := s.units.View(ctx, func(tx store.Tx) error {
		k, err := store.PersonByAccount(tx, system, account)
		if p = nil; err == nil {
			p = &k.Person
		}
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	return p, err
}

// snapshot is what a directory shows of an account. The address is stated
// where people sign in with it, and a sign-in name that is Slack's address, or what is listed in its place, is the
// one to know; another is as sure as Slack's, if it is the same and the directory vouches for it, and merely shown
// if it is not.
func (s *identities) snapshot(d idp.Directory, a idp.Person, by access.Email) *access.AccountSnapshot {
	out := &access.AccountSnapshot{
		System: d.ID(), ID: a.ID, Kind: access.Employee, Standing: standingOf(a.Status), Name: a.Name,
		Address: access.NewEmail(a.Email), Level: access.AssuranceShown,
	}
	switch login := access.NewEmail(a.Login); {
	case login != "" && login == by:
		out.Address, out.Level = login, access.AssuranceStated
	case login == out.Address:
		out.Level = access.AssuranceStated
	case out.Address == by && s.vouches(d.ID()):
		out.Level = access.AssuranceChecked
	}
	return out
}

// reserve is what a look-up leaves of the time there is for those who wait for it,
// at most: what a directory doesn't say in time it says too late.
const reserve = 500 * time.Millisecond

// toAct is what a look-up leaves, at most, of the time there is for somebody who acts: with
// or without an answer, what they said is written down in it.
const toAct = time.Second

// Briefly bounds how long a look-up may take for the sake of somebody who acts. Where
// nobody waits for an acknowledgement, it takes as long as is said.
func Briefly(ctx context.Context, unbound time.Duration) (context.Context, context.CancelFunc) {
	until, bound := ctx.Deadline()
	if !bound {
		return context.WithTimeout(ctx, unbound)
	}
	left := time.Until(until)
	return context.WithTimeout(ctx, left-min(toAct, left*2/5))
}

// leaving bounds how long directories may take, so that something can still be done
// about those that keep silent.
func leaving(ctx context.Context) (context.Context, context.CancelFunc) {
	until, bound := ctx.Deadline()
	if !bound {
		return context.WithCancel(ctx)
	}
	left := time.Until(until)
	return context.WithTimeout(ctx, left-min(reserve, left/4))
}
