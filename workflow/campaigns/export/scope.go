package export

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/evidence/pack"
	"latchkey/store/snapshot"
	"latchkey/workflow/campaigns/draft"
	"latchkey/workflow/campaigns/targets"
)

// covered tells the scope, and what is outside it.
func (t *telling) covered() error {
	r := t.Campaign.Review
	rule, err := json.Marshal(r.Scope)
	if err != nil {
		return err
	}
	if string(rule) == "{}" {
		rule = []byte("everything")
	}
	t.to.Scope = pack.Scope{Text: "Who is in the groups that the roles in scope open, whether Latchkey gave it or not.", Rule: string(rule)}
	if t.Campaign.Small() {
		t.to.Scope.Text = "What one person has, because something about them changed (" + string(t.Campaign.Occasion) + ")."
	}
	listed, err := draft.Listed(t.Rows)
	if err != nil {
		return err
	}
	for _, what := range targets.NotCovered(t.Known, t.service.dirs, t.Campaign, listed) {
		t.to.Scope.Blind = append(t.to.Scope.Blind, pack.Blind{Kind: pack.OtherBlind, What: strings.TrimSuffix(what, "."), Why: "no directory that is read shows it under this review"})
	}
	out, err := draft.Excluded(t.Rows)
	if err != nil {
		return err
	}
	for _, e := range out {
		t.to.Scope.Exclusions = append(t.to.Scope.Exclusions, pack.Exclusion{What: e.What, ID: e.What, Rows: e.Rows, Reason: e.Why, By: pack.Actor{Name: e.By}, At: t.Campaign.Created})
	}
	if a := t.Campaign.Accepted; a != nil {
		t.to.Exceptions = append(t.to.Exceptions, pack.Exception{What: "What was read is taken as it is, although it isn't proven: " + strings.Join(t.Campaign.Unproven, " "), About: t.Campaign.ID, Reason: a.Why, By: t.actor(a.By), At: a.At})
	}
	return nil
}

// grouped tells the groups, with what proves that their members are all there are.
func (t *telling) grouped() error {
	seen := map[string]bool{}
	for g, err := range t.From.Groups() {
		if err != nil {
			return err
		}
		one := pack.Group{
			Key: groupName(g), Directory: g.Ref.Directory, Kind: g.Ref.Directory, Tenant: g.Ref.Directory, ID: g.ID, Name: cmp.Or(g.Name, g.Ref.Group), App: g.App, Role: strings.Join(g.Roles, ", "),
			Opens: strings.TrimSuffix(g.Opens, "."), Risk: cmp.Or(string(g.Risk), "not rated"), Privileged: g.Privileged,
		}
		if seen[one.Key] {
			return fmt.Errorf("the group %s is twice in what was read for the review %s", one.Key, t.Campaign.ID)
		}
		seen[one.Key] = true
		if one.Population, err = t.population(g); err != nil {
			return err
		}
		t.to.Groups = append(t.to.Groups, one)
	}
	return nil
}

// population is how it is known that a group's rows are all there are. Where the review is about some people only, the others
// count as left out.
func (t *telling) population(g snapshot.Group) (pack.Population, error) {
	here, out := t.here[g.Number], t.out[g.Number]
	if len(g.Proof) == 0 {
		return pack.Population{Proof: "one_person", Words: "One person's membership was read, by its id.", Proven: true, Rows: here + out, Left: out, Version: t.service.version}, nil
	}
	var p access.Population
	if err := json.Unmarshal(g.Proof, &p); err != nil {
		return pack.Population{}, fmt.Errorf("what proves who is in %s: %w", g.Ref, err)
	}
	told := pack.PopulationOf(p, out, t.actor)
	if len(p.Readings) == 0 {
		told.Rows = here + out // that is all that is known
	}
	if sc := t.Campaign.Review.Scope; told.Rows > here+out && (len(sc.Departments)+len(sc.Managers)+len(sc.People)+len(sc.Sources) > 0 || sc.OlderThan > 0) {
		told.Left = told.Rows - here
	}
	return t.acceptedAlso(told), nil
}

// acceptedAlso says who took a population as it is, where all that was read was accepted at once.
func (t *telling) acceptedAlso(p pack.Population) pack.Population {
	if a := t.Campaign.Accepted; a != nil && !p.Proven && p.Difference == nil {
		p.Difference = &pack.Difference{By: t.actor(a.By), Words: a.Why, At: a.At}
	}
	return p
}
