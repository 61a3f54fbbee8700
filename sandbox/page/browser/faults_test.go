package browser_test

import (
	"strings"
	"testing"

	"latchkey/sandbox/page/browser"
)

// sound is a page that everybody can use.
const sound = `<!doctype html><html lang="en"><head><title>T</title></head><body><main><h1>One</h1><h2 id="two">Two</h2><p style="color:#333">Text <a href="#two">to two</a></p>
<table><caption>C</caption><tr><th scope="col">H</th></tr><tr><td>1</td></tr></table><button>Go</button></main></body></html>`

// TestFaultsAreFound plants one fault after the other.
func TestFaultsAreFound(t *testing.T) {
	b := start(t)
	for want, change := range map[string][2]string{
		"":                     {"One", "One"},
		"language":             {` lang="en"`, ""},
		"no title":             {"<title>T</title>", ""},
		"main part":            {"<main>", "<div>"},
		"leads nowhere":        {"#two", "#three"},
		"heading is missing":   {`<h2 id="two">Two</h2>`, `<h4 id="two">Two</h4>`},
		"a table has no name":  {"<caption>C</caption>", ""},
		"of what":              {` scope="col"`, ""},
		"hard to read":         {"#333", "#bbb"},
		"another one than":     {"<button>", `<button tabindex="3">`},
		"without a name: butt": {"<button>Go", "<button>"},
		"there twice":          {"<button>", `<button id="two">`},
		"can't be by keyboard": {"<button>", `<div style="width:50px;overflow-x:auto"><div style="width:400px">wide</div></div><button>`},
	} {
		got, err := b.Faults(t.Context(), strings.Replace(sound, change[0], change[1], 1), browser.Desktop())
		all := strings.Join(got, "\n")
		if err != nil || (want == "") != (all == "") || !strings.Contains(all, want) {
			t.Errorf("%q: %v, %s", want, err, all)
		}
	}
	wide := strings.Replace(sound, "<button>", `<div style="width:900px">wide</div><button>`, 1)
	if n, err := b.Hidden(t.Context(), wide, browser.Phone()); err != nil || n < 400 {
		t.Errorf("%d pixels are hidden, %v", n, err)
	}
	if n, err := b.Hidden(t.Context(), sound, browser.Phone()); err != nil || n > 0 {
		t.Errorf("%d pixels are hidden of what fits, %v", n, err)
	}
}
