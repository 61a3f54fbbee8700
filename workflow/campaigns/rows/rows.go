package rows

import (
	"errors"
	"fmt"
	"iter"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/snapshot"
)

// Rows are the rows of a campaign, as they were read, with what was said and done about each since. Like the
// transaction that they are read in, they are not safe for concurrent use.
type Rows struct {
	Tx       store.Tx
	From     *snapshot.Reader
	Campaign access.Campaign
	Known    *catalog.Catalog
	groups   map[int]snapshot.Group
}

// Of opens what was read for a campaign. It was not read to its end yet: store.ErrNotFound, or
// snapshot.ErrUnfinished. Names of apps and roles are those of the catalogue.
func Of(tx store.Tx, c access.Campaign, known *catalog.Catalog) (*Rows, error) {
	if c.Snapshot == "" {
		return nil, fmt.Errorf("review %s: %w", c.ID, snapshot.ErrUnfinished)
	}
	return rowsFrom(tx, c, known, snapshot.Open)
}

// rowsFrom is rowsOf with another way to open a snapshot.
func rowsFrom(tx store.Tx, c access.Campaign, known *catalog.Catalog, open func(store.Records, string) (*snapshot.Reader, error)) (*Rows, error) {
	from, err := open(tx, c.Snapshot)
	if err != nil {
		return nil, fmt.Errorf("what was read for the review %s: %w", c.ID, err)
	}
	return &Rows{Tx: tx, From: from, Campaign: c, Known: known, groups: map[int]snapshot.Group{}}, nil
}

// Row is the row with a number. None: store.ErrNotFound.
func (r *Rows) Row(number int) (Row, error) {
	if number < 1 {
		return Row{}, fmt.Errorf("row %d of %s: %w", number, r.Campaign.ID, store.ErrNotFound)
	}
	found, err := r.From.Row(uint64(number))
	if err != nil {
		return Row{}, err
	}
	return r.Whole(found)
}

// Of are the rows whose numbers are above after that the snapshot gives to somebody in a stage; of "", to nobody.
// An error is the last thing it yields.
func (r *Rows) Of(who access.PersonID, stage, after int) iter.Seq2[Row, error] {
	return r.wholly(InStage(r.From, stage).RowsFor(who, uint64(after)))
}

// All are all rows whose numbers are above after, those that are excluded among them.
func (r *Rows) All(after int) iter.Seq2[Row, error] { return r.wholly(r.From.Rows(uint64(after))) }

// wholly completes rows, one after the other.
func (r *Rows) wholly(found iter.Seq2[snapshot.Row, error]) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for one, err := range found {
			var row Row
			if err == nil {
				row, err = r.Whole(one)
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// Whole is a row with what is kept apart from it.
func (r *Rows) Whole(of snapshot.Row) (Row, error) {
	g, err := r.Group(of.Group)
	if err != nil {
		return Row{}, err
	}
	p, err := r.From.Person(of.Account)
	if err != nil {
		return Row{}, err
	}
	row := Row{
		Number: int(of.Item), Group: g.Ref, GroupID: g.ID, GroupName: g.Name, App: g.App, Opens: g.Opens, Risk: g.Risk, Privileged: g.Privileged,
		Source: access.ReviewSourceOf(of.Source), Request: of.Request, Grant: of.Grant, Since: of.Since, Until: of.Until,
		Used: of.Use.At, UsedBy: of.Use.Source, UsedReach: of.Use.Reach, UsageOff: !r.Campaign.Review.CountsUsage(g.App),
		Peers: of.Peers.Percent(), Earlier: access.ReviewDecision(of.Earlier.Decision), EarlierIn: of.Earlier.Campaign, Conflicts: of.Conflicts,
		Recommended: access.Recommendation(of.Recommendation), Because: access.RecommendedBecause(of.Reason), Excluded: of.Excluded,
	}
	if len(g.Roles) > 0 {
		row.Role = g.Roles[0]
	}
	row.shows(p)
	row.named(r.Known)
	if row.Reviewers, err = r.ReviewersOf(of); err != nil {
		return row, err
	}
	row.Item, err = r.item(row)
	return row, err
}

// shows adds what was known of the person.
func (row *Row) shows(p snapshot.Person) {
	row.Person, row.Account, row.Name, row.Address = p.ID, p.Account, p.Name, string(p.Address)
	row.Title, row.Department, row.Type, row.Location = p.Title, p.Department, p.Type, p.Location
	row.Manager, row.Left, row.SignedIn = p.Manager.Text, p.Status == access.Left, p.SignIn.At
}

// named adds what app and role are called.
func (row *Row) named(known *catalog.Catalog) {
	app, role, _ := known.Role(row.App, row.Role)
	row.AppName, row.RoleName = app.Name, role.Name
	if row.AppName == "" {
		row.AppName = row.App
	}
	if row.RoleName == "" {
		row.RoleName = row.Role
	}
}

// Group is the group with a number, without its proof.
func (r *Rows) Group(number int) (snapshot.Group, error) {
	if g, read := r.groups[number]; read {
		return g, nil
	}
	g, err := r.From.Group(number)
	if err == nil {
		g.Proof = nil
		r.groups[number] = g
	}
	return g, err
}

// item is what was said and done about a row; one that is open, where nothing was.
func (r *Rows) item(row Row) (access.ReviewItem, error) {
	i, err := store.ReviewItem(r.Tx, r.Campaign.ID, row.Number)
	if errors.Is(err, store.ErrNotFound) {
		return newItem(r.Campaign, row), nil
	}
	return i, err
}

// newItem is a row's record, as it is when nothing was said of it yet.
func newItem(c access.Campaign, row Row) access.ReviewItem {
	i := access.ReviewItem{
		Campaign: c.ID, Row: row.Number, Person: row.Person, App: row.App, Role: row.Role, Group: row.Group, GroupID: row.GroupID, Account: row.Account,
		Grant: row.Grant, Privileged: row.Privileged, Rule: access.RuleOf(c.Review), State: access.ItemOpen,
	}
	if len(row.Reviewers) > 0 {
		i.Reviewers = row.Reviewers[0]
	}
	return i
}

// About are somebody's own rows, under every account of theirs.
func (r *Rows) About(who access.PersonID) iter.Seq2[Row, error] {
	return r.wholly(r.From.RowsOfPerson(who, 0))
}

// ReviewersOf are those who are asked about a row, of each stage.
func (r *Rows) ReviewersOf(row snapshot.Row) ([][]access.PersonID, error) {
	out := make([][]access.PersonID, max(1, len(r.Campaign.Review.Stages)))
	for stage, numbers := range [][]int{row.Reviewers, row.Second} {
		if stage >= len(out) {
			break
		}
		for _, n := range numbers {
			p, err := r.From.Person(n)
			if err != nil {
				return nil, err
			}
			out[stage] = append(out[stage], p.ID)
		}
	}
	return out, nil
}

// InStage is a snapshot as the reviewers of a stage have it.
func InStage(from *snapshot.Reader, stage int) *snapshot.Reader {
	if stage == 0 {
		return from
	}
	return from.Second()
}
