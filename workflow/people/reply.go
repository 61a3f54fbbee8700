package people

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
)

// reply is what one directory shows of somebody.
type reply struct {
	dir    idp.Directory
	answer access.DirectoryAnswer
	shown  idp.Person // the account that was read or found
	err    error      // why it does not answer
	gone   bool       // the account that is bound was deleted: nothing has its id
}

type replies []reply

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
	r := reply{dir: d, answer: access.DirectoryAnswer{System: d.ID()}}
	bound := ""
	if q.Bound != nil {
		bound = q.Bound.Account(d.ID())
	}
	switch {
	case bound != "":
		r.shown, r.err = d.Person(ctx, bound)
	case q.Account.Address != "":
		r.shown, r.err = d.FindPerson(ctx, string(q.Account.Address))
	default:
		return r
	}
	switch {
	case r.err == nil && bound != "":
		r.answer.ByID = directorySnapshot(d, r.shown, q.Account)
	case r.err == nil:
		r.answer.ByAddress = directorySnapshot(d, r.shown, q.Account)
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

// directorySnapshot is what a directory shows of an account. The address is stated
// where people sign in with it, and a sign-in name that is Slack's address is the
// one to know; another is as sure as Slack's, if it is the same, and merely shown
// if it is not.
func directorySnapshot(d idp.Directory, a idp.Person, slack access.AccountSnapshot) *access.AccountSnapshot {
	out := &access.AccountSnapshot{
		System: d.ID(), ID: a.ID, Kind: access.Employee, Standing: standingOf(a.Status), Name: a.Name,
		Address: access.NewEmail(a.Email), Level: access.AssuranceShown,
	}
	switch login := access.NewEmail(a.Login); {
	case login != "" && login == slack.Address:
		out.Address, out.Level = login, access.AssuranceStated
	case login == out.Address:
		out.Level = access.AssuranceStated
	case out.Address == slack.Address:
		out.Level = access.AssuranceChecked
	}
	return out
}

func standingOf(s idp.Status) access.Standing {
	switch s {
	case idp.Active:
		return access.Active
	case idp.Suspended:
		return access.Suspended
	default:
		return access.Left
	}
}

// worse is the worse of two standings.
func worse(a, b access.Standing) access.Standing {
	if badness(a) >= badness(b) {
		return a
	}
	return b
}

func badness(s access.Standing) int {
	return slices.Index([]access.Standing{access.Active, access.Suspended, access.Left}, s)
}

// silent is the first directory that does not answer.
func (all replies) silent() (*reply, bool) {
	for i := range all {
		if all[i].answer.Silent {
			return &all[i], true
		}
	}
	return nil, false
}

// silence is the failure that a directory does not answer.
func (all replies) silence(what string) error {
	r, _ := all.silent()
	return DirectoryFailure(r.dir, what+" in "+r.dir.ID(), r.err)
}

// theirs is the account that a directory shows, if it is bound to the person.
func (r reply) theirs(p access.Person) (idp.Person, bool) {
	seen := r.answer.ByID != nil || r.answer.ByAddress != nil
	return r.shown, seen && r.shown.ID == p.Account(r.dir.ID())
}

// missed tells whether somebody has an account that was not looked at.
func (all replies) missed(p access.Person) bool {
	for _, r := range all {
		if _, seen := r.theirs(p); !seen && !r.answer.Silent && p.Account(r.dir.ID()) != "" {
			return true
		}
	}
	return false
}

// complete adds to a person what is no matter of identity: what sort of account
// they have, how they stand, where they work. The worst standing counts. What a
// directory that keeps silent said last stands in. Whose account was deleted may not
// act; that they have left, it takes more to say.
func (seen observation) complete(p access.Person, id access.Identification) (access.Person, managerEntry) {
	was := p
	p.Kind, p.TimeZone, p.Standing = seen.slack.Kind, seen.slack.TimeZone, seen.slack.Standing
	p.Title, p.Department, p.Since, p.LastLogin = "", "", was.Since, was.LastLogin
	p.Employment, p.Location = "", ""
	for _, a := range id.Accounts {
		p.Standing = worse(p.Standing, a.Standing)
	}
	var b managerEntry
	for _, r := range seen.replies {
		if r.gone {
			p.Standing = worse(p.Standing, access.Suspended)
		}
		if r.counts(id) {
			p, b = r.add(p, b)
		}
	}
	if seen.alone {
		b = managerEntry{known: true}
	}
	if _, silent := seen.replies.silent(); silent {
		p.Standing = worse(p.Standing, was.Standing)
		p.Title, p.Department = cmp.Or(p.Title, was.Title), cmp.Or(p.Department, was.Department)
		p.Employment, p.Location = cmp.Or(p.Employment, was.Employment), cmp.Or(p.Location, was.Location)
		b.known = true
	}
	for _, r := range seen.replies {
		if r.answer.Ambiguous {
			b.unclear = r.dir.ID()
		}
	}
	p.Title = cmp.Or(p.Title, seen.slack.Title)
	return p, b
}

// counts tells whether the account that a directory shows is the person's.
func (r reply) counts(id access.Identification) bool {
	for _, a := range id.Accounts {
		if a.System == r.dir.ID() && a.ID == r.shown.ID {
			return true
		}
	}
	return false
}

func (r reply) add(p access.Person, b managerEntry) (access.Person, managerEntry) {
	a := r.shown
	p.Title, p.Department = cmp.Or(a.Title, p.Title), cmp.Or(a.Department, p.Department)
	p.Employment, p.Location = cmp.Or(a.Type, p.Employment), cmp.Or(a.Location, p.Location)
	if p.Since.IsZero() {
		p.Since = a.Created
	}
	if a.LastLogin.After(p.LastLogin) {
		p.LastLogin = a.LastLogin
	}
	if says := (managerEntry{directory: r.dir.ID(), account: a.ManagerID, address: access.NewEmail(a.ManagerEmail), key: a.ManagerKey, named: a.ManagerText}); says.better(b) {
		b = says
	}
	return p, b
}

// number is the person's in the HR file, as the directories show it; "" if none
// does, or if they don't agree.
func (all replies) number(id access.Identification) string {
	found := ""
	for _, r := range all {
		switch {
		case !r.counts(id) || r.shown.Number == "":
		case found != "" && found != r.shown.Number:
			return ""
		default:
			found = r.shown.Number
		}
	}
	return found
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
