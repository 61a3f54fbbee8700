package reclaim

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
)

// beside adds a second directory, in which handles have accounts, too, and gives it with their ids there.
func (w *world) besides(handles ...string) (*idptest.Vendor, map[string]string) {
	other, ids := idptest.NewVendor("partners", w.clock), map[string]string{}
	for _, h := range handles {
		ids[h] = other.AddPerson(idptest.Person{Email: h + "@acme.example", Name: h})
	}
	w.reads(append(w.dirs, other.Directory())...)
	return other, ids
}

// reads has other directories be read.
func (w *world) reads(dirs ...idp.Directory) {
	w.dirs = dirs
	w.Service.seats.dirs = w.dirs
	w.Service.seats.groups = people.NewGroups(people.GroupsConfig{Units: w.units, Directories: w.dirs})
}

// TestAClockThatIsSetBack takes nothing away before the time to answer has passed on it once more.
func TestAClockThatIsSetBack(t *testing.T) {
	w := silent(t)
	w.turned()
	w.clock.Advance(8 * day)
	w.fallDue()
	w.clock.Advance(-3 * day)
	w.work()
	w.want("set back right before the last look", "maya checking")
	if !w.in(w.group, "maya") {
		t.Error("it was taken away before its time")
	}
	w.clock.Advance(day)
	w.work()
	w.want("a day later", "maya checking")
	w.clock.Advance(2 * day)
	w.work()
	w.want("when it is time", "maya removed gone")
}

// TestDaysAreOfTheSameLength when clocks are put forward or back: who is asked has all of the time to answer, and an exemption ends
// with its day in UTC, wherever people are.
func TestDaysAreOfTheSameLength(t *testing.T) {
	for name, begins := range map[string]time.Time{
		"forward, in Europe": time.Date(2027, 3, 26, 9, 0, 0, 0, time.UTC), "back, in Europe": time.Date(2026, 10, 23, 9, 0, 0, 0, time.UTC),
		"back, in America": time.Date(2026, 10, 30, 13, 0, 0, 0, time.UTC), "a leap day": time.Date(2028, 2, 25, 9, 0, 0, 0, time.UTC), "New Year": time.Date(2026, 12, 28, 9, 0, 0, 0, time.UTC),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.clock.Advance(begins.Sub(w.clock.Now()))
			w.has("maya", "editor", 200*day)
			w.has("tom", "editor", 200*day)
			w.used("maya", 80*day)
			w.used("tom", day)
			w.turned()
			c := w.only()
			if c.Until.Sub(c.Asked) != 7*24*time.Hour {
				t.Errorf("%s to answer", c.Until.Sub(c.Asked))
			}
			w.clock.Advance(7*24*time.Hour - time.Second)
			w.work()
			w.want("in the last second", "maya asked")
			w.clock.Advance(time.Second)
			w.work()
			w.want("then", "maya removed gone")
		})
	}
}

// TestTwoAccountsOfOnePerson are one seat: who uses it by one of them isn't asked about the other, and who is asked loses nothing
// until it is known of both.
func TestTwoAccountsOfOnePerson(t *testing.T) {
	w := newWorld(t)
	w.app.Uses = nil
	w.has("tom", "editor", 200*day)
	w.used("tom", 0)
	other, theirs := w.besides("maya")
	there := catalog.GroupRef{Directory: "partners", Group: "figma-partners"}
	group := other.AddGroup(there.Group, idptest.Plain)
	other.SetMember(group, theirs["maya"], true)
	w.has("maya", "editor", 200*day, func(g *access.Grant) {
		g.Entitlements = append(g.Entitlements, access.Entitlement{Group: there, State: access.EntitlementHeld, Absent: true, Account: theirs["maya"], GroupID: group})
	})
	w.used("maya", 80*day)
	w.alsoOpens = []catalog.GroupRef{there}
	elsewhere := other.SignIn(theirs["maya"], w.clock.Now().Add(-day), true)
	w.reads(assigned{w.vendor.Directory(), []string{w.group}, w.vendor.SignIn("", w.clock.Now(), false)}, assigned{other.Directory(), []string{group}, elsewhere})

	w.turned()
	w.want("used by the second account")
	if got := w.seats(); got["maya"] != access.SeatUsed || len(got) != 2 {
		t.Errorf("they are %v", got)
	}
	w.pass(58 * day)
	w.want("neither is used for long enough")
	w.used("tom", 0)
	w.pass(2 * day)
	w.want("neither is used for so long", "maya asked")
	other.Fail(idptest.Outage)
	w.pass(10 * day)
	w.want("one directory is away when the time is up", "maya checking")
	other.Heal()
	other.SignIn(theirs["maya"], w.clock.Now().Add(-time.Minute), true)
	w.clock.Advance(2 * time.Hour)
	w.work()
	w.want("it was used by the second account", "maya in_use")
}

