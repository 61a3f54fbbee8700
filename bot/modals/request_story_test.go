package modals

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	api "github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/bottest"
	"latchkey/bot/manifest"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/catalog"
	"latchkey/workflow/query"
)

// choice is what is chosen on the form.
func choice(app, role, duration string) payload.Values {
	v := input("app", actionApp, chosen(app))
	if role != "" {
		v = with(v, input(form{App: app}.blockRole(), actionRole, chosen(role)))
	}
	if duration != "" {
		v = with(v, input(blockDuration(app, role), actionDuration, chosen(duration)))
	}
	return v
}

// formView is the open form with something in it.
func formView(v payload.Values, metadata string) payload.View {
	out := payload.View{ID: "V1", Type: "modal", CallbackID: callbackRequest, Hash: "h1", Metadata: metadata}
	out.State.Values = v
	return out
}

func TestAskingForARole(t *testing.T) {
	d := newDesk(t, shop())
	got := d.submit(bottest.MayaID, callbackRequest, "", with(choice("figma", "editor", "6h"), because("Launch")))
	d.wants(got, "I'm asking those who may approve it", "*Figma · Editor* for 6 hours")
	if r := d.house.Only(); r.Wanted != 6*time.Hour || r.Reason != "Launch" || r.Origin != "V1" || r.Beneficiary != bottest.Maya().ID {
		t.Errorf("asked %+v", r)
	}
}

func TestAskingForSomebodyElse(t *testing.T) {
	d := newDesk(t, shop())
	other := payload.Values{blockPerson: {actionPerson: {User: bottest.NoorID}}}
	d.wants(d.submit(bottest.MayaID, callbackRequest, `{"o":true}`, with(choice("figma", "viewer", "forever"), other, because("Her first day"))), "It is set up once its ticket is written")
	if r := d.house.Only(); r.Beneficiary != bottest.Noor().ID || r.Requester != bottest.Maya().ID {
		t.Errorf("asked %+v", r)
	}
	nobody := payload.Values{blockPerson: {actionPerson: {User: "U404"}}}
	d.wants(d.submit(bottest.MayaID, callbackRequest, `{"o":true}`, with(choice("figma", "viewer", "forever"), nobody, because("x"))), `"person":"I can't find that person`)
}

func TestABundleLeavesOutWhatIsHeld(t *testing.T) {
	d := deskWith(t, bottest.Situations()["active"])
	d.wants(d.submit(bottest.MayaID, callbackRequest, "", with(input("app", actionApp, chosen("bundle:starter")), because("First day"))), "Vault · Admin")
	d = deskWith(t, bottest.Situations()["active"])
	only := catalog.Bundle{ID: "starter", Name: "Starter", Roles: []catalog.RoleRef{{App: "figma", Role: "editor"}}}
	d.house.Offer(catalog.New([]catalog.App{bottest.Figma()}, bottest.ApprovalRoutes(), only))
	d.wants(d.submit(bottest.MayaID, callbackRequest, "", with(input("app", actionApp, chosen("bundle:starter")), because("First day"))), allHeld)
}

func TestWhatIsWrongStandsUnderItsField(t *testing.T) {
	for name, c := range map[string]struct {
		typed    payload.Values
		metadata string
		want     string
	}{
		"nothing chosen":  {nil, "", `"app":"` + appGone},
		"app is gone":     {choice("gone", "", ""), "", `"app":"` + appGone},
		"roles not there": {choice("figma", "", ""), "", rolesLoading},
		"rest not there":  {input("app", actionApp, chosen("figma/editor")), "", restLoading},
		"no duration":     {with(choice("figma", "editor", ""), input(blockDuration("figma", "editor"), "x", typed(""))), "", `"duration.figma.editor":"Please choose for how long."`},
		"no reason":       {with(choice("figma", "editor", "6h"), because(" ")), "", `"reason":"`},
		"of an earlier choice": {with(payload.Values{"app.1": {actionApp: chosen("vault")}}, input(form{App: "vault"}.blockRole(), actionRole, chosen("admin")),
			input(blockDuration("vault", "admin"), actionDuration, chosen("1h")), because("x")), `{"p":[{"a":"figma","r":"gone","d":3600000000000}],"t":1}`, `"app.1":"`},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, shop())
			d.wants(d.submit(bottest.MayaID, callbackRequest, c.metadata, c.typed), c.want)
		})
	}
	d := newDesk(t, shop())
	d.house.Store.Refuse(errors.New("the disk is full"))
	d.wants(d.submit(bottest.MayaID, callbackRequest, "", with(choice("figma", "editor", "6h"), because("x"))), respond.UnsavedForm)
}

