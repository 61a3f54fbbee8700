package membership_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp/idptest"
	"latchkey/workflow/people"
	"latchkey/workflow/provision"
	"latchkey/workflow/provision/provisiontest"
)

func TestARenamedGroupIsGoneOnWith(t *testing.T) {
	w := newWorld(t)
	w.Active("B")
	w.Vendor.RenameGroup(w.Group, "app-figma-editors")
	other := w.Vendor.AddGroup("figma-editors", idptest.Plain)
	tom := w.Vendor.AddPerson(idptest.Person{Email: "tom@acme.example"})
	w.Clock.Advance(2 * time.Minute) // what was looked up is not remembered
	w.Grant("A")
	w.Work()
	w.Expect("it is the same group", w.Vendor.IsMember(w.Group, w.Maya) && !w.Vendor.IsMember(other, w.Maya) && !w.Vendor.IsMember(other, tom))
	w.Expect("IT hears of it", len(w.Told) > 0 && strings.Contains(w.Told[0], "is called app-figma-editors now"))
}

// TestAProtectedGroupUnderAnyName: what the configuration calls it, what it was
// called when it was seen first, and what it is called in another letter case.
func TestAProtectedGroupUnderAnyName(t *testing.T) {
	byID := func(w *provisiontest.World) catalog.GroupRef {
		return catalog.GroupRef{Directory: "okta", Group: w.Group, ByID: true}
	}
	named := func(name string) func(*provisiontest.World) catalog.GroupRef {
		return func(*provisiontest.World) catalog.GroupRef { return catalog.GroupRef{Directory: "okta", Group: name} }
	}
	for name, c := range map[string]struct {
		protected func(*provisiontest.World) catalog.GroupRef
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
			w := newWorldWith(t, func(w *provisiontest.World, _ *provision.Config) { w.Protected = []catalog.GroupRef{c.protected(w)} })
			people.NewGroups(people.GroupsConfig{Units: w.Units, Directories: people.Directories{w.Vendor.Directory()}, Protected: w.Protected}).Pin(t.Context())
			w.Role = catalog.GroupRef{Directory: "okta", Group: w.Group, ByID: true}
			if c.rename != "" {
				w.Vendor.RenameGroup(w.Group, c.rename)
			}
			w.Grant("A")
			if f := w.Fails(access.Rejected); !strings.Contains(f.Sentence, "is protected by the configuration") {
				t.Error(f.Sentence)
			}
			w.Expect("nobody was added", !w.Vendor.IsMember(w.Group, w.Maya))
		})
	}
}

// TestWhatNobodyMayChange lists groups that are refused.
func TestWhatNobodyMayChange(t *testing.T) {
	for name, change := range map[string]func(*provisiontest.World, *provision.Config){
		"a directory that is gone": func(_ *provisiontest.World, c *provision.Config) { c.Directories = nil },
		"a protected group": func(w *provisiontest.World, _ *provision.Config) {
			w.Protected = append(w.Protected, provisiontest.Editors())
		},
		"the vendor's own group":    func(w *provisiontest.World, _ *provision.Config) { swap(w, idptest.BuiltIn) },
		"a group that a rule fills": func(w *provisiontest.World, _ *provision.Config) { swap(w, idptest.RuleFed) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorldWith(t, change)
			w.Grant("A")
			w.Fails(access.Rejected)
			w.Expect("nobody was added", !w.Vendor.IsMember(w.Group, w.Maya))
		})
	}
}

// swap puts a group of another kind in the place of the plain one.
func swap(w *provisiontest.World, k idptest.Kind) {
	w.Vendor.DeleteGroup(w.Group)
	w.Group = w.Vendor.AddGroup("figma-editors", k)
}

func TestWhatCantBeFound(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*provisiontest.World)
		words  string
	}{
		"no account":         {func(w *provisiontest.World) { w.Vendor.DeletePerson(w.Maya) }, "Find the account of maya@acme.example in okta failed: nobody has the address"},
		"two accounts":       {func(w *provisiontest.World) { w.Vendor.AddPerson(idptest.Person{Email: "maya@acme.example"}) }, `2 accounts have the address "maya@acme.example". Latchkey doesn't guess`},
		"no group":           {func(w *provisiontest.World) { w.Vendor.DeleteGroup(w.Group) }, `Find the group okta:figma-editors failed: there is no group "figma-editors"`},
		"two of the name":    {func(w *provisiontest.World) { w.Vendor.AddGroup("figma-editors", idptest.Plain) }, `2 groups are named "figma-editors". Latchkey doesn't guess`},
		"ruled in meanwhile": {func(w *provisiontest.World) { swap(w, idptest.RuleFed) }, "can't be changed by Latchkey: It is filled by something else"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.Grant("A")
			c.change(w.World)
			if f := w.Fails(access.Rejected); !strings.Contains(f.Sentence, c.words) {
				t.Errorf("%s", f.Sentence)
			}
		})
	}
}
