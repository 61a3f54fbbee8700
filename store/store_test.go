package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/bolt"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func monday() time.Time { return time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC) }

// db is a store for one test.
type db struct {
	*testing.T
	store.Store
}

func open(t *testing.T) db {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "latchkey.db"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return db{t, s}
}

func (d db) update(fn func(tx store.Tx) error) {
	d.Helper()
	if err := d.Update(context.Background(), fn); err != nil {
		d.Fatal(err)
	}
}

// found is what a lookup gives, which has to succeed.
func found[T any](d db, fn func(tx store.Tx) (T, error)) T {
	d.Helper()
	var v T
	err := d.View(context.Background(), func(tx store.Tx) (err error) {
		v, err = fn(tx)
		return err
	})
	if err != nil {
		d.Fatal(err)
	}
	return v
}

// missing fails unless a lookup ends in ErrNotFound, with a message that names
// what was looked for.
func missing[T any](d db, name string, fn func(tx store.Tx) (T, error)) {
	d.Helper()
	err := d.View(context.Background(), func(tx store.Tx) error {
		_, err := fn(tx)
		return err
	})
	if !errors.Is(err, store.ErrNotFound) || !strings.Contains(err.Error(), name) {
		d.Fatalf("got %v, want ErrNotFound about %q", err, name)
	}
}

func (d db) equal(what string, want, got any) {
	d.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		d.Errorf("%s:\n%s", what, diff)
	}
}

// stale fails unless storing an older version is refused.
func (d db) stale(put func(tx store.Tx) error) {
	d.Helper()
	if err := d.Update(context.Background(), put); !errors.Is(err, store.ErrConflict) {
		d.Errorf("storing an older version: got %v, want ErrConflict", err)
	}
}

func request() access.Request {
	return access.Request{
		ID: "AR-1", Requester: "ann@acme.test", Beneficiary: "bob@acme.test", App: "crm", Role: "admin",
		Wanted: 48 * time.Hour, Allowed: 24 * time.Hour, Reason: "on call", Route: "manager", State: access.RequestPending,
		Stages: []access.Stage{{
			Asked: []access.PersonID{"cleo@acme.test"}, AskedAt: monday(),
			Answers: []access.Answer{{By: access.Actor{Person: "cleo@acme.test", Via: access.ViaSlack}, Yes: true, At: monday()}},
		}},
		Issue: access.Issue{ID: "10001", Key: "IT-1"}, Created: monday(),
	}
}

func TestRequest(t *testing.T) {
	d := open(t)
	r := request()
	d.update(func(tx store.Tx) error { return store.PutRequest(tx, &r) })
	if r.Version != 1 {
		t.Errorf("version is %d after the first put, want 1", r.Version)
	}
	load := func(tx store.Tx) (access.Request, error) { return store.Request(tx, "AR-1") }
	d.equal("as stored", r, found(d, load))
	d.equal("by issue", r, found(d, func(tx store.Tx) (access.Request, error) { return store.RequestOfIssue(tx, "10001") }))
	for _, who := range []access.PersonID{"ann@acme.test", "bob@acme.test"} {
		d.equal("of "+string(who), []access.Request{r}, found(d, requestsOf(who)))
	}
	d.equal("of an approver", []access.Request{}, found(d, requestsOf("cleo@acme.test")))
	missing(d, "AR-2", func(tx store.Tx) (access.Request, error) { return store.Request(tx, "AR-2") })
	missing(d, "", func(tx store.Tx) (access.Request, error) { return store.RequestOfIssue(tx, "10002") })
}

func requestsOf(who access.PersonID) func(tx store.Tx) ([]access.Request, error) {
	return func(tx store.Tx) ([]access.Request, error) { return store.RequestsOf(tx, who, "", 10) }
}

func TestRequestMoves(t *testing.T) {
	d := open(t)
	r := request()
	d.update(func(tx store.Tx) error { return store.PutRequest(tx, &r) })
	old := r
	r.State = access.RequestApproved
	d.update(func(tx store.Tx) error { return store.PutRequest(tx, &r) })
	in := func(s access.RequestState) []access.Request {
		return found(d, func(tx store.Tx) ([]access.Request, error) { return store.RequestsIn(tx, s, "", 10) })
	}
	d.equal("pending", []access.Request{}, in(access.RequestPending))
	d.equal("approved", []access.Request{r}, in(access.RequestApproved))
	d.stale(func(tx store.Tx) error { return store.PutRequest(tx, &old) })
	d.equal("after a refused put", []access.Request{r}, found(d, func(tx store.Tx) ([]access.Request, error) { return store.AllRequests(tx, "", 10) }))
	d.equal("after the last", []access.Request{}, found(d, func(tx store.Tx) ([]access.Request, error) { return store.AllRequests(tx, "AR-1", 10) }))
}