// Under a field Slack shows no moment in the reader's own zone, so it is said in that of whoever asks.
func TestMomentsUnderAField(t *testing.T) {
	d := newDesk(t, shop())
	at := time.Date(2026, 11, 23, 15, 10, 0, 0, time.UTC)
	in := payload.Interaction{View: formView(choice("figma", "editor", "6h"), "")}
	in.User.ID = bottest.MayaID
	got := d.Request.errors(t.Context(), in, formOf(d.house.Catalog(), in.View), nil, access.Refuse(access.NotAllowed, "role", "Not since "+access.FullMoment(at)+"."))
	if want := "Not since 23 Nov 2026 at 15:10 UTC."; len(got) != 1 || got[form{App: "figma"}.blockRole()] != want {
		t.Errorf("%v, not %q", got, want)
	}
}

func TestTheFormFollowsTheChoices(t *testing.T) {
	for name, c := range map[string]struct {
		form   payload.View
		action payload.Action
		want   string
	}{
		"an app": {formView(choice("figma", "", ""), ""), payload.Action{ID: actionApp, TS: "1"}, "Choose a role"},
		"a role of an app": {formView(with(choice("figma", "editor", "6h"), input("app", actionApp, chosen("figma/viewer"))), ""), payload.Action{ID: actionApp, TS: "1"},
			`"block_id":"role.figma.1"`},
		"a role that is gone": {formView(input("app", actionApp, chosen("figma/gone")), ""), payload.Action{ID: actionApp, TS: "1"}, "Choose a role"},
		"a role":              {formView(choice("figma", "editor", ""), ""), payload.Action{ID: actionRole, TS: "1"}, "is already there"},
		"another app":         {formView(choice("figma", "editor", "6h"), ""), payload.Action{ID: actionMore, TS: "1"}, "*Figma · Editor* for 6 hours"},
		"one less":            {formView(nil, `{"p":[{"a":"figma","r":"viewer"}]}`), payload.Action{ID: actionLess, Value: "0", TS: "1"}, "Its roles come next"},
		"somebody else":       {formView(choice("figma", "editor", ""), ""), payload.Action{ID: actionOther, TS: "1"}, "For whom"},
		"an unknown one":      {formView(payload.Values{"app": {actionApp: chosen("figma")}, blockPerson: {actionPerson: {User: "U404"}}}, `{"o":true}`), payload.Action{ID: actionPerson, TS: "1"}, "I can't find that person"},
	} {
		t.Run(name, func(t *testing.T) {
			d := deskWith(t, bottest.Situations()["active"])
			shown := d.click(bottest.MayaID, c.form, c.action)
			if shown.Method != "views.update" || shown.ID != "V1" || shown.Hash != "h1" {
				t.Errorf("shown %+v", shown)
			}
			d.wants(shown.JSON, c.want)
			bottest.WantViewWithinLimits(t, shown.View)
		})
	}
}

func TestWhoMayNotAskIsToldInTheForm(t *testing.T) {
	d := newDesk(t, shop())
	d.Request.Open(bottest.GuestID, "t", "figma")
	d.finish()
	d.wants(d.slack.Last().JSON, "Guest accounts can't request")
	if got := d.slack.Last(); got.Method != "views.update" || got.ID != "t" {
		t.Errorf("shown %+v", got)
	}
}

