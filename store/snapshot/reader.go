package snapshot

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"sort"
	"strings"

	"latchkey/access"
	"latchkey/store"
)

// Reader reads a finished snapshot. Like the transaction it reads in, it is not safe for
// concurrent use. What is damaged is a *store.Damaged that names the page.
type Reader struct {
	tx       store.Records
	contents contents
	people   map[int][]Person // pages that were read lately, by their places
	second   bool             // reviewers are those of the second stage
	room     []uint64         // for the columns of a page, while none is being read
}

// peopleKept is how many pages of people a reader keeps.
const peopleKept = 8

// Open opens the snapshot of a campaign. None: store.ErrNotFound; one that isn't
// finished: ErrUnfinished.
func Open(tx store.Records, campaign string) (*Reader, error) {
	c, err := loadContents(tx, campaign)
	if err != nil {
		return nil, err
	}
	return &Reader{tx: tx, contents: c, people: map[int][]Person{}}, nil
}

// In is the reader in another transaction: a snapshot doesn't change, so its header need
// not be read again. Where it was deleted meanwhile, pages are missing, which is an error.
func (r *Reader) In(tx store.Records) *Reader {
	return &Reader{tx: tx, contents: r.contents, people: map[int][]Person{}, second: r.second}
}

// Second is the reader whose reviewers are those of the second stage.
func (r *Reader) Second() *Reader {
	second := r.In(r.tx)
	second.second = true
	return second
}

// Header says what the snapshot holds.
func (r *Reader) Header() Header { return r.contents.Header }

// Group reads the group with a number.
func (r *Reader) Group(number int) (Group, error) {
	g, _, err := r.group(number)
	return g, err
}

// Groups are all groups, in the order of their numbers. An error is the last thing it yields.
func (r *Reader) Groups() iter.Seq2[Group, error] {
	return func(yield func(Group, error) bool) {
		for number := range r.contents.groups {
			g, err := r.Group(number)
			if !yield(g, err) || err != nil {
				return
			}
		}
	}
}

func (r *Reader) group(number int) (Group, []groupRows, error) {
	if number < 0 || number >= len(r.contents.groups) {
		return Group{}, nil, r.none("group", number)
	}
	at := r.contents.groups[number]
	p, err := loadPage(r.tx, r.contents.Campaign, at.ref, groupPage)
	if err != nil {
		return Group{}, nil, err
	}
	g, pages, err := unpackGroup(p.public)
	if err != nil || g.Number != number || g.First != at.first || g.Rows != at.rows {
		return Group{}, nil, damagedPage(r.contents.Campaign, at.number)
	}
	return g, pages, nil
}

func (r *Reader) none(what string, number any) error {
	return fmt.Errorf("%s %v in the snapshot of %s: %w", what, number, r.contents.Campaign, store.ErrNotFound)
}

// Person reads the account with a number.
func (r *Reader) Person(number int) (Person, error) {
	after := sort.Search(len(r.contents.people), func(i int) bool { return r.contents.people[i].first > number })
	if number < 0 || number >= r.contents.People || after == 0 {
		return Person{}, r.none("account", number)
	}
	people, err := r.peoplePage(after - 1)
	if err != nil {
		return Person{}, err
	}
	return people[number-people[0].Number], nil
}

// People are all accounts, in the order of their numbers. An error is the last thing it yields.
func (r *Reader) People() iter.Seq2[Person, error] {
	return func(yield func(Person, error) bool) {
		for at := range r.contents.people {
			people, err := r.peoplePage(at)
			if err != nil {
				yield(Person{}, err)
				return
			}
			for _, p := range people {
				if !yield(p, nil) {
					return
				}
			}
		}
	}
}

func (r *Reader) peoplePage(at int) ([]Person, error) {
	if people, kept := r.people[at]; kept {
		return people, nil
	}
	is := r.contents.people[at]
	p, err := loadPage(r.tx, r.contents.Campaign, is.ref, peoplePage)
	if err != nil {
		return nil, err
	}
	people, _, err := unpackPeople(p.public, p.erasable)
	if err != nil || len(people) == 0 || people[0].Number != is.first || is.first+len(people) != r.peopleUntil(at) {
		return nil, damagedPage(r.contents.Campaign, is.number)
	}
	if len(r.people) >= peopleKept {
		clear(r.people)
	}
	r.people[at] = people
	return people, nil
}

