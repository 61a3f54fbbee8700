package access_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"latchkey/access"
)

func TestPersonID(t *testing.T) {
	if id := access.NewPersonID("AB2CD3EF4GHIJK"); id != "P-AB2CD3EF4G" || !id.Valid() {
		t.Errorf("got %q", id)
	}
	for _, id := range []access.PersonID{"", "P-", "P-AB2CD3EF4", "P-AB2CD3EF4GH", "P-ab2cd3ef4g", "AR-AB2CD3EF4G", "ann@acme.test", "P-AB2CD3EF4\u212a"} {
		if id.Valid() {
			t.Errorf("%q is taken for a person's id", id)
		}
	}
}

// Unicode folds each of these together with one of the others.
func TestAddressesStayDifferent(t *testing.T) {
	all := []string{
		"kim@acme.test", "\u212aim@acme.test", "k\u0130m@acme.test", "k\u0131m@acme.test",
		"sam@acme.test", "\u017fam@acme.test", "\uff53am@acme.test",
		"s\u200bam@acme.test", "sam\u200f@acme.test", "\u00a0sam@acme.test", "sam@acme.test\ufeff", "\u0455am@acme.test",
		"é@acme.test", "É@acme.test", "e\u0301@acme.test", "sam+x@acme.test", "s.am@acme.test", "\xff@acme.test", "\xfe@acme.test",
	}
	seen := map[access.Email]string{}
	for _, s := range all {
		if other, ok := seen[access.NewEmail(s)]; ok {
			t.Errorf("%q and %q become one address", s, other)
		}
		seen[access.NewEmail(s)] = s
	}
	if got := access.NewEmail("\t Kim@ACME.Test\r\n"); got != "kim@acme.test" {
		t.Errorf("got %q", got)
	}
}

func TestFoldingTwiceIsFoldingOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := access.NewEmail(rapid.String().Draw(t, "address"))
		if twice := access.NewEmail(string(once)); twice != once {
			t.Fatalf("%q becomes %q", once, twice)
		}
	})
}

func slackAccount(id string, at time.Time) access.Binding {
	return access.Binding{System: access.SystemSlack, ID: id, Level: access.AssuranceChecked, How: "test", Since: at}
}

