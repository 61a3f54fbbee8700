package people_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/store/storetest"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
)

var (
	maya  = peopletest.ID("maya")  // asks; reports to noor
	noor  = peopletest.ID("noor")  // owns figma
	omar  = peopletest.ID("omar")  // the fallback
	ines  = peopletest.ID("ines")  // IT
	grace = peopletest.ID("grace") // noor's manager
)

// world is Slack, Jira, one directory and the clock, in cache. Everything is by
// handle.
type world struct {
	t     *testing.T
	store store.Store
	units *engine.Units
	*people.Service

	mu          sync.Mutex
	now         time.Time
	members     map[string]access.Person // in Slack
	staff       map[string]idp.Person    // in the directory
	group       []idp.Membership
	jira        map[string]access.Email // the addresses that the organization states, by account id
	former      map[string]string       // which ids Slack exchanged, by the new one
	unexchanged error                   // of Slack, asked for exchanged ids
	deaf        error                   // of the organization
	broken      error                   // of the directory
	mute        error                   // of Slack, asked about an account
	asked       int                     // questions to the directory about people
	looked      int                     // questions to Slack about accounts
	told        []string                // to IT
	reread      int                     // members who are read anew
	during      func()                  // happens once, while the next answer of the directory is on its way
}

func newWorld(t *testing.T, change func(*people.Config)) *world {
	t.Helper()
	s := bolttest.Open(t)
	w := &world{t: t, store: storetest.Twice(s), now: time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC), members: map[string]access.Person{}, staff: map[string]idp.Person{}, jira: map[string]access.Email{}}
	for handle, manager := range map[string]string{"maya": "noor", "noor": "grace", "grace": "", "omar": "grace", "ines": "grace"} {
		address := access.Email(handle + "@acme.example")
		w.members[handle] = access.Person{Email: address, Name: strings.ToUpper(handle[:1]) + handle[1:], Kind: access.Employee, Standing: access.Active,
			Bindings: []access.Binding{{System: "slack", ID: "U-" + handle}}}
		p := idp.Person{ID: "00u-" + handle, Login: string(address), Email: string(address), Status: idp.Active, Department: "Design"}
		if manager != "" {
			p.ManagerEmail = manager + "@acme.example"
		}
		w.staff[handle] = p
	}
	w.units = engine.NewUnits(engine.UnitsConfig{Store: w.store, Clock: w, Owner: "test"})
	c := people.Config{
		Units: w.units, Catalog: catalogue, Roster: w, Accounts: w, Directories: people.Directories{directory{w}}, Logger: slog.New(slog.DiscardHandler),
		Alarm: func(_ *engine.Unit, _, title string, lines ...string) error {
			w.set(func(w *world) { w.told = append(w.told, title+": "+strings.Join(lines, " ")) })
			return nil
		},
		Admins: []access.Email{access.NewEmail("Ines@acme.example")}, Fallback: []access.Email{"omar@acme.example"}, OnBehalf: []people.OnBehalf{people.ManagersMay, people.OwnersMay},
	}
	if change != nil {
		change(&c)
	}
	w.Service = people.New(c)
	return w
}

// familiar is a world in which everybody is known already.
func familiar(t *testing.T, change func(*people.Config)) *world {
	t.Helper()
	w := newWorld(t, change)
	peopletest.Remember(t, w.store, nil, "maya", "noor", "grace", "omar", "ines")
	return w
}