func grant(id string, ends time.Time) access.Grant {
	return access.Grant{
		ID: id, Request: "AR-1", Person: "bob@acme.test", App: "crm", Role: "admin", Source: access.SourceRequested,
		State: access.GrantActive, Wanted: time.Hour, Created: monday(), Started: monday(), Ends: ends,
		Entitlements: []access.Entitlement{{Group: catalog.GroupRef{Directory: "okta", Group: "crm-admins"}, State: access.EntitlementHeld}},
	}
}

func TestGrant(t *testing.T) {
	d := open(t)
	g := grant("G-1", monday().Add(time.Hour))
	d.update(func(tx store.Tx) error { return store.PutGrant(tx, &g) })
	d.equal("as stored", g, found(d, func(tx store.Tx) (access.Grant, error) { return store.Grant(tx, "G-1") }))
	missing(d, "G-2", func(tx store.Tx) (access.Grant, error) { return store.Grant(tx, "G-2") })
	for what, fn := range grantLists() {
		d.equal(what, []access.Grant{g}, found(d, fn))
	}
	old := g
	g.State, g.Finished = access.GrantEnded, monday().Add(time.Hour)
	d.update(func(tx store.Tx) error { return store.PutGrant(tx, &g) })
	for what, fn := range grantLists() {
		want := []access.Grant{}
		if what == "of the person" {
			want = append(want, g) // the story stays
		}
		d.equal(what+", ended", want, found(d, fn))
	}
	d.stale(func(tx store.Tx) error { return store.PutGrant(tx, &old) })
}

// grantLists are the lists an active grant is on.
func grantLists() map[string]func(tx store.Tx) ([]access.Grant, error) {
	return map[string]func(tx store.Tx) ([]access.Grant, error){
		"of the person":       func(tx store.Tx) ([]access.Grant, error) { return store.GrantsOf(tx, "bob@acme.test", "", 10) },
		"open, of the person": func(tx store.Tx) ([]access.Grant, error) { return store.OpenGrantsOf(tx, "bob@acme.test") },
		"open, on the app":    func(tx store.Tx) ([]access.Grant, error) { return store.OpenGrantsOn(tx, "crm", "", 10) },
		"active":              func(tx store.Tx) ([]access.Grant, error) { return store.GrantsIn(tx, access.GrantActive, "", 10) },
		"due":                 func(tx store.Tx) ([]access.Grant, error) { return dueGrants(tx, monday().Add(time.Hour)) },
	}
}

