package campaigns

import (
	"errors"
	"fmt"
	"iter"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/snapshot"
)

// rows are the rows of a campaign, as they were read, with what was said and done about each since. Like the
// transaction that they are read in, they are not safe for concurrent use.
type rows struct {
	tx       store.Tx
	from     *snapshot.Reader
	campaign access.Campaign
	known    *catalog.Catalog
	groups   map[int]snapshot.Group
}

// rowsOf opens what was read for a campaign. It was not read to its end yet: store.ErrNotFound, or
// snapshot.ErrUnfinished. Names of apps and roles are those of the catalogue.
func rowsOf(tx store.Tx, c access.Campaign, known *catalog.Catalog) (*rows, error) {
	if c.Snapshot == "" {
		return nil, fmt.Errorf("review %s: %w", c.ID, snapshot.ErrUnfinished)
	}
	return rowsFrom(tx, c, known, snapshot.Open)
}

// rowsFrom is rowsOf with another way to open a snapshot.
func rowsFrom(tx store.Tx, c access.Campaign, known *catalog.Catalog, open func(store.Records, string) (*snapshot.Reader, error)) (*rows, error) {
	from, err := open(tx, c.Snapshot)
	if err != nil {
		return nil, fmt.Errorf("what was read for the review %s: %w", c.ID, err)
	}
	return &rows{tx: tx, from: from, campaign: c, known: known, groups: map[int]snapshot.Group{}}, nil
}

// row is the row with a number. None: store.ErrNotFound.
func (r *rows) row(number int) (Row, error) {
	if number < 1 {
		return Row{}, fmt.Errorf("row %d of %s: %w", number, r.campaign.ID, store.ErrNotFound)
	}
	found, err := r.from.Row(uint64(number))
	if err != nil {
		return Row{}, err
	}
	return r.whole(found)
}

// of are the rows whose numbers are above after that the snapshot gives to somebody in a stage; of "", to nobody.
// An error is the last thing it yields.
func (r *rows) of(who access.PersonID, stage, after int) iter.Seq2[Row, error] {
	return r.wholly(inStage(r.from, stage).RowsFor(who, uint64(after)))
}

// all are all rows whose numbers are above after, those that are excluded among them.
func (r *rows) all(after int) iter.Seq2[Row, error] { return r.wholly(r.from.Rows(uint64(after))) }

// wholly completes rows, one after the other.
func (r *rows) wholly(found iter.Seq2[snapshot.Row, error]) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for one, err := range found {
			var row Row
			if err == nil {
				row, err = r.whole(one)
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// whole is a row with what is kept apart from it.
func (r *rows) whole(of snapshot.Row) (Row, error) {
	g, err := r.group(of.Group)
	if err != nil {
		return Row{}, err
	}
	p, err := r.from.Person(of.Account)
	if err != nil {
		return Row{}, err
	}
	row := Row{
		Number: int(of.Item), Group: g.Ref, GroupID: g.ID, GroupName: g.Name, App: g.App, Opens: g.Opens, Risk: g.Risk, Privileged: g.Privileged,
		Source: sourceOf(of.Source), Request: of.Request, Grant: of.Grant, Since: of.Since, Until: of.Until,
		Used: of.Use.At, UsedBy: of.Use.Source, UsedReach: of.Use.Reach, UsageOff: !r.campaign.Review.CountsUsage(g.App),
		Peers: percent(of.Peers), Earlier: access.ReviewDecision(of.Earlier.Decision), EarlierIn: of.Earlier.Campaign, Conflicts: of.Conflicts,
		Recommended: access.Recommendation(of.Recommendation), Because: access.RecommendedBecause(of.Reason), Excluded: of.Excluded,
	}
	if len(g.Roles) > 0 {
		row.Role = g.Roles[0]
	}
	row.shows(p)
	row.named(r.known)
	if row.Reviewers, err = r.reviewersOf(of); err != nil {
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

func (r *rows) group(number int) (snapshot.Group, error) {
	if g, read := r.groups[number]; read {
		return g, nil
	}
	g, err := r.from.Group(number)
	if err == nil {
		g.Proof = nil
		r.groups[number] = g
	}
	return g, err
}

// item is what was said and done about a row; one that is open, where nothing was.
func (r *rows) item(row Row) (access.ReviewItem, error) {
	i, err := store.ReviewItem(r.tx, r.campaign.ID, row.Number)
	if errors.Is(err, store.ErrNotFound) {
		return newItem(r.campaign, row), nil
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

// sourceOf is how access came to be, in a review's words.
func sourceOf(s access.Source) catalog.ReviewSource {
	switch s {
	case access.SourceRequested, access.SourceRule, access.SourceRestored:
		return catalog.BySomeRequest
	case access.SourceBreakGlass:
		return catalog.ByEmergency
	case access.SourceBirthright:
		return catalog.ByBirthright
	case access.SourceAdopted:
		return catalog.ByAdoption
	}
	return catalog.ByNothing
}

// percent is a share in percent; below 0 where it isn't known.
func percent(s catalog.Share) int {
	if s.All == 0 {
		return -1
	}
	return s.Some * 100 / s.All
}

// about are somebody's own rows, under every account of theirs.
func (r *rows) about(who access.PersonID) iter.Seq2[Row, error] {
	return r.wholly(r.from.RowsOfPerson(who, 0))
}