// An answer that is too long for an ack is dropped, and the bare ack would close
// the form as if the request was made.
func TestAFormWithManyRolesIsNotClosedByItsAck(t *testing.T) {
	c := bottest.ManyApps(1, 300, "Many roles")
	app := c.Apps()[0].ID
	d := newDesk(t, c)
	for name, got := range map[string]string{
		"submitted before the roles were there": d.submit(bottest.MayaID, callbackRequest, "", choice(app, "", "")),
		"chosen on the app's page":              d.submit(bottest.MayaID, callbackBrowse, `{"a":"`+app+`"}`, nil),
	} {
		if len(got) > payload.MaxAck || !strings.Contains(got, "choose") {
			t.Errorf("%s: an answer of %d bytes: %.300s", name, len(got), got)
		}
	}
}

// Slack refuses an update made for an older state of the view.
func TestTheNewestChoiceIsShownInSpiteOfAConflict(t *testing.T) {
	for _, fault := range []string{"hash_conflict", "not_found"} {
		d := newDesk(t, shop())
		d.slack.Fail["views.update"] = api.SlackErrorResponse{Err: fault}
		if err := d.Request.show(t.Context(), "", payload.View{ID: "V1", Hash: "h"}, "1", form{}, ""); err != nil {
			t.Errorf("%s: %v", fault, err)
		}
	}
	d := newDesk(t, shop())
	d.slack.Fail["views.update"] = api.SlackErrorResponse{Err: "internal_error"}
	if err := d.Request.show(t.Context(), "", payload.View{ID: "V1"}, "1", form{}, ""); err == nil {
		t.Error("a form that can't be shown isn't noticed")
	}
}

func TestASubmittedFormIsNotPaintedOver(t *testing.T) {
	d := newDesk(t, shop())
	d.submit(bottest.MayaID, callbackRequest, "", with(choice("figma", "editor", "6h"), because("Launch")))
	if err := d.Request.show(t.Context(), "", payload.View{ID: "V1"}, "1.0", form{}, ""); err != nil || len(d.slack.Shown()) != 0 {
		t.Errorf("%v, %v", d.slack.Shown(), err)
	}
	d.routes.Closings[callbackRequest](payload.Interaction{View: payload.View{ID: "V1"}})
	if len(d.Request.latest.at) != 0 {
		t.Error("a closed form is remembered")
	}
}

func TestFormsAreOpenedFromShortcuts(t *testing.T) {
	in := payload.Interaction{User: payload.Ref{ID: bottest.MayaID}, Trigger: "t", Channel: payload.Ref{ID: "C01ABC"}, Team: payload.Team{Domain: "acme"}, Message: payload.Message{TS: "1795424400.000100"}}
	d := newDesk(t, shop())
	d.routes.Shortcuts[manifest.ShortcutOnMessage](in)
	d.finish()
	d.wants(d.slack.Shown()[0].JSON, `https://acme.slack.com/archives/C01ABC/p1795424400000100`)
	d = newDesk(t, shop())
	d.routes.Shortcuts[manifest.ShortcutRequest](in)
	d.finish()
	d.wants(d.slack.Shown()[0].JSON, "Its roles come next")
}

func TestALinkTiesAConversationToARequest(t *testing.T) {
	in := payload.Interaction{User: payload.Ref{ID: bottest.MayaID}, Trigger: "t", Channel: payload.Ref{ID: "C01ABC"}, Team: payload.Team{Domain: "acme"}, Message: payload.Message{TS: "1795424400.000100"}}
	link := `"https://acme.slack.com/archives/C01ABC/p1795424400000100"`
	d := deskWith(t, bottest.Asked())
	d.routes.Shortcuts[manifest.ShortcutLink](in)
	d.finish()
	bottest.WantViewWithinLimits(t, d.slack.Last().View)
	d.wants(d.slack.Last().JSON, "Which request is this about?", "Figma · Editor")
	d.wants(d.submit(bottest.MayaID, callbackLink, link, input(blockRequest, actionWhich, chosen(requestID))), "Linked. The ticket says so too.")
	if got := d.house.Only().Conversation; `"`+got+`"` != link {
		t.Errorf("linked to %s", got)
	}
	d.wants(d.submit(bottest.MayaID, callbackLink, link, input(blockRequest, actionWhich, chosen("AR-GONE"))), `"errors":{"request":`)
	d.wants(d.submit(bottest.MayaID, callbackLink, "", nil), respond.UnsavedForm)
	bottest.WantViewWithinLimits(t, linkView("", nil, false))
	if all, err := json.Marshal(linkView("https://acme.slack.com/archives/C1/p1", []*api.OptionBlockObject{blocks.Option("AR-1", "Figma", "")}, true)); err != nil || !strings.Contains(string(all), "Not all of yours fit in here") {
		t.Errorf("%s %v", all, err)
	}
	d = newDesk(t, shop())
	d.routes.Shortcuts[manifest.ShortcutLink](in)
	d.finish()
	d.wants(d.slack.Last().JSON, "You have no request that this conversation could belong to")
	d = newDesk(t, shop())
	in.User.ID = bottest.GuestID
	d.routes.Shortcuts[manifest.ShortcutLink](in)
	d.finish()
	d.wants(d.slack.Last().JSON, "Guest accounts")
}