func bound(t *testing.T, p access.Person, b access.Binding) access.Person {
	t.Helper()
	p, err := p.Bind(b, "")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestBindRefusesWhatContradicts(t *testing.T) {
	ann := bound(t, access.Person{ID: "P-ANN"}, slackAccount("U1", at))
	for _, c := range []struct {
		name   string
		b      access.Binding
		holder access.PersonID
		reason access.Reason
	}{
		{"somebody else's", access.Binding{System: "okta", ID: "00u2"}, "P-BEN", access.Contradictory},
		{"a second one in the system", slackAccount("U2", at), "", access.Contradictory},
		{"without an id", access.Binding{System: "okta"}, "", access.Invalid},
		{"without a system", access.Binding{ID: "x"}, "", access.Invalid},
		{"unreadable", access.Binding{System: "okta", ID: "\xff"}, "", access.Invalid},
		{"lost by Jira", access.Binding{System: access.SystemJira, ID: "unknown"}, "", access.Invalid},
		{"not an account", access.ShownName("slack", "Ann", at), "", access.Invalid},
	} {
		p, err := ann.Bind(c.b, c.holder)
		if r, ok := access.AsRefusal(err); !ok || r.Reason != c.reason {
			t.Errorf("%s: got %v", c.name, err)
		}
		if diff := cmp.Diff(ann, p); diff != "" {
			t.Errorf("%s: the person changed: %s", c.name, diff)
		}
	}
	_, err := ann.Bind(access.Binding{System: "okta", ID: "00u2"}, "P-BEN")
	var c *access.Contradiction
	if !errors.As(err, &c) || !slices.Equal(c.Holders, []access.PersonID{"P-BEN"}) || !strings.Contains(err.Error(), "P-BEN") {
		t.Errorf("who has it isn't said: %v", err)
	}
}

func TestBindAgainRaisesTheAssurance(t *testing.T) {
	p := bound(t, access.Person{ID: "P-ANN"}, slackAccount("U1", at))
	same := bound(t, p, slackAccount("U1", at.Add(time.Hour)))
	if diff := cmp.Diff(p, same); diff != "" {
		t.Errorf("binding the same again changed something: %s", diff)
	}
	surer := slackAccount("U1", at.Add(time.Hour))
	surer.Level = access.AssuranceByIT
	p = bound(t, p, surer)
	if p.Account("slack") != "U1" || len(p.Former("slack")) != 1 || p.Bindings[1].Level != access.AssuranceByIT {
		t.Errorf("got %+v", p.Bindings)
	}
}

func TestAddressesHaveAHistory(t *testing.T) {
	day := func(n int) time.Time { return at.AddDate(0, 0, n) }
	p := bound(t, access.Person{ID: "P-ANN", Email: "ann@acme.test"}, slackAccount("U1", day(0)))
	if p.Address() != "ann@acme.test" || p.AddressAt(day(0)) != "" {
		t.Errorf("without bindings: %q, %q", p.Address(), p.AddressAt(day(0)))
	}
	p = p.Rename(access.ShownAddress("slack", "ann@acme.test", access.AssuranceChecked, day(1)))
	p = p.Rename(access.ShownAddress("okta", "ann@corp.test", access.AssuranceStated, day(2)))
	p = p.Rename(access.ShownAddress("jira", "boss@acme.test", access.AssuranceShown, day(2)))
	p = p.Rename(access.ShownName("slack", "Ann", day(2)))
	p = p.Rename(access.ShownAddress("slack", "ann.lee@acme.test", access.AssuranceChecked, day(3)))
	p = p.Rename(access.ShownName("slack", "Ann Lee", day(3)))
	p = p.Rename(access.ShownAddress("slack", "", access.AssuranceChecked, day(4))) // absent is not changed
	got := fmt.Sprint(p.AddressAt(day(0)), "|", p.AddressAt(day(1)), "|", p.AddressAt(day(2)), "|", p.AddressAt(day(3)), "|", p.Address(), "|", p.Email, "|", p.Name)
	if want := "|ann@acme.test|ann@acme.test|ann.lee@acme.test|ann.lee@acme.test|ann.lee@acme.test|Ann Lee"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := p.Addresses(); !slices.Equal(got, []access.Email{"ann@corp.test", "ann.lee@acme.test"}) {
		t.Errorf("named by %v", got)
	}
	if p.Holds("boss@acme.test") || p.Holds("ann@acme.test") || p.Holds("") || !p.Holds("ann@corp.test") {
		t.Error("an address that is former, or merely shown, names the person")
	}
	if got := p.Former(access.SystemName); len(got) != 1 || got[0].ID != "Ann" {
		t.Errorf("former names: %v", got)
	}
	p = p.Unbind("slack", day(5))
	if p.Account("slack") != "" || p.Address() != "ann@corp.test" || p.AddressAt(day(4)) != "ann.lee@acme.test" || p.Name != "Ann Lee" {
		t.Errorf("without the account: %q, %q, %q", p.Address(), p.AddressAt(day(4)), p.Name)
	}
}

// town is what is bound to whom, changed at random.
type town struct {
	people map[access.PersonID]access.Person
	now    time.Time
}

func newTown() *town {
	t := &town{people: map[access.PersonID]access.Person{}, now: at}
	for _, id := range []access.PersonID{"P-A", "P-B", "P-C"} {
		t.people[id] = access.Person{ID: id}
	}
	return t
}

func (t *town) AccountHolder(system, id string) (access.PersonID, error) {
	for who, p := range t.people {
		if p.Account(system) == id {
			return who, nil
		}
	}
	return "", nil
}

func (t *town) AddressHolders(a access.Email) (out []access.PersonID, _ error) {
	for who, p := range t.people {
		if p.Holds(a) {
			out = append(out, who)
		}
	}
	slices.Sort(out)
	return out, nil
}

// problem is what must never be: an account of two people, or two of one person
// in one system.
func (t *town) problem() string {
	owner := map[string]access.PersonID{}
	for who, p := range t.people {
		systems := map[string]bool{}
		for _, b := range p.Bindings {
			if !b.IsAccount() || !b.Live() {
				continue
			}
			key := b.System + " " + b.ID
			if other, ok := owner[key]; ok {
				return fmt.Sprintf("%s is bound to %s and %s", key, other, who)
			}
			if systems[b.System] {
				return fmt.Sprintf("%s has two accounts in %s", who, b.System)
			}
			owner[key], systems[b.System] = who, true
		}
	}
	return ""
}

// lost is what a change took from the history of a person.
func lost(before, after access.Person) string {
	if len(after.Bindings) < len(before.Bindings) {
		return "bindings are gone"
	}
	for i, old := range before.Bindings {
		now := after.Bindings[i]
		if old.Live() {
			now.Until = old.Until
		}
		if now != old {
			return fmt.Sprintf("%+v became %+v", old, after.Bindings[i])
		}
	}
	return ""
}

func TestNoAccountOfTwoPeopleAndNoHistoryLost(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		town := newTown()
		who := rapid.SampledFrom([]access.PersonID{"P-A", "P-B", "P-C"})
		system := rapid.SampledFrom([]string{"slack", "jira", "okta"})
		id := rapid.SampledFrom([]string{"1", "2", "3"})
		level := rapid.SampledFrom([]access.Assurance{access.AssuranceShown, access.AssuranceChecked, access.AssuranceStated, access.AssuranceByIT})
		change := func(f func(access.Person) access.Person) {
			key := who.Draw(rt, "who")
			before := town.people[key]
			untouched := slices.Clone(before.Bindings)
			then := before.AddressAt(town.now)
			town.now = town.now.Add(time.Minute)
			after := f(before)
			town.people[key] = after
			if !slices.Equal(before.Bindings, untouched) {
				rt.Fatal("the person as they were before is not what it was")
			}
			if what := lost(before, after); what != "" {
				rt.Fatal(what)
			}
			if got := after.AddressAt(town.now.Add(-time.Minute)); got != then {
				rt.Fatalf("the address of the time was %q and is now %q", then, got)
			}
			if after.Email != after.Address() {
				rt.Fatalf("shows %q, has %q", after.Email, after.Address())
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"": func(rt *rapid.T) {
				if what := town.problem(); what != "" {
					rt.Fatal(what)
				}
			},
			"bind": func(rt *rapid.T) {
				change(func(p access.Person) access.Person {
					b := access.Binding{System: system.Draw(rt, "system"), ID: id.Draw(rt, "id"), Level: level.Draw(rt, "level"), Since: town.now}
					holder, _ := town.AccountHolder(b.System, b.ID)
					p, _ = p.Bind(b, holder)
					return p
				})
			},
			"rename": func(rt *rapid.T) {
				change(func(p access.Person) access.Person {
					a := access.Email(id.Draw(rt, "address") + "@acme.test")
					return p.Rename(access.ShownAddress(system.Draw(rt, "system"), a, level.Draw(rt, "level"), town.now))
				})
			},
			"unbind": func(rt *rapid.T) {
				change(func(p access.Person) access.Person { return p.Unbind(system.Draw(rt, "system"), town.now) })
			},
			"release": func(rt *rapid.T) {
				change(func(p access.Person) access.Person {
					return access.Release{System: system.Draw(rt, "system"), Address: access.Email(id.Draw(rt, "address") + "@acme.test")}.Apply(p, town.now)
				})
			},
		})
	})
}