// TestAGroupOfAnotherDirectoryLeavesOut whoever is in it, by the account that is known to be theirs there, or by their address.
func TestAGroupOfAnotherDirectoryLeavesOut(t *testing.T) {
	for name, bound := range map[string]bool{"by the account": true, "by the address": false} {
		w := silent(t)
		other, theirs := w.besides("maya", "tom")
		board := other.AddGroup("board", idptest.Plain)
		other.SetMember(board, theirs["maya"], true)
		if bound {
			other.SetEmail(theirs["maya"], "m.lind@partners.example")
			err := w.store.Update(t.Context(), func(tx store.Tx) error {
				known, err := store.Person(tx, peopletest.ID("maya"))
				if err == nil {
					known.Person, err = known.Bind(access.Binding{System: "partners", ID: theirs["maya"], Since: w.clock.Now()}, "")
				}
				if err != nil {
					return err
				}
				return store.PutPerson(tx, &known)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		w.rule.Exempt = []catalog.ReclaimExempt{{Group: catalog.GroupRef{Directory: "partners", Group: "board"}, Why: "the board"}}
		w.turned()
		if len(w.cases()) > 0 || w.seats()["maya"] != access.SeatLeftOut {
			t.Errorf("%s: %q, %v", name, w.cases(), w.seats())
		}
		other.SetMember(board, theirs["maya"], false)
		w.clock.Advance(day)
		w.turned()
		w.want(name+": not on the board any more", "maya asked")
	}
}

// TestAnExemptGroupThatIsRenamed goes on being left out, one that takes its name over isn't; and where it is deleted, nobody is asked.
func TestAnExemptGroupThatIsRenamed(t *testing.T) {
	w := silent(t)
	board := w.vendor.AddGroup("board", idptest.Plain)
	w.vendor.SetMember(board, w.ids["maya"], true)
	w.rule.Exempt = []catalog.ReclaimExempt{{Group: catalog.GroupRef{Directory: "okta", Group: "board"}, Why: "the board"}}
	w.turned()
	w.want("on the board")
	w.vendor.RenameGroup(board, "board-2027")
	w.vendor.AddGroup("board", idptest.Plain)
	w.turned()
	w.want("it is called otherwise")
	w.vendor.DeleteGroup(board)
	w.turned()
	w.want("it isn't there any more")
	p, err := w.Preview(t.Context())
	if err != nil || !strings.Contains(p.Apps[0].Unread, "board") {
		t.Errorf("IT reads %q, %v", p.Apps[0].Unread, err)
	}
}

// nesting is a directory that doesn't say who is in a group that has groups in it.
type nesting struct {
	idp.Directory
	group string
}

func (n nesting) Unwrap() idp.Directory { return n.Directory }

func (n nesting) Members(ctx context.Context, id string) (idp.Listing, error) {
	if id == n.group {
		return idp.Listing{}, fmt.Errorf("the list of members is not everybody: there are groups in it: %w", idp.ErrRefused)
	}
	return n.Directory.Members(ctx, id)
}

// TestGroupsInAnExemptGroup: where a directory doesn't say who is in a group that is left out, nobody is asked, and nothing ends.
func TestGroupsInAnExemptGroup(t *testing.T) {
	w := silent(t)
	w.turned()
	w.want("before", "maya asked")
	board := w.vendor.AddGroup("board", idptest.Plain)
	w.rule.Exempt = []catalog.ReclaimExempt{{Group: catalog.GroupRef{Directory: "okta", Group: "board"}, Why: "the board"}}
	w.reads(nesting{w.dirs[0], board})
	w.used("tom", 0)
	w.pass(20 * day)
	w.want("it isn't known who is on the board", "maya checking")
	p, err := w.Preview(t.Context())
	if err != nil || p.Apps[0].Unread == "" || len(p.Apps[0].Seats) > 0 {
		t.Errorf("IT reads %+v, %v", p.Apps, err)
	}
}
