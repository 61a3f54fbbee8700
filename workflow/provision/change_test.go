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
	"latchkey/workflow/provision/provisiontest"
)

func TestNothingIsGivenAfterTheEnd(t *testing.T) {
	w := newWorld(t)
	g := w.Grant("A")
	add := w.Tasks()[0]
	w.End(g.ID)
	if all := w.Tasks(); len(all) != 1 || all[0].Kind == add.Kind {
		t.Fatalf("the addition was not taken back: %+v", all)
	}
	w.Work()
	e := w.Last(access.EventMemberKept)
	w.Expect("it was left alone, and that is said", w.Now(g.ID).State == access.GrantEnded && strings.HasPrefix(e.Note, "Left alone"))
	if done, err := w.Handlers()[add.Kind].Do(t.Context(), add); done != nil || err != nil {
		t.Errorf("an addition that was under way goes on: %v", err)
	}
	w.Expect("she was never in", !w.Vendor.IsMember(w.Group, w.Maya))
}

func TestTheEndOvertakesAnAddition(t *testing.T) {
	w := newWorld(t)
	g := w.Grant("A")
	added, err := w.Handlers()[w.Tasks()[0].Kind].Do(t.Context(), w.Tasks()[0])
	if err != nil {
		t.Fatal(err)
	}
	w.End(g.ID)
	w.Do(added)
	w.Work()
	w.Expect("what was given too late is taken", w.Now(g.ID).State == access.GrantEnded && !w.Vendor.IsMember(w.Group, w.Maya))
	w.Do(added) // told once more, after a crash
	w.Expect("a grant that moved on stays as it is", w.Now(g.ID).State == access.GrantEnded)
}

// TestACrashAfterTheChange tries an addition again whose outcome was lost.
func TestACrashAfterTheChange(t *testing.T) {
	w := newWorld(t)
	g := w.Grant("A")
	if _, err := w.Handlers()["grant.add"].Do(t.Context(), w.Tasks()[0]); err != nil {
		t.Fatal(err)
	}
	w.Work()
	w.Expect("it is Latchkey's own work", !w.Entitlement(g.ID).Before && len(w.Open()) == 1)
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
			g := w.Active("A")
			ahead := store.Ahead{Subject: access.RequestSubject("AR-newer"), N: 9, Place: access.Issue{ID: "77", Key: "IT-77"}, Needs: w.Now(g.ID).Entitlements, Until: w.Clock.Now().Add(time.Hour)}
			tc.change(&ahead)
			w.Do(func(u *engine.Unit) error { return store.PutAhead(u.Tx, ahead) })
			w.End(g.ID)
			w.Work()
			w.Expect("she stays in or not", w.Vendor.IsMember(w.Group, w.Maya) == tc.stays && w.Now(g.ID).State == access.GrantEnded)
			note := w.Last(access.EventMemberKept).Note
			w.Expect("and it is said why", strings.Contains(note, "by IT-77") == tc.stays)
		})
	}
}

func TestAGroupStaysWhileAnotherGrantNeedsIt(t *testing.T) {
	w := newWorld(t)
	first := w.Active("A")
	second := w.Active("B")
	w.Expect("the second explains it by the first", w.Last(access.EventMemberAdded).Note == "already a member, by another grant of Latchkey")
	w.End(first.ID)
	w.Work()
	w.Expect("she stays in", w.Vendor.IsMember(w.Group, w.Maya) && w.Entitlement(first.ID).State == access.EntitlementKept)
	w.Expect("and it is said for what", w.Last(access.EventMemberKept).Note == "Kept: Figma · Editor still needs the group.")
	w.End(second.ID)
	w.Work()
	w.Expect("with the last reason she is out", !w.Vendor.IsMember(w.Group, w.Maya) && w.Now(second.ID).State == access.GrantEnded)
}

