package bot

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
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

// house are the rooms behind a bot, over a store of their own. Nothing works in
// them by itself: what a click queues stays where it is.
type house struct {
	testing.TB
	store *moody
	flow  *workflow.Service
	clock *clocktest.Clock

	mu      sync.Mutex
	offered *catalog.Catalog
}

// moody is a store that can be made to refuse whatever is to be written.
type moody struct {
	store.Store
	mu   sync.Mutex
	with error
	then func() // what happens before the next update, once
}

// before has something happen just before the next update.
func (m *moody) before(then func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.then = then
}

func (m *moody) refuse(with error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.with = with
}

func (m *moody) Update(ctx context.Context, fn func(store.Tx) error) error {
	m.mu.Lock()
	with, then := m.with, m.then
	m.then = nil
	m.mu.Unlock()
	if then != nil {
		then()
	}
	if with != nil {
		return with
	}
	return m.Store.Update(ctx, fn)
}

// newHouse makes the rooms. Maya reports to Noor; Omar is IT.
func newHouse(t testing.TB, offered *catalog.Catalog, roster people.Roster) *house {
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
	h := &house{TB: t, store: &moody{Store: s}, clock: clocktest.New(at(30)), offered: offered}
	staff := idptest.NewVendor("okta", h.clock)
	for _, p := range []access.Person{noor, omar, maya} {
		hired := idptest.Person{Email: string(p.Email), Name: p.Name, Title: p.Title, Department: p.Department}
		if p.Manager == noor.ID {
			hired.Manager = string(noor.Email)
		}
		h.know(p, staff.AddPerson(hired))
	}
	h.flow, err = workflow.New(workflow.Config{
		Store: h.store, Catalog: h.catalog, Directories: []idp.Directory{staff.Directory()}, Clock: h.clock, Logger: slog.New(slog.DiscardHandler), Owner: "test",
		Admins: []access.Email{omar.Email}, OnBehalf: []people.OnBehalf{people.EverybodyMay},
	}, workflow.Ports{Roster: roster})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// know makes somebody known by their account in the directory.
func (h *house) know(p access.Person, account string) {
	h.Helper()
	known, err := (access.Person{ID: p.ID, Kind: p.Kind, Standing: p.Standing}).Bind(access.Binding{System: "okta", ID: account, Level: access.AssuranceAnchor, Since: monday}, "")
	if err != nil {
		h.Fatal(err)
	}
	known = known.Rename(access.ShownAddress("okta", p.Email, access.AssuranceStated, monday)).Rename(access.ShownName("okta", p.Name, monday))
	h.put(func(tx store.Tx) error { return store.PutPerson(tx, &store.Known{Person: known}) })
}

// config is what a bot before the house needs of it.
func (h *house) config() Config {
	return Config{Catalog: h.catalog, Requests: h.flow.Requests, Query: h.flow.Query, People: h.flow.People, Refusals: h.flow, Now: h.clock.Now}
}

func (h *house) catalog() *catalog.Catalog {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.offered
}

func (h *house) offer(c *catalog.Catalog) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.offered = c
}

// put writes into the store.
func (h *house) put(fn func(store.Tx) error) {
	h.Helper()
	if err := h.store.Store.Update(context.Background(), fn); err != nil {
		h.Fatal(err)
	}
}

// waits tells whether a task of a kind waits to be done.
func (h *house) waits(kind string) (found bool) {
	h.Helper()
	err := h.store.View(context.Background(), func(tx store.Tx) error {
		all, err := tx.Tasks(store.Ready, 0, 100)
		found = slices.ContainsFunc(all, func(t store.Task) bool { return t.Kind == kind })
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	return found
}

// keep stores a case as it is: the request, the grant and the story.
func (h *house) keep(c access.Case) {
	h.Helper()
	h.put(func(tx store.Tx) error {
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

// requests are all there are, by id.
func (h *house) requests() (all []access.Request) {
	h.Helper()
	err := h.store.View(context.Background(), func(tx store.Tx) (err error) {
		all, err = store.AllRequests(tx, "", 1000)
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	return all
}

// only is the one request there is.
func (h *house) only() access.Request {
	h.Helper()
	all := h.requests()
	if len(all) != 1 {
		h.Fatalf("there are %d requests", len(all))
	}
	return all[0]
}

// grant is what the one request gave.
func (h *house) grant() (g access.Grant) {
	h.Helper()
	err := h.store.View(context.Background(), func(tx store.Tx) (err error) {
		g, err = store.Grant(tx, h.only().GrantID())
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	return g
}

// events are all of a kind, oldest first.
func (h *house) events(kind access.EventKind) (out []access.Event) {
	h.Helper()
	err := h.store.View(context.Background(), func(tx store.Tx) error {
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

// by is somebody who clicked in Slack.
func by(p access.Person, account string) access.Actor {
	return access.Actor{Person: p.ID, Via: access.ViaSlack, Account: account}
}

// refusedBecause tells whether the log says that somebody was refused.
func (h *house) refusedBecause(text string) bool {
	for _, e := range h.events(access.EventNote) {
		if strings.Contains(e.Note, text) {
			return true
		}
	}
	return false
}

// posted notes where the card of the one request stands.
func (h *house) posted(at notify.MessageRef, a notify.Audience, reader access.Person) {
	h.Helper()
	r := h.only()
	h.put(func(tx store.Tx) error {
		return store.PutCard(tx, &store.Card{
			ID: store.CardID(r.ID, string(a), string(reader.ID)), Request: r.ID, Reader: string(reader.ID), Face: string(a), Channel: at.Channel, TS: at.TS,
		})
	})
}
