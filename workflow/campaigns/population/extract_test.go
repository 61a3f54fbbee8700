package population_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/idp/idptest"

	"latchkey/workflow/campaigns/population"
)

// leaping is a clock that is ahead by as long as anybody waited. It calls onWait for each wait.
type leaping struct {
	mu     sync.Mutex
	ahead  time.Duration
	waits  []time.Duration
	onWait func(n int)
}

func (c *leaping) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *leaping) Until(at time.Time) (<-chan struct{}, func()) {
	c.mu.Lock()
	wait := max(0, at.Sub(time.Now().Add(c.ahead)))
	c.ahead += wait + time.Millisecond
	c.waits = append(c.waits, wait)
	n, do := len(c.waits), c.onWait
	c.mu.Unlock()
	if do != nil {
		do(n)
	}
	ready := make(chan struct{})
	close(ready)
	return ready, func() {}
}

func (c *leaping) waited() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waits)
}

// taken are the members that came of the latest reading.
type taken struct {
	ids     []string
	members []idp.Membership
	begun   int
	of      map[string]access.PersonID
	refuse  error
}

func (t *taken) Begin() error {
	t.ids, t.members, t.begun = nil, nil, t.begun+1
	return nil
}

func (t *taken) Add(some []idp.Membership) (again int, err error) {
	for _, m := range some {
		if slices.Contains(t.ids, m.PersonID) {
			again++
			continue
		}
		t.ids, t.members = append(t.ids, m.PersonID), append(t.members, m)
	}
	return again, t.refuse
}

func (t *taken) Accounts() iter.Seq[string] {
	return slices.Values(slices.Sorted(slices.Values(t.ids)))
}

// Doubled goes by who is behind an account, and by the address where nobody knows.
func (t *taken) Doubled() (n int, err error) {
	seen := map[string]bool{}
	for _, m := range t.members {
		key := "person " + string(t.of[m.PersonID])
		if t.of[m.PersonID] == "" {
			key = "address " + m.Email
		}
		if seen[key] && key != "address " {
			n++
		}
		seen[key] = true
	}
	return n, nil
}

// memory is a directory in memory with one group of n people.
func memory(n int) (v *idptest.Vendor, c *leaping, g idp.Group, people []string) {
	c = &leaping{}
	v = idptest.NewVendor("memory", c)
	g = idp.Group{ID: v.AddGroup("figma", idptest.Plain), Name: "figma"}
	for i := range n {
		id := v.AddPerson(idptest.Person{Email: fmt.Sprintf("p%d@x.com", i)})
		v.SetMember(g.ID, id, true)
		people = append(people, id)
	}
	return v, c, g, people
}

func TestAGroupIsReadWithItsProof(t *testing.T) {
	v, c, g, people := memory(450)
	var got taken
	p, err := population.Extractor{Clock: c, Tool: "1.2.3"}.Extract(t.Context(), v.Directory(), g, &got)
	if err != nil || !p.Proven() || p.Proof() != access.ProvedByCount || !slices.Equal(got.ids, people) {
		t.Fatalf("%v: %s, %d members", err, p.Says(), len(got.ids))
	}
	r := p.Last()
	if p.Directory != "memory" || p.Group != g.ID || p.Name != "figma" || p.Tool != "1.2.3" || p.Service == "" || len(p.Readings) != 1 || got.begun != 1 || c.waited() != 0 {
		t.Errorf("%+v, begun %d times, waited %d times", p, got.begun, c.waited())
	}
	if r.Accounts != 450 || r.Rows() != 450 || r.Pages() != 3 || r.LookedUp != 3 || r.Strangers != 0 || r.Lists[0].Request.Path != "/groups/"+g.ID+"/members" || r.Lists[0].Request.Params[0] != (access.APIParam{Name: "limit", Value: "200"}) {
		t.Errorf("%+v", r)
	}
}

// TestTheHashOfAccountsIsThatOfTheirSet: an auditor makes it from the rows.
func TestTheHashOfAccountsIsThatOfTheirSet(t *testing.T) {
	v, c, g, people := memory(3)
	x := population.Extractor{Clock: c}
	read := func() string {
		p, err := x.Extract(t.Context(), v.Directory(), g, &taken{})
		if err != nil {
			t.Fatal(err)
		}
		return p.Last().AccountsHash
	}
	was := read()
	slices.Sort(people)
	if want := fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(people, "\n")+"\n"))); was != want {
		t.Errorf("%s, want %s", was, want)
	}
	v.SetMember(g.ID, people[1], false)
	if read() == was {
		t.Error("the same hash of other accounts")
	}
	v.SetMember(g.ID, people[1], true)
	if read() != was {
		t.Error("another hash of the same accounts")
	}
}

