package provision_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/provision/provisiontest"
)

// foundBefore is a membership that was there before Latchkey, which a grant of its own
// explains, and which somebody took away a while later.
func (w *world) foundBefore() (adopted string) {
	w.Helper()
	w.Vendor.SetMember(w.Group, w.Maya, true)
	g := w.Active("BEFORE")
	w.End(g.ID)
	w.Work()
	w.Clock.Advance(time.Minute)
	w.Vendor.SetMember(w.Group, w.Maya, false)
	return w.Last(access.EventAdopted).Grant
}

// move moves a grant by something that was seen in the directory.
func (w *world) move(id string, kind access.EventKind) {
	w.Helper()
	w.Do(func(u *engine.Unit) error {
		g, err := u.Grant(id)
		if err != nil {
			return err
		}
		e, ref := g.Event(kind, access.System(), u.At), provisiontest.Editors()
		e.Group = &ref
		_, err = u.MoveGrant(g, e)
		return err
	})
}

func TestWhatWasThereBeforeAndIsGoneKeepsNothing(t *testing.T) {
	w := newWorld(t)
	adopted := w.foundBefore()
	g := w.Active("A")
	gone := w.Last(access.EventMemberMissing)
	w.Expect("it is said that it is gone", gone.Grant == adopted && strings.HasPrefix(gone.Note, "Seen when the access of G-A"))
	w.Expect("and beside what is given now", strings.HasPrefix(w.Last(access.EventMemberAdded).Note, "not a member any more"))
	second := w.Active("B")
	w.Expect("what Latchkey gives brings nothing back", w.Entitlement(adopted).Missing && w.Last(access.EventMemberAdded).Note == "already a member, by another grant of Latchkey")
	w.End(g.ID)
	w.Work()
	w.Expect("another grant keeps it", w.Vendor.IsMember(w.Group, w.Maya))
	w.End(second.ID)
	w.Work()
	w.Expect("it ends with the last", !w.Vendor.IsMember(w.Group, w.Maya) && w.Now(second.ID).State == access.GrantEnded)
}

// A list or a membership may be a moment old: that somebody is gone who was seen there
// just now is believed only once the directory must have caught up.
func TestWhatWasFoundAMomentAgoIsLookedAtAgain(t *testing.T) {
	w := newWorld(t)
	adopted := w.foundBefore()
	w.Do(func(u *engine.Unit) error {
		g, err := u.Grant(adopted)
		g.Started = u.At
		if err != nil {
			return err
		}
		return engine.Save(u, engine.Grants(), &g)
	})
	w.Grant("A")
	f := w.Fails(access.Limited)
	w.Expect("it waits", f.After > 0 && f.After <= 5*time.Second && !w.Entitlement(adopted).Missing && !w.Vendor.IsMember(w.Group, w.Maya))
	w.Clock.Advance(f.After)
	w.Work()
	w.Expect("then it is believed", w.Entitlement(adopted).Missing && w.Vendor.IsMember(w.Group, w.Maya))
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
			g := w.Active("GIVEN")
			w.Clock.Advance(time.Minute)
			w.End(g.ID)
			w.Work()
			w.Expect("that took them out", !w.Vendor.IsMember(w.Group, w.Maya))
			return adopted
		},
		"where nothing was before": func(w *world) string {
			g := w.Active("GIVEN")
			w.Clock.Advance(time.Minute)
			w.End(g.ID)
			w.Work()
			return ""
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			adopted := out(w)
			w.Vendor.SetMember(w.Group, w.Maya, true) // as a look that trails behind shows it
			w.Grant("NEXT")
			f := w.Fails(access.Limited)
			w.Expect("it waits", f.After > 0 && f.After <= 5*time.Second)
			w.Vendor.SetMember(w.Group, w.Maya, false)
			w.Clock.Advance(f.After)
			w.Work()
			w.Expect("then they are put in", w.Vendor.IsMember(w.Group, w.Maya) && !w.Last(access.EventMemberAdded).Before)
			w.Expect("and nothing is back", w.Last(access.EventMemberBack).Kind == "" && (adopted == "" || w.Entitlement(adopted).Missing))
			w.End("G-NEXT")
			w.Work()
			w.Expect("it ends with what gave it", !w.Vendor.IsMember(w.Group, w.Maya))
		})
	}
}

