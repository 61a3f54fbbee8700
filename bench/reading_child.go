package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/workflow/campaigns/population"
	"latchkey/workflow/campaigns/reading"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// readingDirectory has the people of a made-up company in its groups, and makes each page up when it is asked for.
type readingDirectory struct {
	idp.Directory // nothing else is asked
	*company
	pages *arriving
}

// arriving pages come one after the other, as slowly as they are told to.
type arriving struct {
	every time.Duration
	last  time.Time // when the last one came
}

func (p *arriving) come() {
	now := time.Now()
	if next := p.last.Add(p.every); p.every > 0 && next.After(now) {
		time.Sleep(next.Sub(now))
		now = next
	}
	p.last = now
}

func (readingDirectory) ID() string { return "okta" }

func (readingDirectory) FindGroup(_ context.Context, name string) (idp.Group, error) {
	return idp.Group{ID: "id-" + name, Name: name, Governable: true}, nil
}

func (readingDirectory) Group(_ context.Context, id string) (idp.Group, error) {
	return idp.Group{ID: id, Name: strings.TrimPrefix(id, "id-"), Governable: true}, nil
}

func groupID(n int) string { return fmt.Sprint("id-group-", n) }

func accountOf(n int) string { return fmt.Sprintf("00u%017d", (n*7919)%1_000_003) }

// PeopleAndManagers implements idp.ManagerLister.
func (d readingDirectory) People(context.Context) iter.Seq2[idp.Person, error] {
	return func(yield func(idp.Person, error) bool) {
		for i, n := range d.order {
			if i%membersOnPage == 0 {
				d.pages.come()
			}
			p := d.person(n)
			if !yield(idp.Person{ID: p.Account, Login: string(p.Address), Email: string(p.Address), Name: p.Name, Title: p.Title, Department: p.Department, Type: p.Type, Location: p.Location, ManagerID: p.Manager.Account, Status: idp.Active, Created: p.Created, LastLogin: p.SignIn.At}, nil) {
				return
			}
		}
	}
}

// Members implements idp.Directory: the members of a group, a thousand on a page.
func (d readingDirectory) Members(_ context.Context, id string) (idp.Listing, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(id, "id-group-"))
	if err != nil {
		return idp.Listing{}, err
	}
	from := *d.company
	from.random = rand.New(rand.NewPCG(3, uint64(n)))
	within, there := from.departments(n), 0
	reading := idp.NewReading("Okta", clock.System{})
	list := reading.List(idp.Got("/api/v1/groups/"+id+"/users", url.Values{"limit": {"1000"}}), func(context.Context) (idp.Count, idp.Request, error) {
		return idp.Counted(there), idp.Got("/api/v1/groups/"+id, nil), nil
	})
	return reading.Listing(idp.Count{}, func(yield func(idp.Membership, error) bool) {
		var raw []byte
		d.pages.come()
		list.Page()
		for _, account := range from.order {
			if !within[account/peopleInDepartment] || from.random.Uint32()&1 == 0 {
				continue
			}
			if there++; there%membersOnPage == 0 {
				d.pages.come()
				list.Page()
			}
			m := idp.Membership{PersonID: from.ids[account], Email: "p@acme.example", Status: idp.Active}
			raw = append(append(append(raw[:0], `{"id":"`...), m.PersonID...), `","status":"ACTIVE"}`...)
			if list.Row(raw, m.PersonID); !yield(m, nil) {
				return
			}
		}
	}), nil
}

// fetchAll is what fetching alone takes.
func (d readingDirectory) fetchAll(ctx context.Context) error {
	for _, err := range d.People(ctx) {
		if err != nil {
			return err
		}
	}
	for n := range d.groups {
		list, err := d.Members(ctx, groupID(n))
		if err != nil {
			return err
		}
		for _, err := range list.All {
			if err != nil {
				return err
			}
		}
		if _, err := list.Read(ctx); err != nil {
			return err
		}
	}
	return nil
}