// peopleUntil is the number behind the last one on a page of people.
func (r *Reader) peopleUntil(at int) int {
	if at+1 < len(r.contents.people) {
		return r.contents.people[at+1].first
	}
	return r.contents.People
}

// Account finds an account by its id in its directory. None: store.ErrNotFound.
func (r *Reader) Account(directory, account string) (Person, error) {
	found, err := r.contents.find(r.tx, accountKey(directory, account))
	if err != nil {
		return Person{}, err
	}
	if len(found) != 1 {
		return Person{}, r.none("account", account)
	}
	return r.Person(int(found[0]))
}

// AccountsOf are the numbers of a person's accounts; none is no error.
func (r *Reader) AccountsOf(who access.PersonID) ([]int, error) {
	found, err := r.contents.find(r.tx, personKey(string(who)))
	numbers := make([]int, len(found))
	for i, n := range found {
		numbers[i] = int(n)
	}
	return numbers, err
}

// Row reads the row with an item id.
func (r *Reader) Row(item uint64) (Row, error) {
	for row, err := range r.rowsOf([]uint64{item}) {
		return row, err
	}
	return Row{}, r.none("item", item)
}

// Rows are all rows whose item id is above after, in the order of the ids. An error is
// the last thing it yields.
func (r *Reader) Rows(after uint64) iter.Seq2[Row, error] {
	return r.rows(0, len(r.contents.groups), after)
}

// RowsOfGroup are the rows of a group; see Rows.
func (r *Reader) RowsOfGroup(number int, after uint64) iter.Seq2[Row, error] {
	if number < 0 || number >= len(r.contents.groups) {
		return failed(r.none("group", number))
	}
	return r.rows(number, number+1, after)
}

func failed(err error) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) { yield(Row{}, err) }
}

// RowsOfPerson are the rows of all accounts of a person; see Rows.
func (r *Reader) RowsOfPerson(who access.PersonID, after uint64) iter.Seq2[Row, error] {
	accounts, err := r.AccountsOf(who)
	if err != nil {
		return failed(err)
	}
	return r.rowsOfAccounts(accounts, after)
}

// Items are the ids of the rows that somebody is to decide on, ascending; of "", of those
// that nobody is to at the first stage, though they are not excluded.
func (r *Reader) Items(reviewer access.PersonID) ([]uint64, error) {
	return r.contents.find(r.tx, reviewerKey(r.second, string(reviewer)))
}

// RowsFor are the rows that somebody is to decide on, or, of "", that nobody is to; see
// Rows.
func (r *Reader) RowsFor(reviewer access.PersonID, after uint64) iter.Seq2[Row, error] {
	items, err := r.Items(reviewer)
	if err != nil {
		return failed(err)
	}
	from, found := slices.BinarySearch(items, after)
	if found {
		from++
	}
	return r.rowsOf(items[from:])
}

// Reviewers are all who are to decide on rows, in the order of their ids, and of how
// many; "" stands for the rows that nobody is to decide on. An error is the last thing it
// yields.
func (r *Reader) Reviewers() iter.Seq2[Reviewer, error] {
	return func(yield func(Reviewer, error) bool) {
		var is Reviewer
		for e, err := range r.contents.entries(r.tx, reviewerKey(r.second, "")) {
			if err != nil {
				yield(Reviewer{}, err)
				return
			}
			id, same := strings.CutPrefix(e.key, reviewerKey(r.second, ""))
			if !same {
				break
			}
			who := access.PersonID(id)
			if who != is.ID && is.Rows > 0 {
				if !yield(is, nil) {
					return
				}
				is.Rows = 0
			}
			is.ID = who
			is.Rows += e.count
		}
		if is.Rows > 0 {
			yield(is, nil)
		}
	}
}

// Reviewer is somebody who is to decide on rows.
type Reviewer struct {
	ID   access.PersonID
	Rows int
}

// Verify reads everything and compares it with the header.
func (r *Reader) Verify() error {
	for _, err := range r.People() {
		if err != nil {
			return err
		}
	}
	for at := range r.contents.index {
		if _, err := r.contents.indexPage(r.tx, at); err != nil {
			return err
		}
	}
	last := uint64(0)
	for row, err := range r.Rows(0) {
		if err != nil {
			return err
		}
		last = row.Item
	}
	if last != r.contents.Rows {
		return damaged(kindSnapshot, r.contents.Campaign, errors.New("it has other rows than its header says"))
	}
	return nil
}
