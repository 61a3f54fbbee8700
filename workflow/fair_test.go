package workflow

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/idp"
	"latchkey/limit"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/workflow/anchor"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
)

// window is how a vendor limits calls: so many in each fixed minute.
const window = time.Minute

// vendor is a directory whose changes pass a rate limiter on their way to a service that
// takes a limited number in each minute. It lives in a bubble's virtual time.
type vendor struct {
	limit int
	way   http.RoundTripper

	mu      sync.Mutex
	opened  time.Time // the present window's begin
	used    int
	refused int
	members map[string]bool
	changes []change
}

type change struct {
	what string // "add …" or "remove …", with the person's id
	at   time.Time
}

func newVendor(most int) *vendor {
	v := &vendor{limit: most, members: map[string]bool{}}
	v.way = limit.New(limit.Config{
		Policy: limit.Told{Window: func(h http.Header) (int, int64, bool) {
			left, err := strconv.Atoi(h.Get("Left"))
			reset, err2 := strconv.ParseInt(h.Get("Reset"), 10, 64)
			return left, reset, err == nil && err2 == nil
		}},
		Next: v, Clock: clock.System{}, InFlight: 10, Priority: idp.PriorityOf, Repeat: true,
	})
	return v
}

func (v *vendor) RoundTrip(req *http.Request) (*http.Response, error) {
	<-time.After(200 * time.Millisecond) // virtual time
	v.mu.Lock()
	defer v.mu.Unlock()
	now := time.Now()
	if now.Sub(v.opened) >= window {
		v.opened, v.used = now.Truncate(window), 0
	}
	resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")), Request: req}
	if v.used++; v.used > v.limit {
		v.refused++
		resp.StatusCode = http.StatusTooManyRequests
	} else {
		v.change(req.URL.Path[1:], now)
	}
	resp.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	resp.Header.Set("Left", strconv.Itoa(max(0, v.limit-v.used)))
	resp.Header.Set("Reset", strconv.FormatInt(v.opened.Add(window).Unix(), 10))
	return resp, nil
}

func (v *vendor) change(what string, at time.Time) {
	verb, person, _ := strings.Cut(what, "/")
	v.members[person] = verb == "add"
	v.changes = append(v.changes, change{verb + " " + person, at})
}

func (v *vendor) call(ctx context.Context, path string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, "http://directory.example/"+path, nil)
	if err != nil {
		return err
	}
	resp, err := v.way.RoundTrip(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func (v *vendor) ID() string { return "okta" }

func (v *vendor) FindPerson(ctx context.Context, email string) (idp.Person, error) {
	return v.Person(ctx, email)
}

func (v *vendor) Person(_ context.Context, email string) (idp.Person, error) {
	return idp.Person{ID: email, Email: email, Status: idp.Active}, nil
}

func (v *vendor) FindGroup(ctx context.Context, name string) (idp.Group, error) {
	return v.Group(ctx, name)
}

func (v *vendor) Group(_ context.Context, name string) (idp.Group, error) {
	return idp.Group{ID: name, Name: name, Governable: true}, nil
}

func (v *vendor) Members(context.Context, string) (idp.Listing, error) { return idp.Listing{}, nil }

func (v *vendor) IsMember(_ context.Context, _, person string) (bool, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.members[person], nil
}

func (v *vendor) Add(ctx context.Context, _, person string) error {
	return v.call(idp.WithPriority(ctx, idp.Addition), "add/"+person)
}

func (v *vendor) Remove(ctx context.Context, _, person string) error {
	return v.call(idp.WithPriority(ctx, idp.Removal), "remove/"+person)
}

// when is the moment of a change.
func (v *vendor) when(t *testing.T, what string) time.Time {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, c := range v.changes {
		if c.what == what {
			return c.at
		}
	}
	t.Fatalf("%q never happened", what)
	return time.Time{}
}

func (v *vendor) count() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.changes)
}

// house is a workflow of which only the directory's queue and the timer run: what
// its tasks leave for Jira and Slack stays where it is.
func house(t *testing.T, v *vendor) *engine.Units {
	t.Helper()
	s := bolttest.Open(t)
	effects, err := effects(0)
	if err != nil {
		t.Fatal(err)
	}
	c := Config{Catalog: func() *catalog.Catalog { return catalog.New(nil, nil) }, Directories: []idp.Directory{v}, Logger: slog.New(slog.DiscardHandler)}
	units := engine.NewUnits(engine.UnitsConfig{Store: s, Clock: clock.System{}, Owner: "test", Catalog: c.Catalog, Effects: effects, ShareOf: requester})
	r, err := furnish(units, new(anchor.Service), people.NewChasing(c.Tables, c.Hours, c.Admins), c, Ports{})
	if err != nil {
		t.Fatal(err)
	}
	tables, err := r.tables()
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(units, engine.Config{Queues: map[string]int{"okta": 10}}, tables)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	t.Cleanup(func() {
		stop()
		running.Wait()
	})
	running.Go(func() { e.Run(ctx) })
	return units
}

func editors() catalog.GroupRef { return catalog.GroupRef{Directory: "okta", Group: "figma-editors"} }

