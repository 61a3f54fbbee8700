package provision_test

import (
	"testing"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp/idptest"
	"latchkey/workflow/provision"
)

// pinned fails unless the grant's entitlement is about the account and group.
func (w *world) pinned(id, account, group string) {
	w.Helper()
	if e := w.entitlement(id); e.Account != account || e.GroupID != group {
		w.Errorf("grant %s is about account %q in group %q, want %q in %q", id, e.Account, e.GroupID, account, group)
	}
}

func TestRemovalGoesByTheIdsOfTheTime(t *testing.T) {
	w := newWorld(t)
	g := w.active("A")
	w.pinned(g.ID, w.maya, w.group)

	w.vendor.SetEmail(w.maya, "maya.lind@acme.example")
	heir := w.vendor.AddPerson(idptest.Person{Email: "maya@acme.example"})
	w.vendor.SetMember(w.group, heir, true)
	w.vendor.RenameGroup(w.group, "figma-old")
	other := w.vendor.AddGroup("figma-editors", idptest.Plain)
	w.vendor.SetMember(other, w.maya, true)

	w.end(g.ID)
	w.work()
	w.expect("who had got it is out", !w.vendor.IsMember(w.group, w.maya))
	w.expect("who has the address now stays", w.vendor.IsMember(w.group, heir))
	w.expect("the group that has the name now is left alone", w.vendor.IsMember(other, w.maya))
	w.expect("the grant ended", w.now(g.ID).State == access.GrantEnded)
}

func TestRemovalFromADeletedGroupIsDone(t *testing.T) {
	w := newWorld(t)
	g := w.active("A")
	w.vendor.DeleteGroup(w.group)
	other := w.vendor.AddGroup("figma-editors", idptest.Plain)
	w.vendor.SetMember(other, w.maya, true)
	w.end(g.ID)
	w.clock.Advance(w.fails(access.Limited).After)
	w.work()
	w.expect("the grant ended", w.now(g.ID).State == access.GrantEnded)
	w.expect("the group that was made anew is left alone", w.vendor.IsMember(other, w.maya))
}

func TestAdditionFindsAGroupThatWasMadeAnew(t *testing.T) {
	w := newWorld(t)
	g := w.grant("A")
	w.vendor.Fail(idptest.LostAnswer)
	w.fails(access.Transient)
	w.pinned(g.ID, w.maya, w.group)
	w.vendor.DeleteGroup(w.group)
	anew := w.vendor.AddGroup("figma-editors", idptest.Plain)
	w.work()
	w.expect("the new group has her", w.vendor.IsMember(anew, w.maya) && w.now(g.ID).State == access.GrantActive)
	w.pinned(g.ID, w.maya, anew)
	w.expect("and it is taken for Latchkey's own work", !w.entitlement(g.ID).Before)
}

func TestMembershipFoundAtAnAdditionKeepsItsIds(t *testing.T) {
	w := newWorld(t)
	w.vendor.SetMember(w.group, w.maya, true)
	w.active("A")
	open := w.open()
	if len(open) != 2 {
		t.Fatalf("%d open grants, want hers and the adopted one", len(open))
	}
	for _, g := range open {
		w.pinned(g.ID, w.maya, w.group)
	}
}

func TestProtectedGroupIsLeftAloneUnderAnyName(t *testing.T) {
	w := newWorldWith(t, func(w *world, c *provision.Config) {
		c.Protected = []catalog.GroupRef{{Directory: "okta", Group: w.group, ByID: true}}
	})
	w.grant("A")
	w.fails(access.Rejected)
	w.expect("nothing was changed", !w.vendor.IsMember(w.group, w.maya))
}

func TestTables(t *testing.T) {
	w := newWorld(t)
	if q := w.Queues(); len(q) != 1 || q[0] != "okta" {
		t.Errorf("queues %v", q)
	}
	w.grant("A")
	task := w.tasks()[0]
	if got := provision.Purposes()[task.Kind](nil, task); got != "put somebody into okta:figma-editors" {
		t.Errorf("%q", got)
	}
	task.Payload = []byte("{")
	if got := provision.Purposes()["grant.remove"](nil, task); got != "take somebody out of a group" {
		t.Errorf("%q", got)
	}
	for kind := range w.Handlers() {
		if task.Kind = kind; access.Classify(w.attempt(task)).Class != access.Rejected {
			t.Errorf("%s takes what it can't read", kind)
		}
	}
}
