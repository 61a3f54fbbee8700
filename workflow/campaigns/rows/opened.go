package rows

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

// Opened is a campaign with its rows, in one transaction.
type Opened struct {
	access.Campaign
	Rows *Rows
	Tx   store.Tx
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

// InUnit is a campaign in a unit of work, with its rows.
func (o *Opener) InUnit(u *engine.Unit, id string) (Opened, error) {
	c, err := engine.Load(u, Campaigns(), id)
	return o.opened(u.Tx, c, err)
}

// In is a campaign for those who only read.
func (o *Opener) In(tx store.Tx, id string) (Opened, error) {
	c, err := store.Campaign(tx, id)
	return o.opened(tx, c, err)
}

func (o *Opener) opened(tx store.Tx, c access.Campaign, err error) (Opened, error) {
	if errors.Is(err, store.ErrNotFound) {
		return Opened{}, UnknownReview()
	}
	if err != nil {
		return Opened{}, err
	}
	all, err := o.lately.rows(tx, c, o.catalog())
	return Opened{Campaign: c, Rows: all, Tx: tx}, err
}

// UnknownReview refuses what is about a campaign that isn't there.
func UnknownReview() error {
	return access.Refuse(access.Unknown, "review", "That access review isn't known here.")
}

// Item is the record of a row in a unit of work: as it is kept, or the one that it gets once something is said of it.
// It is in the campaign's stage, unless what was said before it determines it for good.
func (c Opened) Item(u *engine.Unit, row Row) (i access.ReviewItem, kept bool, err error) {
	i, err = engine.Load(u, Items(), access.ReviewItemID(c.ID, row.Number))
	if errors.Is(err, store.ErrNotFound) {
		return c.fresh(row), false, nil
	}
	return i, err == nil, err
}

// fresh is the record of a row of which nothing was said yet.
func (c Opened) fresh(row Row) access.ReviewItem {
	i := access.ReviewItem{
		Campaign: c.ID, Row: row.Number, Person: row.Person, App: row.App, Role: row.Role, Group: row.Group, GroupID: row.GroupID, Account: row.Account,
		Grant: row.Grant, Privileged: row.Privileged, Rule: access.RuleOf(c.Review), State: access.ItemOpen, Stage: c.Stage,
	}
	i.Reviewers = Named(row, c.Stage)
	return i
}

// Named are those whom the snapshot names for a row in a stage: never whoever it is about.
func Named(row Row, stage int) []access.PersonID {
	if stage >= len(row.Reviewers) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(row.Reviewers[stage]), func(p access.PersonID) bool { return p == row.Person || p == "" })
}

// InStage has a row that is behind go on to the campaign's stage.
func (c Opened) InStage(u *engine.Unit, row Row, i access.ReviewItem) (access.ReviewItem, error) {
	for i.Stage < c.Stage && i.Decision != access.DecisionRevoke {
		e := i.Event(access.EventRowStage, access.System(), u.At)
		e.Review.Reviewers = Named(row, i.Stage+1)
		var err error
		if i, err = engine.Move(u, Items(), i, e); err != nil {
			return i, err
		}
	}
	return i, nil
}

// AsItStands is the record of a row as it is in the stage that goes on.
func (c Opened) AsItStands(row Row) access.ReviewItem {
	i := row.Item
	switch {
	case i.Version == 0:
		return c.fresh(row)
	case i.Stage < c.Stage && i.Decision != access.DecisionRevoke:
		i.Stage, i.State, i.Decision, i.Reviewers = c.Stage, access.ItemOpen, access.DecisionNone, Named(row, c.Stage)
	}
	return i
}

// Changed says what is known to have changed since a row was read; "" where nothing is.
func (c Opened) Changed(row Row) (string, error) {
	if row.Grant != "" {
		g, err := store.Grant(c.Tx, row.Grant)
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
	p, err := people.In(c.Tx, row.Person)
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

// UnlessKnown refuses what is about a row that isn't there.
func UnlessKnown(err error, row int) error {
	if errors.Is(err, store.ErrNotFound) {
		return unknownRow(row)
	}
	return err
}
