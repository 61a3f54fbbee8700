package catalog_test

import (
	"testing"

	"latchkey/catalog"
)

// catalogue is a sound one with a second route, after a change.
func catalogue(change func(a *catalog.App, w *catalog.Route, b *catalog.Bundle)) *catalog.Catalog {
	app, route := sound()
	bundle := catalog.Bundle{ID: "new", Name: "New", Roles: []catalog.RoleRef{{App: "figma", Role: "editor"}}}
	change(app, route, &bundle)
	return catalog.New([]catalog.App{*app}, []catalog.Route{*route, {Name: "everyday"}}, bundle)
}

func TestVersionNamesWhatWasConfigured(t *testing.T) {
	same := func(*catalog.App, *catalog.Route, *catalog.Bundle) {}
	was := catalogue(same).Version()
	if was == "" || was != catalogue(same).Version() {
		t.Fatalf("the version %q is not stable", was)
	}
	app, route := sound()
	bundle := catalog.Bundle{ID: "new", Name: "New", Roles: []catalog.RoleRef{{App: "figma", Role: "editor"}}}
	if got := catalog.New([]catalog.App{*app}, []catalog.Route{{Name: "everyday"}, *route}, bundle).Version(); got != was {
		t.Errorf("with its routes in another order it is %s, was %s", got, was)
	}
	seen := map[string]string{was: "unchanged"}
	for name, change := range map[string]func(*catalog.App, *catalog.Route, *catalog.Bundle){
		"owner": func(a *catalog.App, _ *catalog.Route, _ *catalog.Bundle) { a.Owners[0] = "omar@acme.example" },
		"group": func(a *catalog.App, _ *catalog.Route, _ *catalog.Bundle) { a.Roles[0].Groups[0].Group = "others" },
		"by id": func(a *catalog.App, _ *catalog.Route, _ *catalog.Bundle) { a.Roles[0].Groups[0].ByID = true },
		"max":   func(a *catalog.App, _ *catalog.Route, _ *catalog.Bundle) { a.Roles[0].Durations.Max *= 2 },
		"approver": func(_ *catalog.App, w *catalog.Route, _ *catalog.Bundle) {
			w.Stages[0].Approvers[0].Kind = catalog.Owner
		},
		"need":   func(_ *catalog.App, w *catalog.Route, _ *catalog.Bundle) { w.Stages[0].Need.All = true },
		"stage":  func(_ *catalog.App, w *catalog.Route, _ *catalog.Bundle) { w.Stages = append(w.Stages, w.Stages[0]) },
		"bundle": func(_ *catalog.App, _ *catalog.Route, b *catalog.Bundle) { b.Roles = nil },
	} {
		got := catalogue(change).Version()
		if other, twice := seen[got]; twice {
			t.Errorf("another %s has the version of %s", name, other)
		}
		seen[got] = name
	}
}

// A setting that a later version of Latchkey adds, and that nobody uses, must not
// make every catalogue look changed; this value is written down so that it is seen.
func TestVersionOutlivesReleases(t *testing.T) {
	const want = "81f1d4197add"
	if got := catalogue(func(*catalog.App, *catalog.Route, *catalog.Bundle) {}).Version(); got != want {
		t.Errorf("the version of the same catalogue is %s, was %s", got, want)
	}
}
