package people_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// 65: over random histories of people who are hired, renamed, swap addresses, leave, are
// deleted, come back, whose accounts and addresses are given to others, and whose
// workspace gives them other ids, no human gets what another one is known as, unless IT
// has said who they are.
func TestNoHistoryMakesOneHumanAnother(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := &history{rt: rt, w: newWorld(t, nil), humans: map[int]*human{}, owners: map[access.PersonID]int{}}
		h.w.set(func(w *world) {
			w.members, w.staff, w.former = map[string]access.Person{}, map[string]idp.Person{}, map[string]string{}
		})
		rt.Repeat(map[string]func(*rapid.T){
			"":             func(*rapid.T) {},
			"hire":         h.hire,
			"rename":       h.rename,
			"swap":         h.swap,
			"leave":        h.leave,
			"delete":       h.remove,
			"come back":    h.restore,
			"hand on":      h.handOn,
			"organisation": h.renumber,
			"click":        h.click,
			"IT":           h.word,
		})
	})
}

// history is what became of some humans, and who the product takes them for.
type history struct {
	rt     *rapid.T
	w      *world
	humans map[int]*human
	owners map[access.PersonID]int // the human who was first met as a person
	made   int
}

// human has at most one account in Slack and one in the directory, both under one key.
type human struct {
	n     int
	key   string // of their accounts; "": somebody else has them now
	left  time.Time
	purge bool // the account in the directory was deleted
}

func (h *history) begin(rt *rapid.T, pass ...time.Duration) {
	h.rt = rt
	h.w.pass(2 * time.Minute) // what is cached is forgotten
	for _, d := range pass {
		h.w.pass(d)
	}
}

func (h *history) one(is func(*human) bool) *human {
	some := slices.DeleteFunc(slices.Sorted(maps.Keys(h.humans)), func(n int) bool { return h.humans[n].key == "" || !is(h.humans[n]) })
	if len(some) == 0 {
		h.rt.Skip("nobody is like that")
	}
	return h.humans[rapid.SampledFrom(some).Draw(h.rt, "who")]
}

func here(x *human) bool { return x.left.IsZero() }
func gone(x *human) bool { return !x.left.IsZero() }

// free draws an address that no account in use has but those of one human.
func (h *history) free(but string) access.Email {
	a := access.Email(rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(h.rt, "address") + "@acme.example")
	for key, m := range h.w.members {
		if key != but && m.Email == a && m.Standing == access.Active {
			h.rt.Skip("taken")
		}
	}
	for key, p := range h.w.staff {
		if key != but && p.Email == string(a) && p.Status == idp.Active {
			h.rt.Skip("taken")
		}
	}
	return a
}

func (h *history) hire(rt *rapid.T) {
	h.begin(rt)
	a := h.free("")
	h.made++
	x := &human{n: h.made, key: fmt.Sprint("k", h.made)}
	h.humans[x.n] = x
	number := ""
	if rapid.Bool().Draw(rt, "numbered") {
		number = fmt.Sprint(4000 + x.n)
	}
	h.w.set(func(w *world) {
		w.members[x.key] = access.Person{Email: a, Name: fmt.Sprint("Human ", x.n), Kind: access.Employee, Standing: access.Active, Bindings: []access.Binding{{System: "slack", ID: "U-" + x.key}}}
		w.staff[x.key] = idp.Person{ID: "00u-" + x.key, Login: string(a), Email: string(a), Status: idp.Active, Number: number}
	})
}

func (h *history) rename(rt *rapid.T) {
	h.begin(rt)
	x := h.one(here)
	a := h.free(x.key)
	where := rapid.SampledFrom([]string{"both", "slack", "okta"}).Draw(rt, "where")
	if where != "okta" {
		h.w.member(x.key, func(m *access.Person) { m.Email = a })
	}
	if where != "slack" && !x.purge {
		h.w.account(x.key, func(p *idp.Person) { p.Login, p.Email = string(a), string(a) })
	}
}

func (h *history) swap(rt *rapid.T) {
	h.begin(rt)
	whole := func(x *human) bool { return here(x) && !x.purge }
	x, y := h.one(whole), h.one(whole)
	h.w.set(func(w *world) {
		a, b := w.members[x.key], w.members[y.key]
		a.Email, b.Email = b.Email, a.Email
		w.members[x.key], w.members[y.key] = a, b
		if x != y {
			p, q := w.staff[x.key], w.staff[y.key]
			p.Login, p.Email, q.Login, q.Email = q.Login, q.Email, p.Login, p.Email
			w.staff[x.key], w.staff[y.key] = p, q
		}
	})
}

