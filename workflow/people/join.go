package people

import (
	"cmp"
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/idp"
)

// join adds what the directories know to what Slack knows. The worst standing
// counts. Without an answer from a directory the last known one stands in.
func (s *Service) join(ctx context.Context, m access.Person, l look) (access.Person, error) {
	if p, ok := s.memory.person(m.ID); ok {
		return p, nil
	}
	for _, d := range s.dirs {
		acc, err := s.Account(ctx, d, m.ID)
		switch {
		case err == nil:
			m = merge(m, d.ID(), acc, s.units.Now())
		case errors.Is(err, idp.ErrNotFound):
		case errors.Is(err, idp.ErrAmbiguous):
			s.log.Warn("several accounts share an e-mail; none is used", "directory", d.ID(), "person", m.ID)
		default:
			return s.fallBack(ctx, m, d, err)
		}
	}
	if k, err := s.remembered(ctx, m.ID); err == nil {
		m = carryOver(m, k.Bindings)
	}
	s.memory.keep(m, l)
	return m, s.remember(ctx, m, l)
}

func (s *Service) fallBack(ctx context.Context, m access.Person, d idp.Directory, cause error) (access.Person, error) {
	k, err := s.remembered(ctx, m.ID)
	if err != nil {
		return m, DirectoryFailure(d, "Look up "+string(m.Email)+" in "+d.ID(), cause)
	}
	s.log.Warn("a directory does not answer; its last known answer stands in", "directory", d.ID(), "person", m.ID, "error", cause)
	last := k.Person
	if m.Standing != access.Active {
		last.Standing = m.Standing
	}
	return last, nil
}

// merge adds a directory's account to a person.
func merge(m access.Person, dir string, a idp.Person, at time.Time) access.Person {
	m.Name, m.Title, m.Department = cmp.Or(m.Name, a.Name), cmp.Or(a.Title, m.Title), cmp.Or(a.Department, m.Department)
	m.Manager = cmp.Or(m.Manager, IDOf(access.NewEmail(a.ManagerEmail)))
	if m.Since.IsZero() {
		m.Since = a.Created
	}
	if a.LastLogin.After(m.LastLogin) {
		m.LastLogin = a.LastLogin
	}
	if m.Standing == access.Active && a.Status != idp.Active {
		m.Standing = map[idp.Status]access.Standing{idp.Suspended: access.Suspended, idp.Left: access.Left}[a.Status]
	}
	m.Bindings = append(m.Bindings[:len(m.Bindings):len(m.Bindings)], access.Binding{System: dir, ID: a.ID, How: "the e-mail matched exactly one account", At: at})
	return m
}

// Account finds somebody's account in one directory, from memory where it is
// fresh enough.
func (s *Service) Account(ctx context.Context, d idp.Directory, who access.PersonID) (idp.Person, error) {
	key := accountKey{d.ID(), who}
	if a, ok := s.memory.account(key); ok {
		return a, nil
	}
	l := s.memory.begin()
	found, err := d.FindPerson(ctx, string(AddressOf(who)))
	if err == nil {
		s.memory.keepAccount(key, found, l)
	}
	return found, err
}
