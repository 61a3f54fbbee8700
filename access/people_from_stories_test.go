package access_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
)

const (
	annID = access.PersonID("P-ANN0000000")
	benID = access.PersonID("P-BEN0000000")
)

func boundTo(system, id string, since time.Time) access.Binding {
	return access.Binding{System: system, ID: id, Level: access.AssuranceFirst, How: "the record says so", Since: since}
}

// tells is an event that says who somebody was.
func tells(at time.Time, who access.PersonID, p access.Person) access.Event {
	return access.Event{At: at, Person: who, People: map[access.PersonID]access.Identity{who: p.Identity()}}
}

func TestWhatSeveralStoriesTellOfAPerson(t *testing.T) {
	first := access.Person{ID: annID, Name: "Ann", Bindings: []access.Binding{boundTo("slack", "U1", at)}}
	first = first.Rename(access.ShownAddress("slack", "ann@acme.test", access.AssuranceChecked, at))
	later := first.Rename(access.ShownAddress("slack", "lee@acme.test", access.AssuranceChecked, at.Add(time.Hour)))
	later.Name = "Ann Lee"
	later.Bindings = append(later.Bindings, boundTo("okta", "00u1", at.Add(time.Hour)))
	old, young := []access.Event{tells(at, annID, first)}, []access.Event{tells(at.Add(2*time.Hour), annID, later)}
	young[0].Approvers, young[0].Opening = []access.PersonID{benID, "ann@acme.test"}, &access.Opening{Requester: annID}
	for _, stories := range [][][]access.Event{{old, young}, {young, old}} {
		people, disputed := access.Reunite(stories, at.Add(3*time.Hour))
		if len(people) != 2 || len(disputed) != 0 {
			t.Fatalf("they are %+v, disputed is %v", people, disputed)
		}
		ann, ben := people[0], people[1]
		if ann.ID != annID || ann.Name != "Ann Lee" || ann.Email != "lee@acme.test" || !ann.Holds("lee@acme.test") || ann.Holds("ann@acme.test") ||
			ann.AddressAt(at) != "ann@acme.test" || ann.Account("slack") != "U1" || ann.Account("okta") != "00u1" || len(ann.Bindings) != 4 {
			t.Errorf("she is %+v", ann)
		}
		if ben.ID != benID || len(ben.Bindings) != 0 || ben.Display() != access.Unnamed {
			t.Errorf("of whom nothing is told but an id: %+v", ben)
		}
	}
}

func TestAnAccountThatTheRecordGivesToTwo(t *testing.T) {
	a := access.Person{ID: annID, Bindings: []access.Binding{boundTo("slack", "U1", at), boundTo("okta", "00u1", at)}}
	b := access.Person{ID: benID, Bindings: []access.Binding{boundTo("okta", "00u1", at)}}
	people, disputed := access.Reunite([][]access.Event{{tells(at, annID, a)}, {tells(at, benID, b)}}, at.Add(time.Hour))
	if len(disputed) != 1 || disputed[0].Binding.ID != "00u1" || len(disputed[0].Holders) != 2 {
		t.Errorf("disputed is %v", disputed)
	}
	if people[0].Account("okta") != "" || people[1].Account("okta") != "" || people[0].Account("slack") != "U1" {
		t.Errorf("they are %+v", people)
	}
}

func TestTwoAccountsInOnePlaceThatAreSaidToLive(t *testing.T) {
	a := access.Person{ID: annID, Bindings: []access.Binding{boundTo("slack", "U1", at)}}
	b := access.Person{ID: annID, Bindings: []access.Binding{boundTo("slack", "U2", at.Add(time.Hour))}}
	people, _ := access.Reunite([][]access.Event{{tells(at, annID, b), tells(at, annID, a)}}, at.Add(2*time.Hour))
	if len(people) != 1 || people[0].Account("slack") != "U2" || len(people[0].Former("slack")) != 1 {
		t.Errorf("she is %+v", people)
	}
}