func TestTheMenuFindsApps(t *testing.T) {
	d := newDesk(t, shop())
	for typed, want := range map[string]string{"": `"Bundles"`, "fig": `"figma"`, "figma editor": `"value":"figma/editor"`, "Figma · Editor": `"value":"figma/editor"`, "starter": `"bundle:starter"`, "nothing": `{"options":[]}`} {
		got, err := d.routes.Menus[actionApp](t.Context(), payload.Interaction{User: payload.Ref{ID: bottest.MayaID}, Value: typed})
		if err != nil {
			t.Fatal(err)
		}
		d.wants(string(got), want)
	}
	if got, want := d.Request.firstApps(d.house.Catalog()), d.Request.firstApps(d.house.Catalog()); len(got) != 2 || len(want) != 2 {
		t.Errorf("first %v", got)
	}
}

// What the menu can't show is said in its first heading, whatever was typed; a menu that shows all there is says nothing.
func TestTheMenuSaysThatThereIsMore(t *testing.T) {
	offered := func(apps int, typed string) string {
		d := newDesk(t, bottest.ManyApps(apps, 1, "App"))
		got, err := d.routes.Menus[actionApp](t.Context(), payload.Interaction{User: payload.Ref{ID: bottest.MayaID}, Value: typed})
		if err != nil {
			t.Fatal(err)
		}
		bottest.WantMenuWithinLimits(t, got)
		return string(got)
	}
	for _, typed := range []string{"", "a"} {
		if got := offered(101, typed); !strings.Contains(got, ", type for more") {
			t.Errorf("of 101 apps it shows %d and says nothing of the others: %.300s", strings.Count(got, `"value"`), got)
		}
		if got := offered(20, typed); strings.Count(got, `"value"`) != 20 || strings.Contains(got, "type ") {
			t.Errorf("all that there is: %.300s", got)
		}
	}
}

// One choice in the menu of apps is a role: the form is drawn once, with all there is to say of it, and whoever changes
// their mind in either menu has what they chose last.
func TestARoleIsChosenInTheMenuOfApps(t *testing.T) {
	d := newDesk(t, shop())
	picked := with(choice("figma", "editor", "6h"), input("app", actionApp, chosen("figma/viewer")))
	shown := d.click(bottest.MayaID, formView(picked, ""), payload.Action{ID: actionApp, TS: "1"})
	d.wants(shown.JSON, `"block_id":"app.1"`, `"initial_option":{"text":{"type":"plain_text","text":"Viewer"`, `\"t\":1,\"k\":1`, "For how long")
	v := payload.View{Metadata: `{"t":1,"k":1}`}
	v.State.Values = with(payload.Values{"app.1": {actionApp: chosen("figma")}}, input("role.figma.1", actionRole, chosen("editor")))
	if f := formOf(d.house.Catalog(), v); f.App != "figma" || f.Role != "editor" || f.Picked {
		t.Errorf("the form is %+v", f)
	}
	got := d.submit(bottest.MayaID, callbackRequest, "", with(input("app", actionApp, chosen("figma/editor")), because("Launch")))
	d.wants(got, restLoading, `"block_id":"role.figma.1"`)
	if len(d.house.Requests()) != 0 {
		t.Error("it is asked for without its time")
	}
}

