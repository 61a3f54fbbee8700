package access

import (
	"cmp"
	"slices"
	"time"
)

// Reunite makes people of what several stories tell of them at different times.
// Each binding is there once, and ended if any story says so. An account that is
// live with several people then is nobody's any more: it is ended with each, and
// given back for a human to look at. Of whom nothing is told but an id, that is
// kept. Whom IT offboarded is still so, unless they asked or decided later.
func Reunite(stories [][]Event, at time.Time) (people []Person, disputed []Contradiction) {
	all := map[PersonID]*Person{}
	events := slices.Concat(stories...)
	slices.SortStableFunc(events, func(a, b Event) int { return a.At.Compare(b.At) })
	for _, e := range events {
		for _, who := range slices.Concat(e.Approvers, []PersonID{e.Person, e.Actor.Person}) {
			meet(all, who)
		}
		for who, i := range e.People {
			reunite(meet(all, who), i)
		}
		if e.Opening != nil {
			meet(all, e.Opening.Requester)
		}
		switch e.Kind {
		case EventEnding:
			if e.End == EndOffboarded {
				meet(all, e.Person).Offboarded = e.At
			}
		case EventSubmitted, EventApproved, EventDenied:
			meet(all, e.Actor.Person).Offboarded = time.Time{}
		}
	}
	for who, p := range all {
		if who.Valid() {
			people = append(people, inOrder(*p))
		}
	}
	slices.SortFunc(people, func(a, b Person) int { return cmp.Compare(a.ID, b.ID) })
	return endContested(people, at)
}

func meet(all map[PersonID]*Person, who PersonID) *Person {
	if all[who] == nil {
		all[who] = &Person{ID: who, Kind: Employee, Standing: Active}
	}
	return all[who]
}

// reunite adds what one event tells of the person.
func reunite(p *Person, i Identity) {
	p.Email, p.Name = cmp.Or(i.Email, p.Email), cmp.Or(i.Name, p.Name)
	for _, b := range i.Bindings {
		same := func(o Binding) bool {
			return o.System == b.System && o.ID == b.ID && o.Source == b.Source && o.Since.Equal(b.Since)
		}
		at := slices.IndexFunc(p.Bindings, same)
		switch {
		case at < 0:
			p.Bindings = append(p.Bindings, b)
		case p.Bindings[at].Live():
			p.Bindings[at].Until, p.Bindings[at].Denied = b.Until, b.Denied
		}
	}
}

// inOrder puts what was told of the person into its order. Of several accounts in one
// place, or addresses that one system shows, that are all said to live, the latest
// does.
func inOrder(p Person) Person {
	slices.SortStableFunc(p.Bindings, func(a, b Binding) int { return a.Since.Compare(b.Since) })
	for i, b := range p.Bindings {
		after := slices.IndexFunc(p.Bindings[i+1:], func(o Binding) bool { return o.Live() && o.System == b.System && o.Source == b.Source })
		if b.Live() && after >= 0 {
			p.Bindings[i].Until = p.Bindings[i+1+after].Since
		}
	}
	if slices.ContainsFunc(p.Bindings, Binding.IsAddress) {
		return p.inStep()
	}
	return p
}

// endContested ends the accounts that are live with several people.
func endContested(people []Person, at time.Time) ([]Person, []Contradiction) {
	type account struct{ system, id string }
	holders := map[account][]int{}
	var order []account
	for i, p := range people {
		for _, b := range p.Bindings {
			if !b.IsAccount() || !b.Live() {
				continue
			}
			key := account{b.System, b.ID}
			if holders[key] == nil {
				order = append(order, key)
			}
			holders[key] = append(holders[key], i)
		}
	}
	var disputed []Contradiction
	for _, key := range order {
		if len(holders[key]) < 2 {
			continue
		}
		c := Contradiction{Binding: Binding{System: key.system, ID: key.id}, Why: "the record gives it to several people"}
		for _, i := range holders[key] {
			people[i] = people[i].Unbind(key.system, at)
			c.Holders = append(c.Holders, people[i].ID)
		}
		disputed = append(disputed, c)
	}
	return people, disputed
}
