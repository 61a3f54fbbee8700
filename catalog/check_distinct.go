package catalog

import (
	"fmt"
	"slices"
)

// distinct reports a route whose stages need different people and can't have them, however those who are named
// were dealt out among its stages.
func (k *checker) distinct(path string, r Route) {
	if i := k.short(asker{}, r); i >= 0 {
		k.add(fmt.Sprintf("%s[%d]", path, i), "%s", k.sharing(asker{}, r, i))
	}
}

// distinctFor is the same of a route whose stages ask owners or a role's approvers, who differ from role to role.
func (k *checker) distinctFor(path string, in asker, r Route) {
	if i := k.short(in, r); i >= 0 && k.short(asker{}, r) < 0 {
		k.add(path, "for %q %s", RoleRef{in.app.ID, in.role.ID}, k.sharing(in, r, i))
	}
}

func (k *checker) sharing(in asker, r Route, stage int) string {
	all, _ := k.deciders(r.Stages[stage], in)
	return fmt.Sprintf("stage %d of route %q has nobody left who isn't needed in another one (%s), and distinct: true wants other people in each: name more, or leave distinct out", stage+1, r.Name, fewOf(all))
}

// short is the first stage for which nobody is left; -1 if there is none. Those under a condition count one
// at a time, because their conditions may not hold together.
func (k *checker) short(in asker, r Route) int {
	var always [][]string
	for _, conditional := range []bool{false, true} {
		for i, s := range r.Stages {
			if !r.Distinct || s.Conditional() != conditional {
				continue
			}
			together := slices.Concat(always, k.seats(s, in))
			if !seated(together) {
				return i
			}
			if !conditional {
				always = together
			}
		}
	}
	return -1
}

// seats are whom each of the answers that a stage needs could come from. None: that isn't known, or is said elsewhere.
func (k *checker) seats(s Stage, in asker) (out [][]string) {
	depends := slices.ContainsFunc(s.Approvers, asksOwner) || slices.ContainsFunc(s.Approvers, asksRole)
	all, known := k.deciders(s, in)
	if !known || len(all) < s.Need.Count() || depends && in.app.ID == "" {
		return nil
	}
	if s.Need.All {
		for _, who := range all {
			out = append(out, []string{who})
		}
		return out
	}
	return slices.Repeat([][]string{all}, s.Need.Count())
}

// seated tells whether everybody who is needed can be somebody else.
func seated(seats [][]string) bool {
	taken := map[string]int{}
	for i := range seats {
		if !seat(seats, i, taken, map[string]bool{}) {
			return false
		}
	}
	return true
}

// seat finds somebody for one seat, and another place for whoever sits where they could.
func seat(seats [][]string, one int, taken map[string]int, tried map[string]bool) bool {
	for _, who := range seats[one] {
		if tried[who] {
			continue
		}
		tried[who] = true
		if other, is := taken[who]; !is || seat(seats, other, taken, tried) {
			taken[who] = one
			return true
		}
	}
	return false
}
