package deciding

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
)

// Page is some of the rows that wait for a reviewer, or that they have answered.
type Page struct {
	Campaign access.Campaign
	Worklist access.Worklist
	Rows     []rows.Row
	After    int  // the number of the last row
	More     bool // rows come after it

	As     []access.PersonID // as whose the reader's answers count
	Groups []RowGroup        // of all their rows that wait, whichever are on the page
}

// Filter narrows a page.
type Filter struct {
	OnlyOpen bool                      // without an answer of the reader's
	Because  access.RecommendedBecause // with this reason; "" for all
	Row      int                       // only this one; 0 for all
}

// Answer is what a reviewer says of one row.
type Answer struct {
	Row      int
	Decision access.ReviewDecision
	Reason   string
	Took     time.Duration // how long the row had been before them; 0: not known
	Bulk     bool
	Origin   string    // what it was read from, for the record; "" for a click
	Written  time.Time // of an answer that is read later than it was given: when that was
}

// Answered says what became of answers.
type Answered struct {
	Worklist access.Worklist
	Refused  map[int]error // by row; the others count
}

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

// Waiting is a page of the rows that wait for whoever asks, once it is established that they may still answer.
func (s *Service) Waiting(ctx context.Context, by access.Actor, campaign string, after, limit int) (Page, error) {
	caller, err := s.authority.CallerNow(ctx, by)
	if err != nil {
		return Page{}, s.units.LogRefusal(ctx, "", by, "read the rows of a review", err)
	}
	page, err := s.Page(ctx, caller.Person, campaign, Filter{OnlyOpen: true}, after, limit)
	if err != nil {
		return page, err
	}
	return page, answerable(page.Campaign, nil)
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
			row, err := c.Rows.Row(n)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if row.Item = c.AsItStands(row); st.reads(row) {
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

// reads tells whether a row is theirs to answer.
func (st standing) reads(row rows.Row) bool {
	return row.Excluded == "" && slices.ContainsFunc(st.whose(), func(p access.PersonID) bool {
		return p != row.Person && st.by != row.Person && slices.Contains(row.Item.Reviewers, p)
	})
}

// page is some of the rows of a reader.
func (c reviewed) page(who access.PersonID, f Filter, after, limit int, at time.Time) (Page, error) {
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
		row, err := c.Rows.Row(after)
		if err != nil {
			return page, rows.UnlessKnown(err, after)
		}
		behind := placeOf(row)
		places = slices.DeleteFunc(places, func(p place) bool { return p.compare(behind) <= 0 })
	}
	page.More = len(places) > limit
	for _, p := range places[:min(limit, len(places))] {
		row, err := c.Rows.Row(p.number)
		if err != nil {
			return page, err
		}
		row.Item = c.AsItStands(row)
		if row, err = c.shown(st, row); err != nil {
			return page, err
		}
		page.Rows, page.After = append(page.Rows, row), p.number
	}
	return page, nil
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

func placeOf(row rows.Row) place {
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
func (c reviewed) places(st standing, f Filter) ([]place, error) {
	var out []place
	seen := map[int]bool{}
	take := func(row rows.Row) {
		row.Item = c.AsItStands(row)
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

// waitingFor are some rows that wait for an answer of somebody's, at most so many and none of those to pass over.
func (c reviewed) waitingFor(who access.PersonID, most int, pass map[int]bool) (out []rows.Row, err error) {
	seen := maps.Clone(pass)
	err = c.eachOf(who, func(row rows.Row) {
		i := c.AsItStands(row)
		_, said := i.AnswerOf(who, i.Stage)
		if len(out) < most && !seen[row.Number] && row.Excluded == "" && i.State == access.ItemOpen && !said && slices.Contains(i.Reviewers, who) {
			out = append(out, row)
		}
		seen[row.Number] = true
	})
	return out, err
}

// eachOf goes through all rows for which somebody is named: by the snapshot, or since.
func (c reviewed) eachOf(who access.PersonID, take func(rows.Row)) error {
	for row, err := range c.Rows.Of(who, c.Stage, 0) {
		if err != nil {
			return err
		}
		take(row)
	}
	since, _, err := store.Sound(store.ReviewItemsFor(c.Tx, c.ID, who))
	if err != nil {
		return err
	}
	for _, i := range since {
		row, err := c.Rows.Row(i.Row)
		if err != nil {
			return err
		}
		take(row)
	}
	return nil
}

func (f Filter) lets(row rows.Row, p place) bool {
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
func (c reviewed) mine(st standing, row rows.Row) (access.ReviewAnswer, bool) {
	for _, who := range st.whose() {
		if a, said := row.Item.AnswerOf(who, row.Item.Stage); said {
			return a, true
		}
	}
	return access.ReviewAnswer{}, false
}

// shown adds to a row what the reader said, and what has changed since it was read.
func (c reviewed) shown(st standing, row rows.Row) (_ rows.Row, err error) {
	row.Mine, _ = c.mine(st, row)
	row.Changed, err = c.Changed(row)
	return row, err
}

// opens notes that a reviewer looked at their rows for the first time.
func (s *Service) opens(ctx context.Context, c access.Campaign, who access.PersonID) error {
	id := access.WorklistID(c.ID, rows.ListOf(c), who)
	unopened := func(w access.Worklist, err error) (bool, error) {
		if errors.Is(err, store.ErrNotFound) {
			return false, nil
		}
		return w.Opened.IsZero(), err
	}
	first := false
	err := s.units.View(ctx, func(tx store.Tx) (err error) {
		first, err = unopened(store.Worklist(tx, c.ID, rows.ListOf(c), who))
		return err
	})
	if err != nil || !first {
		return err
	}
	return s.units.Update(ctx, func(u *engine.Unit) error {
		w, err := engine.Load(u, rows.Worklists(), id)
		if still, err := unopened(w, err); err != nil || !still {
			return err
		}
		w.Opened = u.At
		return engine.Save(u, rows.Worklists(), &w)
	})
}
