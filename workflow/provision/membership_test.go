package provision_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/provision"
)

func TestGivenAndTakenAndReadBack(t *testing.T) {
	for name, able := range map[string]func(idp.Directory) idp.Directory{
		"by one membership": func(d idp.Directory) idp.Directory { return d },
		"by the whole list": idptest.Core,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorldWith(t, func(w *world, c *provision.Config) {
				c.Directories = people.Directories{able(w.vendor.Directory())}
			})
			g := w.active("A")
			w.expect("she is in", w.vendor.IsMember(w.group, w.maya))
			w.expect("it was not so before", w.entitlement(g.ID).Absent && !w.entitlement(g.ID).Before)
			w.end(g.ID)
			w.work()
			w.expect("she is out", !w.vendor.IsMember(w.group, w.maya))
			w.expect("it ended", w.now(g.ID).State == access.GrantEnded && w.entitlement(g.ID).State == access.EntitlementRemoved)
		})
	}
}

func TestNothingIsGivenAfterTheEnd(t *testing.T) {
	w := newWorld(t)
	g := w.grant("A")
	add := w.tasks()[0]
	w.end(g.ID)
	if all := w.tasks(); len(all) != 1 || all[0].Kind == add.Kind {
		t.Fatalf("the addition was not taken back: %+v", all)
	}
	w.work()
	e := w.last(access.EventMemberKept)
	w.expect("it was left alone, and that is said", w.now(g.ID).State == access.GrantEnded && strings.HasPrefix(e.Note, "Left alone"))
	if done, err := w.Handlers()[add.Kind].Do(t.Context(), add); done != nil || err != nil {
		t.Errorf("an addition that was under way goes on: %v", err)
	}
	w.expect("she was never in", !w.vendor.IsMember(w.group, w.maya))
}

func TestTheEndOvertakesAnAddition(t *testing.T) {
	w := newWorld(t)
	g := w.grant("A")
	added, err := w.Handlers()[w.tasks()[0].Kind].Do(t.Context(), w.tasks()[0])
	if err != nil {
		t.Fatal(err)
	}
	w.end(g.ID)
	w.do(added)
	w.work()
	w.expect("what was given too late is taken", w.now(g.ID).State == access.GrantEnded && !w.vendor.IsMember(w.group, w.maya))
	w.do(added) // told once more, after a crash
	w.expect("a grant that moved on stays as it is", w.now(g.ID).State == access.GrantEnded)
}

// TestACrashAfterTheChange tries an addition again whose outcome was lost.
func TestACrashAfterTheChange(t *testing.T) {
	w := newWorld(t)
	g := w.grant("A")
	if _, err := w.Handlers()["grant.add"].Do(t.Context(), w.tasks()[0]); err != nil {
		t.Fatal(err)
	}
	w.work()
	w.expect("it is Latchkey's own work", !w.entitlement(g.ID).Before && len(w.open()) == 1)
}

// An older store does not take away what somebody has by a request that Jira alone knows.
func TestAGroupStaysWhileWhatOnlyJiraKnowsNeedsIt(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*store.Ahead)
		stays  bool
	}{
		"needed":                {func(*store.Ahead) {}, true},
		"by the group's id":     {func(a *store.Ahead) { a.Needs[0].Group.Group = "its other name" }, true},
		"by some account":       {func(a *store.Ahead) { a.Needs[0].Account = "" }, true},
		"by somebody else":      {func(a *store.Ahead) { a.Needs[0].Account = "somebody-else" }, false},
		"another group":         {func(a *store.Ahead) { a.Needs[0].Group.Group, a.Needs[0].GroupID = "another", "other-id" }, false},
		"its time is over, too": {func(a *store.Ahead) { a.Until = time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC) }, false},
		"nothing is known":      {func(a *store.Ahead) { a.Needs = nil }, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			g := w.active("A")
			ahead := store.Ahead{Subject: access.RequestSubject("AR-newer"), N: 9, Place: access.Issue{ID: "77", Key: "IT-77"}, Needs: w.now(g.ID).Entitlements, Until: w.clock.Now().Add(time.Hour)}
			tc.change(&ahead)
			w.do(func(u *engine.Unit) error { return store.PutAhead(u.Tx, ahead) })
			w.end(g.ID)
			w.work()
			w.expect("she stays in or not", w.vendor.IsMember(w.group, w.maya) == tc.stays && w.now(g.ID).State == access.GrantEnded)
			note := w.last(access.EventMemberKept).Note
			w.expect("and it is said why", strings.Contains(note, "by IT-77") == tc.stays)
		})
	}
}