// The answer has to fit into an ack, whatever the apps are called.
func TestTheMenuFitsIntoAnAck(t *testing.T) {
	for name, text := range bottest.EvilTexts() {
		d := newDesk(t, bottest.ManyApps(300, 1, text))
		got, err := d.routes.Menus[actionApp](t.Context(), payload.Interaction{User: payload.Ref{ID: bottest.MayaID}})
		if err != nil {
			t.Fatal(err)
		}
		bottest.WantMenuWithinLimits(t, got)
		few := newDesk(t, bottest.ManyApps(fewApps, 30, text))
		typed, err := few.routes.Menus[actionApp](t.Context(), payload.Interaction{User: payload.Ref{ID: bottest.MayaID}, Value: few.house.Catalog().Apps()[0].ID[:1]})
		if err != nil {
			t.Fatal(err)
		}
		bottest.WantMenuWithinLimits(t, typed)
		if n := strings.Count(string(got), `"value"`); n < 15 {
			t.Errorf("%s: only %d apps are offered", name, n)
		}
	}
}

func TestTheCatalogueIsBrowsed(t *testing.T) {
	d := newDesk(t, shop())
	d.wants(d.click(bottest.MayaID, formView(choice("figma", "", ""), ""), on(ActionBrowse, "-")).JSON, "Browse apps", "All apps", `\"v\":\"V1\"`)
	if all := d.slack.Shown(); all[0].Method != "views.push" || all[0].ID != all[1].ID && all[1].ID != "t" {
		t.Errorf("the catalogue isn't on top of the form: %v", all)
	}
	page := payload.View{ID: "V2", Type: "modal", CallbackID: callbackBrowse, Metadata: `{"v":"V1","m":"{}","c":-1}`}
	category := payload.Action{ID: actionCategory, TS: "1"}
	category.Selected.Value = "0"
	for _, c := range []struct {
		action payload.Action
		want   string
	}{
		{category, `\"c\":0`},
		{payload.Action{ID: blocks.ActionAfter, Value: "15", TS: "1"}, "Browse apps"},
		{payload.Action{ID: actionAbout, Value: "figma", TS: "1"}, "About this app"},
		{payload.Action{ID: actionList, Value: "figma", TS: "1"}, "Browse apps"},
	} {
		d := newDesk(t, shop())
		shown := d.click(bottest.MayaID, page, c.action)
		d.wants(shown.JSON, c.want)
		bottest.WantViewWithinLimits(t, shown.View)
	}
}

func TestAnAppIsChosenFromItsPage(t *testing.T) {
	d := newDesk(t, shop())
	if got := d.submit(bottest.MayaID, callbackBrowse, `{"v":"V1","m":"{\"t\":1}","c":-1,"a":"figma"}`, nil); got != "" {
		t.Error(got)
	}
	d.finish()
	if shown := d.slack.Last(); shown.Method != "views.update" || shown.ID != "V1" {
		t.Errorf("shown %+v", shown)
	}
	d.wants(d.slack.Last().JSON, "app.2", "Choose a role")
	d.wants(d.submit(bottest.MayaID, callbackBrowse, `{"c":-1,"a":"vault"}`, nil), "Set up manually.")
	if got := d.submit(bottest.MayaID, callbackBrowse, `{"v":"V1","c":-1,"a":"figma","d":true}`, nil); got != "" {
		t.Error(got)
	}
	d = newDesk(t, shop())
	d.wants(d.click(bottest.MayaID, formView(choice("figma", "", ""), ""), on(actionAbout, "figma")).JSON, "About this app", "Omar Reyes")
}

