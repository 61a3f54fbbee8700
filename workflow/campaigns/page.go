package campaigns

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// RowGroup are rows of a reader's that have the same reason, and wait for an answer of theirs.
type RowGroup struct {
	Because     access.RecommendedBecause
	Recommended access.Recommendation
	Rows        int
	Privileged  int // of them: they are answered one by one
}

// Page is some of the rows of a reviewer in the stage that goes on: those who have left and what was never used first,
// then what has been idle for longest. It begins behind a row, by its number; 0 for the first ones.
func (s *Service) Page(ctx context.Context, who access.PersonID, campaign string, f Filter, after, limit int) (page Page, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		c, err := s.campaignIn(tx, campaign)
		if err != nil {
			return err
		}
		page, err = c.page(who, f, after, limit, s.units.Now())
		return err
	})
	if err == nil && !page.Worklist.Done {
		err = s.opens(ctx, page.Campaign, who)
	}
	return page, err
}

// Rows are some of a reviewer's rows, by their numbers.
func (s *Service) Rows(ctx context.Context, who access.PersonID, campaign string, numbers []int) (page Page, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		c, err := s.campaignIn(tx, campaign)
		if err != nil {
			return err
		}
		st, err := c.stands(who, s.units.Now())
		if err != nil {
			return err
		}
		page = Page{Campaign: c.Campaign, Worklist: st.together(c.Campaign), As: st.whose()}
		for _, n := range numbers {
			row, err := c.rows.row(n)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if row.Item = c.asItStands(row); st.reads(row) {
				if row, err = c.shown(st, row); err != nil {
					return err
				}
				page.Rows = append(page.Rows, row)
			}
		}
		return nil
	})
	return page, err
}

