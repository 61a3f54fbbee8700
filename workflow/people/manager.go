package people

import (
	"context"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Manager is the manager of somebody, who is met if nobody has known them yet. None
// without an error: there is none, or nobody in Slack is known to be them.
func (s *Service) Manager(ctx context.Context, who access.PersonID) (access.PersonID, error) {
	p, err := s.Person(ctx, who)
	if err != nil || p.Manager != "" {
		return p.Manager, Softly(err)
	}
	f, ok := s.cache.person(who)
	if !ok || f.boss.address == "" || f.missing {
		return "", nil
	}
	m, err := s.ByAddress(ctx, f.boss.address)
	if err != nil {
		if Softly(err) == nil {
			s.log.Warn("a manager is not known in Slack", "person", who, "manager", f.boss.address, "error", err)
			s.cache.noManager(who)
		}
		return "", Softly(err)
	}
	return m.ID, s.manages(ctx, who, m.ID)
}

// manages remembers whose manager somebody is.
func (s *Service) manages(ctx context.Context, who, manager access.PersonID) error {
	s.cache.change(who, func(p *access.Person) { p.Manager = manager })
	return s.units.Update(ctx, func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, who)
		if err != nil || k.Manager == manager {
			return err
		}
		k.Manager = manager
		return store.PutPerson(u.Tx, &k)
	})
}
