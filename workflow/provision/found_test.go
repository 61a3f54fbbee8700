package provision_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/workflow/engine"
)

// foundBefore is a membership that was there before Latchkey, which a grant of its own
// explains, and which somebody took away a while later.
func (w *world) foundBefore() (adopted string) {
	w.Helper()
	w.vendor.SetMember(w.group, w.maya, true)
	g := w.active("BEFORE")
	w.end(g.ID)
	w.work()
	w.clock.Advance(time.Minute)
	w.vendor.SetMember(w.group, w.maya, false)
	return w.last(access.EventAdopted).Grant
}

// move moves a grant by something that was seen in the directory.
func (w *world) move(id string, kind access.EventKind) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		g, err := u.Grant(id)
		if err != nil {
			return err
		}
		e, ref := g.Event(kind, access.System(), u.At), editors()
		e.Group = &ref
		_, err = u.MoveGrant(g, e)
		return err
	})
}

func TestWhatWasThereBeforeAndIsGoneKeepsNothing(t *testing.T) {
	w := newWorld(t)
	adopted := w.foundBefore()
	g := w.active("A")
	gone := w.last(access.EventMemberMissing)
	w.expect("it is said that it is gone", gone.Grant == adopted && strings.HasPrefix(gone.Note, "Seen when the access of G-A"))
	w.expect("and beside what is given now", strings.HasPrefix(w.last(access.EventMemberAdded).Note, "not a member any more"))
	second := w.active("B")
	w.expect("what Latchkey gives brings nothing back", w.entitlement(adopted).Missing && w.last(access.EventMemberAdded).Note == "already a member, by another grant of Latchkey")
	w.end(g.ID)
	w.work()
	w.expect("another grant keeps it", w.vendor.IsMember(w.group, w.maya))
	w.end(second.ID)
	w.work()
	w.expect("it ends with the last", !w.vendor.IsMember(w.group, w.maya) && w.now(second.ID).State == access.GrantEnded)
}

// A list or a membership may be a moment old: that somebody is gone who was seen there
// just now is believed only once the directory must have caught up.
func TestWhatWasFoundAMomentAgoIsLookedAtAgain(t *testing.T) {
	w := newWorld(t)
	adopted := w.foundBefore()
	w.do(func(u *engine.Unit) error {
		g, err := u.Grant(adopted)
		g.Started = u.At
		if err != nil {
			return err
		}
		return engine.Save(u, engine.Grants(), &g)
	})
	w.grant("A")
	f := w.fails(access.Limited)
	w.expect("it waits", f.After > 0 && f.After <= 5*time.Second && !w.entitlement(adopted).Missing && !w.vendor.IsMember(w.group, w.maya))
	w.clock.Advance(f.After)
	w.work()
	w.expect("then it is believed", w.entitlement(adopted).Missing && w.vendor.IsMember(w.group, w.maya))
}

// A directory may go on showing somebody who was taken out just now, by Latchkey or past
// it: that is no sign that somebody else put them back.
func TestWhoWasTakenOutAMomentAgoIsNotBackYet(t *testing.T) {
	for name, out := range map[string]func(w *world) (adopted string){
		"seen to be missing": func(w *world) string {
			adopted := w.foundBefore()
			w.move(adopted, access.EventMemberMissing)
			return adopted
		},
		"by the end of another grant": func(w *world) string {
			adopted := w.foundBefore()
			g := w.active("GIVEN")
			w.clock.Advance(time.Minute)
			w.end(g.ID)
			w.work()
			w.expect("that took them out", !w.vendor.IsMember(w.group, w.maya))
			return adopted
		},
		"where nothing was before": func(w *world) string {
			g := w.active("GIVEN")
			w.clock.Advance(time.Minute)
			w.end(g.ID)
			w.work()
			return ""
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			adopted := out(w)
			w.vendor.SetMember(w.group, w.maya, true) // as a look that trails behind shows it
			w.grant("NEXT")
			f := w.fails(access.Limited)
			w.expect("it waits", f.After > 0 && f.After <= 5*time.Second)
			w.vendor.SetMember(w.group, w.maya, false)
			w.clock.Advance(f.After)
			w.work()
			w.expect("then they are put in", w.vendor.IsMember(w.group, w.maya) && !w.last(access.EventMemberAdded).Before)
			w.expect("and nothing is back", w.last(access.EventMemberBack).Kind == "" && (adopted == "" || w.entitlement(adopted).Missing))
			w.end("G-NEXT")
			w.work()
			w.expect("it ends with what gave it", !w.vendor.IsMember(w.group, w.maya))
		})
	}
}