func TestWhatSomebodyBroughtBackStays(t *testing.T) {
	for name, back := range map[string]func(*world, string){
		"seen by the next addition": func(w *world, _ string) {
			w.Active("B")
			w.Expect("it is said", strings.HasPrefix(w.Last(access.EventMemberAdded).Note, "a member again, and not by Latchkey"))
		},
		"seen by the removal": func(*world, string) {},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.Vendor.SetMember(w.Group, w.Maya, true)
			g := w.Active("A")
			adopted := w.Last(access.EventAdopted).Grant
			w.Clock.Advance(time.Minute)
			w.move(adopted, access.EventMemberMissing)
			w.move(g.ID, access.EventMemberMissing)
			w.Clock.Advance(time.Minute)
			back(w, adopted)
			for _, open := range w.Open() {
				if open.Source != access.SourceAdopted {
					w.End(open.ID)
				}
			}
			w.Work()
			w.Expect("it is kept", w.Vendor.IsMember(w.Group, w.Maya) && !w.Entitlement(adopted).Missing && len(w.Open()) == 1)
			w.Expect("and said for what", strings.Contains(w.Last(access.EventMemberKept).Note, adopted+" (adopted)"))
		})
	}
}

// A removal, too, doesn't believe that somebody is back who was seen to be gone just now.
func TestARemovalLooksOnceMoreWhereSomebodyWasGoneAMomentAgo(t *testing.T) {
	w := newWorld(t)
	w.Vendor.SetMember(w.Group, w.Maya, true)
	g := w.Active("A")
	adopted := w.Last(access.EventAdopted).Grant
	w.Clock.Advance(time.Minute)
	w.move(adopted, access.EventMemberMissing)
	w.move(g.ID, access.EventMemberMissing)
	w.End(g.ID)
	f := w.Fails(access.Limited)
	w.Expect("it waits", f.After > 0 && f.After <= 5*time.Second && w.Entitlement(adopted).Missing)
	w.Vendor.SetMember(w.Group, w.Maya, false)
	w.Clock.Advance(f.After)
	w.Work()
	w.Expect("then it is seen that they are gone", w.Now(g.ID).State == access.GrantEnded && w.Entitlement(adopted).Missing && strings.HasPrefix(w.Last(access.EventMemberRemoved).Note, "Somebody else"))
}

// Where neither what was there before nor a grant's own access is there any more, there
// is nothing to remove.
func TestWhatSomebodyTookAwayNeedsNotBeRemoved(t *testing.T) {
	w := newWorld(t)
	w.Vendor.SetMember(w.Group, w.Maya, true)
	g := w.Active("A")
	w.Clock.Advance(time.Minute)
	w.Vendor.SetMember(w.Group, w.Maya, false)
	w.move(w.Last(access.EventAdopted).Grant, access.EventMemberMissing)
	w.End(g.ID)
	w.Work()
	w.Expect("that is said", w.Now(g.ID).State == access.GrantEnded && strings.HasPrefix(w.Last(access.EventMemberRemoved).Note, "Somebody else"))
}

// Somebody is taken out of a group that two grants of theirs open. What a third gives
// puts the others right, and it is said by what.
func TestWhatIsGivenAnewIsThereForTheOthersToo(t *testing.T) {
	w := newWorld(t)
	g := w.Active("A")
	w.Vendor.SetMember(w.Group, w.Maya, false)
	w.move(g.ID, access.EventMemberMissing)
	w.Active("B")
	back := w.Last(access.EventMemberBack)
	w.Expect("it is said", back.Grant == g.ID && back.Note == "by another grant of Latchkey" && !w.Entitlement(g.ID).Missing)
}
