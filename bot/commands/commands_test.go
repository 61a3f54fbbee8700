package commands

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/lists"
	"latchkey/bot/modals"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/catalog"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desk is the command before a house.
type desk struct {
	*Commands
	testing.TB
	house *bottest.House
	slack *bottest.Recorder
}

func shop() *catalog.Catalog {
	return catalog.New([]catalog.App{bottest.Figma(), bottest.Vault()}, bottest.ApprovalRoutes(), bottest.Starter())
}

func newDesk(t testing.TB, c *catalog.Catalog) *desk {
	h := bottest.NewHouse(t, c, bottest.Members{})
	slack, quiet := &bottest.Recorder{}, slog.New(slog.DiscardHandler)
	answers := respond.New(respond.Config{API: slack, People: h.Flow.People, Refusals: h.Flow, Logger: quiet})
	shown := modals.New(modals.Config{Respond: answers, Catalog: h.Catalog, Requests: h.Flow.Requests, Controls: h.Flow.Controls, Query: h.Flow.Query, People: h.Flow.People, Campaigns: h.Flow.Campaigns, Logger: quiet, Now: h.Clock.Now})
	rows := lists.New(lists.Config{Query: h.Flow.Query, People: h.Flow.People, Catalog: h.Catalog, Now: h.Clock.Now})
	d := &desk{TB: t, house: h, slack: slack}
	d.Commands = New(Config{
		Respond: answers, Modals: shown, Lists: rows, Query: h.Flow.Query, Controls: h.Flow.Controls, People: h.Flow.People, May: h.Flow.People, Catalog: h.Catalog, Command: "/access", Logger: quiet, Now: h.Clock.Now,
	})
	for _, id := range []string{bottest.MayaID, bottest.NoorID, bottest.OmarID} {
		if _, err := h.Flow.People.Who(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(d.finish)
	return d
}

// finish waits for what goes on after the ack.
func (d *desk) finish() {
	if err := d.respond.Close(context.Background()); err != nil {
		d.Error(err)
	}
}

// answer is what somebody gets for typing something.
func (d *desk) answer(user, text string) string {
	d.Helper()
	out, err := d.Handle(d.Context(), payload.Command{User: user, Text: text, Trigger: "t"})
	if err != nil {
		d.Fatal(err)
	}
	if out == nil {
		return ""
	}
	var said struct {
		Text   string `json:"text"`
		Blocks []any  `json:"blocks"`
	}
	if err := json.Unmarshal(out, &said); err != nil {
		d.Fatal(err)
	}
	return said.Text + "\n" + string(out)
}

func TestSubcommandsAnswer(t *testing.T) {
	for _, c := range []struct{ situation, user, typed, want string }{
		{"asked", bottest.MayaID, "help", "*/access figma*"},
		{"asked", bottest.MayaID, "HLEP", "*/access figma*"},
		{"asked", bottest.NoorID, "help", "When others ask you:"},
		{"asked", bottest.OmarID, "help", "For IT:"},
		{"asked", bottest.GuestID, "help", "Guest accounts can't request"},
		{"asked", bottest.MayaID, "mine", "Your access: 0. Open requests: 1."},
		{"active", bottest.MayaID, "status", "Your access: 1. Open requests: 0."},
		{"asked", bottest.GuestID, "mine", "Guest accounts can't request"},
		{"active", bottest.NoorID, "mine", "You have nothing here yet"},
		{"asked", bottest.NoorID, "approvals", "1 decision waits for you."},
		{"asked", bottest.MayaID, "approvals", "Nothing waits for your decision."},
		{"active", bottest.MayaID, "extend figma", "What you have:"},
		{"active", bottest.MayaID, "return vault", "You have nothing there."},
		{"active", bottest.MayaID, "return zzz", "Nothing in the catalogue is called “zzz”."},
		{"active", bottest.MayaID, "why maya@acme.example figma", "because of 1 grant"},
		{"active", bottest.OmarID, "why <@UMAYA|maya> figma", "Approved by Noor Haddad"},
		{"active", bottest.OmarID, "why <@UNOOR> figma", "Nothing here explains access of Noor Haddad to Figma"},
		{"active", bottest.MayaID, "why figma", "Please name the person"},
		{"active", bottest.OmarID, "why maya@acme.example", "Please name an app as well."},
		{"active", bottest.OmarID, "why <@U404> figma", "I can't find that person"},
		{"reminded", bottest.OmarID, "trace maya@acme.example figma", "Reminded of the end"},
		{"asked", bottest.OmarID, "trace noor@acme.example vault", "nothing has happened between them here"},
		{"active", bottest.OmarID, "who figma", "1 grant of Figma"},
		{"active", bottest.OmarID, "who vault", "Nobody has access to Vault"},
		{"active", bottest.OmarID, "who", "Please name an app as well."},
		{"active", bottest.MayaID, "who figma", "Only"},
		{"stuck", bottest.OmarID, "stuck", "1 thing waits for IT."},
		{"asked", bottest.OmarID, "stuck", "Nothing is stuck."},
		{"asked", bottest.OmarID, "report", "The last seven days"},
		{"active", bottest.OmarID, "revoke figma", "Please name the person"},
		{"active", bottest.OmarID, "revoke maya@acme.example", "Please name an app as well."},
	} {
		t.Run(c.situation+" "+c.typed, func(t *testing.T) {
			d := newDesk(t, shop())
			d.house.Keep(bottest.Situations()[c.situation])
			if got := d.answer(c.user, c.typed); !strings.Contains(got, c.want) {
				t.Errorf("%q is missing in %s", c.want, got)
			}
		})
	}
}

func TestSomeSubcommandsOpenModals(t *testing.T) {
	for _, c := range []struct{ user, typed, first, then string }{
		{bottest.OmarID, "", "Its roles come next", ""},
		{bottest.OmarID, "request figma", "Choose a role", ""},
		{bottest.OmarID, "Figma viewer", "Approved at once", ""},
		{bottest.OmarID, "starter", "*Starter* holds:", ""},
		{bottest.OmarID, "zzz", "Nothing in the catalogue is called “zzz”", ""},
		{bottest.OmarID, "emergency", "No role can be taken in an emergency here", ""},
		{bottest.GuestID, "emergency", "No role can be taken in an emergency here", "Guest accounts"},
		{bottest.OmarID, "revoke maya@acme.example figma", "One moment", "loses this now"},
		{bottest.OmarID, "revoke noor@acme.example figma", "One moment", "that could be taken away"},
		{bottest.OmarID, "revoke <@U404> figma", "One moment", "I can't find that person"},
		{bottest.MayaID, "revoke maya@acme.example figma", "One moment", "Only IT"},
		{bottest.GuestID, "revoke maya@acme.example figma", "One moment", "Guest accounts"},
	} {
		t.Run(c.user+" "+c.typed, func(t *testing.T) {
			d := newDesk(t, shop())
			d.house.Keep(bottest.Situations()["active"])
			if got := d.answer(c.user, c.typed); got != "" {
				t.Errorf("it also says %s", got)
			}
			d.finish()
			if got := d.slack.Shown(); len(got) == 0 || !strings.Contains(got[0].JSON, c.first) || !strings.Contains(d.slack.Last().JSON, c.then) {
				t.Errorf("%q, then %q is missing in %+v", c.first, c.then, got)
			}
		})
	}
}

// What is said of a subcommand holds: whether it opens a form, and then answers nothing
// else.
func TestEachSubcommandOpensWhatItSays(t *testing.T) {
	for _, sub := range subcommands() {
		t.Run(sub.name, func(t *testing.T) {
			d := newDesk(t, shop())
			d.house.Keep(bottest.Situations()["active"])
			said := d.answer(bottest.OmarID, strings.ReplaceAll(sub.usage, "@user", "<@UMAYA|maya>"))
			d.finish()
			if opened := len(d.slack.Shown()) > 0; opened != (sub.opens || sub.bare) || (said == "") != (sub.opens || sub.bare) {
				t.Errorf("it opens a form: %t, and says %q; its line says %t", opened, said, sub.opens)
			}
		})
	}
}

func TestAnEmptyCatalogueIsSaid(t *testing.T) {
	if got := newDesk(t, catalog.New(nil, nil)).answer(bottest.MayaID, ""); !strings.Contains(got, "There is nothing to ask for yet") {
		t.Errorf("it says %s", got)
	}
}

func TestRefusalsAreLogged(t *testing.T) {
	d := newDesk(t, shop())
	d.house.Keep(bottest.Asked())
	d.answer(bottest.MayaID, "stuck")
	if !d.house.RefusedBecause("Refused to say stuck") {
		t.Errorf("logged %v", d.house.Events(access.EventNote))
	}
}

// A name in the catalogue goes before a guess, a subcommand before everything.
func TestWhatIsMeant(t *testing.T) {
	app := bottest.Figma()
	app.ID, app.Name = "report", "Approvals"
	c := catalog.New([]catalog.App{app, {ID: "list", Name: "List", Status: catalog.Approved, Provisioning: catalog.Manual}}, bottest.ApprovalRoutes())
	for text, want := range map[string]string{"report": "report", "list": "", "approvels": "approvals", "emergncy": "emergency", "wyh x": "why", "": "", "something": ""} {
		if sub, _, ok := find(c, text); sub.name != want || ok != (want != "") {
			t.Errorf("%q means %q", text, sub.name)
		}
	}
}

func TestAnswersStayWithinLimits(t *testing.T) {
	for _, name := range []string{"amps", "emoji"} {
		d := newDesk(t, nil)
		d.house.Fill(bottest.EvilTexts()[name])
		first := d.house.Catalog().Apps()[0].ID
		for _, typed := range []string{"mine", "approvals", "return", "why omar@acme.example " + first, "trace omar@acme.example " + first, "who " + first, "stuck", "report"} {
			out, err := d.Handle(t.Context(), payload.Command{User: bottest.OmarID, Text: typed, Trigger: "t"})
			if err != nil {
				t.Fatal(err)
			}
			var blocks struct{ Blocks []any }
			if err := json.Unmarshal(out, &blocks); err != nil {
				t.Fatal(err)
			}
			if blocks.Blocks != nil {
				bottest.WantAnswerWithinLimits(t, name+" "+typed, out)
			}
		}
	}
}
