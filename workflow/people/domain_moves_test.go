package people_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

type unit = engine.Unit

// fresh is longer than anything is cached.
func (w *world) fresh() time.Duration { return 2 * time.Minute }

// crowd are so many people more, in Slack and in the directory.
func (w *world) crowd(n int) (handles []string) {
	w.set(func(w *world) {
		for i := range n {
			h := fmt.Sprintf("crew%03d", i)
			address := h + "@acme.example"
			w.members[h] = access.Person{Email: access.Email(address), Name: "Crew " + h, Kind: access.Employee, Standing: access.Active, Bindings: []access.Binding{{System: "slack", ID: "U-" + h}}}
			w.staff[h] = idp.Person{ID: "00u-" + h, Login: address, Email: address, Status: idp.Active, Number: fmt.Sprint(1000 + i)}
			handles = append(handles, h)
		}
	})
	return handles
}

// said are the different things that IT was told: a unit of work may run twice.
func (w *world) said() (out []string) {
	for _, text := range w.told {
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

func at(domain string, handle string) string { return handle + "@" + domain }

// 400 addresses go to another domain, in Slack first and then in the directory, where
// the numbers become others as well. Everybody stays who they are, and IT gets one
// message.
func TestADomainMoves(t *testing.T) {
	w := newWorld(t, func(c *people.Config) { c.Catalog = highRisk })
	crew := w.crowd(400)
	ids := map[string]access.PersonID{}
	for _, h := range crew {
		ids[h] = w.who(h).ID
	}
	look := func() {
		t.Helper()
		w.pass(w.fresh())
		for _, h := range crew {
			p := w.who(h)
			if p.ID != ids[h] || p.MayAct() != nil || p.Account("okta") != "00u-"+h {
				t.Fatalf("%s is %+v: %v", h, p, p.MayAct())
			}
		}
	}
	for _, h := range crew {
		w.member(h, func(m *access.Person) { m.Email = access.Email(at("acme.com", h)) })
	}
	look()
	for _, h := range crew {
		w.account(h, func(p *idp.Person) { p.Login, p.Email, p.Number = at("acme.com", h), at("acme.com", h), "9"+p.Number })
	}
	look()
	if len(w.said()) != 1 || !strings.Contains(w.said()[0], "Addresses go from acme.example to acme.com") || !strings.Contains(w.said()[0], "latchkey people moved acme.example acme.com") {
		t.Fatalf("IT is told %d times: %.600q", len(w.said()), w.said())
	}
}

// While IT hasn't said that it is meant, nobody is met by an address there; who seems to
// be somebody else by now waits, without a message for each.
func TestAMoveThatIsNotMeantYet(t *testing.T) {
	w := newWorld(t, nil)
	crew := w.crowd(12)
	for _, h := range crew {
		w.who(h)
	}
	for _, h := range crew {
		w.member(h, func(m *access.Person) { m.Email = access.Email(at("acme.com", h)) })
	}
	w.pass(w.fresh())
	for _, h := range crew[:8] {
		w.who(h)
	}
	w.set(func(w *world) {
		w.members["newt"] = access.Person{Email: "newt@acme.com", Name: "Newt", Kind: access.Employee, Standing: access.Active, Bindings: []access.Binding{{System: "slack", ID: "U-newt"}}}
		w.staff["newt"] = idp.Person{ID: "00u-newt", Login: "newt@acme.com", Email: "newt@acme.com", Status: idp.Active}
	})
	if _, err := w.Who(t.Context(), "U-newt"); !refused(err) || !strings.Contains(err.Error(), "IT was asked whether that is meant") {
		t.Errorf("somebody new: %v", err)
	}
	// Crew 11 has another name, another address and another number at once.
	w.member(crew[11], func(m *access.Person) { m.Email, m.Name = "zoe@acme.com", "Zoe" })
	w.account(crew[11], func(p *idp.Person) { p.Login, p.Email, p.Number = "zoe@acme.com", "zoe@acme.com", "77" })
	if p, err := w.Service.Member(t.Context(), "U-"+crew[11]); err != nil || p.MayAct() == nil {
		t.Errorf("handed over: %+v, %v", p, err)
	}
	if len(w.said()) != 1 {
		t.Errorf("IT is told %q", w.said())
	}
	damaged := []string{"P-0BROKEN000", "P-ZBROKEN000"}
	hurt := w.units.Update(t.Context(), func(u *engine.Unit) error {
		for _, id := range damaged {
			if _, err := u.Tx.Put(store.Record{Kind: "person", ID: id, Body: []byte("{")}); err != nil {
				return err
			}
		}
		return nil
	})
	if hurt != nil {
		t.Fatal(hurt)
	}
	by := access.Actor{Via: access.ViaCLI, Account: "ines"}
	if err := w.Corrections().Moved(t.Context(), "ACME.example", "acme.com", by); err != nil {
		t.Fatal(err)
	}
	if err := w.Corrections().Moved(t.Context(), "acme.example", "acme.com", by); !refused(err) {
		t.Errorf("said twice: %v", err)
	}
	w.who("newt")
	w.who(crew[11])
	w.who(crew[9])
	if said := w.said(); len(said) != 2 || !strings.Contains(said[1], strings.Join(damaged, ", ")) {
		t.Errorf("IT is told %q", said)
	}
}

// A few people who change between subsidiaries are no move.
func TestAFewWhoChange(t *testing.T) {
	w := newWorld(t, nil)
	for _, h := range []string{"maya", "noor", "omar", "grace"} {
		w.who(h)
		w.member(h, func(m *access.Person) { m.Email = access.Email(at("acme.de", h)) })
		w.pass(8 * 24 * time.Hour)
		w.who(h)
	}
	if len(w.said()) != 0 {
		t.Errorf("IT is told %q", w.said())
	}
}

// Who is meant by an address of the configuration stays so when their address changes.
func TestAnAddressOfTheConfiguration(t *testing.T) {
	w := newWorld(t, nil)
	ines := w.who("ines")
	move := func(handle string, to access.Email) {
		w.member(handle, func(m *access.Person) { m.Email = to })
		w.account(handle, func(p *idp.Person) { p.Login, p.Email = string(to), string(to) })
		w.pass(w.fresh())
	}
	move("ines", "ines.obi@acme.example")
	if err := w.Allow(t.Context(), by(ines.ID), people.ActOversee, people.Matter{}); err != nil {
		t.Errorf("she is IT under another address: %v", err)
	}
	if found, err := w.Admins(t.Context()); err != nil || len(found) != 1 || found[0] != ines.ID {
		t.Errorf("IT are %v, %v", found, err)
	}
	move("omar", "ines@acme.example")
	omar := w.who("omar")
	for _, who := range []access.PersonID{omar.ID, ines.ID} {
		w.pass(w.fresh())
		if err := w.Allow(t.Context(), by(who), people.ActOversee, people.Matter{}); !refused(err) {
			t.Errorf("the address was given on, and %s is IT: %v", who, err)
		}
	}
	if found, err := w.Admins(t.Context()); err != nil || len(found) != 0 {
		t.Errorf("IT are %v, %v", found, err)
	}
	if len(w.said()) != 1 || !strings.Contains(w.said()[0], "latchkey people meant ines@acme.example") {
		t.Errorf("IT is told %q", w.said())
	}
	if err := w.Corrections().Meant(t.Context(), omar.ID, "ines@acme.example", access.Actor{Via: access.ViaCLI, Account: "root"}); err != nil {
		t.Fatal(err)
	}
	if err := w.Allow(t.Context(), by(omar.ID), people.ActOversee, people.Matter{}); err != nil {
		t.Errorf("IT says that it means him: %v", err)
	}
	if err := w.Allow(t.Context(), by(ines.ID), people.ActOversee, people.Matter{}); !refused(err) {
		t.Errorf("and not her: %v", err)
	}
}

// Two whose addresses are swapped are one alarm, and stay who they are.
func TestASwapIsAnAlarm(t *testing.T) {
	w := newWorld(t, nil)
	w.who("maya")
	w.who("noor")
	for handle, to := range map[string]access.Email{"maya": "noor@acme.example", "noor": "maya@acme.example"} {
		w.member(handle, func(m *access.Person) { m.Email = to })
		w.account(handle, func(p *idp.Person) { p.Login, p.Email = string(to), string(to) })
	}
	for range 3 {
		w.pass(w.fresh())
		w.who("maya")
		w.who("noor")
	}
	swaps := 0
	for _, said := range w.said() {
		if strings.Contains(said, "Two people have each other's addresses") {
			swaps++
		}
	}
	if swaps != 1 {
		t.Errorf("IT is told %q", w.said())
	}
}
