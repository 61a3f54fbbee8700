package catalog

import "slices"

// reachable reports stages that can never be completed for this app: they ask
// the owners of an app that has none, and nobody else will do instead; or they ask
// for more people than there are.
func (k *checker) reachable(path string, a App, r Route) {
	for i, s := range r.Stages {
		if !slices.ContainsFunc(s.Approvers, asksOwner) {
			continue // the same for every app, and said where the route is
		}
		others := !s.Need.All && slices.ContainsFunc(s.Approvers, func(ap Approver) bool { return !asksOwner(ap) })
		most, limited := k.most(s, a.Owners)
		switch {
		case len(a.Owners) == 0 && !others:
			k.add(path, "stage %d of route %q asks the owner, but %q has no owners: add owners", i+1, r.Name, a.ID)
		case limited && s.Need.Count() > most:
			k.add(path, "stage %d of route %q needs %d people to agree, but for %q it asks %d at most: add owners, or lower need", i+1, r.Name, s.Need.Count(), a.ID, most)
		}
	}
}

func asksOwner(ap Approver) bool { return ap.Kind == Owner }

// need reports a rule that no answers can ever meet, whatever the app.
func (k *checker) need(path string, r Route, stage int) {
	s := r.Stages[stage]
	most, limited := k.most(s, nil)
	switch {
	case !s.Need.Valid():
		k.add(path, "%+v is not a rule: write any, all, or how many have to agree, for example 2", s.Need)
	case s.Need.Several() && limited && most > 0 && most < s.Need.Count() && !slices.ContainsFunc(s.Approvers, asksOwner):
		k.add(path, "stage %d of route %q needs %d people to agree, but it asks %d at most: name more approvers, or lower need", stage+1, r.Name, s.Need.Count(), most)
	}
}

// most is the largest number of different people a stage can ask, if that is known.
func (k *checker) most(s Stage, owners []string) (n int, known bool) {
	named := map[string]bool{}
	managers := 0
	for _, ap := range s.Approvers {
		var some []string
		switch ap.Kind {
		case Manager:
			managers = 1
		case Owner:
			some = owners
		case Named:
			some = []string{ap.Person}
		case Security:
			some = k.facts.Admins
		default:
			return 0, false // a group holds any number
		}
		for _, who := range some {
			named[who] = true
		}
	}
	return len(named) + managers, true
}
