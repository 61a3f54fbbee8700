package recovery_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/evidence"
	"latchkey/evidence/note"
	"latchkey/evidence/note/notetest"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/store/storetest"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/provision/provisiontest"
	"latchkey/workflow/recovery"
	"latchkey/workflow/requests"
)

var (
	maya = peopletest.ID("maya")
	noor = peopletest.ID("noor")
	tom  = peopletest.ID("tom") // decides for noor where a test says so
)

// identities are who people were, as the record has it. The accounts are those
// that a new directory gives out first.
func identities() map[access.PersonID]access.Identity {
	out := map[access.PersonID]access.Identity{}
	for handle, account := range map[string]string{"maya": "person-0002", "noor": "person-0003"} {
		p, _ := peopletest.Person(handle).Unbind("okta", start()).Bind(access.Binding{System: "okta", ID: account, Level: access.AssuranceChecked, Since: start()}, "")
		out[p.ID] = p.Identity()
	}
	return out
}

func start() time.Time { return time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC) }

func editors() catalog.GroupRef { return catalog.GroupRef{Directory: "okta", Group: "figma-editors"} }

// world is an empty store to recover, and a directory.
type world struct {
	*testing.T
	*recovery.Service
	store   store.Store
	units   *engine.Units
	okta    *idptest.Vendor
	group   string            // the editors' id
	ids     map[string]string // of accounts, by handle
	offer   *catalog.Catalog
	keys    note.Keys
	heads   evidence.Heads
	marks   map[string][]access.Mark // by issue id
	site    string                   // the Jira site that is signed for
	logName string                   // the log that is signed for; "" for that of the keys
}

func newWorld(t *testing.T) *world {
	t.Helper()
	s := bolttest.Open(t)
	w := &world{T: t, store: storetest.Twice(s), ids: map[string]string{}, offer: testCatalog(), keys: notetest.Keys(notetest.Log), marks: map[string][]access.Mark{}}
	w.okta = idptest.NewVendor("okta", w)
	w.group = w.okta.AddGroup("figma-editors", idptest.Plain)
	for _, handle := range []string{"maya", "noor", "tom"} {
		w.ids[handle] = w.okta.AddPerson(idptest.Person{Email: handle + "@acme.example"})
	}
	effects := map[access.EffectKind]engine.EffectFunc{}
	for _, of := range []map[access.EffectKind]engine.EffectFunc{ledger.Effects(), notify.Effects(nil, 0), provisiontest.Effects(), requests.Effects()} {
		maps.Copy(effects, of)
	}
	known := func() *catalog.Catalog { return w.offer }
	w.units = engine.NewUnits(engine.UnitsConfig{Store: w.store, Clock: w, Owner: "test", Catalog: known, Effects: effects})
	w.Service = recovery.New(recovery.Config{
		Units: w.units, Catalog: known, Directories: people.Directories{w.okta.Directory()},
		Groups: people.NewGroups(people.GroupsConfig{Units: w.units, Directories: people.Directories{w.okta.Directory()}, Protected: []catalog.GroupRef{{Directory: "okta", Group: "admins"}}}), Cards: notify.New(notify.Config{Units: w.units}),
	})
	return w
}

func testCatalog() *catalog.Catalog {
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

func (w *world) recover(cases ...lost) recovery.Recovery {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), time.Minute)
	defer cancel()
	out, err := w.Recover(ctx, w.found(w.issues(cases...)), false)
	if err != nil {
		w.Fatal(err)
	}
	return out
}

// dry tells what would be recovered.
func (w *world) dry(issues ...access.RecordedIssue) recovery.Recovery {
	w.Helper()
	out, err := w.Recover(w.Context(), w.found(issues), true)
	if err != nil {
		w.Fatal(err)
	}
	return out
}

// issues are what Jira holds of cases.
func (w *world) issues(cases ...lost) (out []access.RecordedIssue) {
	w.Helper()
	for _, m := range cases {
		out = append(out, w.issue(m))
	}
	return out
}

func (w *world) issue(m lost) access.RecordedIssue {
	w.Helper()
	r, err := evidence.WriteIssue(w.Context(), w.keys.Signer.Sign, evidence.Writing{
		Log: cmp.Or(w.logName, notetest.Log), Site: w.site, Issue: m.Request.Issue, Case: access.Case{Request: m.Request, Grant: m.Grant}, Entries: m.entries, At: start(),
	})
	if err != nil {
		w.Fatal(err)
	}
	w.marks[m.Request.Issue.ID] = marksOf(m)
	return access.RecordedIssue{Issue: m.Request.Issue, Summary: "Figma · Editor [" + m.Request.ID + "]", Record: r}
}

// marksOf are those of the comments that tell a story.
func marksOf(m lost) (out []access.Mark) {
	for _, e := range m.entries {
		out = append(out, access.Mark{Event: e.ID, N: e.N, Leaf: e.Leaf, At: start()})
	}
	return out
}

// Marks implements recovery.Comments.
func (w *world) Marks(_ context.Context, issue string) ([]access.Mark, error) {
	return w.marks[issue], nil
}

func (w *world) found(issues []access.RecordedIssue) recovery.Found {
	return recovery.Found{Issues: issues, Trust: w.keys.Trust, Heads: w.heads, Comments: w}
}

