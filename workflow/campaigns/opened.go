package campaigns

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// unknownRow refuses what is about a row that isn't there.
func unknownRow(n int) error {
	return access.Refuse(access.Unknown, "row", fmt.Sprintf("This review has no row %d.", n))
}

// open is a campaign with its rows, in one transaction.
type open struct {
	access.Campaign
	rows *Rows
	tx   store.Tx
}

// Viewer gives views of the store.
type Viewer interface {
	View(ctx context.Context, fn func(store.Tx) error) error
}

// Opener opens campaigns with their rows. It is safe for concurrent use.
type Opener struct {
	units   Viewer
	catalog func() *catalog.Catalog // by which apps and roles are named
	lately  *readers
}

// NewOpener makes one.
func NewOpener(units Viewer, known func() *catalog.Catalog) *Opener {
	return &Opener{units, known, &readers{}}
}

// inUnit is a campaign in a unit of work, with its rows.
func (o *Opener) inUnit(u *engine.Unit, id string) (open, error) {
	c, err := engine.Load(u, campaigns(), id)
	return o.opened(u.Tx, c, err)
}

// in is a campaign for those who only read.
func (o *Opener) in(tx store.Tx, id string) (open, error) {
	c, err := store.Campaign(tx, id)
	return o.opened(tx, c, err)
}

func (o *Opener) opened(tx store.Tx, c access.Campaign, err error) (open, error) {
	if errors.Is(err, store.ErrNotFound) {
		return open{}, unknownReview()
	}
	if err != nil {
		return open{}, err
	}
	all, err := o.lately.rows(tx, c, o.catalog())
	return open{Campaign: c, rows: all, tx: tx}, err
}

// unknownReview refuses what is about a campaign that isn't there.
func unknownReview() error {
	return access.Refuse(access.Unknown, "review", "That access review isn't known here.")
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

// unlessKnown refuses what is about a row that isn't there.
func unlessKnown(err error, row int) error {
	if errors.Is(err, store.ErrNotFound) {
		return unknownRow(row)
	}
	return err
}
