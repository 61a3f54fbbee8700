package inbox

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/catalog"
)

func TestReadingThePortalsForm(t *testing.T) {
	const day = catalog.Day
	for name, tc := range map[string]struct {
		form      access.Form
		app, role string
		wanted    time.Duration
		why       string // the beginning of what is wrong
		choose    []string
	}{
		"as the form writes it":  {form: access.Form{App: "Figma", Role: "Editor", Duration: "6 hours"}, app: "figma", role: "editor", wanted: 6 * time.Hour},
		"as people write it":     {form: access.Form{App: " figma", Role: "VIEWER", Duration: "6h"}, app: "figma", role: "viewer", wanted: 6 * time.Hour},
		"another length":         {form: access.Form{App: "miro", Duration: "2 weeks 1 day"}, app: "miro", role: "member", wanted: 15 * day},
		"nothing about the time": {form: access.Form{App: "miro"}, app: "miro", role: "member", wanted: 30 * day},
		"by its tag":             {form: access.Form{App: "design", Role: "editor"}, app: "figma", role: "editor", wanted: 30 * day},
		"a slip of the finger":   {form: access.Form{App: "Fgma", Role: "Editor"}, why: "There is no app called “Fgma”", choose: []string{"Figma", "Miro", "GitHub"}},
		"no app":                 {form: access.Form{}, why: "Please say which app", choose: []string{"Miro", "Figma", "GitHub"}},
		"no role":                {form: access.Form{App: "figma"}, app: "figma", why: "Please say which role of Figma", choose: []string{"Editor", "Viewer"}},
		"another role":           {form: access.Form{App: "figma", Role: "Viewr"}, app: "figma", why: "There is no role of Figma called “Viewr”", choose: []string{"Viewer", "Editor"}},
		"no time at all":         {form: access.Form{App: "miro", Duration: "a while"}, app: "miro", role: "member", why: "I can't read “a while”", choose: []string{"6 hours", "30 days"}},
		"too long":               {form: access.Form{App: "miro", Duration: "1000d"}, app: "miro", role: "member", wanted: 1000 * day, why: "This role can be held for", choose: []string{"6 hours", "30 days"}},
	} {
		t.Run(name, func(t *testing.T) {
			sub, lack := readForm(offer(), tc.form)
			if sub.App != tc.app || sub.Role != tc.role || sub.Wanted != tc.wanted {
				t.Errorf("read as %s/%s for %s", sub.App, sub.Role, sub.Wanted)
			}
			if !strings.HasPrefix(lack.Why, tc.why) || (tc.why == "") != (lack.Why == "") {
				t.Errorf("it says %q, want %q", lack.Why, tc.why)
			}
			if diff := cmp.Diff(tc.choose, lack.Choose); diff != "" {
				t.Errorf("choices (-want +got):\n%s", diff)
			}
		})
	}
}

// Of two apps or roles of one name the first is never taken: it is asked about, and
// the answer is understood.
func TestTwoOfOneName(t *testing.T) {
	role := func(id, name string) catalog.Role { return catalog.Role{ID: id, Name: name} }
	c := catalog.New([]catalog.App{
		{ID: "figma", Name: "Figma", Status: catalog.Approved, Roles: []catalog.Role{role("editor", "Editor"), role("editor-eu", "Editor")}},
		{ID: "figma-eu", Name: "Figma", Status: catalog.Approved, Roles: []catalog.Role{role("editor", "Editor")}},
		{ID: "miro", Name: "Miro", Status: catalog.Approved, Roles: []catalog.Role{role("member", "Member")}},
	}, nil)
	for text, want := range map[string]string{"Figma": "figma, figma-eu", "figma": "", "figma-eu": "", "Figma, Miro": "Figma, Miro", "miro": ""} {
		_, lack := readApp(c, text)
		if got := strings.Join(lack.Choose, ", "); got != want || (want == "") != (lack.Why == "") {
			t.Errorf("%s: %q %q, want the choice of %q", text, lack.Why, got, want)
		}
	}
	app, _ := c.App("figma")
	if _, lack := readRole(app, "Editor"); strings.Join(lack.Choose, ", ") != "editor, editor-eu" {
		t.Errorf("the role is asked about with %q", lack)
	}
	if r, lack := readRole(app, "editor-eu"); r.ID != "editor-eu" || lack.Why != "" {
		t.Errorf("the role is read as %q, %q", r.ID, lack.Why)
	}
}

func TestALongReasonIsCut(t *testing.T) {
	sub, _ := readForm(offer(), access.Form{App: "miro", Reason: strings.Repeat("ä", 5000)})
	if n := len([]rune(sub.Reason)); n != access.MaxReason {
		t.Errorf("the reason has %d characters", n)
	}
}