// reviewedCatalogue has an app for each group.
func reviewedCatalogue(groups int) *catalog.Catalog {
	var apps []catalog.App
	for n := range groups {
		apps = append(apps, catalog.App{ID: fmt.Sprint("app-", n), Name: fmt.Sprint("App ", n), Status: catalog.Approved, Owners: []string{"noor@acme.example"}, Roles: []catalog.Role{
			{ID: "user", Name: "User", Groups: []catalog.GroupRef{{Directory: "okta", Group: fmt.Sprint("group-", n)}}},
		}})
	}
	return catalog.New(apps, nil)
}

// meetingChild has everybody of a company known.
func meetingChild(ctx context.Context, o childOptions) error {
	s, err := openStore(o.store, bolt.Options{})
	if err != nil {
		return err
	}
	if err := errors.Join(meetAll(ctx, s, o.people), s.Close()); err != nil {
		return err
	}
	fmt.Println("met")
	return nil
}

// readingChild reads a company for a review, whose people are known.
func readingChild(ctx context.Context, o childOptions) error {
	s, err := openStore(o.store, bolt.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	d := readingDirectory{company: newCompany(o.people, o.groups), pages: &arriving{}}
	reader, c, err := reviewReader(ctx, s, d)
	if err != nil {
		return err
	}
	return measureReading(ctx, d, reader, c)
}

// reviewReader is a reader of a company that is known, and the campaign that it reads.
func reviewReader(ctx context.Context, s store.Store, d readingDirectory) (*reading.Reader, access.Campaign, error) {
	known := reviewedCatalogue(d.groups)
	units := engine.NewUnits(engine.UnitsConfig{Store: s, Clock: clock.System{}, Owner: "bench", Catalog: func() *catalog.Catalog { return known }})
	dirs := people.Directories{d}
	who := people.New(people.Config{Units: units, Catalog: func() *catalog.Catalog { return known }, Directories: dirs})
	reader := reading.New(reading.Config{
		Units: units, Store: s, Catalog: func() *catalog.Catalog { return known }, Directories: dirs, Groups: who.Groups(), People: who, Reviewers: managers{d.numbers()},
		Populations: population.Extractor{Clock: clock.System{}, Tool: "bench"}, Version: "bench",
	})
	c := access.Campaign{ID: "RV-BENCH", State: access.CampaignReading, Review: catalog.Review{ID: "quarterly", Stages: []catalog.ReviewStage{{Reviewers: []catalog.Approver{{Kind: catalog.Manager}}, Strategy: catalog.AllMustKeep, Lasts: catalog.Week}}}}
	err := s.Update(ctx, func(tx store.Tx) error { return store.PutCampaign(tx, &c) })
	return reader, c, err
}

// readWhole reads, and makes sure that it was all.
func readWhole(ctx context.Context, reader *reading.Reader, c access.Campaign, name string) (reading.Found, error) {
	found, err := reader.Read(ctx, reading.Asked{Campaign: c, Snapshot: name, Patient: true})
	if err == nil && (len(found.Unproven) > 0 || found.Counts.Alone*peopleOfManager > 2*found.Counts.Rows) {
		err = fmt.Errorf("it was read otherwise than it is: %+v %q", found.Counts, found.Unproven)
	}
	return found, err
}

// readOn reads a company for one review after the other, until the result is called.
func readOn(ctx context.Context, s store.Store, d readingDirectory) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	over := make(chan struct{})
	go func() {
		defer close(over)
		reader, c, err := reviewReader(ctx, s, d)
		for n := 1; err == nil; n++ {
			began := time.Now()
			_, err = reader.Read(ctx, reading.Asked{Campaign: c, Snapshot: fmt.Sprint("RV-BENCH.", n), Patient: true})
			fmt.Fprintf(os.Stderr, "reading %d: %v, %v\n", n, time.Since(began), err)
		}
	}()
	return func() { cancel(); <-over }
}