// dueGrants are what the timer finds at a moment.
func dueGrants(tx store.Tx, at time.Time) ([]access.Grant, error) {
	found, err := tx.Due("grant", at, 10)
	out := []access.Grant{}
	for _, r := range found {
		g, err := store.Grant(tx, r.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, err
}

func TestGrantsFallDue(t *testing.T) {
	d := open(t)
	late, soon, forever := grant("G-1", monday().Add(2*time.Hour)), grant("G-2", monday().Add(time.Hour)), grant("G-3", time.Time{})
	for _, g := range []*access.Grant{&late, &soon, &forever} {
		d.update(func(tx store.Tx) error { return store.PutGrant(tx, g) })
	}
	due := func(at time.Time) []access.Grant {
		return found(d, func(tx store.Tx) ([]access.Grant, error) { return dueGrants(tx, at) })
	}
	d.equal("too early", []access.Grant{}, due(monday()))
	d.equal("after an hour", []access.Grant{soon}, due(monday().Add(time.Hour)))
	d.equal("after two", []access.Grant{soon, late}, due(monday().Add(2*time.Hour)))
	next := found(d, func(tx store.Tx) (time.Time, error) {
		at, ok, err := store.NextGrantDue(tx)
		if !ok {
			t.Error("nothing is said to fall due")
		}
		return at, err
	})
	d.equal("next", soon.Ends, next)
}

func TestCard(t *testing.T) {
	d := open(t)
	mine := store.Card{ID: store.CardID("AR-1", "approver", "cleo@acme.test"), Request: "AR-1", Reader: "cleo@acme.test", Audience: "approver", Posting: "p1"}
	other := store.Card{ID: store.CardID("AR-2", "approver", "cleo@acme.test"), Request: "AR-2", Reader: "cleo@acme.test", Audience: "approver"}
	for _, c := range []*store.Card{&mine, &other} {
		d.update(func(tx store.Tx) error { return store.PutCard(tx, c) })
	}
	old := mine
	mine.Channel, mine.TS, mine.Digest = "D1", "1700000000.000100", "abc"
	d.update(func(tx store.Tx) error { return store.PutCard(tx, &mine) })
	d.equal("as stored", mine, found(d, func(tx store.Tx) (store.Card, error) { return store.LoadCard(tx, mine.ID) }))
	d.equal("of the request", []store.Card{mine}, found(d, func(tx store.Tx) ([]store.Card, error) { return store.CardsOf(tx, "AR-1") }))
	d.stale(func(tx store.Tx) error { return store.PutCard(tx, &old) })
	missing(d, "AR-9", func(tx store.Tx) (store.Card, error) { return store.LoadCard(tx, store.CardID("AR-9", "a", "b")) })
}

func TestPerson(t *testing.T) {
	d := open(t)
	p := store.Known{Person: access.Person{
		ID: "P-ANN0000000", Email: "ann@acme.test", Name: "Ann", Manager: "P-CLEO000000", Kind: access.Employee, Standing: access.Active,
		Bindings: []access.Binding{{System: "slack", ID: "U1", How: "e-mail matched", Since: monday()}, {System: "okta", ID: "00u1"}},
	}}
	d.update(func(tx store.Tx) error { return store.PutPerson(tx, &p) })
	d.equal("as stored", p, found(d, func(tx store.Tx) (store.Known, error) { return store.Person(tx, "P-ANN0000000") }))
	account := func(system, id string) func(tx store.Tx) (store.Known, error) {
		return func(tx store.Tx) (store.Known, error) { return store.PersonByAccount(tx, system, id) }
	}
	d.equal("by account", p, found(d, account("okta", "00u1")))
	missing(d, "", account("slack", "00u1"))
	old := p
	p.Bindings = []access.Binding{{System: "slack", ID: "U2", How: "e-mail matched", Since: monday()}}
	d.update(func(tx store.Tx) error { return store.PutPerson(tx, &p) })
	missing(d, "", account("slack", "U1"))
	d.equal("by the new account", p, found(d, account("slack", "U2")))
	d.stale(func(tx store.Tx) error { return store.PutPerson(tx, &old) })
	missing(d, "P-BOB0000000", func(tx store.Tx) (store.Known, error) { return store.Person(tx, "P-BOB0000000") })
	stranger := store.Known{Person: access.Person{ID: "bob@acme.test"}}
	if err := d.Update(d.Context(), func(tx store.Tx) error { return store.PutPerson(tx, &stranger) }); err == nil {
		d.Error("an address is taken for an id")
	}
}

// TestNothingIsCutOff: what is asked for as a whole comes as a whole, however much it is.
func TestNothingIsCutOff(t *testing.T) {
	d := open(t)
	const cards, grants, requests, issues = 2_100, 10_050, 10_050, 150
	many := func(n int, put func(tx store.Tx, i int) error) { // in pieces: bbolt is slow to add thousands at once
		for from := 0; from < n; from += 500 {
			d.update(func(tx store.Tx) error {
				var errs []error
				for i := from; i < min(n, from+500); i++ {
					errs = append(errs, put(tx, i))
				}
				return errors.Join(errs...)
			})
		}
	}
	many(cards, func(tx store.Tx, i int) error {
		return store.PutCard(tx, &store.Card{ID: fmt.Sprintf("AR-1|approver|P-%d", i), Request: "AR-1"})
	})
	many(grants, func(tx store.Tx, i int) error {
		return store.PutGrant(tx, &access.Grant{ID: fmt.Sprint("G-", i), Person: "P-MAYA", State: access.GrantActive})
	})
	many(requests, func(tx store.Tx, i int) error {
		return store.PutRequest(tx, &access.Request{ID: fmt.Sprint("AR-", i), Requester: "P-NOOR", Beneficiary: "P-MAYA", Origin: "view", State: access.RequestPending,
			App: "figma", Role: "editor", Decided: monday()})
	})
	many(issues, func(tx store.Tx, i int) error {
		return store.PutIssueCursor(tx, &store.IssueCursor{ID: fmt.Sprint(i), Waits: "P-MAYA"})
	})
	for what, c := range map[string]struct{ got, want int }{
		"cards of a request": {len(found(d, func(tx store.Tx) ([]store.Card, error) { return store.CardsOf(tx, "AR-1") })), cards},
		"open grants":        {len(found(d, func(tx store.Tx) ([]access.Grant, error) { return store.OpenGrantsOf(tx, "P-MAYA") })), grants},
		"waiting requests":   {len(found(d, func(tx store.Tx) ([]access.Request, error) { return store.OpenRequestsOf(tx, "P-MAYA") })), requests},
		"made for others":    {len(found(d, func(tx store.Tx) ([]access.Request, error) { return store.OpenRequestsBy(tx, "P-NOOR") })), requests},
		"of one submission":  {len(found(d, func(tx store.Tx) ([]access.Request, error) { return store.RequestsFrom(tx, "view") })), requests},
		"decided in a month": {len(found(d, func(tx store.Tx) ([]access.Request, error) { return store.DecidedIn(tx, "figma", "editor", monday()) })), requests},
		"portal's issues":    {len(found(d, func(tx store.Tx) ([]store.IssueCursor, error) { return store.WaitingFor(tx, "P-MAYA") })), issues},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d of %d", what, c.got, c.want)
		}
	}
}