func TestWhatIsNotProvenIsReadAnew(t *testing.T) {
	for name, c := range map[string]struct {
		do       func(v *idptest.Vendor, g string)
		wait     func(v *idptest.Vendor, g string, n int)
		want     access.Proof
		readings int
	}{
		"it is right at once":                {func(*idptest.Vendor, string) {}, nil, access.ProvedByCount, 1},
		"a count that never fits":            {func(v *idptest.Vendor, g string) { v.Miscount(g, 1) }, nil, access.CountDiffers, 4},
		"a count that trails once":           {func(v *idptest.Vendor, g string) { v.Miscount(g, -1) }, func(v *idptest.Vendor, g string, _ int) { v.Miscount(g, 0) }, access.ProvedByCount, 2},
		"a count that trails for long":       {func(v *idptest.Vendor, g string) { v.Miscount(g, -1) }, func(v *idptest.Vendor, g string, n int) { v.Miscount(g, min(0, n-3)) }, access.ProvedByCount, 4},
		"no count":                           {func(v *idptest.Vendor, g string) { v.HideCount(g) }, nil, access.ProvedByRereading, 2},
		"no count, and somebody comes":       {func(v *idptest.Vendor, g string) { v.HideCount(g) }, joins(1), access.ProvedByRereading, 3},
		"no count, and somebody always does": {func(v *idptest.Vendor, g string) { v.HideCount(g) }, joins(9), access.Unsteady, 4},
		"somebody is named twice":            {func(v *idptest.Vendor, g string) { v.NameTwice(g) }, nil, access.RowsRepeated, 4},
	} {
		v, clock, g, _ := memory(5)
		c.do(v, g.ID)
		if c.wait != nil {
			clock.onWait = func(n int) { c.wait(v, g.ID, n) }
		}
		got := &taken{}
		p, err := population.Extractor{Clock: clock}.Extract(t.Context(), v.Directory(), g, got)
		if err != nil || p.Proof() != c.want || len(p.Readings) != c.readings || got.begun != c.readings || clock.waited() != c.readings-1 {
			t.Errorf("%s: %v, %s after %d readings, begun %d times, waited %d times: %s", name, err, p.Proof(), len(p.Readings), got.begun, clock.waited(), p.Says())
		}
		if len(got.ids) != p.Last().Accounts {
			t.Errorf("%s: %d members were handed on of the last reading, which has %d", name, len(got.ids), p.Last().Accounts)
		}
	}
}

// joins has somebody join before each of the first readings anew.
func joins(times int) func(v *idptest.Vendor, g string, n int) {
	return func(v *idptest.Vendor, g string, n int) {
		if n <= times {
			v.SetMember(g, v.AddPerson(idptest.Person{Email: fmt.Sprintf("late%d@x.com", n)}), true)
		}
	}
}

// TestAnEmptyAnswerProvesNothing, however often it comes; where the vendor counts nobody it does.
func TestAnEmptyAnswerProvesNothing(t *testing.T) {
	v, c, g, _ := memory(0)
	if p, err := (population.Extractor{Clock: c}).Extract(t.Context(), v.Directory(), g, &taken{}); err != nil || p.Proof() != access.ProvedByCount {
		t.Errorf("%v: %s", err, p.Says())
	}
	v.HideCount(g.ID)
	if p, err := (population.Extractor{Clock: c}).Extract(t.Context(), v.Directory(), g, &taken{}); err != nil || p.Proof() != access.CountUnknown || len(p.Readings) != 2 {
		t.Errorf("%v: %s, %d readings", err, p.Says(), len(p.Readings))
	}
}

// TestSomebodyByTwoAccounts has a row for each, and it is said.
func TestSomebodyByTwoAccounts(t *testing.T) {
	v, c, g, people := memory(4)
	v.SetEmail(people[3], "P0@x.com") // a rehire's second account beside the first
	got := &taken{of: map[string]access.PersonID{people[1]: "P-0000000001", people[2]: "P-0000000001"}}
	p, err := population.Extractor{Clock: c}.Extract(t.Context(), v.Directory(), g, got)
	if err != nil || !p.Proven() || p.Last().Doubled != 2 || len(got.ids) != 4 || !strings.Contains(p.Says(), "2 further accounts, each with a row of its own") {
		t.Errorf("%v: %s, %d rows", err, p.Says(), len(got.ids))
	}
}

// stub is a directory whose lists are made up.
type stub struct {
	idp.Directory
	members func(context.Context) (idp.Listing, error)
	is      func() (bool, error)
}

func (s stub) Members(ctx context.Context, _ string) (idp.Listing, error) { return s.members(ctx) }

func (s stub) IsMember(context.Context, string, string) (bool, error) { return s.is() }