func TestAGroupStaysWhileAnotherGrantNeedsIt(t *testing.T) {
	w := newWorld(t)
	first := w.active("A")
	second := w.active("B")
	w.expect("the second explains it by the first", w.last(access.EventMemberAdded).Note == "already a member, by another grant of Latchkey")
	w.end(first.ID)
	w.work()
	w.expect("she stays in", w.vendor.IsMember(w.group, w.maya) && w.entitlement(first.ID).State == access.EntitlementKept)
	w.expect("and it is said for what", w.last(access.EventMemberKept).Note == "Kept: Figma · Editor still needs the group.")
	w.end(second.ID)
	w.work()
	w.expect("with the last reason she is out", !w.vendor.IsMember(w.group, w.maya) && w.now(second.ID).State == access.GrantEnded)
}

func TestWhatAnEndingGrantKnowsIsPassedOn(t *testing.T) {
	w := newWorld(t)
	first := w.active("A")
	second := w.grant("B") // its addition has not been tried
	w.end(first.ID)
	for _, task := range w.tasks() {
		if task.Kind == "grant.remove" {
			if err := w.attempt(task); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.work()
	w.expect("the second doesn't take it for somebody else's", len(w.open()) == 1 && !w.entitlement(second.ID).Before)
}

func TestWhatWasThereBeforeIsAdopted(t *testing.T) {
	w := newWorld(t)
	w.vendor.SetMember(w.group, w.maya, true)
	g := w.active("A")
	w.expect("it was so before", w.entitlement(g.ID).Before && len(w.open()) == 2)
	adopted := w.last(access.EventAdopted)
	if !strings.HasPrefix(adopted.Grant, "GF-") || adopted.Issue == nil || adopted.Issue.Key != "IT-A" {
		t.Errorf("adopted by %+v", adopted)
	}
	w.end(g.ID)
	w.work()
	w.expect("it outlasts the grant", w.vendor.IsMember(w.group, w.maya) && w.now(g.ID).State == access.GrantEnded)
	w.expect("and it is said why", strings.Contains(w.last(access.EventMemberKept).Note, adopted.Grant+" (adopted)"))
}

// TestNothingIsLeftToRemove: what is asked for by its id and isn't there twice, with
// time between, is gone. The record says that, not that somebody looked who is in.
func TestNothingIsLeftToRemove(t *testing.T) {
	for name, gone := range map[string]func(*world){
		"account": func(w *world) { w.vendor.DeletePerson(w.maya) },
		"group":   func(w *world) { w.vendor.DeleteGroup(w.group) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			g := w.active("A")
			gone(w)
			w.end(g.ID)
			f := w.fails(access.Limited)
			w.expect("it is looked for again", f.After > 0 && w.now(g.ID).State == access.GrantEnding)
			w.clock.Advance(f.After - time.Millisecond)
			w.fails(access.Limited)
			w.clock.Advance(time.Millisecond)
			w.work()
			e := w.last(access.EventMemberGone)
			w.expect("it ended", w.now(g.ID).State == access.GrantEnded && w.entitlement(g.ID).State == access.EntitlementGone)
			w.expect("and it is said why", strings.HasPrefix(e.Note, "There was nothing to remove: the "+name+" is gone."))
		})
	}
}

// TestNotFoundForAMomentIsNotGone: an index or a replica that trails is no proof.
func TestNotFoundForAMomentIsNotGone(t *testing.T) {
	w := newWorld(t)
	g := w.active("A")
	w.vendor.Mislead(w.group, "nothing")
	w.end(g.ID)
	f := w.fails(access.Limited)
	w.vendor.Mislead(w.group, w.group)
	w.clock.Advance(f.After)
	w.work()
	w.expect("she was taken out", !w.vendor.IsMember(w.group, w.maya) && w.entitlement(g.ID).State == access.EntitlementRemoved)
}

// TestASearchThatFindsNobodyProvesNothing: of a grant from before ids were kept only
// the address is known.
func TestASearchThatFindsNobodyProvesNothing(t *testing.T) {
	w := newWorld(t)
	g := w.active("A")
	w.fromBefore(g.ID)
	w.vendor.SetEmail(w.maya, "maya.berg@acme.example")
	w.clock.Advance(time.Minute)
	w.end(g.ID)
	w.clock.Advance(w.fails(access.Limited).After)
	f := w.fails(access.Rejected)
	w.expect("a human hears that she may still be in", strings.Contains(f.Sentence, "The account of a removal from okta:figma-editors can't be found") && strings.Contains(f.Sentence, "may still be there"))
	w.expect("it has not ended", w.now(g.ID).State == access.GrantEnding && w.vendor.IsMember(w.group, w.maya))
	w.vendor.SetMember(w.group, w.maya, false)
	w.work()
	w.expect("nobody is in the group any more", w.now(g.ID).State == access.GrantEnded && strings.Contains(w.last(access.EventMemberGone).Note, "nobody is in the group"))
}

// TestAGrantWithoutIdsGoesByWhatItsNameMeans: the group that was found under the name
// once is the one, whatever it is called now.
func TestAGrantWithoutIdsGoesByWhatItsNameMeans(t *testing.T) {
	w := newWorld(t)
	g := w.active("A")
	w.fromBefore(g.ID)
	w.vendor.RenameGroup(w.group, "design-editors")
	w.clock.Advance(time.Minute) // the group is not remembered any more
	w.end(g.ID)
	w.work()
	w.expect("she was taken out", !w.vendor.IsMember(w.group, w.maya) && w.now(g.ID).State == access.GrantEnded)
}

// fromBefore makes a grant one from before ids were kept.
func (w *world) fromBefore(id string) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		g := w.load(u, id).Pin(editors(), "", "", true)
		return engine.Save(u, engine.Grants(), &g)
	})
}

