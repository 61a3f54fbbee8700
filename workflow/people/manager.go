package people

import (
	"context"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Manager is the manager of somebody, who is met if nobody has known them yet. None
// without an error: there is none, or nobody in Slack is known to be them.
func (s *Service) Manager(ctx context.Context, who access.PersonID) (access.PersonID, error) {
	ctx = idp.WithManagers(ctx)
	l := s.begin(ctx, who)
	p, err := s.Person(ctx, who)
	if err != nil || p.Manager != "" {
		return p.Manager, Softly(err)
	}
	f, ok := s.cache.person(who, asOf(ctx, who))
	if !ok { // forgotten a moment ago: what was answered still says whom the directories name
		f.managerEntry, _ = s.cache.answeredSince(who, l)
	}
	if f.managerEntry.address == "" || f.missing {
		return "", nil
	}
	m, err := s.ByAddress(ctx, f.managerEntry.address)
	if err != nil {
		if Softly(err) == nil {
			s.log.Warn("a manager is not known in Slack", "person", who, "manager", f.managerEntry.address, "error", err)
			s.cache.noManager(who)
		}
		return "", Softly(err)
	}
	if f.managerEntry.givenOn(m) {
		return "", nil
	}
	return m.ID, s.manages(ctx, who, m.ID)
}

// managerOf is whom the source "manager" stands for, or why that is nobody. That no
// directory names one is said only where all of them have answered.
func (s *Service) managerOf(ctx context.Context, who access.PersonID) (named, error) {
	ctx = idp.WithManagers(ctx)
	l := s.begin(ctx, who)
	m, err := s.Manager(ctx, who)
	if err != nil || m != "" {
		return named{who: []access.PersonID{m}}, err
	}
	p, err := s.Person(ctx, who)
	if Softly(err) != nil {
		return named{}, err
	}
	if err != nil {
		return named{vacant: []string{"nobody can be found out about the manager of " + s.Contact(ctx, who) + ", who is not known in Slack"}}, nil
	}
	b, all := s.cache.answeredSince(who, l)
	switch {
	case !all && p.MayAct() == nil && !s.asSeen:
		return named{}, silent("The manager of " + p.Contact())
	case b.address != "":
		return s.managerAt(ctx, p, b)
	case b.unclear != "":
		return named{unfound: []string{fmt.Sprintf("several accounts in %s have the address of %s, so it can't be told who their manager is", b.unclear, p.Contact())}}, nil
	case b.named != "":
		return named{unfound: []string{fmt.Sprintf("%s names “%s” as the manager of %s, which leads to no account there", b.directory, clipped(b.named), p.Contact())}}, nil
	}
	return named{vacant: []string{"no directory names a manager of " + p.Contact()}}, nil
}

// managerAt is the manager of somebody as all directories say it, who is named by an address. They may be known all the same:
// another look-up may have brought them since.
func (s *Service) managerAt(ctx context.Context, of access.Person, b managerEntry) (named, error) {
	why := "is not known in Slack"
	m, err := s.ByAddress(ctx, b.address)
	switch {
	case Softly(err) != nil:
		return named{}, err
	case err == nil && b.givenOn(m):
		why = "is somebody else's address than it was"
	case err == nil:
		return named{who: []access.PersonID{m.ID}}, s.manages(ctx, of.ID, m.ID)
	}
	return named{unfound: []string{fmt.Sprintf("the manager of %s, %s, %s", of.Contact(), b.address, why)}}, nil
}

// clipped is a text of a directory as a sentence can hold it.
func clipped(text string) string {
	const most = 120
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most]) + "…"
}

// manages remembers whose manager somebody is.
func (s *identities) manages(ctx context.Context, who, manager access.PersonID) error {
	s.cache.change(who, func(p *access.Person) { p.Manager = manager })
	return s.units.Update(ctx, func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, who)
		if err != nil || k.Manager == manager {
			return err
		}
		was := k.Person
		k.Manager = manager
		k.Person = k.MovedFrom(was, u.At)
		return store.PutPerson(u.Tx, &k)
	})
}