func TestWhatCantBeReadIsNoShorterList(t *testing.T) {
	down := errors.New("page 2 is down")
	v, c, g, _ := memory(3)
	good := func(ctx context.Context) (idp.Listing, error) { return v.Directory().Members(ctx, g.ID) }
	changed := func(change func(*idp.Listing)) func(context.Context) (idp.Listing, error) {
		return func(ctx context.Context) (idp.Listing, error) {
			l, err := good(ctx)
			change(&l)
			return l, err
		}
	}
	yes := func() (bool, error) { return true, nil }
	for name, s := range map[string]stub{
		"no list": {members: func(context.Context) (idp.Listing, error) { return idp.Listing{}, down }, is: yes},
		"a list that breaks off": {members: changed(func(l *idp.Listing) {
			l.All = func(yield func(idp.Membership, error) bool) {
				_ = yield(idp.Membership{PersonID: "a"}, nil) && yield(idp.Membership{}, down)
			}
		}), is: yes},
		"a count that can't be asked": {members: changed(func(l *idp.Listing) {
			l.Read = func(context.Context) (idp.Extraction, error) { return idp.Extraction{}, down }
		}), is: yes},
		"a member without an id": {members: changed(func(l *idp.Listing) {
			l.All = func(yield func(idp.Membership, error) bool) { yield(idp.Membership{Email: "a@x.com"}, nil) }
		}), is: yes},
		"a member who can't be looked up": {members: good, is: func() (bool, error) { return false, down }},
	} {
		s.Directory = v.Directory()
		p, err := population.Extractor{Clock: c}.Extract(t.Context(), s, g, &taken{})
		if err == nil || p.Proven() || p.Failure == "" || p.Proof() != access.Unread || name != "a member without an id" && !errors.Is(err, down) {
			t.Errorf("%s: %v, %s", name, err, p.Says())
		}
	}
	if _, err := (population.Extractor{Clock: c}).Extract(t.Context(), v.Directory(), g, &taken{refuse: down}); !errors.Is(err, down) {
		t.Errorf("who takes the members fails: %v", err)
	}
}

// TestWhoIsLookedUp: a list of other people has as many rows as the right one, and is found out all the same.
func TestWhoIsLookedUp(t *testing.T) {
	v, c, g, _ := memory(3)
	for name, w := range map[string]struct {
		is    bool
		err   error
		want  access.Proof
		times int
	}{
		"a member":              {true, nil, access.ProvedByCount, 1},
		"a stranger":            {false, nil, access.NotMembers, 1},
		"one who is gone":       {false, idp.ErrNoAccount, access.ProvedByCount, 0},
		"one who can't be read": {false, idp.ErrDenied, access.ProvedByCount, 0},
		"one who never can be":  {false, idp.ErrRefused, access.ProvedByCount, 0},
	} {
		s := stub{v.Directory(), func(ctx context.Context) (idp.Listing, error) { return v.Directory().Members(ctx, g.ID) }, func() (bool, error) { return w.is, w.err }}
		p, err := population.Extractor{Clock: c}.Extract(t.Context(), s, g, &taken{})
		if err != nil || p.Proof() != w.want || p.Last().LookedUp != w.times {
			t.Errorf("%s: %v, %s, %d looked up", name, err, p.Says(), p.Last().LookedUp)
		}
	}
}

// TestAListingThatSaysNothingOfItself is read once and proves nothing.
func TestAListingThatSaysNothingOfItself(t *testing.T) {
	v, c, g, _ := memory(3)
	s := stub{Directory: v.Directory(), members: func(ctx context.Context) (idp.Listing, error) {
		l, err := v.Directory().Members(ctx, g.ID)
		l.Read = nil
		return l, err
	}}
	p, err := population.Extractor{Clock: c}.Extract(t.Context(), s, g, &taken{})
	if err != nil || p.Proof() != access.Unread || len(p.Readings) != 1 || p.Usable() {
		t.Errorf("%v: %s, %d readings", err, p.Says(), len(p.Readings))
	}
}

// TestWaitingEndsWithTheContext, and what was read by then isn't proven.
func TestWaitingEndsWithTheContext(t *testing.T) {
	v, _, g, _ := memory(3)
	v.Miscount(g.ID, 1)
	ctx, cancel := context.WithCancel(t.Context())
	p, err := population.Extractor{Clock: still{cancel}}.Extract(ctx, v.Directory(), g, &taken{})
	if !errors.Is(err, context.Canceled) || p.Proven() {
		t.Errorf("%v: %s", err, p.Says())
	}
}

// still is a clock that never gets there; whoever waits for it is cancelled.
type still struct{ cancel func() }

func (still) Now() time.Time { return time.Now() }

func (s still) Until(time.Time) (<-chan struct{}, func()) {
	s.cancel()
	return nil, func() {}
}
