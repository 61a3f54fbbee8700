package people

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
)

// Roster knows the members of the workspace: Slack. A person who is not found
// is access.Unknown, as a refusal. Who somebody is by Latchkey's own id is not
// its business.
type Roster interface {
	// Member finds a member by Slack id. Kind, Standing, Email, Name, TimeZone and
	// the "slack" binding are set; a binding to the address says how sure it is.
	Member(ctx context.Context, slackID string) (access.Person, error)
	// MemberByEmail finds the one member with an e-mail address.
	MemberByEmail(ctx context.Context, who access.Email) (access.Person, error)
	// Forget has a member read anew the next time.
	ForgetMember(slackID string)
}

// identities find out who somebody is, and remember it.
type identities struct {
	roster  Roster
	dirs    Directories
	newID   func() access.PersonID
	shared  *shared[access.Person]
	early   *shared[*earlyReplies]
	signIn  string // the directory by which members are declared to sign in to Slack
	linking Linking
	asSeen  bool // nobody is looked up: people are as they were seen last

	recollections
	warnings
	renames  renames
	powerful func() []access.Email // whom the configuration has decide, or dispose, by name
}

// inSlackAs is the person behind a Slack account, whether they may act or not.
// Somebody who may not, and was not known before, has no id.
func (s *identities) inSlackAs(ctx context.Context, slackID string) (access.Person, error) {
	if f, ok := s.cache.inSlack(slackID, idp.LeavesManagersOut(ctx)); ok {
		return s.managed(ctx, f)
	}
	r, err := s.recollect(ctx, func(tx store.Tx) (store.Known, error) { return store.PersonByAccount(tx, access.SystemSlack, slackID) })
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return access.Person{}, err
	}
	m, r, err := beside(ctx, s, r, func() (access.Person, error) { return s.roster.Member(ctx, slackID) })
	if err != nil {
		return m, err
	}
	return s.member(ctx, m, r.look, r)
}

