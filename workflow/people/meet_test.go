package people_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
)

// who is somebody by their Slack account, who has to be found.
func (w *world) who(handle string) access.Person {
	w.t.Helper()
	p, err := w.Who(w.t.Context(), "U-"+handle)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func TestSomebodyIsMetForTheFirstTime(t *testing.T) {
	w := newWorld(t, nil)
	met := w.who("maya")
	if !met.ID.Valid() || met.Account("slack") != "U-maya" || met.Account("okta") != "00u-maya" || met.Email != "maya@acme.example" || met.Manager != "" {
		t.Errorf("met %+v", met)
	}
	w.pass(2 * time.Minute)
	if again := w.who("maya"); again.ID != met.ID {
		t.Errorf("met twice: %s, %s", met.ID, again.ID)
	}
	boss := w.who("noor")
	if again := w.who("maya"); again.Manager != boss.ID {
		t.Error("her manager is known by now")
	}
	if stored := w.stored(met.ID); stored.AddressAt(w.Now()) != "maya@acme.example" || stored.Name != "Maya" {
		t.Errorf("remembered as %+v", stored)
	}
}

func TestAManagerIsMetWhenNeeded(t *testing.T) {
	w := newWorld(t, nil)
	met := w.who("maya")
	boss, err := w.Manager(t.Context(), met.ID)
	if err != nil || w.stored(boss).Email != "noor@acme.example" || w.stored(met.ID).Manager != boss || w.who("maya").Manager != boss {
		t.Errorf("the manager is %+v, %v", boss, err)
	}
	w.set(func(w *world) { delete(w.members, "grace") })
	for range 2 {
		if none, err := w.Manager(t.Context(), boss); err != nil || none != "" {
			t.Errorf("a manager who is not in Slack: %v, %v", none, err)
		}
	}
}

func TestManyAtOnceMeetTheSamePerson(t *testing.T) {
	w := newWorld(t, nil)
	var all sync.WaitGroup
	ids := make([]access.PersonID, 8)
	for i := range ids {
		all.Go(func() {
			p, err := w.Who(t.Context(), "U-maya")
			if ids[i] = p.ID; err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if slices.Sort(ids); len(slices.Compact(ids)) != 1 {
		t.Errorf("she is %v", ids)
	}
	if w.asked == len(ids) {
		t.Errorf("the directory was asked %d times", w.asked)
	}
}

func TestAnAddressChangesAndThePersonStays(t *testing.T) {
	for name, change := range map[string]func(*world){
		"in Slack": func(w *world) { w.member("maya", func(m *access.Person) { m.Email = "maya.berg@acme.example" }) },
		"in the directory": func(w *world) {
			w.account("maya", func(p *idp.Person) { p.Email, p.Login = "maya.berg@acme.example", "maya.berg@acme.example" })
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			met := w.who("maya")
			before := w.Now()
			w.pass(time.Hour)
			change(w)
			p := w.who("maya")
			if p.ID != met.ID || p.Account("okta") != "00u-maya" || !p.Holds("maya.berg@acme.example") || p.AddressAt(before) != "maya@acme.example" {
				t.Errorf("she is %+v", p)
			}
			found, err := w.ByAddress(t.Context(), "maya.berg@acme.example")
			if err != nil || found.ID != met.ID {
				t.Errorf("the new address names %v, %v", found.ID, err)
			}
			if had, err := w.Had(t.Context(), "maya@acme.example"); err != nil || had.ID != met.ID {
				t.Errorf("the old address was hers: %v, %v", had.ID, err)
			}
		})
	}
}

func TestAnAddressThatMovesDoesNotTakeThePersonWithIt(t *testing.T) {
	w := newWorld(t, nil)
	met := w.who("maya")
	w.member("maya", func(m *access.Person) { m.Email = "maya.berg@acme.example" })
	w.account("maya", func(p *idp.Person) { p.Email, p.Login = "maya.berg@acme.example", "maya.berg@acme.example" })
	w.set(func(w *world) {
		w.members["heir"] = access.Person{Email: "maya@acme.example", Name: "Maya Two", Kind: access.Employee, Standing: access.Active, Bindings: []access.Binding{{System: "slack", ID: "U-heir"}}}
		w.staff["heir"] = idp.Person{ID: "00u-heir", Login: "maya@acme.example", Email: "maya@acme.example", Status: idp.Active}
	})
	w.pass(2 * time.Minute)
	heir := w.who("heir") // before Maya was looked at again
	if heir.ID == met.ID || heir.Account("okta") != "00u-heir" || !heir.Holds("maya@acme.example") {
		t.Errorf("the heir is %+v", heir)
	}
	if w.reread != 1 {
		t.Errorf("how she is now was read anew %d times", w.reread)
	}
	if p := w.who("maya"); p.ID != met.ID || p.Account("okta") != "00u-maya" || p.Holds("maya@acme.example") {
		t.Errorf("she is %+v", p)
	}
	if found, err := w.ByAddress(t.Context(), "maya@acme.example"); err != nil || found.ID != heir.ID {
		t.Errorf("the address names %v, %v", found.ID, err)
	}
}

func TestAnAddressOfSomebodyWhoIsThereIsNobodyElses(t *testing.T) {
	w := newWorld(t, nil)
	met := w.who("maya")
	w.set(func(w *world) {
		w.members["twin"] = access.Person{Email: "maya@acme.example", Kind: access.Employee, Standing: access.Active, Bindings: []access.Binding{{System: "slack", ID: "U-twin"}}}
	})
	for range 2 {
		if _, err := w.Who(t.Context(), "U-twin"); !refused(err) {
			t.Errorf("got %v", err)
		}
	}
	if told := slices.Compact(w.told); len(told) != 1 || !strings.Contains(w.told[0], "U-twin") || !strings.Contains(w.told[0], "Maya (maya@acme.example)") || strings.Contains(w.told[0], string(met.ID)) {
		t.Errorf("IT is told %q", w.told)
	}
	if p := w.who("maya"); p.ID != met.ID || !p.Holds("maya@acme.example") {
		t.Errorf("she is %+v", p)
	}
}

func TestTheAddressOfALeaverStartsANewPerson(t *testing.T) {
	w := newWorld(t, nil)
	met := w.who("maya")
	w.member("maya", func(m *access.Person) { m.Standing = access.Left })
	w.set(func(w *world) {
		w.members["heir"] = access.Person{Email: "maya@acme.example", Kind: access.Employee, Standing: access.Active, Bindings: []access.Binding{{System: "slack", ID: "U-heir"}}}
		w.staff["maya"] = idp.Person{ID: "00u-heir", Login: "maya@acme.example", Email: "maya@acme.example", Status: idp.Active}
	})
	w.pass(2 * time.Minute)
	heir := w.who("heir")
	if heir.ID == met.ID || !heir.Holds("maya@acme.example") || heir.Account("okta") != "00u-heir" {
		t.Errorf("the heir is %+v", heir)
	}
	if old := w.stored(met.ID); old.Holds("maya@acme.example") || old.Account("slack") != "" {
		t.Errorf("the leaver is %+v", old)
	}
}

// The configuration names IT by an address. Whoever is given it after its owner left
// is not IT because of that, until IT says so.
func TestTheHeirOfAnAddressIsNotMeant(t *testing.T) {
	const address = access.Email("maya@acme.example")
	w := newWorld(t, func(c *people.Config) { c.Admins = []access.Email{address} })
	met := w.who("maya")
	admins := func() []access.PersonID {
		t.Helper()
		all, err := w.Admins(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		err = w.store.View(t.Context(), func(tx store.Tx) error {
			known, err := w.AdminsIn(tx)
			if !slices.Equal(known, all) {
				t.Errorf("in the store: %v, looked up: %v", known, all)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		return all
	}
	if got := admins(); !slices.Equal(got, []access.PersonID{met.ID}) {
		t.Fatalf("IT are %v", got)
	}
	w.member("maya", func(m *access.Person) { m.Standing = access.Left })
	w.set(func(w *world) {
		w.members["heir"] = access.Person{Email: address, Kind: access.Employee, Standing: access.Active, Bindings: []access.Binding{{System: "slack", ID: "U-heir"}}}
		w.staff["maya"] = idp.Person{ID: "00u-heir", Login: string(address), Email: string(address), Status: idp.Active}
	})
	w.pass(2 * time.Minute)
	heir := w.who("heir")
	by := access.Actor{Person: heir.ID, Via: access.ViaSlack}
	if got := admins(); len(got) != 0 || heir.MeantBy(address) || heir.MeantByOneOf([]string{"Maya@acme.example"}) {
		t.Errorf("IT are %v; the heir is %+v", got, heir)
	}
	if err := w.Allow(t.Context(), by, people.ActOversee, people.Matter{}); !refused(err) {
		t.Errorf("the heir oversees: %v", err)
	}
	if said := strings.Join(w.told, "\n"); !strings.Contains(said, "somebody else's now") || !strings.Contains(said, "latchkey people meant maya@acme.example") {
		t.Errorf("IT was told %q", said)
	}
	if err := w.Corrections().Meant(t.Context(), heir.ID, "other@acme.example", access.Actor{Via: access.ViaCLI, Account: "Ines"}); !refused(err) {
		t.Errorf("an address that they don't have: %v", err)
	}
	if err := w.Corrections().Meant(t.Context(), heir.ID, address, access.Actor{Via: access.ViaCLI, Account: "Ines"}); err != nil {
		t.Fatal(err)
	}
	if got := admins(); !slices.Equal(got, []access.PersonID{heir.ID}) || w.Allow(t.Context(), by, people.ActOversee, people.Matter{}) != nil {
		t.Errorf("IT are %v by IT's word", got)
	}
}

func TestTwoWhoSwapTheirAddresses(t *testing.T) {
	w := newWorld(t, nil)
	a, b := w.who("maya"), w.who("noor")
	swap := func(handle string, address access.Email) {
		w.member(handle, func(m *access.Person) { m.Email = address })
		w.account(handle, func(p *idp.Person) { p.Email, p.Login = string(address), string(address) })
	}
	swap("maya", "noor@acme.example")
	swap("noor", "maya@acme.example")
	for range 2 {
		w.pass(2 * time.Minute)
		w.who("maya")
		w.who("noor")
	}
	if p := w.who("maya"); p.ID != a.ID || !p.Holds("noor@acme.example") || p.Holds("maya@acme.example") {
		t.Errorf("one is %+v", p)
	}
	if p := w.who("noor"); p.ID != b.ID || !p.Holds("maya@acme.example") || p.Holds("noor@acme.example") {
		t.Errorf("the other is %+v", p)
	}
}

// An address that is shown no more has not changed: whoever is known goes on being who
// they are, and asks and decides. IT is told.
func TestSlackShowsNoAddressAnyMore(t *testing.T) {
	w := newWorld(t, nil)
	met := w.who("maya")
	w.pass(2 * time.Minute)
	w.member("maya", func(m *access.Person) { m.Email = "" })
	for range 2 {
		if p := w.who("maya"); p.ID != met.ID || p.Email != "maya@acme.example" || !p.Holds("maya@acme.example") || p.MayAct() != nil {
			t.Errorf("she is %+v", p)
		}
		w.pass(2 * time.Minute)
	}
	told := slices.Compact(w.told)
	if said := strings.Join(told, "\n"); len(told) != 1 || !strings.Contains(said, "no address of maya@acme.example") || !strings.Contains(said, "users:read.email") {
		t.Errorf("IT was told %q", said)
	}
}

// The app loses the right to read addresses, for all at once: that is one message to
// IT. Nobody is doubted or bound anew, and nobody is met.
func TestSlackShowsNobodysAddressAnyMore(t *testing.T) {
	w := newWorld(t, nil)
	before := map[string]access.Person{}
	for _, handle := range []string{"maya", "noor", "omar", "ines"} {
		before[handle] = w.who(handle)
	}
	w.set(func(w *world) {
		for handle, m := range w.members {
			m.Email = ""
			w.members[handle] = m
		}
	})
	w.pass(2 * time.Minute)
	for handle, was := range before {
		p := w.who(handle)
		if p.ID != was.ID || p.Email != was.Email || !p.Doubted.IsZero() || p.Account("okta") != was.Account("okta") || len(p.Bindings) != len(was.Bindings) {
			t.Errorf("%s is %+v, was %+v", handle, p, was)
		}
		if found, err := w.Had(t.Context(), was.Email); err != nil || found.ID != was.ID {
			t.Errorf("%s names %v, %v", was.Email, found.ID, err)
		}
	}
	if p, err := w.Who(t.Context(), "U-grace"); !refused(err) || p.ID != "" {
		t.Errorf("somebody is met without an address: %+v, %v", p, err)
	}
	if told := slices.Compact(w.told); len(told) != 1 || !strings.Contains(told[0], "for everybody") {
		t.Errorf("IT was told %q", told)
	}
}

func TestAnAddressThatIsNotConfirmedNamesNobody(t *testing.T) {
	w := newWorld(t, nil)
	unsure := func(m *access.Person) {
		m.Bindings = append(m.Bindings, access.ShownAddress("slack", m.Email, access.AssuranceShown, w.now))
	}
	w.member("maya", unsure)
	if _, err := w.Who(t.Context(), "U-maya"); !refused(err) {
		t.Errorf("got %v", err)
	}
	if _, err := w.ByAddress(t.Context(), "maya@acme.example"); !refused(err) {
		t.Errorf("got %v", err)
	}
}

func TestAPersonOfTheDirectoryComesToSlack(t *testing.T) {
	w := newWorld(t, nil)
	found, err := w.Register(t.Context(), "okta", []idp.Membership{{PersonID: "00u-maya", Email: "maya@acme.example", Status: idp.Active}})
	if err != nil || !found["00u-maya"].Valid() {
		t.Fatal(found, err)
	}
	if p := w.who("maya"); p.ID != found["00u-maya"] || p.Account("okta") != "00u-maya" || !p.Holds("maya@acme.example") {
		t.Errorf("she is %+v", p)
	}
	listed, err := w.Register(t.Context(), "okta", []idp.Membership{{PersonID: "00u-noor", Email: "noor@acme.example", Status: idp.Active}})
	if err != nil {
		t.Fatal(err)
	}
	if p, err := w.Person(t.Context(), listed["00u-noor"]); err != nil || p.Account("slack") != "U-noor" || p.ID != listed["00u-noor"] {
		t.Errorf("whoever is known by the directory alone is looked for in Slack: %+v, %v", p, err)
	}
}

func TestEnlisting(t *testing.T) {
	w := newWorld(t, nil)
	met := w.who("maya")
	slackOnly := func() access.Person {
		w.set(func(w *world) { delete(w.staff, "noor") })
		p := w.who("noor")
		w.set(func(w *world) {
			w.staff["noor"] = idp.Person{ID: "00u-noor", Login: "noor@acme.example", Email: "noor@acme.example", Status: idp.Active}
		})
		return p
	}()
	members := []idp.Membership{
		{PersonID: "00u-maya", Email: "old@acme.example", Status: idp.Active},
		{PersonID: "00u-noor", Email: "noor@acme.example", Status: idp.Active},
		{PersonID: "00u-twin", Email: "maya@acme.example", Status: idp.Active},
		{PersonID: "00u-gone", Email: "noor@acme.example", Status: idp.Left},
		{PersonID: "00u-robot", Status: idp.Suspended},
		{Status: idp.Active},
	}
	for i := range 150 {
		members = append(members, idp.Membership{PersonID: fmt.Sprint("00u-", i), Status: idp.Active})
	}
	found, err := w.Register(t.Context(), "okta", members)
	if err != nil || len(found) != 155 {
		t.Fatal(len(found), err)
	}
	if found["00u-maya"] != met.ID || found["00u-noor"] != slackOnly.ID {
		t.Errorf("who is known stays: %v", found)
	}
	seen := map[access.PersonID]bool{}
	for account, who := range found {
		if seen[who] || !who.Valid() {
			t.Errorf("%s is %q, who is somebody already", account, who)
		}
		seen[who] = true
	}
	if gone := w.stored(found["00u-gone"]); gone.Standing != access.Left || len(gone.Addresses()) > 0 {
		t.Errorf("who has left is %+v", gone)
	}
	again, err := w.Register(t.Context(), "okta", members)
	if err != nil || again["00u-twin"] != found["00u-twin"] {
		t.Errorf("the second time: %v", err)
	}
}

func TestGuestsCanBeGivenAccess(t *testing.T) {
	w := newWorld(t, nil)
	w.member("maya", func(m *access.Person) { m.Kind = access.Guest })
	if p, err := w.Service.Member(t.Context(), "U-maya"); err != nil || p.ID != "" {
		t.Errorf("a guest is met as %+v, %v", p, err)
	}
	guest, err := w.Beneficiary(t.Context(), "U-maya")
	if err != nil || !guest.ID.Valid() || guest.Kind != access.Guest || guest.Name != "Maya" || len(guest.Addresses()) > 0 {
		t.Errorf("a guest is %+v, %v", guest, err)
	}
	if again, err := w.Beneficiary(t.Context(), "U-maya"); err != nil || again.ID != guest.ID {
		t.Errorf("the second time: %+v, %v", again, err)
	}
	if account, err := w.Service.Account(t.Context(), directory{w}, guest.ID); err != nil || account.ID != "00u-maya" {
		t.Errorf("the guest's account is %+v, %v", account, err)
	}
	if who := w.who("noor"); who.ID == "" {
		t.Error("nobody")
	}
	if p, err := w.Beneficiary(t.Context(), "U-noor"); err != nil || p.Kind != access.Employee {
		t.Errorf("an employee is %+v, %v", p, err)
	}
}

func TestAnAccountThatIsSomebodyElses(t *testing.T) {
	w := newWorld(t, nil)
	met := w.who("maya")
	w.set(func(w *world) { delete(w.staff, "noor") })
	other := w.who("noor")
	w.account("maya", func(p *idp.Person) { p.Email = "noor@acme.example" })
	if _, err := w.Service.Account(t.Context(), directory{w}, other.ID); err == nil {
		t.Error("she gets an account that is known as another's")
	}
	w.Forget(met.ID)
	if a, err := w.Service.Account(t.Context(), directory{w}, met.ID); err != nil || a.ID != "00u-maya" {
		t.Errorf("hers is %+v, %v", a, err)
	}
	if _, err := w.Service.Account(t.Context(), directory{w}, peopletest.ID("nemo")); err == nil {
		t.Error("a stranger has an account")
	}
}

func TestConfiguredAddresses(t *testing.T) {
	w := newWorld(t, func(c *people.Config) {
		c.Admins = []access.Email{"ines@acme.example", "nemo@acme.example", "ines@acme.example"}
	})
	in := func() (out []access.PersonID) {
		err := w.store.View(t.Context(), func(tx store.Tx) (err error) {
			out, err = w.AdminsIn(tx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if got := in(); len(got) != 0 {
		t.Errorf("known before they were met: %v", got)
	}
	met, err := w.Admins(t.Context())
	if err != nil || len(met) != 1 || !slices.Equal(in(), met) {
		t.Errorf("met %v, %v; in the store %v", met, err, in())
	}
	app, _ := catalogue().App("figma")
	owners, err := w.Fulfillers(t.Context(), app)
	if err != nil || len(owners) != 1 || w.stored(owners[0]).Email != "noor@acme.example" {
		t.Errorf("fulfilled by %v, %v", owners, err)
	}
	err = w.store.View(t.Context(), func(tx store.Tx) error {
		known, err := people.FulfillersIn(tx, app)
		if !slices.Equal(known, owners) {
			t.Errorf("in the store: %v", known)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestWhoHadAnAddress(t *testing.T) {
	w := newWorld(t, nil)
	if _, err := w.Had(t.Context(), "maya@acme.example"); !refused(err) {
		t.Errorf("got %v", err)
	}
	first, second := w.who("maya"), w.who("noor")
	for handle, p := range map[string]access.Person{"maya": first, "noor": second} {
		w.pass(time.Hour)
		w.member(handle, func(m *access.Person) { m.Email = "desk@acme.example" })
		w.account(handle, func(a *idp.Person) { a.Email, a.Login = "desk@acme.example", "desk@acme.example" })
		w.who(handle)
		if had, err := w.Had(t.Context(), "desk@acme.example"); err != nil || had.ID != p.ID {
			t.Errorf("%s has it: %v, %v", handle, had.ID, err)
		}
		w.member(handle, func(m *access.Person) { m.Email = access.Email(handle + "@acme.example") })
		w.account(handle, func(a *idp.Person) { a.Email, a.Login = handle+"@acme.example", handle+"@acme.example" })
		w.pass(time.Hour)
		w.who(handle)
		if had, err := w.Had(t.Context(), "desk@acme.example"); err != nil || had.ID != p.ID {
			t.Errorf("%s had it last: %v, %v", handle, had.ID, err)
		}
	}
}
