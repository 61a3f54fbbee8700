package reading

import (
	"testing"
	"time"

	"latchkey/idp"
)

// TestSeveralApplications: where a group lets into several, use of any counts, and nothing is known where one of them doesn't tell.
func TestSeveralApplications(t *testing.T) {
	early, late := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	a := used{last: map[string]time.Time{"maya": early}, reach: early, source: "a"}
	b := used{last: map[string]time.Time{"maya": late}, reach: late, source: "b"}
	if got := joined([]used{a, b}).of(&account{id: "maya"}); !got.At.Equal(late) || !got.Reach.Equal(late) || got.Source != "a; b" {
		t.Errorf("two reports: %+v", got)
	}
	if got := joined([]used{a, {}}).of(&account{id: "maya"}); got.Source != "" || !got.At.IsZero() {
		t.Errorf("one of two is unknown: %+v", got)
	}
}

// TestFewPeers: of few colleagues, and of a directory that wasn't listed, a share says nothing.
func TestFewPeers(t *testing.T) {
	all := nobody()
	all.whole = true
	all.department("Design").there, all.department("Design").active = 2, 5
	if s := all.peers(&member{department: all.department("design")}); s.Known() {
		t.Errorf("of four colleagues: %+v", s)
	}
	all.department("DESIGN").active, all.whole = 50, false
	if s := all.peers(&member{department: all.department("design")}); s.Known() {
		t.Errorf("of a directory that wasn't listed: %+v", s)
	}
}

// TestManagersOfAList: whose id or login a key is is the manager; what two could be is nobody's before an account is read alone,
// and what that shows holds for all who name their manager so.
func TestManagersOfAList(t *testing.T) {
	e := nobody()
	e.managers = true
	add := func(id, login, key string) {
		e.people[id] = e.keep(idp.Person{ID: id, Login: login, Email: login, ManagerKey: key, Created: time.UnixMilli(1).UTC()})
		if key != "" {
			e.above[key] = &listedBoss{}
		}
	}
	add("00u1", "noor@acme.example", "")
	add("00u2", "two@acme.example", "00u1")
	add("00u3", "three@acme.example", "Noor@Acme.example")
	add("00u4", "four@acme.example", "4711")
	add("00u5", "five@acme.example", "4711")
	add("00u6", "twice@acme.example", "twice@acme.example")
	add("00u7", "TWICE@acme.example", "")
	e.resolve()
	for id, want := range map[string]string{"00u1": "", "00u2": "00u1", "00u3": "00u1", "00u6": ""} {
		p, listed := e.take(id)
		if !listed || p.ManagerID != want || !p.Created.Equal(time.UnixMilli(1)) || e.names(p) != (id != "00u6") {
			t.Errorf("%s: %+v, named %v, want %q", id, p, e.names(p), want)
		}
	}
	if _, again := e.take("00u1"); again {
		t.Error("an account is kept that was introduced")
	}
	four, _ := e.take("00u4")
	five, _ := e.take("00u5")
	out := []idp.Person{four, five}
	if e.names(four) || e.share("4711", []int{0, 1}, out) {
		t.Error("a number that nobody resolved is a manager")
	}
	out[0].ManagerID, out[0].ManagerEmail = "00u1", "noor@acme.example"
	if !e.share("4711", []int{0, 1}, out) || out[1].ManagerID != "00u1" || out[1].ManagerEmail != "noor@acme.example" || !e.names(out[1]) {
		t.Errorf("what was read alone isn't shared: %+v", out[1])
	}
}

// TestWhatIsKeptIsWhole: an account waits with all that its directory showed.
func TestWhatIsKeptIsWhole(t *testing.T) {
	e, at := nobody(), time.UnixMilli(1_700_000_000_123).UTC()
	for _, p := range []idp.Person{
		{}, {Login: "a@x.com", Email: "a@x.com"}, {Login: "a@x.com"}, {Email: "a@x.com", Status: idp.Active},
		{Login: "a", Email: "b", Name: "N", Title: "T", Department: "D", Type: "E", Location: "L", ManagerID: "m", ManagerEmail: "m@x.com", ManagerKey: "k", ManagerText: "Mr", Status: idp.Suspended, Created: at, LastLogin: at.Add(time.Hour)},
	} {
		p.ID = "00u1"
		if got := e.person("00u1", e.keep(p)); got != p {
			t.Errorf("%+v came back as %+v", p, got)
		}
	}
}