func TestWhatSomebodyBroughtBackStays(t *testing.T) {
	for name, back := range map[string]func(*world, string){
		"seen by the next addition": func(w *world, _ string) {
			w.active("B")
			w.expect("it is said", strings.HasPrefix(w.last(access.EventMemberAdded).Note, "a member again, and not by Latchkey"))
		},
		"seen by the removal": func(*world, string) {},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.vendor.SetMember(w.group, w.maya, true)
			g := w.active("A")
			adopted := w.last(access.EventAdopted).Grant
			w.clock.Advance(time.Minute)
			w.move(adopted, access.EventMemberMissing)
			w.move(g.ID, access.EventMemberMissing)
			w.clock.Advance(time.Minute)
			back(w, adopted)
			for _, open := range w.open() {
				if open.Source != access.SourceAdopted {
					w.end(open.ID)
				}
			}
			w.work()
			w.expect("it is kept", w.vendor.IsMember(w.group, w.maya) && !w.entitlement(adopted).Missing && len(w.open()) == 1)
			w.expect("and said for what", strings.Contains(w.last(access.EventMemberKept).Note, adopted+" (adopted)"))
		})
	}
}

// A removal, too, doesn't believe that somebody is back who was seen to be gone just now.
func TestARemovalLooksOnceMoreWhereSomebodyWasGoneAMomentAgo(t *testing.T) {
	w := newWorld(t)
	w.vendor.SetMember(w.group, w.maya, true)
	g := w.active("A")
	adopted := w.last(access.EventAdopted).Grant
	w.clock.Advance(time.Minute)
	w.move(adopted, access.EventMemberMissing)
	w.move(g.ID, access.EventMemberMissing)
	w.end(g.ID)
	f := w.fails(access.Limited)
	w.expect("it waits", f.After > 0 && f.After <= 5*time.Second && w.entitlement(adopted).Missing)
	w.vendor.SetMember(w.group, w.maya, false)
	w.clock.Advance(f.After)
	w.work()
	w.expect("then it is seen that they are gone", w.now(g.ID).State == access.GrantEnded && w.entitlement(adopted).Missing && strings.HasPrefix(w.last(access.EventMemberRemoved).Note, "Somebody else"))
}

// Where neither what was there before nor a grant's own access is there any more, there
// is nothing to remove.
func TestWhatSomebodyTookAwayNeedsNotBeRemoved(t *testing.T) {
	w := newWorld(t)
	w.vendor.SetMember(w.group, w.maya, true)
	g := w.active("A")
	w.clock.Advance(time.Minute)
	w.vendor.SetMember(w.group, w.maya, false)
	w.move(w.last(access.EventAdopted).Grant, access.EventMemberMissing)
	w.end(g.ID)
	w.work()
	w.expect("that is said", w.now(g.ID).State == access.GrantEnded && strings.HasPrefix(w.last(access.EventMemberRemoved).Note, "Somebody else"))
}

// Somebody is taken out of a group that two grants of theirs open. What a third gives
// puts the others right, and it is said by what.
func TestWhatIsGivenAnewIsThereForTheOthersToo(t *testing.T) {
	w := newWorld(t)
	g := w.active("A")
	w.vendor.SetMember(w.group, w.maya, false)
	w.move(g.ID, access.EventMemberMissing)
	w.active("B")
	back := w.last(access.EventMemberBack)
	w.expect("it is said", back.Grant == g.ID && back.Note == "by another grant of Latchkey" && !w.entitlement(g.ID).Missing)
}