// Rowed are all rows of a campaign, as they stand, in the order of their numbers, read a page at a time: for whoever tells
// of all of it. An error is the last thing it yields.
func (s *Service) Rowed(ctx context.Context, campaign string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		stop := errors.New("nobody wants more")
		err := s.pages(ctx, access.Campaign{ID: campaign}, func(_ open, page []Row) error {
			for _, row := range page {
				if !yield(row, nil) {
					return stop
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, stop) {
			yield(Row{}, err)
		}
	}
}

// reads tells whether a row is theirs to answer.
func (st standing) reads(row Row) bool {
	return row.Excluded == "" && slices.ContainsFunc(st.whose(), func(p access.PersonID) bool {
		return p != row.Person && st.by != row.Person && slices.Contains(row.Item.Reviewers, p)
	})
}

// asItStands is the record of a row as it is in the stage that goes on.
func (c open) asItStands(row Row) access.ReviewItem {
	i := row.Item
	switch {
	case i.Version == 0:
		return c.fresh(row)
	case i.Stage < c.Stage && i.Decision != access.DecisionRevoke:
		i.Stage, i.State, i.Decision, i.Reviewers = c.Stage, access.ItemOpen, access.DecisionNone, named(row, c.Stage)
	}
	return i
}

// page is some of the rows of a reader.
func (c open) page(who access.PersonID, f Filter, after, limit int, at time.Time) (Page, error) {
	st, err := c.stands(who, at)
	if err != nil {
		return Page{}, err
	}
	page := Page{Campaign: c.Campaign, Worklist: st.together(c.Campaign), As: st.whose(), After: after}
	places, err := c.places(st, f)
	if err != nil {
		return page, err
	}
	page.Groups = groups(places)
	if after > 0 {
		row, err := c.rows.row(after)
		if err != nil {
			return page, unlessKnown(err, after)
		}
		behind := placeOf(row)
		places = slices.DeleteFunc(places, func(p place) bool { return p.compare(behind) <= 0 })
	}
	page.More = len(places) > limit
	for _, p := range places[:min(limit, len(places))] {
		row, err := c.rows.row(p.number)
		if err != nil {
			return page, err
		}
		row.Item = c.asItStands(row)
		if row, err = c.shown(st, row); err != nil {
			return page, err
		}
		page.Rows, page.After = append(page.Rows, row), p.number
	}
	return page, nil
}

func unlessKnown(err error, row int) error {
	if errors.Is(err, store.ErrNotFound) {
		return unknownRow(row)
	}
	return err
}

// place is where a row stands among those of a reviewer.
type place struct {
	class       int // people who have left, what was never used, everything else
	used        time.Time
	number      int
	because     access.RecommendedBecause
	recommended access.Recommendation
	privileged  bool
	waits       bool // for an answer of the reader's
}

func placeOf(row Row) place {
	p := place{class: 2, used: row.Used, number: row.Number, because: row.Because, recommended: row.Recommended, privileged: row.Privileged}
	switch {
	case row.Left:
		p.class = 0
	case row.Because == access.BecauseUnused || row.Because == access.BecauseNeverUsed:
		p.class = 1
	case row.Used.IsZero(): // nothing is known of its use, which is no sign of disuse
		p.class = 3
	}
	return p
}

// compare orders rows: the number is the tie-breaker, so that none slips between two pages.
func (p place) compare(o place) int {
	return cmp.Or(cmp.Compare(p.class, o.class), p.used.Compare(o.used), cmp.Compare(p.number, o.number))
}

// places are those of a reader's rows that a filter lets through, in order.
func (c open) places(st standing, f Filter) ([]place, error) {
	var out []place
	seen := map[int]bool{}
	take := func(row Row) {
		row.Item = c.asItStands(row)
		p := placeOf(row)
		_, said := c.mine(st, row)
		p.waits = !said && row.Item.State == access.ItemOpen
		if !seen[row.Number] && st.reads(row) && f.lets(row, p) {
			out = append(out, p)
		}
		seen[row.Number] = true
	}
	for _, who := range st.whose() {
		if err := c.eachOf(who, take); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, place.compare)
	return out, nil
}

// eachOf goes through all rows for which somebody is named: by the snapshot, or since.
func (c open) eachOf(who access.PersonID, take func(Row)) error {
	for row, err := range c.rows.of(who, c.Stage, 0) {
		if err != nil {
			return err
		}
		take(row)
	}
	since, _, err := store.Sound(store.ReviewItemsFor(c.tx, c.ID, who))
	if err != nil {
		return err
	}
	for _, i := range since {
		row, err := c.rows.row(i.Row)
		if err != nil {
			return err
		}
		take(row)
	}
	return nil
}

func (f Filter) lets(row Row, p place) bool {
	return (!f.OnlyOpen || p.waits) && (f.Because == "" || f.Because == row.Because) && (f.Row == 0 || f.Row == row.Number)
}

// groups are rows that wait, by their reason, the largest group first.
func groups(places []place) (out []RowGroup) {
	for _, p := range places {
		if !p.waits {
			continue
		}
		n := slices.IndexFunc(out, func(g RowGroup) bool { return g.Because == p.because && g.Recommended == p.recommended })
		if n < 0 {
			n, out = len(out), append(out, RowGroup{Because: p.because, Recommended: p.recommended})
		}
		if out[n].Rows++; p.privileged {
			out[n].Privileged++
		}
	}
	slices.SortStableFunc(out, func(a, b RowGroup) int { return cmp.Compare(b.Rows, a.Rows) })
	return out
}

// mine is what the reader, or whoever they stand in the place of, has said of a row.
func (c open) mine(st standing, row Row) (access.ReviewAnswer, bool) {
	for _, who := range st.whose() {
		if a, said := row.Item.AnswerOf(who, row.Item.Stage); said {
			return a, true
		}
	}
	return access.ReviewAnswer{}, false
}

// shown adds to a row what the reader said, and what has changed since it was read.
func (c open) shown(st standing, row Row) (_ Row, err error) {
	row.Mine, _ = c.mine(st, row)
	row.Changed, err = c.changed(row)
	return row, err
}

// changed says what is known to have changed since a row was read; "" where nothing is.
func (c open) changed(row Row) (string, error) {
	if row.Grant != "" {
		g, err := store.Grant(c.tx, row.Grant)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return "", err
		case g.State == access.GrantEnded:
			return "It has ended since.", nil
		case g.Revoking:
			return "It is being removed already.", nil
		}
	}
	p, err := people.In(c.tx, row.Person)
	switch {
	case err != nil || row.Left || row.Person == "":
		return "", err
	case p.Standing == access.Left:
		return "They have left since.", nil
	case !p.Offboarded.IsZero():
		return "They were offboarded since.", nil
	}
	return "", nil
}

// opens notes that a reviewer looked at their rows for the first time.
func (s *Service) opens(ctx context.Context, c access.Campaign, who access.PersonID) error {
	id := access.WorklistID(c.ID, list(c), who)
	unopened := func(w access.Worklist, err error) (bool, error) {
		if errors.Is(err, store.ErrNotFound) {
			return false, nil
		}
		return w.Opened.IsZero(), err
	}
	first := false
	err := s.units.View(ctx, func(tx store.Tx) (err error) {
		first, err = unopened(store.Worklist(tx, c.ID, list(c), who))
		return err
	})
	if err != nil || !first {
		return err
	}
	return s.units.Update(ctx, func(u *engine.Unit) error {
		w, err := engine.Load(u, worklists(), id)
		if still, err := unopened(w, err); err != nil || !still {
			return err
		}
		w.Opened = u.At
		return engine.Save(u, worklists(), &w)
	})
}