// absentMinded is a directory that forgets what it was told.
type absentMinded struct{ idp.Directory }

func (absentMinded) Add(context.Context, string, string) error { return nil }

func TestAcceptedIsNotDone(t *testing.T) {
	w := newWorldWith(t, func(w *world, c *provision.Config) {
		c.Directories = people.Directories{absentMinded{w.vendor.Directory()}}
	})
	g := w.grant("A")
	f := w.fails(access.Transient)
	w.expect("it isn't there until it is seen", w.now(g.ID).State == access.GrantProvisioning && strings.Contains(f.Sentence, "not in the group yet"))
	now := w.now(g.ID)
	w.expect("it has an end all the same", now.Started.IsZero() && now.Due().Equal(w.clock.Now().Add(g.Wanted)))
}

// TestWhatWasNotSeenToBeThereEndsAllTheSame: the directory takes the addition and can't
// be read from then on; the access is there and stuck, and its time begins.
func TestWhatWasNotSeenToBeThereEndsAllTheSame(t *testing.T) {
	w := newWorldWith(t, func(w *world, c *provision.Config) {
		c.Directories = people.Directories{blind{w.vendor.Directory(), w.vendor, w}}
	})
	g := w.grant("A")
	w.fails(access.Denied)
	w.expect("the person is in the group", w.vendor.IsMember(w.group, w.maya))
	waiting := w.tasks()[0]
	w.do(func(u *engine.Unit) error {
		return w.Failures(engine.Policy{})["grant.add"].Tell(u, waiting, &access.Failure{Class: access.Denied, Sentence: "The token may not read groups"})
	})
	ends := w.now(g.ID).Due()
	w.expect("it is stuck, and looked at in time", w.now(g.ID).State == access.GrantStuck && !ends.IsZero() && !ends.After(w.clock.Now().Add(g.Wanted)))
	w.clock.Advance(g.Wanted)
	w.vendor.Heal()
	w.do(func(u *engine.Unit) error {
		e := w.load(u, g.ID).Event(access.EventEnding, access.System(), u.At)
		e.End = access.EndExpired
		_, err := u.MoveGrant(w.load(u, g.ID), e)
		return err
	})
	w.work()
	w.expect("it is gone", w.now(g.ID).State == access.GrantEnded && !w.vendor.IsMember(w.group, w.maya))
}

// blind takes additions, and can't be read any more after one.
type blind struct {
	idp.Directory
	vendor *idptest.Vendor
	*world
}

