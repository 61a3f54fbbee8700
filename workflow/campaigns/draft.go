package campaigns

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/people"
)

const (
	draftListed = 20     // rows for which nobody was found, and conflicts of interest, that a draft lists
	draftLooked = 50_000 // rows that are looked at for conflicts of interest
)

// Draft is what is to be known before a campaign starts.
func (s *Service) Draft(ctx context.Context, id string) (Draft, error) {
	c, err := s.Campaign(ctx, id)
	if err != nil {
		return Draft{}, err
	}
	d := Draft{Campaign: c, Unproven: c.Unproven, NotCovered: s.notCovered(c)}
	if c.Snapshot == "" {
		return d, nil
	}
	err = s.units.View(ctx, func(tx store.Tx) error {
		d.Reviewers, d.Alone, d.Excluded, d.Conflicts = nil, nil, nil, nil
		r, err := rowsOf(tx, c, s.catalog())
		if err != nil {
			return err
		}
		return drafting{r, &d}.all()
	})
	return d, err
}

// drafting goes through what was read.
type drafting struct {
	*rows
	to *Draft
}

func (d drafting) all() error {
	for _, step := range []func() error{d.reviewers, d.alone, d.left, d.interests} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// reviewers are who would be told when it starts, those with the most rows first.
func (d drafting) reviewers() error {
	for one, err := range d.from.Reviewers() {
		if err != nil {
			return err
		}
		if one.ID == "" {
			continue
		}
		p, err := people.In(d.tx, one.ID)
		if err != nil {
			return err
		}
		d.to.Reviewers = append(d.to.Reviewers, DraftReviewer{Who: one.ID, Name: p.Display(), Rows: one.Rows, How: d.how(p)})
	}
	slices.SortStableFunc(d.to.Reviewers, func(a, b DraftReviewer) int { return cmp.Compare(b.Rows, a.Rows) })
	return nil
}

// how says by which rule somebody is a reviewer, as far as that can be told of them.
func (d drafting) how(p access.Person) string {
	var ways []string
	stage := d.campaign.Review.Stage(0)
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
	for row, err := range d.of("", 0, 0) {
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
	for row, err := range d.from.Rows(0) {
		if err != nil {
			return err
		}
		if row.Excluded != "" {
			count[row.Excluded]++
		}
	}
	for _, e := range d.campaign.Review.Scope.Exclude {
		what := cmp.Or(e.Person, d.known.PlainName(e.Role.Holding()))
		d.to.Excluded = append(d.to.Excluded, Exclusion{What: what, Why: e.Why, By: e.By, Rows: count[exclusion(e)]})
	}
	return nil
}

// interests are conflicts of interest: reviewers who administer the directory of what they review, who gave the access,
// or whose manager it is whom they review. Each is said once for a reviewer.
func (d drafting) interests() error {
	seen, looked := map[string]bool{}, 0
	carries := d.administrators()
	for one, err := range d.from.Rows(0) {
		if err != nil {
			return err
		}
		if looked++; looked > draftLooked || len(d.to.Conflicts) >= draftListed {
			d.to.Conflicts = append(d.to.Conflicts, "There may be more: not all rows were looked at.")
			return nil
		}
		if err := d.interest(one, carries, seen); err != nil {
			return err
		}
	}
	return nil
}

// administrators are who is in privileged groups, by directory, as they were read.
func (d drafting) administrators() map[string]map[access.PersonID]string {
	out := map[string]map[access.PersonID]string{}
	for g, err := range d.from.Groups() {
		if err != nil || !g.Privileged {
			continue
		}
		in := out[g.Ref.Directory]
		if in == nil {
			in = map[access.PersonID]string{}
			out[g.Ref.Directory] = in
		}
		for row, err := range d.from.RowsOfGroup(g.Number, 0) {
			if p, lost := d.from.Person(row.Account); err == nil && lost == nil {
				in[p.ID] = g.Name
			}
		}
	}
	return out
}

// interest looks at one row.
func (d drafting) interest(of snapshot.Row, carries map[string]map[access.PersonID]string, seen map[string]bool) error {
	reviewers, err := d.reviewersOf(of)
	if err != nil {
		return err
	}
	g, err := d.group(of.Group)
	if err != nil {
		return err
	}
	about, err := d.from.Person(of.Account)
	if err != nil {
		return err
	}
	for _, who := range slices.Concat(reviewers...) {
		if in := carries[g.Ref.Directory][who]; in != "" {
			if err := d.say(seen, who, fmt.Sprintf("administers %s (is in %s) and reviews who is in its groups", g.Ref.Directory, in)); err != nil {
				return err
			}
		}
		if err := d.interestIn(of, g, about, who, seen); err != nil {
			return err
		}
	}
	return nil
}

// interestIn tells whether a reviewer gave what they review, or reports to whom they review.
func (d drafting) interestIn(of snapshot.Row, g snapshot.Group, about snapshot.Person, who access.PersonID, seen map[string]bool) error {
	p, err := people.In(d.tx, who)
	if err != nil {
		return err
	}
	if p.Manager != "" && p.Manager == about.ID {
		if err := d.say(seen, who, "reports to "+about.Name+", whose access they review"); err != nil {
			return err
		}
	}
	app, _ := d.known.App(g.App)
	if app.Provisioning == catalog.Manual && p.MeantByOneOf(app.Fulfillers()) {
		if err := d.say(seen, who, "sets up access to "+app.Name+" and reviews it"); err != nil {
			return err
		}
	}
	if of.Request == "" {
		return nil
	}
	r, err := store.Request(d.tx, of.Request)
	if err != nil {
		return nil // it is gone, or can't be read: nothing is known of who decided
	}
	if decided(r, who) {
		return d.say(seen, who, "approved access that they review, as in "+r.ID)
	}
	return nil
}

// decided tells whether somebody said yes to a request.
func decided(r access.Request, who access.PersonID) bool {
	return slices.ContainsFunc(r.Stages, func(st access.Stage) bool {
		return slices.ContainsFunc(st.Answers, func(a access.Answer) bool { return a.Yes && a.By.Person == who })
	})
}

// say notes a conflict of interest, once for a reviewer and what it is.
func (d drafting) say(seen map[string]bool, who access.PersonID, what string) error {
	kind, _, _ := strings.Cut(what, ", as in ")
	if seen[string(who)+kind] {
		return nil
	}
	seen[string(who)+kind] = true
	name, err := people.ContactIn(d.tx, who)
	if err == nil {
		d.to.Conflicts = append(d.to.Conflicts, name+" "+what+".")
	}
	return err
}

// notCovered is what a review can't see.
func (s *Service) notCovered(c access.Campaign) (out []string) {
	if c.Small() {
		return []string{"Only what one person has."}
	}
	for _, app := range s.catalog().Apps() {
		for _, role := range app.Roles {
			if inApps(c.Review.Scope, app) && inRoles(c.Review.Scope, app, role) && len(role.Groups) == 0 {
				out = append(out, app.Name+" · "+role.Name+" is opened by no group: who has it stands in no directory.")
			}
		}
	}
	for _, d := range s.dirs {
		if !slices.ContainsFunc(targets(s.catalog(), c.Review.Scope), func(t target) bool { return t.ref.Directory == d.ID() }) {
			out = append(out, "No group of the directory "+d.ID()+" is in its scope.")
		}
	}
	return append(out, "Groups that no role of the catalogue opens, accounts that applications keep for themselves, and what was assigned to somebody without a group.")
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