// leave deactivates somebody's accounts, which Slack tells.
func (h *history) leave(rt *rapid.T) {
	h.begin(rt)
	x := h.one(here)
	x.left = h.w.Now()
	h.w.member(x.key, func(m *access.Person) { m.Standing = access.Left })
	if !x.purge {
		h.w.account(x.key, func(p *idp.Person) { p.Status = idp.Left })
	}
	who, err := h.w.Whose(h.w.t.Context(), "slack", h.slack(x))
	if err == nil && who != "" {
		err = h.w.units.Update(h.w.t.Context(), func(u *engine.Unit) error { return people.MarkLeft(u, who) })
	}
	if err != nil {
		rt.Fatal(err)
	}
}

// remove deletes the account of a leaver in the directory, for good.
func (h *history) remove(rt *rapid.T) {
	h.begin(rt)
	x := h.one(gone)
	x.purge = true
	h.w.set(func(w *world) { delete(w.staff, x.key) })
}

// restore has the same human back, soon or late, with what is left of their accounts.
func (h *history) restore(rt *rapid.T) {
	h.begin(rt, time.Duration(rapid.IntRange(0, 30).Draw(rt, "hours"))*time.Hour)
	x := h.one(gone)
	h.activate(x, x.key, h.free(x.key))
}

func (h *history) activate(x *human, key string, a access.Email) {
	x.left = time.Time{}
	h.w.member(key, func(m *access.Person) { m.Standing, m.Email = access.Active, a })
	if !x.purge {
		h.w.account(key, func(p *idp.Person) { p.Status, p.Login, p.Email = idp.Active, string(a), string(a) })
	}
}

// handOn gives the accounts of somebody who has long left to somebody new.
func (h *history) handOn(rt *rapid.T) {
	h.begin(rt, 25*time.Hour)
	x := h.one(gone)
	a := h.free(x.key)
	h.made++
	y := &human{n: h.made, key: x.key, purge: x.purge}
	if rapid.Bool().Draw(rt, "only in Slack") {
		y.purge = true
		h.w.set(func(w *world) { delete(w.staff, x.key) })
	}
	h.activate(y, x.key, a)
	h.humans[y.n], x.key = y, ""
	h.w.member(y.key, func(m *access.Person) { m.Name = fmt.Sprint("Human ", y.n) })
	if !y.purge {
		number := ""
		if rapid.Bool().Draw(rt, "numbered") {
			number = fmt.Sprint(4000 + y.n)
		}
		h.w.account(y.key, func(p *idp.Person) { p.Number = number })
	}
}

// renumber gives somebody's account in Slack another id, as when the workspace joins an
// organisation.
func (h *history) renumber(rt *rapid.T) {
	h.begin(rt)
	x := h.one(func(x *human) bool { return strings.HasPrefix(h.slack(x), "U-") })
	was := h.slack(x)
	h.w.member(x.key, func(m *access.Person) { m.Bindings = []access.Binding{{System: "slack", ID: "W-" + x.key}} })
	h.w.set(func(w *world) { w.former["W-"+x.key] = was })
}

func (h *history) slack(x *human) string {
	m := h.w.members[x.key]
	return m.Account("slack")
}

// click has somebody do something: whoever may act is who they were met as, and what
// would be given goes to an account of theirs.
func (h *history) click(rt *rapid.T) {
	h.begin(rt)
	x := h.one(here)
	p, err := h.w.Who(h.w.t.Context(), h.slack(x))
	if err != nil {
		return
	}
	owner, met := h.owners[p.ID]
	if !met {
		h.owners[p.ID], owner = x.n, x.n
	}
	if owner != x.n {
		rt.Fatalf("human %d is taken for %s, who is human %d", x.n, p.ID, owner)
	}
	for key, account := range h.w.staff {
		if account.ID == p.Account("okta") && account.Status == idp.Active && key != x.key {
			rt.Fatalf("what is given to human %d goes to the account of another: %s", x.n, account.ID)
		}
	}
}

// word has IT say who somebody is, as it is, where that was asked.
func (h *history) word(rt *rapid.T) {
	h.begin(rt)
	x := h.one(here)
	who, err := h.w.Whose(h.w.t.Context(), "slack", h.slack(x))
	if err != nil || who == "" || h.w.stored(who).Doubted.IsZero() {
		rt.Skip("nobody asked", err)
	}
	by := access.Actor{Via: access.ViaCLI, Account: "root"}
	if owner, met := h.owners[who]; !met || owner == x.n {
		err = h.w.Corrections().SamePerson(h.w.t.Context(), who, by)
	} else {
		err = h.w.Corrections().OtherPerson(h.w.t.Context(), who, by)
	}
	if err != nil {
		rt.Fatal(err)
	}
}
