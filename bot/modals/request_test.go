package modals

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/bottest"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/catalog"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestNamesAreFoundAsPeopleTypeThem(t *testing.T) {
	c := shop()
	for _, text := range []string{"figma", "FIGMA", "“figma”", "«Figma»", "`figma`"} {
		if app, ok := FindApp(c, text); !ok || app.ID != "figma" {
			t.Errorf("%q is %+v", text, app)
		}
	}
	if f := match(c, "“Starter”"); f.App != bundlePrefix+"starter" {
		t.Errorf("%+v", f)
	}
	if f := match(c, "figma “editor”"); f.App != "figma" {
		t.Errorf("%+v", f)
	}
}

func TestFormFollowsTheChoices(t *testing.T) {
	c := catalog.New([]catalog.App{bottest.Figma(), bottest.Vault()}, bottest.ApprovalRoutes(), bottest.Starter())
	var out strings.Builder
	for _, f := range []form{
		{}, {Hint: noMatch("zzz")}, {App: "figma"}, {App: "figma", Role: "editor"},
		{App: "figma", Role: "editor", Objections: map[string]string{"figma/editor": "Figma · Editor is already there."}}, {App: "vault", Role: "admin"}, {App: "gone"}, {Cart: []cartEntry{{App: "figma", Role: "editor", Wanted: time.Hour}, {App: "bundle:starter"}}, Turn: 2, Other: true, Person: "You can't ask for Omar."}, {App: "bundle:starter"},
	} {
		v := f.view(c)
		bottest.WantViewWithinLimits(t, v)
		fmt.Fprintf(&out, "==== %+v\n%s\n", f, bottest.Printed(bottest.Parsed(t, v)))
	}
	bottest.Golden(t, *update, "form", out.String())
}

func TestFormSurvivesAnyCatalogue(t *testing.T) {
	for name, text := range bottest.EvilTexts() {
		for _, roles := range []int{0, 1, 100, 101, 700} {
			c := bottest.ManyApps(1, roles, text)
			f := form{App: c.Apps()[0].ID, Hint: noMatch(text), Person: text, Other: true, Conversation: "https://acme.slack.com/archives/C1/p1"}
			if roles > 0 {
				f.Role = c.Apps()[0].Roles[0].ID
				f.Objections = map[string]string{f.App + "/" + f.Role: text}
				for range maxCart {
					f.Cart = append(f.Cart, cartEntry{f.App, f.Role, time.Hour})
				}
			}
			t.Run(fmt.Sprint(name, "/", roles), func(t *testing.T) {
				bottest.WantViewWithinLimits(t, f.view(c))
				bottest.WantViewWithinLimits(t, asked(c, slices.Repeat([]access.Request{{App: f.App, Role: f.Role}, {Unlisted: text}}, 10)))
				bottest.WantViewWithinLimits(t, blocks.Notice("Latchkey", blocks.Or(text, "x")))
				bottest.WantViewWithinLimits(t, typedApprovalView(bottest.WithText(bottest.Asked(), text), cards.Target{}))
			})
		}
	}
}

// Whatever arrives, reading it and drawing a form from it never fails.
func FuzzPayloads(f *testing.F) {
	f.Add([]byte(`{"type":"block_actions","view":{"state":{"values":{"app":{"app":{"selected_option":{"value":"figma"}}}}}}}`))
	f.Add([]byte(`{"type":"block_actions","view":{"state":{"values":[]}}}`))
	f.Add([]byte(`{"event":{"type":"user_change","user":{"id":"U1"}}}`))
	c := catalog.New([]catalog.App{bottest.Figma()}, bottest.ApprovalRoutes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		if in, err := payload.DecodeInteraction(raw); err == nil {
			bottest.WantViewWithinLimits(t, formOf(c, in.View).view(c))
		}
		if e, err := payload.Decode[payload.Event](raw, "fuzzed"); err == nil {
			_ = e.Person()
		}
	})
}

func TestHowManyHaveToAgree(t *testing.T) {
	steps := catalog.Route{Stages: []catalog.Stage{
		{Approvers: []catalog.Approver{{Kind: catalog.Manager}}},
		{Approvers: []catalog.Approver{{Kind: catalog.Owner}, {Kind: catalog.Security}}, Need: catalog.Need{AtLeast: 2}},
	}}
	if got := routeText(steps); got != "Needs a yes from your manager, then 2 people (an owner of the app or an admin)." {
		t.Errorf("the form says %s", got)
	}
	byID := catalog.Route{Stages: []catalog.Stage{{Approvers: []catalog.Approver{{Kind: catalog.GroupOf, Group: catalog.GroupRef{Directory: "okta", Group: "00g1234567890abcdef", ByID: true}}}}}}
	if got := routeText(byID); strings.Contains(got, "00g") {
		t.Errorf("the form says %s", got)
	}
}
