package people

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// whoIs is the person whose account in Slack this is. They are remembered, and met
// for the first time if nobody has known them yet.
func (s *identities) whoIs(ctx context.Context, m access.Person, l look, recalled *recollection) (access.Person, error) {
	return s.shared.do(ctx, lookedFor(ctx, m.Account(access.SystemSlack)), l, func() (access.Person, error) {
		return s.identify(ctx, m, care{look: l, others: true, again: true, recalled: recalled})
	})
}

// lookedFor names a look at whoever has an account: one that leaves managers out serves nobody who
// has to know them.
func lookedFor(ctx context.Context, account string) string {
	if idp.LeavesManagersOut(ctx) {
		return account + " alone"
	}
	return account
}

// care is how far it goes to find out who somebody is.
type care struct {
	look
	others bool // look first at those whose address the account shows: they may have another one by now
	again  bool // ask once more if anything contradicts: it may have changed meanwhile

	recalled *recollection // what the store has said since the look began, if it was asked; or nil
}

func (s *identities) identify(ctx context.Context, m access.Person, c care) (access.Person, error) {
	q := access.IdentityQuestion{Account: snapshotOf(m), SignIn: s.signIn, At: s.units.Now()}
	asRecalled, err := s.recall(ctx, &q, c)
	if err != nil {
		return m, err
	}
	if !asRecalled {
		c.recalled = nil
	}
	all := repliesTo(ctx, s, &q, c.recalled)
	id := access.Identify(q)
	if id.Verdict == access.IdentityContradiction && c.again {
		return s.identify(idp.Apart(ctx), m, care{look: s.cache.begin(), others: c.others}) // whoever has the address may just be getting another
	}
	s.warn(ctx, id)
	switch id.Verdict {
	case access.IdentityNobody, access.IdentityContradiction:
		return m, id.Refusal
	case access.IdentityUndecided:
		return m, all.silence("Look up " + m.Contact())
	}
	seen := observation{m, all, c.look, c.recalled, idp.LeavesManagersOut(ctx), s.linking.Authority}
	p, b, err := s.resolve(ctx, id, seen)
	if c.again && errors.Is(err, errOutdated) {
		return s.lookAgain(ctx, m)
	}
	if errors.Is(err, errOutdated) {
		return p, nil // of somebody who is looked at because another one is: they will be once more
	}
	missed := err == nil && id.Verdict == access.IdentityBind && all.missed(p) // they are known now, with accounts that were not looked at
	switch {
	case missed, c.again && overtaken(err):
		return s.identify(idp.Apart(ctx), m, care{look: c.look, others: c.others})
	case err != nil:
		return m, err
	}
	s.cachePerson(p, b, id, seen)
	if q.Bound != nil {
		s.cameBack(ctx, *q.Bound, p)
	}
	return p, nil
}

// errOutdated says that somebody was forgotten while they were looked up, so that what was
// found out is not remembered.
var errOutdated = errors.New("something about them changed while they were looked up")

// lookAgain finds out who somebody is after errOutdated. What is told of them, such as that
// IT was asked who they are, is to be what is remembered.
func (s *identities) lookAgain(ctx context.Context, m access.Person) (access.Person, error) {
	ctx, l := idp.Apart(ctx), s.cache.begin()
	m, err := s.roster.Member(ctx, m.Account(access.SystemSlack))
	if err != nil {
		return m, err
	}
	return s.member(ctx, m, l, nil)
}

// overtaken tells that something was bound to somebody else while it was found out
// whose it is.
func overtaken(err error) bool {
	var c *access.Contradiction
	return errors.Is(err, store.ErrConflict) || errors.As(err, &c)
}

// snapshotOf is what Slack shows, as the question puts it.
func snapshotOf(m access.Person) access.AccountSnapshot {
	level := access.AssuranceChecked
	for _, b := range m.Bindings {
		if b.IsAddress() && b.ID == string(m.Email) {
			level = b.Level
		}
	}
	return access.AccountSnapshot{
		System: access.SystemSlack, ID: m.Account(access.SystemSlack), Kind: m.Kind, Standing: m.Standing, Name: m.Name,
		Address: m.Email, Level: level,
	}
}

