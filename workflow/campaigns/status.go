package campaigns

import (
	"context"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// Status is how a campaign stands.
type Status struct {
	Campaign  access.Campaign
	Worklists []access.Worklist // of the stage
	Names     map[access.PersonID]string
	Manual    []access.ReviewItem // that a human has to remove
	Failed    []access.ReviewItem
}

// Status is how a campaign stands.
func (s *Service) Status(ctx context.Context, id string) (Status, error) {
	c, err := s.Campaign(ctx, id)
	if err != nil {
		return Status{}, err
	}
	st := Status{Campaign: c, Names: map[access.PersonID]string{}}
	err = s.units.View(ctx, func(tx store.Tx) error {
		st.Worklists, st.Manual, st.Failed = nil, nil, nil
		return st.read(tx)
	})
	return st, err
}

// read reads worklists, and the rows that wait for a human.
func (st *Status) read(tx store.Tx) error {
	c := st.Campaign
	now, err := store.ReviewProgress(tx, c.ID)
	if err != nil {
		return err
	}
	st.Campaign.Progress = now
	all, _, err := store.Sound(query.All(func(after string, limit int) ([]access.Worklist, error) {
		return store.Worklists(tx, c.ID, after, limit)
	}, access.Worklist.ID))
	if err != nil {
		return err
	}
	for _, w := range all {
		if w.Stage != rows.ListOf(c) {
			continue
		}
		st.Worklists = append(st.Worklists, w)
		for _, who := range append(w.AskedNow(), w.Reviewer) {
			p, err := people.In(tx, who)
			if err != nil {
				return err
			}
			st.Names[who] = p.Display()
		}
	}
	_, _, err = store.Sound([]access.ReviewItem(nil), query.Each(func(after string, limit int) ([]access.ReviewItem, error) {
		return store.ReviewItemsIn(tx, c.ID, access.ItemSettled, after, limit)
	}, access.ReviewItem.ID, st.settled))
	return err
}

// Asked is for how many rows somebody is waited for, whoever was asked first.
type Asked struct {
	Who  access.PersonID
	Name string
	Left int
}

// Asked are those who are waited for, those with the most rows first.
func (st Status) Asked() (out []Asked) {
	for _, w := range st.Worklists {
		for _, who := range w.AskedNow() {
			if w.Left() == 0 {
				continue
			}
			n := slices.IndexFunc(out, func(a Asked) bool { return a.Who == who })
			if n < 0 {
				n, out = len(out), append(out, Asked{Who: who, Name: st.Names[who]})
			}
			out[n].Left += w.Left()
		}
	}
	slices.SortStableFunc(out, func(a, b Asked) int { return b.Left - a.Left })
	return out
}

func (st *Status) settled(i access.ReviewItem) {
	switch i.Outcome {
	case access.OutcomeManual:
		st.Manual = append(st.Manual, i)
	case access.OutcomeFailed:
		st.Failed = append(st.Failed, i)
	}
}