func TestAnIdentityIsKeptAsItWas(t *testing.T) {
	p := access.Person{ID: annID, Bindings: []access.Binding{boundTo("slack", "U1", at)}}
	p = p.Rename(access.ShownAddress("slack", "ann@acme.test", access.AssuranceChecked, at)).Rename(access.ShownName("slack", "Ann", at)).Unbind("slack", at.Add(time.Hour))
	want := p.Identity()
	raw, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got access.Identity
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	for i := range want.Bindings {
		want.Bindings[i].How = "the record says so"
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got.Bindings) != 2 || got.Name != "Ann" {
		t.Errorf("as read back (-want +got):\n%s", diff)
	}
	if err := json.Unmarshal([]byte(`[]`), &got); err == nil {
		t.Error("a list is no identity")
	}
}

func TestEnlist(t *testing.T) {
	listed := member("00u1", annAddress)
	listed.System = "okta"
	known := resident("P-ANN", annAddress, "okta:00u1")
	if id := access.Register(access.IdentityQuestion{Account: listed, Bound: known, At: at}); id.Verdict != access.IdentityKnown || id.Person != "P-ANN" {
		t.Errorf("who is known is %+v", id)
	}
	listed.Standing, listed.Kind = access.Left, access.Guest
	id := access.Register(access.IdentityQuestion{Account: listed, Holders: holder(known, ""), At: at})
	if id.Verdict != access.IdentityNew || len(id.Bind) != 1 || id.Bind[0].ID != "00u1" || id.Rename[0].Level != access.AssuranceShown {
		t.Errorf("everybody is somebody: %+v", id)
	}
}

func TestWhatToCallSomebody(t *testing.T) {
	ann := *resident("P-ANN", annAddress, "slack:U1")
	ann.Bindings[1].Until = at.Add(time.Hour)
	ann = ann.Rename(access.ShownAddress("slack", "lee@acme.test", access.AssuranceChecked, at.Add(time.Hour)))
	if ann.Contact() != "lee@acme.test" || ann.ContactAt(at) != string(annAddress) || ann.ContactAt(time.Time{}) != "lee@acme.test" {
		t.Errorf("she is %s, was %s", ann.Contact(), ann.ContactAt(at))
	}
	if !ann.MeantByOneOf([]string{"ben@acme.test", " Lee@ACME.test"}) || ann.MeantByOneOf([]string{string(annAddress)}) || ann.MeantByOneOf(nil) {
		t.Error("she is named by what she has now")
	}
	if (access.Person{Name: "Ann"}).Contact() != "Ann" || (access.Person{ID: "P-ANN"}).Contact() != access.Unnamed {
		t.Error("an id is shown")
	}
}

// Whom IT offboarded is still offboarded where only the record of what they held is left,
// unless they have asked or decided since: then IT had taken it back.
func TestReunitedStayOffboarded(t *testing.T) {
	ended := access.Event{Kind: access.EventEnding, End: access.EndOffboarded, Person: "P-ANN0000000", At: at}
	other := ended
	other.Person, other.End = "P-BEN0000000", access.EndLeft
	asks := access.Event{Kind: access.EventSubmitted, Person: "P-ANN0000000", Actor: access.Actor{Person: "P-ANN0000000"}, At: at.Add(time.Hour)}
	for name, c := range map[string]struct {
		story []access.Event
		want  bool
	}{
		"ended by IT":            {[]access.Event{ended, other}, true},
		"asked before":           {[]access.Event{change(asks, func(e *access.Event) { e.At = at.Add(-time.Hour) }), ended}, true},
		"asked since":            {[]access.Event{ended, asks}, false},
		"was refused since":      {[]access.Event{ended, change(asks, func(e *access.Event) { e.Kind = access.EventNote })}, true},
		"somebody asks for them": {[]access.Event{ended, change(asks, func(e *access.Event) { e.Actor.Person = "P-BEN0000000" })}, true},
	} {
		people, _ := access.Reunite([][]access.Event{c.story}, at)
		for _, p := range people {
			if !p.Offboarded.IsZero() != (c.want && p.ID == "P-ANN0000000") {
				t.Errorf("%s: %s is offboarded %v", name, p.ID, p.Offboarded)
			}
		}
	}
}
