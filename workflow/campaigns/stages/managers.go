package stages

import (
	"context"
	"maps"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/people"
)

// meetManagers finds out who manages those who are asked in this stage and in the next, as far as the store doesn't know it:
// where one of them leaves, whoever managed them is asked instead, and a directory needn't tell that of who has left.
func (s *Service) meetManagers(ctx context.Context, campaign string) error {
	c, err := s.rows.Load(ctx, campaign)
	if err != nil || !c.Answers() {
		return err
	}
	all, err := s.asked(ctx, c)
	if err != nil {
		return err
	}
	for _, who := range all {
		if err := s.meetManager(ctx, who); err != nil {
			return err
		}
	}
	return nil
}

// asked are those who answer in the stage that goes on, and, when it was begun, those of the next, each once.
func (s *Service) asked(ctx context.Context, c access.Campaign) ([]access.PersonID, error) {
	all := map[access.PersonID]bool{}
	err := s.units.View(ctx, func(tx store.Tx) error {
		clear(all)
		return eachOpen(tx, c, func(w access.Worklist) error {
			for _, who := range w.AskedNow() {
				all[who] = true
			}
			return nil
		})
	})
	if err == nil && c.Reminded == 0 && !c.Review.Last(c.Stage) {
		var next map[access.PersonID]access.Worklist
		next, err = s.counted(ctx, c, c.Stage+1)
		for who := range next {
			all[who] = true
		}
	}
	return slices.Sorted(maps.Keys(all)), err
}

// meetManager looks up who manages somebody, which is kept. That nobody is known to is no error.
func (s *Service) meetManager(ctx context.Context, who access.PersonID) error {
	known := false
	err := s.units.View(ctx, func(tx store.Tx) error {
		p, err := people.In(tx, who)
		known = p.Manager != ""
		return err
	})
	if err != nil || known {
		return err
	}
	_, err = s.authority.Manager(ctx, who)
	return people.Softly(err)
}