func TestWhatIsNotListed(t *testing.T) {
	d := newDesk(t, shop())
	shown := d.click(bottest.MayaID, payload.View{ID: "V9", Type: "home", CallbackID: "home"}, on(ActionUnlisted, "-"))
	bottest.WantViewWithinLimits(t, shown.View)
	d.wants(shown.JSON, "What do you need?")
	name := func(n string) payload.Values { return input(blockUnlisted, actionUnlistedName, typed(n)) }
	d.wants(d.submit(bottest.MayaID, callbackUnlisted, "", with(name(" "), because("x"))), `"errors":{"unlisted":`)
	d.wants(d.submit(bottest.MayaID, callbackUnlisted, "", with(name("A mailbox"), because(" "))), `"errors":{"reason":`)
	d.wants(d.submit(bottest.MayaID, callbackUnlisted, "", with(name("A <mailbox>"), because("For orders"))), "isn't in the catalogue, so I'm asking IT")
	d.house.Store.Refuse(errors.New("the disk is full"))
	d.wants(d.submit(bottest.NoorID, callbackUnlisted, "", with(name("A mailbox"), because("x"))), respond.UnsavedForm)
}

func TestTakingARoleInAnEmergency(t *testing.T) {
	d := newDesk(t, shop())
	bottest.WantViewWithinLimits(t, d.BreakGlass.view("", ""))
	first := func(role, duration string) payload.Values {
		return with(input(blockBreakGlassRole, actionBreakGlassRole, chosen(role)), input(blockBreakGlassTime, actionDuration, chosen(duration)), because("All is down"), input(blockIncident, actionIncident, typed("OPS-7")))
	}
	d.wants(d.submit(bottest.MayaID, callbackBreakGlass, "", first("vault/admin", "x")), "Please choose for how long.")
	d.wants(d.submit(bottest.MayaID, callbackBreakGlass, "", first("vault/gone", "1h")), appGone)
	d.wants(d.submit(bottest.MayaID, callbackBreakGlass, "", first("vault/admin", "4w")), "at most.")
	d.wants(d.submit(bottest.MayaID, callbackBreakGlass, "", first("vault/admin", "1h")), "Type Vault to take it")
	second := `{"app":"vault","role":"admin","wanted":3600000000000,"incident":"OPS-7"}`
	name := func(text string) payload.Values {
		return with(input(blockTyped, actionTyped, typed(text)), because("All is down"))
	}
	d.wants(d.submit(bottest.GuestID, callbackBreakGlassConfirm, second, nil), "Guest accounts")
	d.wants(d.submit(bottest.MayaID, callbackBreakGlassConfirm, second, name("Volt")), `"errors":{"typed":`)
	d.wants(d.submit(bottest.MayaID, callbackBreakGlassConfirm, second, name("Vault")), "It is on its way")
	if r := d.house.Only(); !r.BreakGlass || r.Incident != "OPS-7" || r.Reason != "All is down" {
		t.Errorf("took %+v", r)
	}
	d.BreakGlass.Open(bottest.MayaID, "t", "")
	d.finish()
	d.wants(d.slack.Last().JSON, "For when waiting does harm")
}

// A menu holds three hundred roles. That there are more is said, with how to come to
// them, and the one that was named is there.
func TestRolesThatDontFitAreSaidToBeThere(t *testing.T) {
	vault := bottest.Vault()
	one := vault.Roles[0]
	one.BreakGlass, vault.Roles = true, nil
	for i := range maxRoles + 12 {
		one.ID, one.Name = fmt.Sprint("role-", i), fmt.Sprint("Role ", i)
		vault.Roles = append(vault.Roles, one)
	}
	d := newDesk(t, catalog.New([]catalog.App{bottest.Figma(), vault}, bottest.ApprovalRoutes()))
	c := d.house.Catalog()
	for want, v := range map[string]api.ModalViewRequest{
		"12 more roles don't fit in here. For one of them, close this, and type the app's name": d.BreakGlass.view("", ""),
		"13 more roles don't fit in here. For one of them":                                      form{App: "vault"}.view(c),
		`"initial_option":{"text":{"type":"plain_text","text":"Role 311"`:                       form{App: "vault", Role: "role-311"}.view(c),
	} {
		bottest.WantViewWithinLimits(t, v)
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		d.wants(string(raw), want)
	}
}

