package modals

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/catalog"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desk is all modals before a house, reached by their routes.
type desk struct {
	*Modals
	testing.TB
	house  *bottest.House
	slack  *bottest.Recorder
	routes route.Table
	answer *respond.Responder
	seats  *seatShelf
}

func shop() *catalog.Catalog {
	vault := bottest.Vault()
	vault.Roles[0].BreakGlass = true
	return catalog.New([]catalog.App{bottest.Figma(), vault}, bottest.ApprovalRoutes(), bottest.Starter())
}

func newDesk(t testing.TB, c *catalog.Catalog) *desk {
	t.Helper()
	h := bottest.NewHouse(t, c, bottest.Members{})
	slack, quiet := &bottest.Recorder{Fail: map[string]error{}}, slog.New(slog.DiscardHandler)
	d := &desk{TB: t, house: h, slack: slack, seats: &seatShelf{}}
	d.answer = respond.New(respond.Config{API: slack, People: h.Flow.People, Refusals: h.Flow, Logger: quiet})
	d.Modals = New(Config{Respond: d.answer, Catalog: h.Catalog, Requests: h.Flow.Requests, Controls: h.Flow.Controls, Query: h.Flow.Query, People: h.Flow.People, Campaigns: h.Flow.Campaigns, Logger: quiet, Now: h.Clock.Now, Seats: d.seats})
	var err error
	if d.routes, err = route.Merge(d.Routes()...); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{bottest.MayaID, bottest.NoorID, bottest.OmarID} {
		if _, err := h.Flow.People.Who(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(d.finish)
	return d
}

// finish waits for what goes on after acks. Nothing opens any more then.
func (d *desk) finish() {
	if err := d.answer.Close(context.Background()); err != nil {
		d.Error(err)
	}
}

// click presses a button, in a view or on a card, and waits for what it opens.
func (d *desk) click(user string, v payload.View, a payload.Action) bottest.Shown {
	d.Helper()
	do := d.routes.Click(v.CallbackID, a.ID)
	if do == nil {
		d.Fatalf("nobody answers to %s in %q", a.ID, v.CallbackID)
	}
	if err := do(d.Context(), payload.Interaction{User: payload.Ref{ID: user}, Channel: payload.Ref{ID: "D1"}, Trigger: "t", View: v}, a); err != nil {
		d.Fatal(err)
	}
	d.finish()
	return d.slack.Last()
}

// submit submits a view, as Slack would after it was opened.
func (d *desk) submit(user, callback, metadata string, typed payload.Values) string {
	d.Helper()
	v := payload.View{ID: "V1", CallbackID: callback, Metadata: metadata}
	v.State.Values = typed
	out, err := d.routes.Submissions[callback](d.Context(), payload.Interaction{User: payload.Ref{ID: user}, Trigger: "t", View: v})
	if err != nil {
		d.Fatal(err)
	}
	return string(out)
}

// typed is what was typed into an input, chosen what was chosen in a menu.
func typed(text string) payload.Input { return payload.Input{Value: text} }

func chosen(value string) payload.Input {
	in := payload.Input{}
	in.Option = value
	return in
}

// input is one input of a submitted view.
func input(block, action string, in payload.Input) payload.Values {
	return payload.Values{block: {action: in}}
}

func with(all ...payload.Values) payload.Values {
	out := payload.Values{}
	for _, v := range all {
		for block, in := range v {
			out[block] = in
		}
	}
	return out
}

func because(reason string) payload.Values { return input(blockReason, actionReason, typed(reason)) }

func (d *desk) wants(got string, want ...string) {
	d.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			d.Errorf("%q is missing in %s", w, got)
		}
	}
}

// on is a button about the one request.
func on(action, value string) payload.Action { return payload.Action{ID: action, Value: value} }

// events are those of a kind, of the one request.
func (d *desk) only(kind access.EventKind) access.Event {
	d.Helper()
	all := d.house.Events(kind)
	if len(all) != 1 {
		d.Fatalf("%d events %s", len(all), kind)
	}
	return all[0]
}
