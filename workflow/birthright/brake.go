package birthright

import (
	"crypto/rand"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/query"
)

// askAgain is how soon IT is asked again that hasn't answered.
const askAgain = 24 * time.Hour

// question is whether much at once is meant, and what became of it.
type question struct{ store.BirthrightBrake }

// brake keeps from what is ready what IT has to be asked about, and asks.
func brake(u *engine.Unit, known *catalog.Catalog, all ready) ([]planned, error) {
	kept, err := store.LoadBirthrightBrake(u.Tx)
	if err != nil {
		return nil, err
	}
	q := question{kept}
	q.forget(all.keys, u.At)
	let, open := q.split(all.todo)
	much, err := tooMuch(u.Tx, known.Birthrights().Brake, q.concerned(open), open)
	switch {
	case err != nil:
		return nil, err
	case much:
		err = q.ask(u, known, open)
	default:
		q.ID, q.Keys, q.Again = "", nil, time.Time{}
		for _, p := range open {
			q.Recent = append(q.Recent, store.BirthrightDone{Person: p.who, At: u.At})
		}
		let = append(let, open...)
	}
	if err != nil {
		return nil, err
	}
	return let, store.PutBirthrightBrake(u.Tx, &q.BirthrightBrake)
}

// forget lets go of what is over.
func (q *question) forget(keys map[string]bool, at time.Time) {
	over := func(key string) bool { return !keys[key] }
	q.Allowed, q.Refused = slices.DeleteFunc(slices.Clone(q.Allowed), over), slices.DeleteFunc(slices.Clone(q.Refused), over)
	q.Recent = slices.DeleteFunc(slices.Clone(q.Recent), func(d store.BirthrightDone) bool { return at.Sub(d.At) >= lately })
}

// split parts what IT let through from what nobody has said anything of. What was refused is in neither.
func (q *question) split(all []planned) (let, open []planned) {
	for _, p := range all {
		yes, new := planned{who: p.who}, planned{who: p.who}
		for _, c := range p.changes {
			switch key := keyOf(p.who, c); {
			case slices.Contains(q.Allowed, key):
				yes.changes = append(yes.changes, c)
			case !slices.Contains(q.Refused, key):
				new.changes = append(new.changes, c)
			}
		}
		if len(yes.changes) > 0 {
			let = append(let, yes)
		}
		if len(new.changes) > 0 {
			open = append(open, new)
		}
	}
	return let, open
}

// concerned are how many people something changes for, with those of lately.
func (q *question) concerned(open []planned) int {
	people := map[access.PersonID]bool{}
	for _, d := range q.Recent {
		people[d.Person] = true
	}
	before := len(people)
	for _, p := range open {
		people[p.who] = true
	}
	if len(people) == before {
		return 0 // nobody new
	}
	return len(people)
}

// tooMuch tells whether so much is to be done that IT is asked first.
func tooMuch(tx store.Tx, b catalog.Brake, people int, open []planned) (bool, error) {
	if len(open) == 0 {
		return false, nil
	}
	if b.Holds(people, 0, 0) {
		return true, nil
	}
	lose := map[catalog.RoleRef]int{}
	for _, p := range open {
		for _, c := range p.changes {
			if !c.Gives {
				lose[catalog.RoleRef{App: c.App, Role: c.Role}]++
			}
		}
	}
	for role, n := range lose {
		have, err := holders(tx, role)
		if err != nil || b.Holds(0, n, have) {
			return true, err
		}
	}
	return false, nil
}

// holders are how many have a role by a birthright.
func holders(tx store.Tx, role catalog.RoleRef) (n int, err error) {
	all, _, err := store.Sound(query.All(func(after string, limit int) ([]access.Grant, error) {
		return store.OpenGrantsOn(tx, role.App, after, limit)
	}, query.GrantID))
	for _, g := range all {
		if g.Source == access.SourceBirthright && g.Role == role.Role && g.Live() {
			n++
		}
	}
	return n, err
}

// ask asks IT, unless it was asked lately, or of half as much: what the answer counts for is what was shown.
func (q *question) ask(u *engine.Unit, known *catalog.Catalog, open []planned) error {
	var keys []string
	for _, p := range open {
		for _, c := range p.changes {
			keys = append(keys, keyOf(p.who, c))
		}
	}
	again := q.ID != ""
	if again && u.At.Before(q.Again) && len(keys) < 2*len(q.Keys) { // Again is zero: it is time to ask again
		return nil
	}
	if again = again && !u.At.Before(q.Again); q.ID == "" {
		q.Asked = u.At
	}
	q.ID, q.Again, q.Keys = rand.Text()[:8], u.At.Add(askAgain), keys
	return tellQuestion(u, known, q.ID, open, again)
}
