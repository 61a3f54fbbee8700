package recovery_test

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/store/storetest"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
	"latchkey/workflow/provision"
	"latchkey/workflow/query"
	"latchkey/workflow/recovery"
	"latchkey/workflow/requests"
)

const (
	maya = access.PersonID("maya@acme.example")
	noor = access.PersonID("noor@acme.example")
)

func start() time.Time { return time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC) }

func editors() catalog.GroupRef { return catalog.GroupRef{Directory: "okta", Group: "figma-editors"} }

// world is an empty store to recover, and a directory.
type world struct {
	*testing.T
	*recovery.Service
	store store.Store
	units *engine.Units
	okta  *idptest.Vendor
	group string            // the editors' id
	ids   map[string]string // of accounts, by handle
	offer *catalog.Catalog
}

func newWorld(t *testing.T) *world {
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
	w := &world{T: t, store: storetest.Twice(s), ids: map[string]string{}, offer: office()}
	w.okta = idptest.NewVendor("okta", w)
	w.group = w.okta.AddGroup("figma-editors", idptest.Plain)
	for _, handle := range []string{"maya", "noor", "tom"} {
		w.ids[handle] = w.okta.AddPerson(idptest.Person{Email: handle + "@acme.example"})
	}
	effects := map[access.EffectKind]engine.EffectFunc{}
	for _, of := range []map[access.EffectKind]engine.EffectFunc{ledger.Effects(), notify.Effects(nil), provision.Effects(), requests.Effects()} {
		maps.Copy(effects, of)
	}
	known := func() *catalog.Catalog { return w.offer }
	w.units = engine.NewUnits(engine.UnitsConfig{Store: w.store, Clock: w, Owner: "test", Catalog: known, Effects: effects})
	w.Service = recovery.New(recovery.Config{
		Units: w.units, Catalog: known, Directories: people.Directories{w.okta.Directory()},
		Protected: []catalog.GroupRef{{Directory: "okta", Group: "admins"}}, Cards: notify.New(notify.Config{Units: w.units}),
	})
	return w
}

func office() *catalog.Catalog {
	hours := catalog.Durations{Choices: []time.Duration{6 * time.Hour}, Default: 6 * time.Hour, Max: catalog.Day}
	stage := catalog.Stage{Approvers: []catalog.Approver{{Kind: catalog.Manager}}}
	role := func(id string, groups ...catalog.GroupRef) catalog.Role {
		return catalog.Role{ID: id, Name: id, Route: "manager", Durations: hours, Groups: groups}
	}
	return catalog.New([]catalog.App{{
		ID: "figma", Name: "Figma", Status: catalog.Approved, Provisioning: catalog.ByDirectory,
		Roles: []catalog.Role{role("editor", editors()), role("root", catalog.GroupRef{Directory: "okta", Group: "admins"})},
	}}, []catalog.Route{{Name: "manager", Stages: []catalog.Stage{stage}}})
}

// The clock.

func (w *world) Now() time.Time { return start() }

func (w *world) Until(time.Time) (<-chan struct{}, func()) { return nil, func() {} }

// member puts somebody into the editors' group, or takes them out.
func (w *world) member(handle string, in bool) { w.okta.SetMember(w.group, w.ids[handle], in) }

func (w *world) recover(cases ...access.RecoveredCase) recovery.Recovery {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), time.Minute)
	defer cancel()
	out, err := w.Recover(ctx, cases, false)
	if err != nil {
		w.Fatal(err)
	}
	return out
}

// log is the whole of it.
func (w *world) log() (out []access.Event) {
	w.Helper()
	w.view(func(tx store.Tx) (err error) {
		out, err = query.Story(tx, store.Filter{})
		return err
	})
	return out
}

// tasks are the kinds of what is to be done, each as often as there is a task.
func (w *world) tasks() (out []string) {
	w.Helper()
	w.view(func(tx store.Tx) error {
		all, err := tx.Tasks(store.Ready, 0, 1000)
		for _, t := range all {
			out = append(out, t.Kind)
		}
		slices.Sort(out)
		return err
	})
	return out
}