// give stores an approved request of by for each person and queues its change.
func give(t *testing.T, s *engine.Units, by access.PersonID, people ...access.PersonID) {
	t.Helper()
	for len(people) > 0 {
		some := people[:min(len(people), 200)]
		people = people[len(some):]
		err := s.Update(t.Context(), func(u *engine.Unit) error {
			for _, who := range some {
				if err := giveOne(u, by, who); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// knows makes somebody known whose account has their own id.
func knows(u *engine.Unit, who access.PersonID) error {
	p, err := (access.Person{ID: who}).Bind(access.Binding{System: "okta", ID: string(who), Level: access.AssuranceFirst}, "")
	if err != nil {
		return err
	}
	return store.PutPerson(u.Tx, &store.Known{Person: p})
}

func giveOne(u *engine.Unit, by, who access.PersonID) error {
	if err := knows(u, who); err != nil {
		return err
	}
	r := access.Request{ID: "R-" + string(who), Requester: by, Beneficiary: who, App: "figma", Role: "editor",
		State: access.RequestApproved, Issue: access.Issue{ID: "1", Key: "IT-1"}, Created: u.At, Decided: u.At}
	if err := engine.Save(u, engine.Requests(), &r); err != nil {
		return err
	}
	g := access.Grant{ID: r.GrantID(), Request: r.ID, Person: who, App: r.App, Role: r.Role, Source: access.SourceRequested,
		State: access.GrantProvisioning, Wanted: catalog.Forever, Created: u.At,
		Entitlements: []access.Entitlement{{Group: editors(), State: access.EntitlementWanted}}}
	group := editors()
	return engine.Begin(u, engine.Grants(), &g, g.Event(access.EventRecorded, access.System(), u.At), access.Effect{Kind: access.EffectAddMember, Group: &group})
}

// hold stores access that ends at a time.
func hold(t *testing.T, s *engine.Units, v *vendor, who access.PersonID, ends time.Time) {
	t.Helper()
	err := s.Update(t.Context(), func(u *engine.Unit) error {
		if err := knows(u, who); err != nil {
			return err
		}
		r := access.Request{ID: "R-" + string(who), Requester: who, Beneficiary: who, App: "figma", Role: "editor",
			State: access.RequestApproved, Issue: access.Issue{ID: "2", Key: "IT-2"}, Created: u.At, Decided: u.At}
		if err := engine.Save(u, engine.Requests(), &r); err != nil {
			return err
		}
		g := access.Grant{ID: r.GrantID(), Request: r.ID, Person: who, App: r.App, Role: r.Role, Source: access.SourceRequested,
			State: access.GrantActive, Created: u.At, Started: u.At, Ends: ends,
			Entitlements: []access.Entitlement{{Group: editors(), State: access.EntitlementHeld}}}
		return engine.Save(u, engine.Grants(), &g)
	})
	if err != nil {
		t.Fatal(err)
	}
	v.mu.Lock()
	v.members[string(who)] = true
	v.mu.Unlock()
}

// TestABulkStarvesNobody queues 800 additions of one person against a vendor
// that takes 200 a minute. One request of somebody else, and one end of access,
// come up in the middle.
func TestABulkStarvesNobody(t *testing.T) {
	const bulk, limit = 800, 200
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(limit)
		s := house(t, v)
		began := time.Now()
		ends := began.Add(2*window + 25*time.Second)
		hold(t, s, v, peopletest.ID("leaver"), ends)
		var crowd []access.PersonID
		for i := range bulk {
			crowd = append(crowd, peopletest.ID(fmt.Sprintf("p%04d", i)))
		}
		give(t, s, peopletest.ID("boss"), crowd...)
		<-time.After(window + 30*time.Second)
		asked := time.Now()
		give(t, s, peopletest.ID("maya"), peopletest.ID("maya"))
		for v.count() < bulk+2 && time.Since(began) < time.Hour {
			<-time.After(time.Second)
		}
		synctest.Wait()

		if waited := v.when(t, "add "+string(peopletest.ID("maya"))).Sub(asked); waited > window+time.Second {
			t.Errorf("the one request waited %v behind the bulk", waited)
		}
		if late := v.when(t, "remove "+string(peopletest.ID("leaver"))).Sub(ends); late > time.Second {
			t.Errorf("access ended %v late because of the bulk", late)
		}
		took, bound := v.changes[len(v.changes)-1].at.Sub(began), time.Duration((bulk+2)/limit)*window
		if rest := took - bound; rest < 0 || float64(took) > 1.03*float64(bound+400*20*time.Millisecond) {
			t.Errorf("%d changes took %v; the vendor's limit allows %v and the last window's rest", bulk+2, took, bound)
		}
		if v.refused > 0 || len(v.changes) != bulk+2 {
			t.Errorf("%d calls were refused, %d changes made", v.refused, len(v.changes))
		}
		t.Logf("the one request waited %v, the end of access %v, the bulk took %v", v.when(t, "add "+string(peopletest.ID("maya"))).Sub(asked), v.when(t, "remove "+string(peopletest.ID("leaver"))).Sub(ends), took)
	})
}