func measureReading(ctx context.Context, d readingDirectory, reader *reading.Reader, c access.Campaign) error {
	var fetch, all costs
	fetch.start()
	if err := d.fetchAll(ctx); err != nil {
		return err
	}
	fetch.stop()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // the peak counts from here
		return err
	}
	peak := watchAnonymous(ctx)
	all.start()
	found, err := readWhole(ctx, reader, c, "RV-BENCH.1")
	if err != nil {
		return err
	}
	all.stop()
	anonymous, resident := peak(), field("/proc/self/status", "VmHWM", "0 kB")
	behind, err := readBehind(ctx, d, reader, c)
	if err != nil {
		return err
	}
	fmt.Printf("read %d %.3f %.3f %.3f %.3f %d %s\n", found.Counts.Rows, all.took.Seconds(), all.cpu.Seconds(), fetch.cpu.Seconds(), behind.Seconds(), anonymous, resident)
	return nil
}

// oktaPage is what Okta's limit of 600 calls a minute leaves for each page, sixty times as fast.
const oktaPage = 100 * time.Millisecond / 60

// readBehind reads once more, now that pages come as a vendor gives them, and tells how long after the last one the snapshot is
// finished and counted.
func readBehind(ctx context.Context, d readingDirectory, reader *reading.Reader, c access.Campaign) (time.Duration, error) {
	d.pages.every = oktaPage
	_, err := readWhole(ctx, reader, c, "RV-BENCH.2")
	return time.Since(d.pages.last), err
}

// watchAnonymous looks twenty times a second how much anonymous memory there is, in kilobytes; the result ends that and tells
// the most.
func watchAnonymous(ctx context.Context) (peak func() int) {
	ctx, cancel := context.WithCancel(ctx)
	said := make(chan int)
	go func() {
		most, now := 0, 0
		for tick := time.NewTicker(50 * time.Millisecond); ; {
			_, _ = fmt.Sscan(field("/proc/self/status", "RssAnon", "0 kB"), &now)
			most = max(most, now)
			select {
			case <-tick.C:
			case <-ctx.Done():
				tick.Stop()
				said <- most
				return
			}
		}
	}()
	return func() int { cancel(); return <-said }
}

// meetAll has everybody known, as they are after the first review.
func meetAll(ctx context.Context, s store.Store, count int) error {
	since := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	put := func(tx store.Tx, n int) error {
		p := access.Person{ID: personID(n), Kind: access.Employee, Standing: access.Active}
		p, _ = p.Bind(access.Binding{System: "okta", ID: accountOf(n), Level: access.AssuranceChecked, How: "seen in a group", Since: since}, "")
		return store.PutPerson(tx, &store.Known{Person: p})
	}
	for first := 0; first < count; first += membersOnPage {
		err := s.Update(ctx, func(tx store.Tx) error {
			for n := first; n < min(first+membersOnPage, count); n++ {
				if err := put(tx, n); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// managers are found by their accounts, and all of them may act.
type managers struct{ numbers map[string]int }

func (c *company) numbers() map[string]int {
	out := map[string]int{}
	for n := 0; n < c.people; n += peopleOfManager {
		out[accountOf(n)] = n
	}
	return out
}

// Named implements reading.Reviewers: there is nobody by another source.
func (managers) Manager(context.Context, access.PersonID) (access.PersonID, error) { return "", nil }

func (managers) Named(context.Context, catalog.Approver, catalog.RoleRef) ([]access.PersonID, []string, error) {
	return nil, nil, nil
}

// Above implements reading.Reviewers.
func (m managers) Above(_ context.Context, _ string, account idp.Person) (access.PersonID, error) {
	return personID(m.numbers[account.ManagerID]), nil
}

// Able implements reading.Reviewers.
func (managers) Able(_ context.Context, who ...access.PersonID) ([]access.PersonID, error) {
	return who, nil
}
