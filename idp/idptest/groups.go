package idptest

import (
	"fmt"
	"slices"

	"latchkey/idp"
)

func (w world) members(group string) []idp.Membership {
	w.Helper()
	ms, err := idp.Everybody(w.Directory.Members(w.ctx, group))
	if err != nil {
		w.Fatalf("Members(%s): %v", group, err)
	}
	return ms
}

func (w world) add(group, person string) {
	w.Helper()
	if err := w.Directory.Add(w.ctx, group, person); err != nil {
		w.Fatalf("Add(%s, %s): %v", group, person, err)
	}
}

func (w world) remove(group, person string) {
	w.Helper()
	if err := w.Directory.Remove(w.ctx, group, person); err != nil {
		w.Fatalf("Remove(%s, %s): %v", group, person, err)
	}
}

// seen checks what the directory reports about a membership, by every way it has.
func (w world) seen(group, person string, want bool) {
	w.Helper()
	found := false
	for _, m := range w.members(group) {
		found = found || m.PersonID == person
	}
	if found != want {
		w.Errorf("Members: %s in %s is %v, want %v", person, group, found, want)
	}
	checker, able := idp.As[idp.MemberChecker](w.Directory)
	if !able {
		return
	}
	if is, err := checker.IsMember(w.ctx, group, person); err != nil || is != want {
		w.Errorf("IsMember: %s in %s is %v (%v), want %v", person, group, is, err, want)
	}
}

func findsGroups(w world) {
	id := w.AddGroup(`figma "editors"`, Plain)
	w.AddGroup(`figma "editors" two`, Plain)
	g, err := w.Directory.FindGroup(w.ctx, `figma "editors"`)
	if err != nil || g.ID != id || g.Name != `figma "editors"` || !g.Governable || g.Why != "" {
		w.Errorf("FindGroup = %+v, %v", g, err)
	}
	if read, err := w.Directory.Group(w.ctx, id); err != nil || read != g {
		w.Errorf("Group = %+v, %v, want what was found: %+v", read, err, g)
	}
	for _, name := range []string{"figma", `FIGMA "EDITORS"`, id, ""} {
		_, err := w.Directory.FindGroup(w.ctx, name)
		w.wantErr("FindGroup("+name+")", err, idp.ErrNotFound)
	}
	for _, key := range []string{`figma "editors"`, id + "x", ""} {
		_, err := w.Directory.Group(w.ctx, key)
		w.wantErr("Group("+key+")", err, idp.ErrNotFound)
	}
	w.AddGroup("twin", Plain)
	w.AddGroup("twin", Plain)
	_, err = w.Directory.FindGroup(w.ctx, "twin")
	w.wantErr("two groups of one name", err, idp.ErrAmbiguous)
}

func protectsGroups(w world) {
	maya := w.AddPerson(Person{Email: "maya@x.com"})
	for kind, name := range map[Kind]string{BuiltIn: "built in", Mastered: "from elsewhere", RuleFed: "by rule"} {
		id := w.AddGroup(name, kind)
		g, err := w.Directory.FindGroup(w.ctx, name)
		if err != nil || g.ID != id || g.Governable || g.Why == "" {
			w.Errorf("FindGroup(%s) = %+v, %v, want one that says why it is not governable", name, g, err)
		}
		w.wantErr("adding to "+name, w.Directory.Add(w.ctx, id, maya), idp.ErrRefused)
		w.SetMember(id, maya, true)
		w.wantErr("removing from "+name, w.Directory.Remove(w.ctx, id, maya), idp.ErrRefused)
		if !w.IsMember(id, maya) {
			w.Errorf("%s was changed", name)
		}
		w.seen(id, maya, true)
	}
}

func repeats(w world) {
	group, maya := w.AddGroup("figma", Plain), w.AddPerson(Person{Email: "maya@x.com"})
	w.remove(group, maya)
	for range 2 {
		w.add(group, maya)
		if !w.IsMember(group, maya) {
			w.Error("added, but not a member")
		}
		w.seen(group, maya, true)
	}
	if n := len(w.members(group)); n != 1 {
		w.Errorf("%d members, want 1", n)
	}
	for range 2 {
		w.remove(group, maya)
		if w.IsMember(group, maya) {
			w.Error("removed, but still a member")
		}
		w.seen(group, maya, false)
	}
}

func missesWhatIsNotThere(w world) {
	group, maya := w.AddGroup("figma", Plain), w.AddPerson(Person{Email: "maya@x.com"})
	for _, none := range []string{"none", "", "no/../ne?x#y"} {
		_, err := w.Directory.Members(w.ctx, none)
		w.wantErr("members of no group", err, idp.ErrNotFound)
		w.wantErr("adding to no group", w.Directory.Add(w.ctx, none, maya), idp.ErrNotFound)
		w.wantErr("removing from no group", w.Directory.Remove(w.ctx, none, maya), idp.ErrNotFound)
		w.wantErr("adding nobody", w.Directory.Add(w.ctx, group, none), idp.ErrNotFound)
		w.remove(group, none)
		if checker, able := idp.As[idp.MemberChecker](w.Directory); able {
			_, err := checker.IsMember(w.ctx, none, maya)
			w.wantErr("membership of no group", err, idp.ErrNotFound)
			is, err := checker.IsMember(w.ctx, group, none)
			w.wantErr("membership of nobody", err, idp.ErrNoAccount)
			if is {
				w.Error("nobody is a member")
			}
		}
	}
}