func TestWhatAnEndingGrantKnowsIsPassedOn(t *testing.T) {
	w := newWorld(t)
	first := w.Active("A")
	second := w.Grant("B") // its addition has not been tried
	w.End(first.ID)
	for _, task := range w.Tasks() {
		if task.Kind == "grant.remove" {
			if err := w.Attempt(task); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.Work()
	w.Expect("the second doesn't take it for somebody else's", len(w.Open()) == 1 && !w.Entitlement(second.ID).Before)
}

func TestWhatWasThereBeforeIsAdopted(t *testing.T) {
	w := newWorld(t)
	w.Vendor.SetMember(w.Group, w.Maya, true)
	g := w.Active("A")
	w.Expect("it was so before", w.Entitlement(g.ID).Before && len(w.Open()) == 2)
	adopted := w.Last(access.EventAdopted)
	if !strings.HasPrefix(adopted.Grant, "GF-") || adopted.Issue == nil || adopted.Issue.Key != "IT-A" {
		t.Errorf("adopted by %+v", adopted)
	}
	w.End(g.ID)
	w.Work()
	w.Expect("it outlasts the grant", w.Vendor.IsMember(w.Group, w.Maya) && w.Now(g.ID).State == access.GrantEnded)
	w.Expect("and it is said why", strings.Contains(w.Last(access.EventMemberKept).Note, adopted.Grant+" (adopted)"))
}

// TestNothingIsLeftToRemove: what is asked for by its id and isn't there twice, with
// time between, is gone. The record says that, not that somebody looked who is in.
func TestNothingIsLeftToRemove(t *testing.T) {
	for name, gone := range map[string]func(*world){
		"account": func(w *world) { w.Vendor.DeletePerson(w.Maya) },
		"group":   func(w *world) { w.Vendor.DeleteGroup(w.Group) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			g := w.Active("A")
			gone(w)
			w.End(g.ID)
			f := w.Fails(access.Limited)
			w.Expect("it is looked for again", f.After > 0 && w.Now(g.ID).State == access.GrantEnding)
			w.Clock.Advance(f.After - time.Millisecond)
			w.Fails(access.Limited)
			w.Clock.Advance(time.Millisecond)
			w.Work()
			e := w.Last(access.EventMemberGone)
			w.Expect("it ended", w.Now(g.ID).State == access.GrantEnded && w.Entitlement(g.ID).State == access.EntitlementGone)
			w.Expect("and it is said why", strings.HasPrefix(e.Note, "There was nothing to remove: the "+name+" is gone."))
		})
	}
}

// TestNotFoundForAMomentIsNotGone: an index or a replica that trails is no proof.
func TestNotFoundForAMomentIsNotGone(t *testing.T) {
	w := newWorld(t)
	g := w.Active("A")
	w.Vendor.Mislead(w.Group, "nothing")
	w.End(g.ID)
	f := w.Fails(access.Limited)
	w.Vendor.Mislead(w.Group, w.Group)
	w.Clock.Advance(f.After)
	w.Work()
	w.Expect("she was taken out", !w.Vendor.IsMember(w.Group, w.Maya) && w.Entitlement(g.ID).State == access.EntitlementRemoved)
}

// TestASearchThatFindsNobodyProvesNothing: of a grant from before ids were kept only
// the address is known.
func TestASearchThatFindsNobodyProvesNothing(t *testing.T) {
	w := newWorld(t)
	g := w.Active("A")
	w.fromBefore(g.ID)
	w.Vendor.SetEmail(w.Maya, "maya.berg@acme.example")
	w.Clock.Advance(time.Minute)
	w.End(g.ID)
	w.Clock.Advance(w.Fails(access.Limited).After)
	f := w.Fails(access.Rejected)
	w.Expect("a human hears that she may still be in", strings.Contains(f.Sentence, "The account of a removal from okta:figma-editors can't be found") && strings.Contains(f.Sentence, "may still be there"))
	w.Expect("it has not ended", w.Now(g.ID).State == access.GrantEnding && w.Vendor.IsMember(w.Group, w.Maya))
	w.Vendor.SetMember(w.Group, w.Maya, false)
	w.Work()
	w.Expect("nobody is in the group any more", w.Now(g.ID).State == access.GrantEnded && strings.Contains(w.Last(access.EventMemberGone).Note, "nobody is in the group"))
}

// TestAGrantWithoutIdsGoesByWhatItsNameMeans: the group that was found under the name
// once is the one, whatever it is called now.
func TestAGrantWithoutIdsGoesByWhatItsNameMeans(t *testing.T) {
	w := newWorld(t)
	g := w.Active("A")
	w.fromBefore(g.ID)
	w.Vendor.RenameGroup(w.Group, "design-editors")
	w.Clock.Advance(time.Minute) // the group is not remembered any more
	w.End(g.ID)
	w.Work()
	w.Expect("she was taken out", !w.Vendor.IsMember(w.Group, w.Maya) && w.Now(g.ID).State == access.GrantEnded)
}

// fromBefore makes a grant one from before ids were kept.
func (w *world) fromBefore(id string) {
	w.Helper()
	w.Do(func(u *engine.Unit) error {
		g := w.load(u, id).Pin(provisiontest.Editors(), "", "", true)
		return engine.Save(u, engine.Grants(), &g)
	})
}

// TestWhatWasNotSeenToBeThereEndsAllTheSame: the directory takes the addition and can't
// be read from then on; the access is there and stuck, and its time begins.
func TestWhatWasNotSeenToBeThereEndsAllTheSame(t *testing.T) {
	w := newWorldWith(t, func(w *provisiontest.World, c *provision.Config) {
		c.Directories = people.Directories{blind{w.Vendor.Directory(), w.Vendor}}
	})
	g := w.Grant("A")
	w.Fails(access.Denied)
	w.Expect("the person is in the group", w.Vendor.IsMember(w.Group, w.Maya))
	waiting := w.Tasks()[0]
	w.Do(func(u *engine.Unit) error {
		return w.Failures(engine.Policy{})["grant.add"].Tell(u, waiting, &access.Failure{Class: access.Denied, Sentence: "The token may not read groups"})
	})
	ends := w.Now(g.ID).Due()
	w.Expect("it is stuck, and looked at in time", w.Now(g.ID).State == access.GrantStuck && !ends.IsZero() && !ends.After(w.Clock.Now().Add(g.Wanted)))
	w.Clock.Advance(g.Wanted)
	w.Vendor.Heal()
	w.Do(func(u *engine.Unit) error {
		e := w.load(u, g.ID).Event(access.EventEnding, access.System(), u.At)
		e.End = access.EndExpired
		_, err := u.MoveGrant(w.load(u, g.ID), e)
		return err
	})
	w.Work()
	w.Expect("it is gone", w.Now(g.ID).State == access.GrantEnded && !w.Vendor.IsMember(w.Group, w.Maya))
}

// blind takes additions, and can't be read any more after one.
type blind struct {
	idp.Directory
	vendor *idptest.Vendor
}

func (b blind) Add(ctx context.Context, group, person string) error {
	err := b.Directory.Add(ctx, group, person)
	b.vendor.Fail(idptest.Denied)
	return err
}

// TestWhatWasRefusedToBeGivenNeedsNotBeTakenAway, as long as nobody was seen there.
func TestWhatWasRefusedToBeGivenNeedsNotBeTakenAway(t *testing.T) {
	w := newWorldWith(t, func(w *provisiontest.World, c *provision.Config) {
		c.Directories = people.Directories{powerless{w.Vendor.Directory()}}
	})
	g := w.Grant("A")
	w.Fails(access.Denied)
	w.Expect("nothing may be there", w.Now(g.ID).Due().IsZero())
	w.End(g.ID)
	w.Work()
	w.Expect("it ended", w.Now(g.ID).State == access.GrantEnded && strings.Contains(w.Last(access.EventMemberRemoved).Note, "It was not given"))
}

// powerless is a directory that may be read only.
type powerless struct{ idp.Directory }

func (powerless) Add(context.Context, string, string) error { return idp.ErrDenied }

func (powerless) Remove(context.Context, string, string) error { return idp.ErrDenied }

// A store that came back from a backup, and was taken as it is, gives what a request of
// that time was given already: six hours don't become a membership for ever. What nobody
// asked for by then is somebody else's, as ever.
func TestWhatARestoredStoreGaveAlreadyEnds(t *testing.T) {
	for _, known := range []bool{true, false} {
		w := newWorld(t)
		w.Vendor.SetMember(w.Group, w.Maya, true)
		g := w.Grant("A")
		w.Do(func(u *engine.Unit) error {
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
		w.Work()
		e := w.Last(access.EventMemberAdded)
		w.Expect("the record says how it was", known == strings.Contains(e.Note, "came back from a backup"))
		w.Expect("it is adopted only if it is not ours", (len(w.Open()) == 1) == known)
		w.End(g.ID)
		w.Work()
		w.Expect("it ends with the request that it was given for", w.Vendor.IsMember(w.Group, w.Maya) != known)
	}
}

// TestARemovalThatDoesNotStick goes through what a human hears of it, and when.
func TestARemovalThatDoesNotStick(t *testing.T) {
	w := newWorld(t)
	g := w.Active("A")
	w.Vendor.Stick(w.Group)
	w.End(g.ID)
	f := w.Fails(access.Transient)
	policy := w.Failures(engine.Policy{})["grant.remove"]
	for attempts, want := range map[int]bool{1: false, 2: false, 3: true, 4: false} {
		w.Do(func(u *engine.Unit) error {
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
	w.Expect("removals are never given up", policy.Parking == engine.ParkSlow)
}