func (b blind) Add(ctx context.Context, group, person string) error {
	err := b.Directory.Add(ctx, group, person)
	b.vendor.Fail(idptest.Denied)
	return err
}

// TestWhatWasRefusedToBeGivenNeedsNotBeTakenAway, as long as nobody was seen there.
func TestWhatWasRefusedToBeGivenNeedsNotBeTakenAway(t *testing.T) {
	w := newWorldWith(t, func(w *world, c *provision.Config) {
		c.Directories = people.Directories{powerless{w.vendor.Directory()}}
	})
	g := w.grant("A")
	w.fails(access.Denied)
	w.expect("nothing may be there", w.now(g.ID).Due().IsZero())
	w.end(g.ID)
	w.work()
	w.expect("it ended", w.now(g.ID).State == access.GrantEnded && strings.Contains(w.last(access.EventMemberRemoved).Note, "It was not given"))
}

// powerless is a directory that may be read only.
type powerless struct{ idp.Directory }

func (powerless) Add(context.Context, string, string) error { return idp.ErrDenied }

func (powerless) Remove(context.Context, string, string) error { return idp.ErrDenied }

// TestARemovalThatDoesNotStick goes through what a human hears of it, and when.
func TestARemovalThatDoesNotStick(t *testing.T) {
	w := newWorld(t)
	g := w.active("A")
	w.vendor.Stick(w.group)
	w.end(g.ID)
	f := w.fails(access.Transient)
	policy := w.Failures(engine.Policy{})["grant.remove"]
	for attempts, want := range map[int]bool{1: false, 2: false, 3: true, 4: false} {
		w.do(func(u *engine.Unit) error {
			soon, err := policy.Soon(u, store.Task{Attempts: attempts}, f)
			if soon != want {
				t.Errorf("told after %d attempts: %v", attempts, soon)
			}
			return err
		})
	}
	if soon, err := policy.Soon(nil, store.Task{Attempts: 3}, &access.Failure{Class: access.Transient, Sentence: "no answer"}); soon || err != nil {
		t.Error("a directory that doesn't answer is told of at once")
	}
	w.expect("removals are never given up", policy.Parking == engine.ParkSlow)
}

// TestWhatNobodyMayChange lists groups that are refused.
func TestWhatNobodyMayChange(t *testing.T) {
	for name, change := range map[string]func(*world, *provision.Config){
		"a directory that is gone":  func(_ *world, c *provision.Config) { c.Directories = nil },
		"a protected group":         func(w *world, _ *provision.Config) { w.protected = append(w.protected, editors()) },
		"the vendor's own group":    func(w *world, _ *provision.Config) { w.swap(idptest.BuiltIn) },
		"a group that a rule fills": func(w *world, _ *provision.Config) { w.swap(idptest.RuleFed) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorldWith(t, change)
			w.grant("A")
			w.fails(access.Rejected)
			w.expect("nobody was added", !w.vendor.IsMember(w.group, w.maya))
		})
	}
}

// swap puts a group of another kind in the place of the plain one.
func (w *world) swap(k idptest.Kind) {
	w.vendor.DeleteGroup(w.group)
	w.group = w.vendor.AddGroup("figma-editors", k)
}

// A store that came back from a backup, and was taken as it is, gives what a request of
// that time was given already: six hours don't become a membership for ever. What nobody
// asked for by then is somebody else's, as ever.
func TestWhatARestoredStoreGaveAlreadyEnds(t *testing.T) {
	for _, known := range []bool{true, false} {
		w := newWorld(t)
		w.vendor.SetMember(w.group, w.maya, true)
		g := w.grant("A")
		w.do(func(u *engine.Unit) error {
			r, err := u.Request(g.Request)
			if err != nil {
				return err
			}
			a := store.Acceptance{At: u.At, Backup: r.Created.Add(time.Minute)}
			if !known {
				a.Backup = r.Created.Add(-time.Minute)
			}
			return store.PutAccepted(u.Tx, &a)
		})
		w.work()
		e := w.last(access.EventMemberAdded)
		w.expect("the record says how it was", known == strings.Contains(e.Note, "came back from a backup"))
		w.expect("it is adopted only if it is not ours", (len(w.open()) == 1) == known)
		w.end(g.ID)
		w.work()
		w.expect("it ends with the request that it was given for", w.vendor.IsMember(w.group, w.maya) != known)
	}
}
