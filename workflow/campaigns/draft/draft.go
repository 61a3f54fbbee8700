// Package draft says what is to be known of a campaign before it starts: who would be asked, for which rows nobody was found,
// what is left out, and who has a conflict of interest.
package draft

import (
	"cmp"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/campaigns/targets"
	"latchkey/workflow/people"
)

const (
	draftListed = 20     // rows for which nobody was found, and conflicts of interest, that a draft lists
	draftLooked = 50_000 // rows that are looked at for conflicts of interest
)

// Draft is what is to be known before a campaign starts.
type Draft struct {
	Campaign   access.Campaign
	Reviewers  []Reviewer // who would be told, with how many rows each
	Alone      []rows.Row // rows for which nobody was found; at most draftListed of Campaign.Counts.Alone
	Excluded   []Exclusion
	Conflicts  []string // of interest: reviewers who administer a group, or gave the access, in words
	Unproven   []string
	NotCovered []string // what the review can't see: groups of no app, apps without a directory, directories that can't be read
}

// Reviewer is one who would be told.
type Reviewer struct {
	Who  access.PersonID
	Name string
	Rows int
	How  string // by which rule they were found, in words
}

// Exclusion is what a review leaves out.
type Exclusion struct {
	What string
	Why  string
	By   string
	Rows int
}

// Of is the draft of a campaign whose groups were read from some directories.
func Of(r *rows.Rows, dirs people.Directories) (Draft, error) {
	c := r.Campaign
	out := Draft{Campaign: c, Unproven: c.Unproven}
	listed, err := Listed(r)
	if err != nil {
		return out, err
	}
	out.NotCovered = targets.NotCovered(r.Known, dirs, c, listed)
	d := drafting{r, &out}
	for _, step := range []func() error{d.reviewers, d.alone, d.left, d.interests} {
		if err := step(); err != nil {
			return out, err
		}
	}
	return out, nil
}

// Listed tells of which apps without a directory a list was read.
func Listed(r *rows.Rows) (targets.Listed, error) {
	read := map[string]bool{}
	for g, err := range r.From.Groups() {
		if err != nil {
			return nil, err
		}
		if g.Ref.Directory == access.ImportedDirectory {
			read[g.App] = true
		}
	}
	return func(app string) bool { return read[app] }, nil
}

// Excluded is what a review leaves out, with how many rows each is.
func Excluded(r *rows.Rows) ([]Exclusion, error) {
	d := drafting{r, new(Draft)}
	err := d.left()
	return d.to.Excluded, err
}

// Interests are conflicts of interest, in words.
func Interests(r *rows.Rows) ([]string, error) {
	d := drafting{r, new(Draft)}
	err := d.interests()
	return d.to.Conflicts, err
}

// drafting goes through what was read.
type drafting struct {
	*rows.Rows
	to *Draft
}

// reviewers are who would be told when it starts, those with the most rows first.
func (d drafting) reviewers() error {
	for one, err := range d.From.Reviewers() {
		if err != nil {
			return err
		}
		if one.ID == "" {
			continue
		}
		p, err := people.In(d.Tx, one.ID)
		if err != nil {
			return err
		}
		d.to.Reviewers = append(d.to.Reviewers, Reviewer{Who: one.ID, Name: p.Display(), Rows: one.Rows, How: HowAsked(d.Campaign.Review, p)})
	}
	slices.SortStableFunc(d.to.Reviewers, func(a, b Reviewer) int { return cmp.Compare(b.Rows, a.Rows) })
	return nil
}

// HowAsked says by which rule somebody is a reviewer, as far as that can be told of them.
func HowAsked(r catalog.Review, p access.Person) string {
	var ways []string
	stage := r.Stage(0)
	for _, a := range slices.Concat(stage.Reviewers, stage.Fallback, stage.Additional) {
		switch a.Kind {
		case catalog.Manager:
			ways = append(ways, "a manager of the people")
		case catalog.SecondManager:
			ways = append(ways, "a manager of managers")
		case catalog.Owner:
			ways = append(ways, "an owner of the apps")
		case catalog.Named:
			if p.MeantByOneOf([]string{a.Person}) {
				return "named by the review"
			}
		case catalog.Security:
			ways = append(ways, "IT")
		case catalog.RoleApprover:
			ways = append(ways, "an approver of the roles")
		default:
			ways = append(ways, "by "+a.String())
		}
	}
	return strings.Join(ways, ", or ")
}

// alone are rows for which nobody was found.
func (d drafting) alone() error {
	for row, err := range d.Of("", 0, 0) {
		if err != nil {
			return err
		}
		if d.to.Alone = append(d.to.Alone, row); len(d.to.Alone) == draftListed {
			return nil
		}
	}
	return nil
}

// left are what the review leaves out, with how many rows each is.
func (d drafting) left() error {
	count := map[string]int{}
	for row, err := range d.From.Rows(0) {
		if err != nil {
			return err
		}
		if row.Excluded != "" {
			count[row.Excluded]++
		}
	}
	for _, e := range d.Campaign.Review.Scope.Exclude {
		what := cmp.Or(e.Person, d.Known.PlainName(e.Role.Holding()))
		d.to.Excluded = append(d.to.Excluded, Exclusion{What: what, Why: e.Why, By: e.By, Rows: count[targets.Exclusion(e)]})
	}
	return nil
}