// Slack counts characters, not bytes, and lets people write a thousand of any kind.
func TestAReasonGetsThroughWhateverItIsWrittenIn(t *testing.T) {
	for name, reason := range map[string]string{
		"Japanese":        strings.Repeat("障", 990),
		"markup":          strings.Repeat("<&>", 330),
		"quotes":          strings.Repeat(`"\`, 500),
		"lines":           strings.Repeat("a\n", 499) + "a",
		"line separators": "a" + strings.Repeat("\u2028", 990) + "b",
		"emoji":           strings.Repeat("🚑", 500),
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, shop())
			first := with(input(blockBreakGlassRole, actionBreakGlassRole, chosen("vault/admin")), input(blockBreakGlassTime, actionDuration, chosen("1h")), because(reason))
			var next struct {
				View api.ModalViewRequest `json:"view"`
			}
			if err := json.Unmarshal([]byte(d.submit(bottest.MayaID, callbackBreakGlass, "", first)), &next); err != nil {
				t.Fatal(err)
			}
			bottest.WantViewWithinLimits(t, next.View)
			d.wants(d.submit(bottest.MayaID, callbackBreakGlassConfirm, next.View.PrivateMetadata, with(input(blockTyped, actionTyped, typed("Vault")), because(reason))), "It is on its way")
			if r := d.house.Only(); r.Reason != reason {
				t.Errorf("the reason became %q", r.Reason)
			}
		})
	}
}

func TestRevoking(t *testing.T) {
	d := deskWith(t, bottest.Situations()["active"])
	omar := bottest.Clicker(bottest.Omar(), bottest.OmarID)
	live, err := d.Revocation.Live(t.Context(), omar, bottest.Maya(), "figma")
	if err != nil || len(live) != 1 {
		t.Fatal(live, err)
	}
	d.Revocation.Open(bottest.OmarID, "t", bottest.Figma(), func(context.Context) (access.Person, error) { return bottest.Maya(), nil })
	d.finish()
	bottest.WantViewWithinLimits(t, d.slack.Last().View)
	d.wants(d.slack.Last().JSON, "*Maya Lind* loses this now:", "Figma · Editor")
	what := `{"w":"` + string(bottest.Maya().ID) + `","a":"figma"}`
	d.wants(d.submit(bottest.MayaID, callbackRevoke, what, because("x")), "Only")
	d.wants(d.submit(bottest.OmarID, callbackRevoke, "", because("x")), respond.UnsavedForm)
	d.wants(d.submit(bottest.OmarID, callbackRevoke, what, because("She moved")), "It ends now.")
	if g := d.house.Grant(); g.End != access.EndRevoked {
		t.Errorf("the grant is %+v", g)
	}
	d.wants(d.submit(bottest.OmarID, callbackRevoke, `{"w":"`+string(bottest.Noor().ID)+`","a":"figma"}`, because("x")), "There was nothing left to take away.")
}

func TestTheCatalogueStaysWithinLimits(t *testing.T) {
	for name, text := range bottest.EvilTexts() {
		t.Run(name, func(t *testing.T) {
			c := bottest.ManyApps(40, 45, text)
			app := c.Apps()[0]
			page := catalogueState{Root: "V1", Form: form{Conversation: strings.Repeat("x", 500)}.metadata(), Category: allApps, App: app.ID}
			bottest.WantViewWithinLimits(t, page.page(c, app, blocks.Escape(text, 100), query.Paces{Roles: map[string]query.Pace{app.Roles[0].ID: {There: time.Hour, Of: 50}}}))
			for _, s := range []catalogueState{{Category: allApps}, {Category: 3}, {Category: 9999, From: 100_000}} {
				bottest.WantViewWithinLimits(t, s.view(c, surroundings{department: text, used: []string{app.ID, c.Apps()[1].ID}, held: map[string][]string{app.ID: {text}}, usual: map[string]string{app.ID: usually(query.Pace{There: time.Hour, Of: 50})}}))
			}
			bottest.WantViewWithinLimits(t, unlistedView("", ""))
		})
	}
}

// How long it usually takes is said where somebody chooses, once ten people have asked.
func TestWhatIsUsualIsSaid(t *testing.T) {
	const list, about, chosen = "usually 12 minutes", "Usually 12 minutes, from asking to having it (from 10 requests).", "Usually 12 minutes"
	for n, told := range map[int]bool{9: false, 10: true} {
		d := newDesk(t, shop())
		for i := range n {
			c := bottest.Change(bottest.Situations()["active"], func(c *access.Case) {
				c.Request.ID, c.Request.Beneficiary, c.Request.Requester = "AR-PACE"+strconv.Itoa(i), bottest.Omar().ID, bottest.Omar().ID
				c.Grant.ID, c.Grant.Person, c.Grant.Started = c.Request.GrantID(), bottest.Omar().ID, c.Request.Created.Add(12*time.Minute)
			})
			d.house.Keep(c)
		}
		says := func(shown bottest.Shown, want string) {
			t.Helper()
			bottest.WantViewWithinLimits(t, shown.View)
			if strings.Contains(shown.JSON, want) != told {
				t.Errorf("of %d requests: %s", n, shown.JSON)
			}
		}
		says(d.click(bottest.MayaID, payload.View{}, on(ActionBrowse, "-")), list)
		d = anotherTime(t, d)
		says(d.click(bottest.MayaID, formView(choice("figma", "", ""), ""), on(actionAbout, "figma")), about)
		d = anotherTime(t, d)
		d.Request.Open(bottest.MayaID, "t", "figma editor")
		d.finish()
		says(d.slack.Last(), chosen)
	}
}

// anotherTime is the same desk with nothing on it.
func anotherTime(t *testing.T, old *desk) *desk {
	t.Helper()
	d := newDesk(t, shop())
	d.house = old.house
	d.Modals = New(Config{Respond: d.answer, Catalog: old.house.Catalog, Requests: old.house.Flow.Requests, Controls: old.house.Flow.Controls, Query: old.house.Flow.Query, People: old.house.Flow.People, Campaigns: old.house.Flow.Campaigns, Logger: slog.New(slog.DiscardHandler), Now: old.house.Clock.Now})
	var err error
	if d.routes, err = route.Merge(d.Routes()...); err != nil {
		t.Fatal(err)
	}
	return d
}

// What comes next of a form goes with the ack of its button, and nothing is drawn beside it.
func TestTheButtonLeadsOn(t *testing.T) {
	for name, c := range map[string]struct {
		typed payload.Values
		want  []string
	}{
		"from an app to its roles": {choice("figma", "", ""), []string{"Choose a role", `"text":"Next"`}},
		"from a role to the rest":  {choice("figma", "viewer", ""), []string{"For how long", "What do you need it for?", `"text":"Ask"`}},
		"from a role in the menu":  {input("app", actionApp, chosen("figma/viewer")), []string{`"block_id":"role.figma.1"`, "For how long"}},
		"to what stands against":   {choice("figma", "editor", ""), []string{"is already there"}},
		"from a bundle":            {input("app", actionApp, chosen("bundle:starter")), []string{"*Starter* holds:", "What do you need it for?"}},
		"with what was typed":      {with(choice("figma", "viewer", ""), because("Launch")), []string{`"initial_value":"Launch"`}},
	} {
		t.Run(name, func(t *testing.T) {
			d := deskWith(t, bottest.Situations()["active"])
			d.wants(d.submit(bottest.MayaID, callbackRequest, `{"n":true}`, c.typed), append(c.want, `"response_action":"update"`)...)
			d.finish()
			if got := d.slack.Shown(); len(got) > 0 {
				t.Errorf("shown beside the ack: %+v", got)
			}
		})
	}
}

// An ack doesn't wait for long: what isn't known by then is shown when it is.
func TestWhatIsNotKnownInTimeIsShownLater(t *testing.T) {
	d := deskWith(t, bottest.Situations()["active"])
	in := payload.Interaction{User: payload.Ref{ID: bottest.MayaID}, View: formView(choice("figma", "editor", ""), `{"n":true}`)}
	over, stop := context.WithCancel(t.Context())
	stop()
	out, err := d.routes.Submissions[callbackRequest](over, in)
	if err != nil {
		t.Fatal(err)
	}
	if d.wants(string(out), "For how long"); strings.Contains(string(out), "is already there") {
		t.Error("it was looked up with no time left")
	}
	d.finish()
	d.wants(d.slack.Last().JSON, "is already there")
}
