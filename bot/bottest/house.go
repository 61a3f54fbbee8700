package bottest

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock/clocktest"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/workflow"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// House are the rooms behind a bot, over a store of their own. Nothing works in
// them by itself: what a click queues stays where it is.
type House struct {
	testing.TB
	Store *FailingStore
	Flow  *workflow.Service
	Clock *clocktest.Clock

	mu      sync.Mutex
	offered *catalog.Catalog
}

// FailingStore is a store that can be made to refuse whatever is to be written.
type FailingStore struct {
	store.Store
	mu   sync.Mutex
	with error
	then func() // what happens before the next update, once
	gate func() // what happens before anything is read or written
}

// Gate has something happen before whatever is read or written from now on.
func (s *FailingStore) Gate(gate func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gate = gate
}

func (s *FailingStore) pass() {
	s.mu.Lock()
	gate := s.gate
	s.mu.Unlock()
	if gate != nil {
		gate()
	}
}

// View implements store.Store.
func (s *FailingStore) View(ctx context.Context, fn func(store.Tx) error) error {
	s.pass()
	return s.Store.View(ctx, fn)
}

// Before has something happen just before the next update.
func (s *FailingStore) Before(then func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.then = then
}

// Refuse lets every write fail from now on; nil lets them through again.
func (s *FailingStore) Refuse(with error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.with = with
}

// Update implements store.Store.
func (s *FailingStore) Update(ctx context.Context, fn func(store.Tx) error) error {
	s.pass()
	s.mu.Lock()
	with, then := s.with, s.then
	s.then = nil
	s.mu.Unlock()
	if then != nil {
		then()
	}
	if with != nil {
		return with
	}
	return s.Store.Update(ctx, fn)
}

// NewHouse makes the rooms. Maya reports to Noor; Omar is IT.
func NewHouse(t testing.TB, offered *catalog.Catalog, roster people.Roster) *House {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "latchkey.db"), bolt.Options{NoSync: true})
	if err == nil {
		err = store.BeginLog(t.Context(), s, "acme.test")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	h := &House{TB: t, Store: &FailingStore{Store: s}, Clock: clocktest.New(Minute(30)), offered: offered}
	staff := idptest.NewVendor("okta", h.Clock)
	for _, p := range []access.Person{Noor(), Omar(), Maya()} {
		hired := idptest.Person{Email: string(p.Email), Name: p.Name, Title: p.Title, Department: p.Department}
		if p.Manager == Noor().ID {
			hired.Manager = string(Noor().Email)
		}
		h.know(p, staff.AddPerson(hired))
	}
	h.Flow, err = workflow.New(workflow.Config{
		Store: h.Store, Catalog: h.Catalog, Directories: []idp.Directory{staff.Directory()}, Clock: h.Clock, Logger: slog.New(slog.DiscardHandler), Owner: "test",
		Admins: []access.Email{Omar().Email}, OnBehalf: []people.OnBehalf{people.EverybodyMay}, SignIn: "okta",
	}, workflow.Ports{Roster: roster})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// know makes somebody known by their account in the directory.
func (h *House) know(p access.Person, account string) {
	h.Helper()
	known, err := (access.Person{ID: p.ID, Kind: p.Kind, Standing: p.Standing}).Bind(access.Binding{System: "okta", ID: account, Level: access.AssuranceFirst, Since: Monday()}, "")
	if err != nil {
		h.Fatal(err)
	}
	known = known.Rename(access.ShownAddress("okta", p.Email, access.AssuranceStated, Monday())).Rename(access.ShownName("okta", p.Name, Monday()))
	h.Put(func(tx store.Tx) error { return store.PutPerson(tx, &store.Known{Person: known}) })
}

// Catalog is what may be asked for at this moment.
func (h *House) Catalog() *catalog.Catalog {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.offered
}

// Offer replaces the catalogue.
func (h *House) Offer(c *catalog.Catalog) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.offered = c
}

// Put writes into the store.
func (h *House) Put(fn func(store.Tx) error) {
	h.Helper()
	if err := h.Store.Store.Update(context.Background(), fn); err != nil {
		h.Fatal(err)
	}
}

// Keep stores a case as it is: the request, the grant and the story.
func (h *House) Keep(c access.Case) {
	h.Helper()
	h.Put(func(tx store.Tx) error {
		r := c.Request
		old, err := store.Request(tx, r.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		r.Version = old.Version
		if err := store.PutRequest(tx, &r); err != nil {
			return err
		}
		if c.Grant != nil {
			g := *c.Grant
			g.Request, g.Version = r.ID, 0
			if err := store.PutGrant(tx, &g); err != nil {
				return err
			}
		}
		for _, e := range c.Story {
			e.Request, e.Person, e.App, e.Role = r.ID, r.Beneficiary, r.App, r.Role
			if _, err := store.Append(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
}

// Requests are all there are, by id.
func (h *House) Requests() (all []access.Request) {
	h.Helper()
	err := h.Store.View(context.Background(), func(tx store.Tx) (err error) {
		all, err = store.AllRequests(tx, "", 1000)
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	return all
}

// Only is the one request there is.
func (h *House) Only() access.Request {
	h.Helper()
	all := h.Requests()
	if len(all) != 1 {
		h.Fatalf("there are %d requests", len(all))
	}
	return all[0]
}

// Grant is what the one request gave.
func (h *House) Grant() (g access.Grant) {
	h.Helper()
	err := h.Store.View(context.Background(), func(tx store.Tx) (err error) {
		g, err = store.Grant(tx, h.Only().GrantID())
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	return g
}

// Events are all of a kind, oldest first.
func (h *House) Events(kind access.EventKind) (out []access.Event) {
	h.Helper()
	err := h.Store.View(context.Background(), func(tx store.Tx) error {
		all, err := store.Events(tx, store.Filter{}, 0, 10_000)
		out = nil
		for _, e := range all {
			if e.Kind == kind {
				out = append(out, e)
			}
		}
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	return out
}

// Clicker is somebody who clicked in Slack.
func Clicker(p access.Person, account string) access.Actor {
	return access.Actor{Person: p.ID, Via: access.ViaSlack, Account: account, On: access.OnCard}
}

// RefusedBecause tells whether the log says that somebody was refused.
func (h *House) RefusedBecause(text string) bool {
	for _, e := range h.Events(access.EventNote) {
		if strings.Contains(e.Note, text) {
			return true
		}
	}
	return false
}

// Posted notes where the card of the one request stands.
func (h *House) Posted(at notify.MessageRef, a notify.Audience, reader access.Person) {
	h.Helper()
	r := h.Only()
	h.Put(func(tx store.Tx) error {
		return store.PutCard(tx, &store.Card{
			ID: store.CardID(r.ID, string(a), string(reader.ID)), Request: r.ID, Reader: string(reader.ID), Audience: string(a), Channel: at.Channel, TS: at.TS,
		})
	})
}

// Queued are the kinds of the tasks that wait for a worker, the oldest first.
func (h *House) Queued() (kinds []string) {
	h.Helper()
	err := h.Store.View(context.Background(), func(tx store.Tx) error {
		all, err := tx.Tasks("", 0, 1000)
		kinds = nil
		for _, t := range all {
			kinds = append(kinds, t.Kind)
		}
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	return kinds
}
