package draft

import (
	"fmt"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/people"
)

// interests are conflicts of interest: reviewers who administer the directory of what they review, who gave the access,
// or whose manager it is whom they review. Each is said once for a reviewer.
func (d drafting) interests() error {
	seen, looked := map[string]bool{}, 0
	carries := d.administrators()
	for one, err := range d.From.Rows(0) {
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
	for g, err := range d.From.Groups() {
		if err != nil || !g.Privileged {
			continue
		}
		in := out[g.Ref.Directory]
		if in == nil {
			in = map[access.PersonID]string{}
			out[g.Ref.Directory] = in
		}
		for row, err := range d.From.RowsOfGroup(g.Number, 0) {
			if p, lost := d.From.Person(row.Account); err == nil && lost == nil {
				in[p.ID] = g.Name
			}
		}
	}
	return out
}

// interest looks at one row.
func (d drafting) interest(of snapshot.Row, carries map[string]map[access.PersonID]string, seen map[string]bool) error {
	reviewers, err := d.ReviewersOf(of)
	if err != nil {
		return err
	}
	g, err := d.Group(of.Group)
	if err != nil {
		return err
	}
	about, err := d.From.Person(of.Account)
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
	p, err := people.In(d.Tx, who)
	if err != nil {
		return err
	}
	if p.Manager != "" && p.Manager == about.ID {
		if err := d.say(seen, who, "reports to "+about.Name+", whose access they review"); err != nil {
			return err
		}
	}
	app, _ := d.Known.App(g.App)
	if app.Provisioning == catalog.Manual && p.MeantByOneOf(app.Fulfillers()) {
		if err := d.say(seen, who, "sets up access to "+app.Name+" and reviews it"); err != nil {
			return err
		}
	}
	if of.Request == "" {
		return nil
	}
	r, err := store.Request(d.Tx, of.Request)
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
	name, err := people.ContactIn(d.Tx, who)
	if err == nil {
		d.to.Conflicts = append(d.to.Conflicts, name+" "+what+".")
	}
	return err
}
