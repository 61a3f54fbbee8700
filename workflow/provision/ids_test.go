package provision_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp/idptest"
	"latchkey/workflow/people"
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

// TestAGroupThatWasMadeAnewIsNotFilled: whoever may make groups would decide who gets
// what the old one opened.
func TestAGroupThatWasMadeAnewIsNotFilled(t *testing.T) {
	for name, begun := range map[string]bool{"after the first attempt": true, "before it": false} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if !begun {
				w.active("B") // the name is known
			}
			g := w.grant("A")
			if begun {
				w.vendor.Fail(idptest.LostAnswer)
				w.fails(access.Transient)
				w.pinned(g.ID, w.maya, w.group)
			}
			w.vendor.DeleteGroup(w.group)
			anew := w.vendor.AddGroup("figma-editors", idptest.Plain)
			f := w.fails(access.Rejected)
			w.expect("the new group is left alone", !w.vendor.IsMember(anew, w.maya))
			w.expect("it is said how to mean it: "+f.Sentence, strings.Contains(f.Sentence, "write okta:id:"+anew+" into the configuration"))
			w.expect("IT hears of it", len(w.told) > 0 && strings.Contains(w.told[0], "A group was deleted and made anew"))
		})
	}
}

func TestARenamedGroupIsGoneOnWith(t *testing.T) {
	w := newWorld(t)
	w.active("B")
	w.vendor.RenameGroup(w.group, "app-figma-editors")
	other := w.vendor.AddGroup("figma-editors", idptest.Plain)
	tom := w.vendor.AddPerson(idptest.Person{Email: "tom@acme.example"})
	w.clock.Advance(2 * time.Minute) // what was looked up is not remembered
	w.grant("A")
	w.work()
	w.expect("it is the same group", w.vendor.IsMember(w.group, w.maya) && !w.vendor.IsMember(other, w.maya) && !w.vendor.IsMember(other, tom))
	w.expect("IT hears of it", len(w.told) > 0 && strings.Contains(w.told[0], "is called app-figma-editors now"))
}

// TestAProtectedGroupUnderAnyName: what the configuration calls it, what it was
// called when it was seen first, and what it is called in another letter case.
func TestAProtectedGroupUnderAnyName(t *testing.T) {
	byID := func(w *world) catalog.GroupRef {
		return catalog.GroupRef{Directory: "okta", Group: w.group, ByID: true}
	}
	named := func(name string) func(*world) catalog.GroupRef {
		return func(*world) catalog.GroupRef { return catalog.GroupRef{Directory: "okta", Group: name} }
	}
	for name, c := range map[string]struct {
		protected func(*world) catalog.GroupRef
		rename    string
	}{
		"by id":             {byID, ""},
		"by name":           {named("figma-editors"), ""},
		"by another case":   {named("Figma-Editors"), ""},
		"by id, renamed":    {byID, "drawing"},
		"by name, renamed":  {named("figma-editors"), "drawing"},
		"by the later name": {named("drawing"), "drawing"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorldWith(t, func(w *world, _ *provision.Config) { w.protected = []catalog.GroupRef{c.protected(w)} })
			people.NewGroups(people.GroupsConfig{Units: w.units, Directories: people.Directories{w.vendor.Directory()}, Protected: w.protected}).Pin(t.Context())
			w.role = catalog.GroupRef{Directory: "okta", Group: w.group, ByID: true}
			if c.rename != "" {
				w.vendor.RenameGroup(w.group, c.rename)
			}
			w.grant("A")
			if f := w.fails(access.Rejected); !strings.Contains(f.Sentence, "is protected by the configuration") {
				t.Error(f.Sentence)
			}
			w.expect("nobody was added", !w.vendor.IsMember(w.group, w.maya))
		})
	}
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
