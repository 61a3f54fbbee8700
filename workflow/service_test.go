package workflow_test

import (
	"cmp"
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/workflow"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/query"
	"latchkey/workflow/requests"
)

// house is a service with a world of fakes around it, in a bubble's virtual
// time: settle returns when nothing moves any more.
type house struct {
	t     *testing.T
	path  string
	store store.Store
	world *world
	rooms
	flow *workflow.Service
	stop func()
}

// rooms are what people talk to.
type rooms struct {
	*requests.Service
	People *people.Service
	Query  *query.Service
}

// live runs fn in a house of its own, in virtual time.
func live(t *testing.T, fn func(*house)) {
	synctest.Test(t, func(t *testing.T) {
		h := &house{t: t, path: filepath.Join(t.TempDir(), "latchkey.db"), world: newWorld()}
		h.open()
		defer func() { h.close() }()
		fn(h)
	})
}

func (h *house) open() {
	h.t.Helper()
	s, err := bolt.Open(h.path, bolt.Options{NoSync: true})
	if err == nil {
		err = store.BeginLog(context.Background(), s, "acme.test")
	}
	if err != nil {
		h.t.Fatal(err)
	}
	h.store = s
	peopletest.Remember(h.t, s, nil, "maya", "noor", "grace", "omar", "ines", "tom")
	flow, err := workflow.New(workflow.Config{
		Store: s, Catalog: testCatalog, Directories: []idp.Directory{h.world}, Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler),
		Admins: []access.Email{"ines@acme.example"}, Fallback: []access.Email{"omar@acme.example"}, Owner: "test",
	}, workflow.Ports{Issues: h.world, Messenger: h.world, Roster: h.world})
	if err != nil {
		h.t.Fatal(err)
	}
	h.rooms, h.flow = rooms{flow.Requests, flow.People, flow.Query}, flow
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- flow.Run(ctx) }()
	h.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			h.t.Errorf("run: %v", err)
		}
	}
	synctest.Wait()
}

func (h *house) close() {
	h.stop()
	if err := h.store.Close(); err != nil {
		h.t.Error(err)
	}
}

// pass lets time go by and everything settle that it sets going.
func (h *house) pass(d time.Duration) {
	<-time.After(d) // virtual
	synctest.Wait()
}

func testCatalog() *catalog.Catalog {
	hours := catalog.Durations{Choices: []time.Duration{6 * time.Hour}, Default: 6 * time.Hour, Max: catalog.Day}
	group := catalog.GroupRef{Directory: "okta", Group: "figma-editors"}
	return catalog.New([]catalog.App{{
		ID: "figma", Name: "Figma", Status: catalog.Approved, Provisioning: catalog.ByDirectory, Owners: []string{"noor@acme.example"},
		Roles: []catalog.Role{
			{ID: "editor", Name: "Editor", Groups: []catalog.GroupRef{group}, Route: "manager", Durations: hours, Risk: catalog.Low},
		},
	}}, []catalog.Route{{Name: "manager", Stages: []catalog.Stage{{Approvers: []catalog.Approver{{Kind: catalog.Manager}}}}}})
}

func by(handle string) access.Actor {
	return access.Actor{Person: peopletest.ID(handle), Via: access.ViaSlack}
}

// ask submits Maya's request for Figma.
func (h *house) ask(origin string) access.Request {
	h.t.Helper()
	return h.askAs("maya", origin)
}

func (h *house) askAs(handle, origin string) access.Request {
	h.t.Helper()
	who, err := h.People.Who(h.t.Context(), "U-"+handle)
	if err != nil {
		h.t.Fatal(err)
	}
	r, err := h.Submit(h.t.Context(), requests.Submission{ID: origin, By: who, App: "figma", Role: "editor", Wanted: 6 * time.Hour, Reason: "Launch assets", Via: access.ViaSlack})
	if err != nil {
		h.t.Fatal(err)
	}
	synctest.Wait()
	return r
}

func (h *house) yes(r access.Request, who string) error {
	_, err := h.Decide(h.t.Context(), requests.Decision{Request: r.ID, By: by(who), Yes: true})
	synctest.Wait()
	return err
}

// grant is the grant of a request as it stands.
func (h *house) grant(r access.Request) access.Grant {
	h.t.Helper()
	c, err := h.Query.Case(h.t.Context(), r.ID)
	if err != nil || c.Grant == nil {
		h.t.Fatalf("no grant: %v", err)
	}
	return *c.Grant
}

func (h *house) expect(what string, ok bool) {
	h.t.Helper()
	if !ok {
		h.t.Errorf("expected: %s\n%s", what, h.world)
	}
}

