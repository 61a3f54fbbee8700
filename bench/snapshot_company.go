package main

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store/snapshot"
)

// company is made up: who is in which group, and what is known of it. The same seed makes
// the same company.
type company struct {
	people, groups int
	random         *rand.Rand
	order          []int    // of the accounts, as a directory lists them: by ids that mean nothing
	ids            []string // of the accounts, by their numbers
	page           []snapshot.Row
}

const (
	peopleInDepartment = 500
	peopleOfManager    = 10
	membersOnPage      = 1000
)

func newCompany(people, groups int) *company {
	c := &company{people: people, groups: groups, random: rand.New(rand.NewPCG(1, 2))}
	c.order = c.random.Perm(people)
	for n := range people {
		c.ids = append(c.ids, accountOf(n))
	}
	return c
}

func (c *company) began() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }

// ago is a moment of the last so many days, to the millisecond.
func (c *company) ago(days int) time.Time {
	return c.began().Add(-time.Duration(c.random.Int64N(int64(days)*86_400_000)) * time.Millisecond)
}

// code is an id as Latchkey makes them: eight letters and digits.
func (c *company) code() string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	var out [8]byte
	for i := range out {
		out[i] = letters[c.random.IntN(len(letters))]
	}
	return string(out[:])
}

func (c *company) managerOf(n int) int { return n - n%peopleOfManager }

// accounts are a page of them, from one on.
func (c *company) accounts(first int) (page []snapshot.Person) {
	for n := first; n < min(first+membersOnPage, c.people); n++ {
		page = append(page, c.person(n))
	}
	return page
}

// person has neighbours of the same manager.
func (c *company) person(n int) snapshot.Person {
	manager := c.managerOf(n)
	return snapshot.Person{
		Directory: "okta", Account: fmt.Sprintf("00u%017d", (n*7919)%1_000_003), ID: personID(n), Name: fmt.Sprintf("%s %s", first[n%len(first)], last[n/7%len(last)]),
		Address: access.Email(fmt.Sprintf("%s.%s%d@acme.example", first[n%len(first)], last[n/7%len(last)], n)), Title: titles[n%len(titles)],
		Department: fmt.Sprint("Department ", n/peopleInDepartment), Type: "Employee", Location: locations[n%len(locations)],
		Manager: snapshot.Manager{Person: personID(manager), Account: fmt.Sprintf("00u%017d", (manager*7919)%1_000_003)}, Status: access.Active,
		Created: c.ago(3000), SignIn: snapshot.Use{At: c.ago(40), Reach: c.began().AddDate(0, 0, -90), Source: "the account, as Okta shows it"},
	}
}

func personID(n int) access.PersonID {
	return access.PersonID(fmt.Sprintf("P-%010X", uint64(n)*0x9E3779B97F4A7C15>>24))
}

func (c *company) group(n int) snapshot.Group {
	return snapshot.Group{
		Ref: catalog.GroupRef{Directory: "okta", Group: fmt.Sprintf("app-%d-editors", n)}, ID: fmt.Sprintf("00g%017d", n), Name: fmt.Sprintf("app-%d-editors", n),
		App: fmt.Sprint("app-", n/3), Roles: []string{"editor"}, Risk: catalog.Medium, Privileged: n%20 == 0, Opens: "Edit what everybody in the department sees, and share it with others.",
	}
}

// rows are the members of a group, in the directory's order and in pages as large as Okta's.
// A page is good until the next.
func (c *company) rows(n int) iter.Seq[[]snapshot.Row] {
	return func(yield func([]snapshot.Row) bool) {
		c.random = rand.New(rand.NewPCG(3, uint64(n))) // the same whatever was made up before
		within, page := c.departments(n), c.page[:0]
		reported, campaign := n%5 < 2, fmt.Sprintf("RV-2026-Q%d", 1+n%3)
		for _, account := range c.order {
			if !within[account/peopleInDepartment] || c.random.Uint32()&1 == 0 {
				continue
			}
			if page = append(page, c.row(n, account, reported, campaign)); len(page) == membersOnPage {
				if !yield(page) {
					return
				}
				page = page[:0]
			}
		}
		if c.page = page; len(page) > 0 {
			yield(page)
		}
	}
}

// departments are those whose people are in a group: all, of a few groups, and a few of most.
func (c *company) departments(n int) []bool {
	all := make([]bool, c.people/peopleInDepartment+1)
	for i := range all {
		all[i] = n%50 == 0 || c.random.Float64() < 0.156
	}
	return all
}

func (c *company) row(group, account int, reported bool, campaign string) snapshot.Row {
	r := snapshot.Row{
		Account: account, Peers: catalog.Share{Some: 230 + (group*31+account/peopleInDepartment*17)%40, All: peopleInDepartment}, Earlier: snapshot.Earlier{Decision: "keep", Campaign: campaign},
		Recommendation: "keep", Reason: "used lately", Reviewers: []int{c.managerOf(account)},
	}
	code := c.code()
	switch dice := c.random.IntN(100); {
	case dice < 40:
		r.Source, r.Grant, r.Since = access.SourceBirthright, "G-"+code, c.ago(1000)
	case dice < 65:
		r.Source, r.Grant, r.Request, r.Since = access.SourceRequested, "G-"+code, "AR-"+code, c.ago(1000)
	case dice < 85:
		r.Source, r.Grant, r.Since, r.Earlier = access.SourceAdopted, "G-"+code, c.ago(400), snapshot.Earlier{}
	default:
		r.Recommendation, r.Reason, r.Earlier = "review", "nothing explains it", snapshot.Earlier{}
	}
	if reported {
		r.Use = snapshot.Use{Reach: c.began().AddDate(0, 0, -90), Source: "sign-ins in Okta's System Log"}
		if c.random.IntN(10) < 7 {
			r.Use.At = c.ago(90)
		} else {
			r.Recommendation, r.Reason = "revoke", "not used within reach"
		}
	} else if r.Recommendation == "keep" {
		r.Recommendation, r.Reason = "insufficient data", "no use is reported"
	}
	if group%20 == 0 {
		r.Reviewers = append(r.Reviewers, group*peopleOfManager)
	}
	if c.random.IntN(200) == 0 {
		r.Conflicts = []string{"pays and approves"}
	}
	return r
}

var (
	first     = []string{"Maya", "Cleo", "Omar", "Noor", "Ann", "Ben", "Ines", "Jonas", "Karla", "Luis", "Mina", "Nils", "Olga", "Paul", "Rosa", "Sven", "Tara"}
	last      = []string{"Adler", "Brandt", "Castro", "Duarte", "Eklund", "Fischer", "Garcia", "Hansen", "Ivanova", "Jensen", "Kowalski", "Lindner", "Moreau"}
	titles    = []string{"Engineer", "Senior engineer", "Designer", "Account manager", "Analyst", "Controller", "Recruiter"}
	locations = []string{"Berlin", "Lisbon", "Toronto", "Pune"}
)
