package provision_test

import (
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/idp/idptest"
	"latchkey/workflow/provision"
)

// pinned fails unless the grant's entitlement is about the account and group.
func (w *world) pinned(id, account, group string) {
	w.Helper()
	if e := w.Entitlement(id); e.Account != account || e.GroupID != group {
		w.Errorf("grant %s is about account %q in group %q, want %q in %q", id, e.Account, e.GroupID, account, group)
	}
}

func TestRemovalGoesByTheIdsOfTheTime(t *testing.T) {
	w := newWorld(t)
	g := w.Active("A")
	w.pinned(g.ID, w.Maya, w.Group)

	w.Vendor.SetEmail(w.Maya, "maya.lind@acme.example")
	heir := w.Vendor.AddPerson(idptest.Person{Email: "maya@acme.example"})
	w.Vendor.SetMember(w.Group, heir, true)
	w.Vendor.RenameGroup(w.Group, "figma-old")
	other := w.Vendor.AddGroup("figma-editors", idptest.Plain)
	w.Vendor.SetMember(other, w.Maya, true)

	w.End(g.ID)
	w.Work()
	w.Expect("who had got it is out", !w.Vendor.IsMember(w.Group, w.Maya))
	w.Expect("who has the address now stays", w.Vendor.IsMember(w.Group, heir))
	w.Expect("the group that has the name now is left alone", w.Vendor.IsMember(other, w.Maya))
	w.Expect("the grant ended", w.Now(g.ID).State == access.GrantEnded)
}

func TestRemovalFromADeletedGroupIsDone(t *testing.T) {
	w := newWorld(t)
	g := w.Active("A")
	w.Vendor.DeleteGroup(w.Group)
	other := w.Vendor.AddGroup("figma-editors", idptest.Plain)
	w.Vendor.SetMember(other, w.Maya, true)
	w.End(g.ID)
	w.Clock.Advance(w.Fails(access.Limited).After)
	w.Work()
	w.Expect("the grant ended", w.Now(g.ID).State == access.GrantEnded)
	w.Expect("the group that was made anew is left alone", w.Vendor.IsMember(other, w.Maya))
}

// TestAGroupThatWasMadeAnewIsNotFilled: whoever may make groups would decide who gets
// what the old one opened.
func TestAGroupThatWasMadeAnewIsNotFilled(t *testing.T) {
	for name, begun := range map[string]bool{"after the first attempt": true, "before it": false} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if !begun {
				w.Active("B") // the name is known
			}
			g := w.Grant("A")
			if begun {
				w.Vendor.Fail(idptest.LostAnswer)
				w.Fails(access.Transient)
				w.pinned(g.ID, w.Maya, w.Group)
			}
			w.Vendor.DeleteGroup(w.Group)
			anew := w.Vendor.AddGroup("figma-editors", idptest.Plain)
			f := w.Fails(access.Rejected)
			w.Expect("the new group is left alone", !w.Vendor.IsMember(anew, w.Maya))
			w.Expect("it is said how to mean it: "+f.Sentence, strings.Contains(f.Sentence, "write okta:id:"+anew+" into the configuration"))
			w.Expect("IT hears of it", len(w.Told) > 0 && strings.Contains(w.Told[0], "A group was deleted and made anew"))
		})
	}
}

func TestMembershipFoundAtAnAdditionKeepsItsIds(t *testing.T) {
	w := newWorld(t)
	w.Vendor.SetMember(w.Group, w.Maya, true)
	w.Active("A")
	open := w.Open()
	if len(open) != 2 {
		t.Fatalf("%d open grants, want hers and the adopted one", len(open))
	}
	for _, g := range open {
		w.pinned(g.ID, w.Maya, w.Group)
	}
}

func TestTables(t *testing.T) {
	w := newWorld(t)
	if q := w.Queues(); len(q) != 1 || q[0] != "okta" {
		t.Errorf("queues %v", q)
	}
	w.Grant("A")
	task := w.Tasks()[0]
	if got := provision.Purposes()[task.Kind](nil, task); got != "put somebody into okta:figma-editors" {
		t.Errorf("%q", got)
	}
	task.Payload = []byte("{")
	if got := provision.Purposes()["grant.remove"](nil, task); got != "take somebody out of a group" {
		t.Errorf("%q", got)
	}
	for kind := range w.Handlers() {
		if task.Kind = kind; access.Classify(w.Attempt(task)).Class != access.Rejected {
			t.Errorf("%s takes what it can't read", kind)
		}
	}
}
