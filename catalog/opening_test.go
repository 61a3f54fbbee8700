package catalog_test

import (
	"strings"
	"testing"

	"latchkey/catalog"
)

func TestWhereAnAppIsOpened(t *testing.T) {
	for address, ok := range map[string]bool{
		"": true, "https://figma.com/files?team=1#recent": true, "https://acme.okta.com": true,
		"http://figma.com": false, "figma.com": false, "javascript:alert(1)": false, "https://": false, "https:figma.com": false, "slack://open": false,
		"https://maya:secret@figma.com": false, "https://figma.com/a b": false, "https://figma.com/<b>": false, "https://figma.com/|x": false,
		"https://\u202efigma.com": false, "https://fіgma.com": false, "https://figma.com/" + strings.Repeat("x", 300): false,
	} {
		app, route := sound()
		app.Opens.URL, app.Roles[0].Opens.URL = address, address
		faults := catalog.New([]catalog.App{*app}, []catalog.Route{*route}).Check(facts())
		if ok && len(faults) > 0 || !ok && (len(faults) != 2 || faults[0].Path != "apps[0].url" || faults[1].Path != "apps[0].roles[0].url") {
			t.Errorf("%q: %+v", address, faults)
		}
	}
}

func TestFirstStepsAreShort(t *testing.T) {
	for how, ok := range map[string]bool{"": true, strings.Repeat("ü", 80): true, strings.Repeat("x", 81): false} {
		app, route := sound()
		app.Opens.How = how
		if faults := catalog.New([]catalog.App{*app}, []catalog.Route{*route}).Check(facts()); (len(faults) == 0) != ok {
			t.Errorf("%d: %+v", len(how), faults)
		}
	}
}

func TestARoleOpensAsItsAppUnlessItSaysOtherwise(t *testing.T) {
	app := catalog.App{Opens: catalog.Opening{URL: "https://a", How: "Sign in"}}
	if got := app.Opening(catalog.Role{Opens: catalog.Opening{How: "Ask for a seat"}}); got != (catalog.Opening{URL: "https://a", How: "Ask for a seat"}) {
		t.Errorf("%+v", got)
	}
}

func TestIcons(t *testing.T) {
	for icon, want := range map[string]catalog.IconKind{
		":art:": catalog.EmojiIcon, ":+1:": catalog.EmojiIcon, "https://cdn.acme.example/figma.png": catalog.ImageIcon, "F0123ABCDE": catalog.FileIcon,
		"": catalog.NoIcon, "art": catalog.NoIcon, ":a b:": catalog.NoIcon, "https://cdn.acme.example/figma.svg": catalog.NoIcon, "http://cdn.acme.example/figma.png": catalog.NoIcon,
		"https://10.0.0.1/figma.png": catalog.NoIcon, "https://wiki/figma.png": catalog.NoIcon, "https://wiki.corp/figma.png": catalog.NoIcon, "https://[::1]/a.png": catalog.NoIcon,
	} {
		app, route := sound()
		app.Icon = catalog.Icon(icon)
		faults := catalog.New([]catalog.App{*app}, []catalog.Route{*route}).Check(facts())
		if got := app.Icon.Kind(); got != want || (len(faults) > 0) != (want == catalog.NoIcon && icon != "") {
			t.Errorf("%q: %v, %+v", icon, got, faults)
		}
	}
}