// recall adds to a question what the store knows of it, which may be what was recalled
// before.
func (s *identities) recall(ctx context.Context, q *access.IdentityQuestion, c care) (asRecalled bool, err error) {
	if asRecalled = c.recalled.answers(q); !asRecalled {
		err = s.units.View(ctx, func(tx store.Tx) error { return known(tx, q) })
	}
	if err != nil || !c.others {
		return asRecalled, err
	}
	renamed := false
	for i, h := range q.Holders {
		account := h.Person.Account(q.Account.System)
		if q.Bound != nil && q.Bound.ID == h.Person.ID || account == "" {
			continue
		}
		s.roster.ForgetMember(account) // how they are now decides
		l := s.cache.begin()
		m, err := s.roster.Member(ctx, account)
		if err != nil {
			continue // not to be found proves nothing
		}
		q.Holders[i].Standing = m.Standing
		if m.Email != q.Account.Address && m.Email != "" {
			_, err = s.identify(ctx, m, care{look: l})
			renamed = renamed || err == nil
		}
	}
	if !renamed {
		return asRecalled, nil
	}
	standing := map[access.PersonID]access.Standing{}
	for _, h := range q.Holders {
		standing[h.Person.ID] = h.Standing
	}
	err = s.units.View(ctx, func(tx store.Tx) error { return known(tx, q) })
	for i, h := range q.Holders {
		q.Holders[i].Standing = worse(h.Standing, standing[h.Person.ID])
	}
	return false, err
}

// resolve gives the person what was found out and remembers them, if anything but
// the time of looking has changed, and unless they were forgotten since they were
// looked up: what was stored meanwhile, such as that they left, is newer. Then it says so
// by errOutdated.
func (s *identities) resolve(ctx context.Context, id access.Identification, seen observation) (p access.Person, b managerEntry, err error) {
	if p, b, same := seen.unchanged(id, s.units.Now()); same && s.cache.current(p, seen.look) {
		return p, b, nil
	}
	known := id.Verdict == access.IdentityKnown
	if known {
		p, b, same, err := seen.unchangedInStore(ctx, s.units, id)
		if err != nil || same {
			return p, b, err
		}
	}
	fresh := s.newID()
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		k, err := store.Identified(u.Tx, id, fresh, u.At)
		if err != nil {
			return err
		}
		old, err := store.Person(u.Tx, k.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if b, err = seen.apply(u.Tx, &k, old.Person, id, u.At); err != nil {
			return err
		}
		k.Person = k.MovedFrom(old.Person, u.At)
		p = k.Person
		if known && !s.cache.current(p, seen.look) {
			return errOutdated
		}
		if err := s.renames.note(u, old.Person, p); err != nil {
			return err
		}
		return store.PutPerson(u.Tx, &k)
	})
	return p, b, err
}

// cachePerson keeps what was found out, unless a directory kept silent whose word would count: it is asked
// again as soon as anybody wants to know.
func (s *identities) cachePerson(p access.Person, b managerEntry, id access.Identification, seen observation) {
	for _, r := range seen.replies {
		if account, ok := r.theirs(p); ok && !seen.alone {
			s.cache.keepAccount(accountKey{r.dir.ID(), p.ID}, account, seen.look)
		}
	}
	if silent := seen.unsaid(id); silent != nil {
		s.log.Warn("a directory does not answer; its last known answer stands in", "directory", silent.dir.ID(), "person", p.ID, "error", silent.err)
		return
	}
	s.cache.answer(answeredKey{p.ID, seen.alone}, b, seen.look)
	if seen.alone {
		s.cache.keepAlone(p, seen.look)
		return
	}
	s.cache.keep(p, b, seen.look)
}