// manyMembers is more than one page of any vendor's.
const manyMembers = 450

// crowd fills a group and tells who is in it.
func (w world) crowd() (group string, in map[string]bool) {
	group, in = w.AddGroup("everybody in design", Plain), map[string]bool{}
	for i := range manyMembers {
		id := w.AddPerson(Person{Email: fmt.Sprintf("p%03d@x.com", i)})
		w.SetMember(group, id, true)
		in[id] = true
	}
	return group, in
}

func pages(w world) {
	group, want := w.crowd()
	list, err := w.Directory.Members(w.ctx, group)
	if err != nil {
		w.Fatal(err)
	}
	if list.Count.Known && list.Count.N != manyMembers {
		w.Errorf("the vendor counts %d members, want %d", list.Count.N, manyMembers)
	}
	for m, err := range list.All {
		if err != nil {
			w.Fatal(err)
		}
		if !want[m.PersonID] {
			w.Errorf("%s is listed twice, or is no member", m.PersonID)
		}
		delete(want, m.PersonID)
	}
	if len(want) != 0 {
		w.Errorf("%d of %d members are missing", len(want), manyMembers)
	}
	list, err = w.Directory.Members(w.ctx, group)
	if err != nil {
		w.Fatal(err)
	}
	for range list.All {
		break // whoever has seen enough may stop
	}
}

func tearsPages(w world) {
	group, _ := w.crowd()
	list, err := w.Directory.Members(w.ctx, group)
	if err != nil {
		w.Fatal(err)
	}
	w.Fail(Outage)
	all, err := idp.Everybody(list, nil)
	if err == nil && len(all) != manyMembers {
		w.Errorf("%d of %d members pass for the whole group", len(all), manyMembers)
	}
	if err != nil {
		w.transient("the rest of the members", err)
	}
}

func readsBack(w world) {
	group, maya := w.AddGroup("figma", Plain), w.AddPerson(Person{Email: "maya@x.com"})
	for _, member := range []bool{true, false, true} {
		w.SetMember(group, maya, member)
		w.seen(group, maya, member)
	}
}

func seesStickyGroups(w world) {
	group, maya := w.AddGroup("figma", Plain), w.AddPerson(Person{Email: "maya@x.com"})
	w.SetMember(group, maya, true)
	w.Stick(group)
	w.remove(group, maya)
	w.seen(group, maya, true)
}

func listsGroups(w world) {
	lister, able := idp.As[idp.Lister](w.Directory)
	if !able {
		return
	}
	w.AddGroup("figma-viewers", Plain)
	w.AddGroup("figma-editors", Plain)
	w.AddGroup("figma-rule", RuleFed)
	w.AddGroup("Figma-shouting", Plain)
	w.AddGroup("notion", Plain)
	got := ""
	groups, err := lister.Groups(w.ctx, "figma-")
	for _, g := range groups {
		got += fmt.Sprint(g.Name, " ", g.Governable, ", ")
	}
	if want := "figma-editors true, figma-rule false, figma-viewers true, "; err != nil || got != want {
		w.Errorf("Groups = %s (%v), want %s", got, err, want)
	}
	if all, err := lister.Groups(w.ctx, ""); err != nil || len(all) < 5 {
		w.Errorf("all groups: %d, %v", len(all), err)
	}
}

// seesAdminGroups: what a group carries and nothing of others, and a right that lacks is no answer.
func seesAdminGroups(w world) {
	sees, able := idp.As[idp.AdminGroups](w.Directory)
	if !able {
		return
	}
	admins, plain := w.AddGroup("it-admins", Plain), w.AddGroup("figma", Plain)
	w.MakeAdmin(admins, "Super Administrator")
	w.MakeAdmin(admins, "Application Administrator")
	if roles, err := sees.AdminRoles(w.ctx, admins); err != nil || !slices.Equal(roles, []string{"Application Administrator", "Super Administrator"}) {
		w.Errorf("AdminRoles = %q, %v", roles, err)
	}
	if roles, err := sees.AdminRoles(w.ctx, plain); err != nil || len(roles) != 0 {
		w.Errorf("AdminRoles of a plain group = %q, %v", roles, err)
	}
	for _, none := range []string{"none", ""} {
		_, err := sees.AdminRoles(w.ctx, none)
		w.wantErr("AdminRoles of no group", err, idp.ErrNotFound)
	}
	w.Fail(Denied)
	_, err := sees.AdminRoles(w.ctx, admins)
	w.wantErr("AdminRoles without the right", err, idp.ErrDenied)
}