// log is the whole of it.
func (w *world) log() (out []access.Event) {
	w.Helper()
	w.view(func(tx store.Tx) (err error) {
		out, err = store.Story(tx, store.Filter{})
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

// Cases as they were when the store was lost.

type lost struct {
	Request access.Request
	Grant   *access.Grant
	entries []access.Entry
}

// history makes cases whose events stand in one log.
type history struct {
	t    *testing.T
	ago  time.Duration // how much earlier everything happened
	open func(*access.Request)
	more []catalog.GroupRef // what the role opens besides the editors' group

	place uint64

	newest, unknown bool // written by a newer version: in another form, or with a field more
}

func (h *history) at(before time.Duration) time.Time { return start().Add(-before - h.ago) }

// tell appends an event to the story of a case.
func (h *history) tell(m lost, e access.Event) lost {
	h.t.Helper()
	var last access.Entry
	if n := len(m.entries); n > 0 {
		last = m.entries[n-1]
	}
	h.place++
	for _, who := range e.Involves() {
		if e.People == nil {
			e.People = map[access.PersonID]access.Identity{}
		}
		e.People[who] = identities()[who]
	}
	entry, err := e.Encode(access.Seed{byte(h.place)})
	if h.newest {
		entry.Schema++
	}
	if h.unknown {
		entry.Body = append([]byte(`{"Mood":"sunny",`), entry.Body[1:]...)
	}
	if err == nil {
		entry, err = entry.Chain(notetest.Log, last.N, last.Leaf)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	entry.Place = h.place
	m.entries = append(slices.Clone(m.entries), entry)
	return m
}

// moved is a case after one more event.
func (h *history) moved(m lost, e access.Event) lost {
	h.t.Helper()
	if e.Grant != "" {
		g, _, err := m.Grant.Apply(e, e.At)
		if err != nil {
			h.t.Fatal(err)
		}
		m.Grant = &g
		return h.tell(m, e)
	}
	r, _, err := m.Request.Apply(e, e.At)
	if err != nil {
		h.t.Fatal(err)
	}
	m.Request = r
	return h.tell(m, e)
}

// submitted is a request of Maya's that nobody was asked about yet.
func (h *history) submitted(id string) lost {
	h.t.Helper()
	r := access.Request{
		ID: "AR-" + id, Requester: maya, Beneficiary: maya, App: "figma", Role: "editor", Wanted: 6 * time.Hour, Allowed: 6 * time.Hour,
		Reason: "Launch", Route: "manager", State: access.RequestPending, Stages: []access.Stage{{}}, Created: h.at(3 * time.Hour),
		Issue: access.Issue{ID: "i" + id, Key: "IT-" + id},
	}
	if h.open != nil {
		h.open(&r)
	}
	return h.tell(lost{Request: r}, r.Event(access.EventSubmitted, access.Actor{Person: r.Requester}, r.Created))
}

// approver is who is asked about a request.
func approver(r access.Request) access.PersonID {
	if r.Requester == noor {
		return "tom@acme.example"
	}
	return noor
}

// waiting is a request that somebody was asked about.
func (h *history) waiting(id string) lost {
	h.t.Helper()
	m := h.submitted(id)
	asked := m.Request.Event(access.EventApproversAsked, access.System(), m.Request.Created)
	asked.Approvers = []access.PersonID{approver(m.Request)}
	return h.moved(m, asked)
}

// approved is a request whose grant is still to be started.
func (h *history) approved(id string) lost {
	h.t.Helper()
	m := h.waiting(id)
	yes := m.Request.Event(access.EventApproved, access.Actor{Person: approver(m.Request)}, h.at(2*time.Hour))
	yes.Approvers = []access.PersonID{approver(m.Request)}
	return h.moved(m, yes)
}

// started is a case whose grant waits for the record.
func (h *history) started(m lost) lost {
	h.t.Helper()
	app, role, _ := testCatalog().Role("figma", "editor")
	role.Groups = append(slices.Clone(role.Groups), h.more...)
	g, started, _, err := access.Start(m.Request, app, role, h.at(2*time.Hour))
	if err != nil {
		h.t.Fatal(err)
	}
	m.Grant = &g
	return h.tell(m, started)
}

// provisioning is an approved request whose change is under way.
func (h *history) provisioning(id string) lost {
	h.t.Helper()
	return h.begun(h.started(h.approved(id)))
}

func (h *history) begun(m lost) lost {
	return h.moved(m, m.Grant.Event(access.EventRecorded, access.System(), h.at(2*time.Hour)))
}

// held is access that is there.
func (h *history) held(id string) lost {
	h.t.Helper()
	return h.group(h.provisioning(id), access.EventMemberAdded, false, "")
}

// taken is access that was taken in an emergency and is there.
func (h *history) taken(id string) lost {
	h.t.Helper()
	h.open = func(r *access.Request) { r.BreakGlass, r.Stages = true, nil }
	m := h.submitted(id)
	m = h.moved(m, m.Request.Event(access.EventBreakGlass, access.Actor{Person: maya}, h.at(2*time.Hour)))
	return h.group(h.begun(h.started(m)), access.EventMemberAdded, false, "")
}

// group is a case after a change of its group.
func (h *history) group(m lost, kind access.EventKind, before bool, note string) lost {
	h.t.Helper()
	e := m.Grant.Event(kind, access.System(), h.at(2*time.Hour))
	ref := editors()
	e.Group, e.Before, e.Note = &ref, before, note
	return h.moved(m, e)
}

// ending is access that is being taken away.
func (h *history) ending(m lost) lost {
	h.t.Helper()
	e := m.Grant.Event(access.EventEnding, access.Actor{Person: maya}, h.at(time.Hour))
	e.End = access.EndReturned
	return h.moved(m, e)
}
