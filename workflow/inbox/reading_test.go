package inbox

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/catalog"
)

func shelf() *catalog.Catalog {
	hours := catalog.Durations{Choices: []time.Duration{6 * time.Hour, 30 * catalog.Day}, Default: 30 * catalog.Day, Max: 180 * catalog.Day}
	role := func(id, name string) catalog.Role { return catalog.Role{ID: id, Name: name, Durations: hours} }
	return catalog.New([]catalog.App{
		{ID: "figma", Name: "Figma", Status: catalog.Approved, Tags: []string{"design"}, Roles: []catalog.Role{role("editor", "Editor"), role("viewer", "Viewer")}},
		{ID: "miro", Name: "Miro", Status: catalog.Approved, Roles: []catalog.Role{role("member", "Member")}},
		{ID: "github", Name: "GitHub", Status: catalog.Approved, Roles: []catalog.Role{role("read", "Read")}},
	}, nil)
}

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
			s := &Service{Config: Config{Catalog: shelf()}}
			sub, lack := s.reading(tc.form)
			if sub.App != tc.app || sub.Role != tc.role || sub.Wanted != tc.wanted {
				t.Errorf("read as %s/%s for %s", sub.App, sub.Role, sub.Wanted)
			}
			if !strings.HasPrefix(lack.why, tc.why) || (tc.why == "") != (lack.why == "") {
				t.Errorf("it says %q, want %q", lack.why, tc.why)
			}
			if diff := cmp.Diff(tc.choose, lack.choose); diff != "" {
				t.Errorf("choices (-want +got):\n%s", diff)
			}
		})
	}
}

func TestALongReasonIsCut(t *testing.T) {
	s := &Service{Config: Config{Catalog: shelf()}}
	sub, _ := s.reading(access.Form{App: "miro", Reason: strings.Repeat("ä", 5000)})
	if n := len([]rune(sub.Reason)); n != access.MaxReason {
		t.Errorf("the reason has %d characters", n)
	}
}