// stored is somebody as the store knows them.
func (w *world) stored(who access.PersonID) (p access.Person) {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(tx store.Tx) error {
		k, err := store.Person(tx, who)
		p = k.Person
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// member changes what Slack shows of somebody.
func (w *world) member(handle string, change func(*access.Person)) {
	w.set(func(w *world) {
		m := w.members[handle]
		change(&m)
		w.members[handle] = m
	})
}

// account changes what the directory shows of somebody.
func (w *world) account(handle string, change func(*idp.Person)) {
	w.set(func(w *world) {
		p := w.staff[handle]
		change(&p)
		w.staff[handle] = p
	})
}

func catalogue() *catalog.Catalog {
	stage := func(all ...catalog.Approver) catalog.Stage {
		return catalog.Stage{Approvers: all}
	}
	app := catalog.App{ID: "figma", Name: "Figma", Status: catalog.Approved, Owners: []string{"Noor@acme.example"}, Provisioning: catalog.Manual}
	return catalog.New([]catalog.App{app}, []catalog.Route{
		{Name: "manager", Stages: []catalog.Stage{stage(catalog.Approver{Kind: catalog.Manager})}},
		{Name: "owner", Stages: []catalog.Stage{stage(catalog.Approver{Kind: catalog.Owner})}},
		{Name: "named", Stages: []catalog.Stage{stage(catalog.Approver{Kind: catalog.Named, Person: "Grace@acme.example"})}},
		{Name: "security", Stages: []catalog.Stage{stage(catalog.Approver{Kind: catalog.Security})}},
		{Name: "group", Stages: []catalog.Stage{stage(catalog.Approver{Kind: catalog.GroupOf, Group: catalog.GroupRef{Directory: "okta", Group: "approvers"}})}},
		{Name: "elsewhere", Stages: []catalog.Stage{stage(catalog.Approver{Kind: catalog.GroupOf, Group: catalog.GroupRef{Directory: "entra", Group: "approvers"}})}},
		{Name: "odd", Stages: []catalog.Stage{stage(catalog.Approver{Kind: "oracle"})}},
		{Name: "two", Stages: []catalog.Stage{stage(catalog.Approver{Kind: catalog.Manager}), stage(catalog.Approver{Kind: catalog.Security})}},
	})
}

// set changes the world.
func (w *world) set(change func(*world)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(w)
}

// pass lets time go by.
func (w *world) pass(d time.Duration) { w.set(func(w *world) { w.now = w.now.Add(d) }) }

func (w *world) person(id access.PersonID) access.Person {
	w.t.Helper()
	p, err := w.Person(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// Now and Until make it a clock on which nobody waits.
func (w *world) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) Until(time.Time) (<-chan struct{}, func()) { return nil, func() {} }

// Member and MemberByEmail make it a roster.
func (w *world) Member(_ context.Context, slackID string) (access.Person, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looked++
	if w.mute != nil {
		return access.Person{}, w.mute
	}
	for _, m := range w.members {
		if m.Account("slack") == slackID {
			return m, nil
		}
	}
	return access.Person{}, access.Refuse(access.Unknown, "person", "I can't find that person.")
}

// Former makes it a roster of a workspace that joined an organisation.
func (w *world) Former(_ context.Context, slackID string) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.former[slackID], w.unexchanged
}

// ForgetMember counts: nothing is cached.
func (w *world) ForgetMember(string) { w.set(func(w *world) { w.reread++ }) }

func (w *world) MemberByEmail(_ context.Context, who access.Email) (access.Person, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range w.members {
		if m.Email == who && m.Standing == access.Active {
			return m, nil
		}
	}
	return access.Person{}, access.Refuse(access.Unknown, "person", "Nobody has that address.")
}

// Owner makes it the organization that states whose accounts in Jira are.
func (w *world) Owner(_ context.Context, account string) (access.Email, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.jira[account], w.deaf
}

// directory is the world's, whose Person is another than the room's.
type directory struct{ w *world }

func (d directory) ID() string { return "okta" }

func (d directory) Person(_ context.Context, id string) (idp.Person, error) {
	return d.answer(func(p idp.Person) bool { return p.ID == id })
}

func (d directory) FindPerson(_ context.Context, email string) (idp.Person, error) {
	return d.answer(func(p idp.Person) bool { return idp.SameAddress(p.Email, email) })
}

func (d directory) answer(is func(idp.Person) bool) (idp.Person, error) {
	found, meanwhile, err := d.look(is)
	if meanwhile != nil {
		meanwhile()
	}
	return found, err
}

func (d directory) look(is func(idp.Person) bool) (_ idp.Person, meanwhile func(), _ error) {
	d.w.mu.Lock()
	defer d.w.mu.Unlock()
	d.w.asked++
	meanwhile, d.w.during = d.w.during, nil
	var found []idp.Person
	for _, p := range d.w.staff {
		if is(p) {
			found = append(found, p)
		}
	}
	switch {
	case d.w.broken != nil:
		return idp.Person{}, meanwhile, d.w.broken
	case len(found) == 0:
		return idp.Person{}, meanwhile, idp.ErrNotFound
	case len(found) > 1:
		return idp.Person{}, meanwhile, idp.ErrAmbiguous
	}
	return found[0], meanwhile, nil
}

func (d directory) Group(_ context.Context, id string) (idp.Group, error) {
	return idp.Group{ID: id, Name: "approvers", Governable: true}, nil
}

func (d directory) FindGroup(_ context.Context, name string) (idp.Group, error) {
	d.w.mu.Lock()
	defer d.w.mu.Unlock()
	if name != "approvers" {
		return idp.Group{}, idp.ErrNotFound
	}
	return idp.Group{ID: name, Name: name, Governable: true}, d.w.broken
}

func (d directory) Members(context.Context, string) (idp.Listing, error) {
	d.w.mu.Lock()
	defer d.w.mu.Unlock()
	return idptest.Listing(d.w.group), d.w.broken
}

func (d directory) Add(context.Context, string, string) error    { return idp.ErrRefused }
func (d directory) Remove(context.Context, string, string) error { return idp.ErrRefused }