// member is the person behind what Slack shows of an account. Of those who may
// neither ask nor decide nothing more is looked up than whether they are known. What the
// store said of them since the look began may be given, too.
func (s *identities) member(ctx context.Context, m access.Person, l look, recalled *recollection) (access.Person, error) {
	bound := recalled != nil && recalled.asked.Bound != nil && recalled.asked.Account.ID == m.Account(access.SystemSlack)
	if !bound && (m.Kind == access.Employee || m.Kind == access.Guest) {
		if err := s.renumbered(ctx, m.Account(access.SystemSlack)); err != nil {
			return m, err
		}
	}
	if m.Kind == access.Employee && m.Standing == access.Active && m.Email != "" {
		return s.whoIs(ctx, m, l, recalled)
	}
	var k store.Known
	err := s.units.View(ctx, func(tx store.Tx) (err error) {
		k, err = store.PersonByAccount(tx, access.SystemSlack, m.Account(access.SystemSlack))
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		m.ID = ""
		return m, nil
	case err != nil:
		return m, err
	case m.Kind == access.Employee && m.Standing == access.Active:
		s.unshown(ctx, k.Person)
		return s.whoIs(ctx, m, l, recalled) // an address that Slack doesn't show any more has not changed
	}
	k.Kind, k.Standing = m.Kind, worse(k.Standing, m.Standing)
	return k.Person, nil
}

// person is what Slack and the directories know of somebody, from the cache where
// it is fresh enough. Whoever has no account in Slack, or has one no more, is
// access.Unknown, as a refusal.
func (s *identities) person(ctx context.Context, who access.PersonID) (access.Person, error) {
	if f, ok := s.cached(ctx, who); ok {
		return s.managed(ctx, f)
	}
	r, err := s.recalled(ctx, who)
	if errors.Is(err, store.ErrNotFound) {
		return access.Person{}, access.Refuse(access.Unknown, "person", "I don't know this person any more.")
	}
	if err != nil {
		return access.Person{}, err
	}
	if r.known.Same != "" {
		return s.person(ctx, r.known.Same)
	}
	return s.anew(ctx, r)
}

// sure is Person, by the word of Slack and of every directory. Where one keeps
// silent, what it said last may be untrue by now. Who their manager is, it says only
// where that was asked for.
func (s *identities) sure(ctx context.Context, who access.PersonID) (access.Person, error) {
	l := s.begin(ctx, who)
	p, err := s.person(ctx, who)
	if err != nil || p.MayAct() != nil && p.Standing != access.Suspended {
		return p, err
	}
	if !s.cache.stoodSince(who, l) {
		return p, silent("How " + p.Contact() + " stands")
	}
	return p, nil
}

// cached is somebody out of the cache, as far as they have to be known.
func (s *identities) cached(ctx context.Context, who access.PersonID) (freshPerson, bool) {
	if s.asSeen {
		return s.seenLast(ctx, who)
	}
	if idp.LeavesManagersOut(ctx) {
		return s.cache.standing(who, asOf(ctx, who))
	}
	return s.cache.person(who, asOf(ctx, who))
}

// managed is somebody out of the cache, whose manager may be known by now.
func (s *identities) managed(ctx context.Context, f freshPerson) (access.Person, error) {
	if f.person.Manager != "" || f.managerEntry.address == "" {
		return f.person, nil
	}
	err := s.units.View(ctx, func(tx store.Tx) (err error) {
		f.person.Manager, err = managerIn(tx, f.managerEntry, "")
		return err
	})
	return f.person, err
}

// anew looks somebody up who is remembered.
func (s *identities) anew(ctx context.Context, r *recollection) (access.Person, error) {
	k, l := r.known, r.look
	m, r, err := beside(ctx, s, r, func() (access.Person, error) { return s.inSlack(ctx, k.Person) })
	if err != nil {
		return access.Person{}, err
	}
	if m.Standing == access.Left {
		return access.Person{}, access.Refuse(access.Unknown, "person", "The account of "+k.Display()+" in Slack is deactivated.")
	}
	p, err := s.member(ctx, m, l, r)
	if err == nil && p.ID != k.ID {
		return access.Person{}, notInSlack(k.Person)
	}
	return p, err
}

// inSlack is what Slack shows of a person's account; of one who has none yet, what
// it shows of the account with their address.
func (s *identities) inSlack(ctx context.Context, p access.Person) (access.Person, error) {
	if account := p.Account(access.SystemSlack); account != "" {
		return s.roster.Member(ctx, account)
	}
	for _, a := range append(p.Addresses(), p.Email) { // the last may only be a hint: whose account it is will be found out
		if a == "" {
			continue
		}
		m, err := s.roster.MemberByEmail(ctx, a)
		if err == nil && m.Email == a {
			return m, nil
		}
		if Softly(err) != nil {
			return access.Person{}, err
		}
	}
	return access.Person{}, notInSlack(p)
}

func notInSlack(p access.Person) error {
	if p.Email == "" {
		return access.Refuse(access.Unknown, "person", "There is nobody in this Slack workspace who is known to be "+p.Display()+".")
	}
	return access.Refuse(access.Unknown, "person", "Nobody in this Slack workspace has the address "+string(p.Email)+".")
}

func (s *identities) remembered(ctx context.Context, who access.PersonID) (k store.Known, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		k, err = store.Person(tx, who)
		return err
	})
	return k, err
}

// Forget drops what is cached of a person, because something about them changed.
// Whoever is just being asked about them, was asked too early: what they say is
// neither cached nor remembered.
func (s *identities) Forget(who access.PersonID) { s.cache.forget(who, s.dirs) }

// ForgetAccount drops what is cached of whoever has the account in a system.
func (s *identities) ForgetAccount(system, id string) {
	for _, who := range s.cache.forgetAccount(system, id) {
		s.Forget(who)
	}
}

// vouches tells whether a directory's word that an account has an e-mail address is enough to take it for its
// owner's. Whoever runs one of several directories may write anybody's address there: in the others than the one that
// people are known by, only what somebody signs in with counts.
func (s *identities) vouches(directory string) bool {
	if len(s.dirs) < 2 {
		return true
	}
	if s.linking.Authority != "" {
		return directory == s.linking.Authority
	}
	return directory == s.dirs[0].ID()
}
