package idptest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"latchkey/idp"
)

var (
	_ idp.AppLister  = directory{}
	_ idp.GroupSizer = directory{}
)

// AddApp makes an application and returns its id.
func (v *Vendor) AddApp(a App) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.apps = append(v.apps, a)
	return appID(len(v.apps) - 1)
}

// appPrefix stands before an application's place in the list.
const appPrefix = "listed-app-"

func appID(place int) string { return appPrefix + strconv.Itoa(place) }

// Apps implements idp.AppLister.
func (d directory) Apps(ctx context.Context) (all []idp.App, err error) {
	err = d.v.reads(ctx, func() error {
		for i, a := range d.v.apps {
			all = append(all, idp.App{ID: appID(i), Name: a.Name, Active: !a.Off})
		}
		slices.SortFunc(all, func(a, b idp.App) int { return cmp.Compare(a.Name, b.Name) })
		return nil
	})
	return all, err
}

// Assignments implements idp.AppLister.
func (d directory) Assignments(ctx context.Context, app string) (all idp.Assignments, err error) {
	err = d.v.reads(ctx, func() error {
		i, err := strconv.Atoi(strings.TrimPrefix(app, appPrefix))
		if err != nil || i < 0 || i >= len(d.v.apps) {
			return fmt.Errorf("%s: no application has the id %q: %w", d.ID(), app, idp.ErrNotFound)
		}
		for _, g := range d.v.apps[i].Groups {
			all.Groups = append(all.Groups, idp.Assignment{GroupID: g})
		}
		all.InPerson = idp.Counted(len(d.v.apps[i].People))
		for _, id := range d.v.apps[i].Owners {
			if p := d.v.person(id); p != nil && p.Status != idp.Left {
				all.Owners = append(all.Owners, p.Email)
			}
		}
		return nil
	})
	return all, err
}

// GroupSizes implements idp.GroupSizer.
func (d directory) GroupSizes(ctx context.Context, groupIDs []string) (map[string]int, error) {
	sizes := map[string]int{}
	err := d.v.reads(ctx, func() error {
		for _, id := range groupIDs {
			if g := d.v.group(id); g != nil {
				sizes[id] = len(g.members)
			}
		}
		return nil
	})
	return sizes, err
}

// manyApps are more than fit on a page of any vendor's listing that is asked for one.
const manyApps = 210

// listsApps: every application is listed once with all its groups, also those on later pages; what can't be read is no list.
func listsApps(w world) {
	lister, able := idp.As[idp.AppLister](w.Directory)
	if !able {
		return
	}
	var groups []string
	for i := range 25 {
		groups = append(groups, w.AddGroup(fmt.Sprintf("group-%02d", i), Plain))
	}
	maya := w.AddPerson(Person{Email: "maya@x.com"})
	want := map[string]App{}
	add := func(a App) string {
		id := w.AddApp(a)
		want[id] = a
		return id
	}
	gone := w.AddPerson(Person{Email: "gone@x.com"})
	w.SetStatus(gone, idp.Left)
	big := add(App{Name: "Figma", Groups: groups, Owners: []string{maya, gone}})
	bare := add(App{Name: "Canva", People: []string{maya}})
	add(App{Name: "Trello", Off: true, Groups: groups[:1]})
	for i := range manyApps {
		add(App{Name: fmt.Sprintf("App %03d", i)})
	}
	w.appsAre(lister, want)
	w.assigned(lister, big, groups)
	w.assigned(lister, bare, nil)
	w.owned(lister, big, "maya@x.com")
	w.owned(lister, bare, "")
	if all, err := lister.Assignments(w.ctx, bare); err != nil || all.InPerson.Known && all.InPerson.N != 1 {
		w.Errorf("one person has it without a group: %+v (%v)", all, err)
	}
	if _, err := lister.Assignments(w.ctx, "no-such-app"); !errors.Is(err, idp.ErrNotFound) {
		w.Errorf("an application that isn't there: %v", err)
	}
	w.Fail(Outage)
	if some, err := lister.Apps(w.ctx); err == nil || len(some) > 0 {
		w.Errorf("a list that can't be read: %d applications (%v)", len(some), err)
	}
	if some, err := lister.Assignments(w.ctx, big); err == nil || len(some.Groups) > 0 {
		w.Errorf("groups that can't be read: %d (%v)", len(some.Groups), err)
	}
}

// appsAre compares a whole list with what was made.
func (w world) appsAre(lister idp.AppLister, want map[string]App) {
	w.Helper()
	apps, err := lister.Apps(w.ctx)
	if err != nil {
		w.Fatal(err)
	}
	if !slices.IsSortedFunc(apps, func(a, b idp.App) int { return strings.Compare(a.Name, b.Name) }) {
		w.Error("the applications are not in name order")
	}
	left := maps.Clone(want)
	for _, a := range apps {
		if made, known := left[a.ID]; known && (made.Name != a.Name || made.Off == a.Active) {
			w.Errorf("listed %+v, made %+v", a, made)
		}
		delete(left, a.ID)
	}
	if len(left) > 0 || len(apps) < len(want) {
		w.Errorf("%d of %d are listed, %d are missing", len(apps), len(want), len(left))
	}
}

// assigned compares the groups of an application.
func (w world) assigned(lister idp.AppLister, app string, want []string) {
	w.Helper()
	all, err := lister.Assignments(w.ctx, app)
	if err != nil {
		w.Fatal(err)
	}
	var got []string
	for _, a := range all.Groups {
		got = append(got, a.GroupID)
	}
	slices.Sort(got)
	want = slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		w.Errorf("assigned are %v, want %v", got, want)
	}
}

// owned: a directory that names owners names those whom it has, and who can be asked.
func (w world) owned(lister idp.AppLister, app, want string) {
	w.Helper()
	all, err := lister.Assignments(w.ctx, app)
	if err != nil || len(all.Owners) > 1 || len(all.Owners) == 1 && all.Owners[0] != want {
		w.Errorf("owned by %q (%v), want %q, or nobody", all.Owners, err, want)
	}
}

// sizesGroups: what is said of the size of a group is so; of one that isn't there nothing is said.
func sizesGroups(w world) {
	sizer, able := idp.As[idp.GroupSizer](w.Directory)
	if !able {
		return
	}
	groups := []string{w.AddGroup("figma", Plain), w.AddGroup("notion", Plain)}
	w.SetMember(groups[0], w.AddPerson(Person{Email: "maya@x.com"}), true)
	got, err := sizer.GroupSizes(w.ctx, []string{groups[0], groups[1], "no-such-group"})
	if err != nil || len(got) != 2 || got[groups[0]] != 1 || got[groups[1]] != 0 {
		w.Errorf("sizes %v (%v), want one and none", got, err)
	}
}