func (w *world) view(fn func(store.Tx) error) {
	w.Helper()
	if err := w.store.View(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) grant(id string) (g access.Grant) {
	w.Helper()
	w.view(func(tx store.Tx) (err error) {
		g, err = store.Grant(tx, id)
		return err
	})
	return g
}

func (w *world) equal(what string, got, want []string) {
	w.Helper()
	if !slices.Equal(got, want) {
		w.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// conflicts are what a human has to look at, as "about: text".
func conflicts(out recovery.Recovery) (all []string) {
	for _, c := range out.Conflicts {
		all = append(all, c.About+": "+c.Text)
	}
	return all
}

// Cases as the record knows them.

// history seals events into one log.
type history struct {
	t    *testing.T
	last access.Event
}

func (h *history) seal(e access.Event) access.Event {
	h.t.Helper()
	sealed, err := e.Seal(h.last.Seq+1, h.last.Hash)
	if err != nil {
		h.t.Fatal(err)
	}
	h.last = sealed
	return sealed
}

// waiting is a request of Maya's that Noor was asked about.
func (h *history) waiting(id string) access.RecoveredCase {
	h.t.Helper()
	at := start().Add(-3 * time.Hour)
	r := access.Request{
		ID: "AR-" + id, Version: 7, Requester: maya, Beneficiary: maya, App: "figma", Role: "editor", Wanted: 6 * time.Hour, Allowed: 6 * time.Hour,
		Reason: "Launch", Route: "manager", State: access.RequestPending, Stages: []access.Stage{{}}, Created: at,
		Issue: access.Issue{ID: "i" + id, Key: "IT-" + id},
	}
	submitted := r.Event(access.EventSubmitted, access.Actor{Person: maya}, at)
	submitted.Reason, submitted.Wanted = r.Reason, r.Wanted
	asked := r.Event(access.EventApproversAsked, access.System(), at)
	asked.Approvers = []access.PersonID{noor}
	return h.moved(access.RecoveredCase{Request: r, Whole: true, Story: []access.Event{h.seal(submitted)}}, asked)
}

// moved is a case after one more event.
func (h *history) moved(m access.RecoveredCase, e access.Event) access.RecoveredCase {
	h.t.Helper()
	m.Story = append(slices.Clone(m.Story), h.seal(e))
	if e.Grant != "" {
		g, _, err := m.Grant.Apply(e, e.At)
		if err != nil {
			h.t.Fatal(err)
		}
		m.Grant = &g
		return m
	}
	r, _, err := m.Request.Apply(e, e.At)
	if err != nil {
		h.t.Fatal(err)
	}
	m.Request = r
	return m
}

// provisioning is an approved request whose change is under way.
func (h *history) provisioning(id string) access.RecoveredCase {
	h.t.Helper()
	m := h.waiting(id)
	yes := m.Request.Event(access.EventApproved, access.Actor{Person: noor}, start().Add(-2*time.Hour))
	yes.Approvers = []access.PersonID{noor}
	m = h.moved(m, yes)
	app, role, _ := office().Role("figma", "editor")
	g, started, _, err := access.Start(m.Request, app, role, yes.At)
	if err != nil {
		h.t.Fatal(err)
	}
	m.Grant, m.Story = &g, append(m.Story, h.seal(started))
	return h.moved(m, g.Event(access.EventRecorded, access.System(), yes.At))
}

// held is access that is there.
func (h *history) held(id string) access.RecoveredCase {
	h.t.Helper()
	return h.group(h.provisioning(id), access.EventMemberAdded, false, "")
}

// group is a case after a change of its group.
func (h *history) group(m access.RecoveredCase, kind access.EventKind, before bool, note string) access.RecoveredCase {
	h.t.Helper()
	e := m.Grant.Event(kind, access.System(), start().Add(-2*time.Hour))
	ref := editors()
	e.Group, e.Before, e.Note = &ref, before, note
	return h.moved(m, e)
}

// ending is access that is being taken away.
func (h *history) ending(m access.RecoveredCase) access.RecoveredCase {
	h.t.Helper()
	e := m.Grant.Event(access.EventEnding, access.Actor{Person: maya}, start().Add(-time.Hour))
	e.End = access.EndReturned
	return h.moved(m, e)
}
