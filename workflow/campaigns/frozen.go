package campaigns

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// frozen are the rows of a campaign as they were read, each with what was said and done about it since, in the order of
// their numbers.
type frozen interface {
	// row is the row with a number. None: store.ErrNotFound.
	row(number int) (Row, error)
	// of are those that name somebody in a stage, and all are all of them, above a number; about are somebody's own. An
	// error is the last thing they yield.
	of(who access.PersonID, stage, after int) iter.Seq2[Row, error]
	all(after int) iter.Seq2[Row, error]
	about(who access.PersonID) iter.Seq2[Row, error]
}

// errUnknownRow refuses what is about a row that isn't there.
func unknownRow(n int) error {
	return access.Refuse(access.Unknown, "row", fmt.Sprintf("This review has no row %d.", n))
}

// items is how a row's record is kept.
func items() engine.Noun[access.ReviewItem] {
	return engine.Noun[access.ReviewItem]{
		Kind: "review_item", ID: func(i access.ReviewItem) string { return i.ID() }, Put: store.PutReviewItem,
		Load: func(tx store.Tx, id string) (access.ReviewItem, error) {
			campaign, row, err := access.ParseReviewItemID(id)
			if err != nil {
				return access.ReviewItem{}, err
			}
			return store.ReviewItem(tx, campaign, row)
		},
	}
}

// open is a campaign with its rows, in one transaction.
type open struct {
	access.Campaign
	rows frozen
	tx   store.Tx
}

// campaign loads a campaign in a unit of work, with its rows.
func (s *Service) campaign(u *engine.Unit, id string) (open, error) {
	c, err := engine.Load(u, campaigns(), id)
	return s.opened(u.Tx, c, err)
}

// campaignIn is campaign for those who only read.
func (s *Service) campaignIn(tx store.Tx, id string) (open, error) {
	c, err := store.Campaign(tx, id)
	return s.opened(tx, c, err)
}

func (s *Service) opened(tx store.Tx, c access.Campaign, err error) (open, error) {
	if errors.Is(err, store.ErrNotFound) {
		return open{}, access.Refuse(access.Unknown, "review", "That access review isn't known here.")
	}
	if err != nil {
		return open{}, err
	}
	rows, err := s.frozen(tx, c)
	return open{c, rows, tx}, err
}

// item is the record of a row in a unit of work: as it is kept, or the one that it gets once something is said of it.
// It is in the campaign's stage, unless what was said before it determines it for good.
func (c open) item(u *engine.Unit, row Row) (i access.ReviewItem, kept bool, err error) {
	i, err = engine.Load(u, items(), access.ReviewItemID(c.ID, row.Number))
	if errors.Is(err, store.ErrNotFound) {
		return c.fresh(row), false, nil
	}
	return i, err == nil, err
}

// fresh is the record of a row of which nothing was said yet.
func (c open) fresh(row Row) access.ReviewItem {
	i := access.ReviewItem{
		Campaign: c.ID, Row: row.Number, Person: row.Person, App: row.App, Role: row.Role, Group: row.Group, GroupID: row.GroupID, Account: row.Account,
		Grant: row.Grant, Privileged: row.Privileged, Rule: access.RuleOf(c.Review), State: access.ItemOpen, Stage: c.Stage,
	}
	i.Reviewers = named(row, c.Stage)
	return i
}

// named are those whom the snapshot names for a row in a stage: never whoever it is about.
func named(row Row, stage int) []access.PersonID {
	if stage >= len(row.Reviewers) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(row.Reviewers[stage]), func(p access.PersonID) bool { return p == row.Person || p == "" })
}

// inStage has a row that is behind go on to the campaign's stage.
func (c open) inStage(u *engine.Unit, row Row, i access.ReviewItem) (access.ReviewItem, error) {
	for i.Stage < c.Stage && i.Decision != access.DecisionRevoke {
		e := i.Event(access.EventRowStage, access.System(), u.At)
		e.Review.Reviewers = named(row, i.Stage+1)
		var err error
		if i, err = engine.Move(u, items(), i, e); err != nil {
			return i, err
		}
	}
	return i, nil
}

// list is the number under which the worklists of those are kept who answer now.
func list(c access.Campaign) int {
	if c.ToIT > 0 {
		return access.StageIT
	}
	return c.Stage
}