// world is Slack, Jira and the directory in memory. Each can be told to fail.
type world struct {
	mu      sync.Mutex
	people  map[string]idp.Person // by handle
	members map[string]bool       // by account id
	issues  int
	told    []access.Event
	said    []string       // titles of what was announced
	shown   map[string]int // posts, by marker
	jira    error
	dir     error
	writes  error // of its changes alone
}

func newWorld() *world {
	w := &world{people: map[string]idp.Person{}, members: map[string]bool{}, shown: map[string]int{}}
	for handle, manager := range map[string]string{"maya": "noor", "noor": "grace", "grace": "", "omar": "grace", "ines": "grace", "tom": "noor"} {
		p := idp.Person{ID: "00u-" + handle, Login: handle, Email: handle + "@acme.example", Name: handle, Status: idp.Active}
		if manager != "" {
			p.ManagerEmail = manager + "@acme.example"
		}
		w.people[handle] = p
	}
	return w
}

func (w *world) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var kinds []string
	for _, e := range w.told {
		kinds = append(kinds, string(e.Kind))
	}
	return "told Jira: " + strings.Join(kinds, ", ")
}

func (w *world) set(field *error, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	*field = err
}

// leaves has somebody leave the directory and Slack, which doesn't find them any more.
func (w *world) leaves(handle string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.people, handle)
}

func (w *world) in(handle string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.members["00u-"+handle]
}

func (w *world) count(kind access.EventKind) (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.told {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

// The ledger.

func (w *world) Open(_ context.Context, c access.Case, _ time.Time) (access.Issue, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.jira != nil {
		return access.Issue{}, w.jira
	}
	w.issues++
	return access.Issue{ID: "1", Key: "IT-1", URL: "https://jira.example/browse/IT-1"}, nil
}

func (w *world) Record(_ context.Context, _ access.Case, e access.Event, _ access.RecordMaker, _ bool, with ...access.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.jira != nil {
		return w.jira
	}
	w.told = append(append(w.told, with...), e)
	return nil
}

// The messenger.

func (w *world) Show(_ context.Context, u notify.CardUpdate) (notify.CardPosted, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if u.At.TS == "" {
		w.shown[u.Marker]++
		u.At = notify.MessageRef{Channel: "D1", TS: u.Marker}
	}
	return notify.CardPosted{At: u.At, Digest: "shown"}, nil
}

func (w *world) Say(context.Context, notify.ThreadReply) error { return nil }

func (w *world) Announce(_ context.Context, a notify.Announcement) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said = append(w.said, a.Title)
	return nil
}

func (w *world) Ready(context.Context) error { return nil }

// The roster.

func (w *world) Member(ctx context.Context, id string) (access.Person, error) {
	return w.MemberByEmail(ctx, access.Email(strings.TrimPrefix(id, "U-")+"@acme.example"))
}

func (w *world) ForgetMember(string) {}

func (w *world) MemberByEmail(_ context.Context, who access.Email) (access.Person, error) {
	handle, _, _ := strings.Cut(string(who), "@")
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := w.people[handle]; !ok {
		return access.Person{}, access.Refuse(access.Unknown, "", "Nobody has that address.")
	}
	return access.Person{Email: who, Name: handle, Kind: access.Employee, Standing: access.Active, Bindings: []access.Binding{{System: "slack", ID: "U-" + handle}}}, nil
}

// The directory.

func (w *world) ID() string { return "okta" }

func (w *world) FindPerson(ctx context.Context, email string) (idp.Person, error) {
	handle, _, _ := strings.Cut(email, "@")
	return w.Person(ctx, "00u-"+handle)
}

func (w *world) Person(_ context.Context, id string) (idp.Person, error) {
	handle := strings.TrimPrefix(id, "00u-")
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dir != nil {
		return idp.Person{}, w.dir
	}
	p, ok := w.people[handle]
	if !ok {
		return p, idp.ErrNotFound
	}
	return p, nil
}

func (w *world) FindGroup(ctx context.Context, name string) (idp.Group, error) {
	return w.Group(ctx, name)
}

func (w *world) Group(_ context.Context, name string) (idp.Group, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return idp.Group{ID: name, Name: name, Governable: true}, w.dir
}

func (w *world) Members(context.Context, string) (idp.Listing, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []idp.Membership
	for id, in := range w.members {
		if in {
			out = append(out, idp.Membership{PersonID: id, Email: strings.TrimPrefix(id, "00u-") + "@acme.example", Status: idp.Active})
		}
	}
	return idptest.Listing(out), w.dir
}

func (w *world) Add(_ context.Context, _, person string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := cmp.Or(w.dir, w.writes); err != nil {
		return err
	}
	w.members[person] = true
	return nil
}

func (w *world) Remove(_ context.Context, _, person string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dir == nil {
		delete(w.members, person)
	}
	return w.dir
}
