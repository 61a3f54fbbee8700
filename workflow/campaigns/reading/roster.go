package reading

import (
	"iter"
	"slices"
	"strings"

	"latchkey/store/snapshot/columns"
)

// roster are the accounts of all directories that were introduced, by their numbers in the snapshot. Whoever goes through
// the members of a group by their numbers goes through memory from its beginning to its end.
type roster struct {
	pages []rosterPage
	known columns.Set
	byID  map[string]*order // of each directory
}

// rosterPage is of so many numbers. What is on it stays where it is.
type rosterPage struct {
	members  []member
	accounts []account
}

const accountsOnPage = 1024

func newRoster() roster { return roster{byID: map[string]*order{}} }

// room is how many numbers there are pages for.
func (r *roster) room() int { return len(r.pages) * accountsOnPage }

// account and member are of an account that was introduced.
func (r *roster) account(number int) *account {
	return &r.pages[number/accountsOnPage].accounts[number%accountsOnPage]
}

func (r *roster) member(number int) *member {
	return &r.pages[number/accountsOnPage].members[number%accountsOnPage]
}

// put introduces an account.
func (r *roster) put(directory string, a account, m member) {
	n := int(m.number)
	for n/accountsOnPage >= len(r.pages) {
		r.pages = append(r.pages, rosterPage{make([]member, accountsOnPage), make([]account, accountsOnPage)})
	}
	*r.account(n), *r.member(n) = a, m
	r.known.Add(n)
	of := r.order(directory)
	of.later = append(of.later, n)
}

// order is that of a directory's accounts.
func (r *roster) order(directory string) *order {
	if r.byID[directory] == nil {
		r.byID[directory] = &order{}
	}
	return r.byID[directory]
}

// members are the accounts with some numbers, ascending.
func (r *roster) members(numbers columns.Set, into []*member) []*member {
	into = into[:0]
	for n := range numbers.All() {
		into = append(into, r.member(n))
	}
	return into
}

// order are the accounts of a directory in the order of their ids. It is found for many at once: the ids of a group's members
// are then a way through it, and need no sorting.
type order struct {
	numbers []int    // of the accounts
	ids     string   // of the same, one behind the other
	ends    []uint32 // where each ends
	place   []uint32 // by number: where the account stands among them, and one more; 0: it is none of them
	later   []int    // numbers of accounts that are none of them yet
	passed  int      // ids that were gone through beside those since they were put in their places
}

// passedAtMost is how often as many ids as there are in order are gone through beside others before these are put in their places:
// that takes about as long.
const passedAtMost = 2

// of are the ids of the accounts with some numbers and of others, ascending.
func (o *order) of(numbers columns.Set, others []string, accounts *roster) iter.Seq[string] {
	if len(o.later) > 0 && o.passed >= passedAtMost*len(o.numbers) { // to put them in their places costs less than to go on beside them
		o.takeIn(accounts)
	}
	places := columns.SetUpTo(len(o.numbers))
	for n := range numbers.All() {
		if n < len(o.place) && o.place[n] > 0 {
			places.Add(int(o.place[n] - 1))
		} else {
			others = append(others, accounts.account(n).id)
		}
	}
	if slices.Sort(others); len(others) > 0 {
		o.passed += len(others) + numbers.Len()
	}
	return o.merged(places, others)
}

// id is the id at a place.
func (o *order) id(place int) string {
	from := uint32(0)
	if place > 0 {
		from = o.ends[place-1]
	}
	return o.ids[from:o.ends[place]]
}

// merged are the ids at some places, and others, ascending.
func (o *order) merged(places columns.Set, others []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		rest := others
		for place := range places.All() {
			id := o.id(place)
			for len(rest) > 0 && rest[0] < id {
				if !yield(rest[0]) {
					return
				}
				rest = rest[1:]
			}
			if !yield(id) {
				return
			}
		}
		for _, id := range rest {
			if !yield(id) {
				return
			}
		}
	}
}

// takeIn puts those that came later in their places, and writes all ids anew.
func (o *order) takeIn(accounts *roster) {
	slices.SortFunc(o.later, func(x, y int) int { return strings.Compare(accounts.account(x).id, accounts.account(y).id) })
	numbers := make([]int, 0, len(o.numbers)+len(o.later))
	for len(o.numbers) > 0 && len(o.later) > 0 {
		from := &o.numbers
		if accounts.account(o.later[0]).id < accounts.account(o.numbers[0]).id {
			from = &o.later
		}
		numbers, *from = append(numbers, (*from)[0]), (*from)[1:]
	}
	o.numbers, o.later, o.passed = append(append(numbers, o.numbers...), o.later...), nil, 0
	length := 0
	for _, n := range o.numbers {
		length += len(accounts.account(n).id)
	}
	o.ends, o.place = make([]uint32, len(o.numbers)), make([]uint32, slices.Max(o.numbers)+1)
	var all strings.Builder
	all.Grow(length)
	for i, n := range o.numbers {
		all.WriteString(accounts.account(n).id)
		o.ends[i], o.place[n] = uint32(all.Len()), uint32(i+1)
	}
	o.ids = all.String()
	for i, n := range o.numbers {
		accounts.account(n).id = o.id(i) // what the directory's answer held is let go
	}
}
