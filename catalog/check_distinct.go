package catalog

import (
	"fmt"
	"slices"
)

func sharing(r Route, stage int, all []string) string {
	return fmt.Sprintf("stage %d of route %q has nobody left who isn't needed in another one (%s), and distinct: true wants other people in each: name more, or leave distinct out", stage+1, r.Name, fewOf(all))
}

// short is the first stage for which nobody is left, and who could answer it; -1 if there is none. Those under a
// condition count one at a time, because their conditions may not hold together.
func short(r Route, who func(Stage) []string) (stage int, all []string) {
	var always [][]string
	for _, conditional := range []bool{false, true} {
		for i, s := range r.Stages {
			if !r.Distinct || s.Conditional() != conditional {
				continue
			}
			together := slices.Concat(always, seats(s.Need, who(s)))
			if !seated(together) {
				return i, who(s)
			}
			if !conditional {
				always = together
			}
		}
	}
	return -1, nil
}

// seats are whom each of the answers that a stage needs could come from.
func seats(n Need, all []string) (out [][]string) {
	switch {
	case len(all) == 0:
		return nil
	case !n.All:
		return slices.Repeat([][]string{all}, n.Count())
	}
	for _, who := range all {
		out = append(out, []string{who})
	}
	return out
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
