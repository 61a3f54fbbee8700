package slack_test

import (
	"testing"
	"time"

	api "github.com/slack-go/slack"

	"latchkey/sandbox/slack"
)

func note(title string) api.ModalViewRequest {
	return api.ModalViewRequest{Type: api.VTModal, Title: text(title), Submit: text("Go"), NotifyOnClose: true,
		Blocks: api.Blocks{BlockSet: []api.Block{
			api.NewInputBlock("why", text("Why"), nil, api.NewPlainTextInputBlockElement(nil, "why")),
			api.NewActionBlock("more", api.NewButtonBlockElement("more", "", text("More"))),
		}}}
}

func TestTriggers(t *testing.T) {
	d := newDesk(t, slack.Config{})
	l := d.dial()
	trigger := d.trigger(l)
	_, err := d.api.OpenView(trigger, note("One"))
	must(t, err)
	_, err = d.api.OpenView(trigger, note("Two"))
	wantError(t, err, "exchanged_trigger_id")
	_, err = d.api.OpenView("1.2.abc", note("Two"))
	wantError(t, err, "invalid_trigger_id")
	_, err = d.api.PushView(d.trigger(l), note("Two"))
	wantError(t, err, "invalid_trigger_id") // a push needs a trigger from inside a modal
}

func TestTriggerExpires(t *testing.T) {
	d := newDesk(t, slack.Config{TriggerLife: time.Nanosecond})
	_, err := d.api.OpenView(d.trigger(d.dial()), note("Late"))
	wantError(t, err, "expired_trigger_id")
}

// push clicks More in the top modal and pushes another on top.
func (d *desk) push(l *line, view, title string) (*api.ViewResponse, error) {
	d.t.Helper()
	done := make(chan error, 1)
	go func() {
		_, err := d.Click(d.ctx(), d.maya.ID, slack.Click{ViewID: view, ActionID: "more"})
		done <- err
	}()
	f := l.read()
	var p api.InteractionCallback
	f.decode(d.t, &p)
	l.ack(f.EnvelopeID, nil)
	must(d.t, <-done)
	return d.api.PushView(p.TriggerID, note(title))
}

func TestViewStack(t *testing.T) {
	d := newDesk(t, slack.Config{})
	l := d.dial()
	one, err := d.api.OpenView(d.trigger(l), note("One"))
	must(t, err)
	two, err := d.push(l, one.ID, "Two")
	must(t, err)
	three, err := d.push(l, two.ID, "Three")
	must(t, err)
	_, err = d.push(l, three.ID, "Four")
	wantError(t, err, "push_limit_reached")
	if three.RootViewID != one.ID || three.PreviousViewID != two.ID {
		t.Errorf("third view knows root %s and previous %s", three.RootViewID, three.PreviousViewID)
	}
	if _, err := d.Click(d.ctx(), d.maya.ID, slack.Click{ViewID: one.ID, ActionID: "more"}); err == nil {
		t.Error("a covered view was clicked")
	}
	l.serve(func(frame) any { return nil })
	_, err = d.CloseView(d.ctx(), d.maya.ID, three.ID, false)
	must(t, err)
	if open := d.Views(d.maya.ID); len(open) != 2 || open[1].Title != "Two" {
		t.Errorf("after Cancel: %v", open)
	}
	_, err = d.CloseView(d.ctx(), d.maya.ID, two.ID, true)
	must(t, err)
	if open := d.Views(d.maya.ID); len(open) != 0 {
		t.Errorf("after the cross: %v", open)
	}
	_, err = d.api.UpdateView(note("Gone"), "", "", one.ID)
	wantError(t, err, "not_found")
}

func TestViewHashAndInputs(t *testing.T) {
	d := newDesk(t, slack.Config{})
	l := d.dial()
	opened, err := d.api.OpenView(d.trigger(l), note("One"))
	must(t, err)
	_, err = d.SetInput(d.ctx(), d.maya.ID, opened.ID, "Why", "typed")
	must(t, err)
	updated, err := d.api.UpdateView(note("Two"), "", opened.Hash, opened.ID)
	must(t, err)
	if got := d.Views(d.maya.ID)[0].State["why"]["why"]["value"]; got != "typed" {
		t.Errorf("input after an update with the same ids = %v, want it kept", got)
	}
	_, err = d.api.UpdateView(note("Three"), "", opened.Hash, opened.ID)
	wantError(t, err, "hash_conflict")
	other := note("Four")
	other.Blocks.BlockSet[0].(*api.InputBlock).BlockID = "why2"
	_, err = d.api.UpdateView(other, "", updated.Hash, opened.ID)
	must(t, err)
	if got := d.Views(d.maya.ID)[0].State["why2"]["why"]["value"]; got != nil {
		t.Errorf("input after an update with another block_id = %v, want it cleared", got)
	}
}

func TestExternalIDIsUnique(t *testing.T) {
	d := newDesk(t, slack.Config{})
	l := d.dial()
	first := note("One")
	first.ExternalID = "x"
	opened, err := d.api.OpenView(d.trigger(l), first)
	must(t, err)
	home := api.HomeTabViewRequest{Type: api.VTHomeTab, ExternalID: "x", Blocks: api.Blocks{BlockSet: []api.Block{api.NewDividerBlock()}}}
	_, err = d.api.PublishView(d.noor.ID, home, "")
	wantError(t, err, "duplicate_external_id")
	_, err = d.api.UpdateView(first, "x", "", "")
	must(t, err)
	_, err = d.api.UpdateView(first, "", "", opened.ID)
	must(t, err)
}

func TestSubmissionAnswers(t *testing.T) {
	rows := []struct {
		name, answer string
		open         []string // titles afterwards
		failed       bool
	}{
		{"close", `{}`, nil, false},
		{"clear", `{"response_action":"clear"}`, nil, false},
		{"update", `{"response_action":"update","view":{"type":"modal","title":{"type":"plain_text","text":"Two"},"blocks":[{"type":"divider"}]}}`, []string{"Two"}, false},
		{"push", `{"response_action":"push","view":{"type":"modal","title":{"type":"plain_text","text":"Two"},"blocks":[{"type":"divider"}]}}`, []string{"One", "Two"}, false},
		{"errors", `{"response_action":"errors","errors":{"why":"no"}}`, []string{"One"}, false},
		{"errors elsewhere", `{"response_action":"errors","errors":{"more":"no"}}`, []string{"One"}, true},
		{"bad view", `{"response_action":"update","view":{"type":"modal"}}`, []string{"One"}, true},
		{"nonsense", `{"response_action":"dance"}`, []string{"One"}, true},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			d := newDesk(t, slack.Config{})
			l := d.dial()
			opened, err := d.api.OpenView(d.trigger(l), note("One"))
			must(t, err)
			_, err = d.SetInput(d.ctx(), d.maya.ID, opened.ID, "why", "because")
			must(t, err)
			l.serve(func(frame) any { return raw(row.answer) })
			out, err := d.Submit(d.ctx(), d.maya.ID, opened.ID)
			must(t, err)
			var titles []string
			for _, v := range d.Views(d.maya.ID) {
				titles = append(titles, v.Title)
			}
			if !equal(titles, row.open) || (out.Error != "") != row.failed || (len(d.Violations()) > 0) != row.failed {
				t.Errorf("open %q, outcome %+v, violations %q", titles, out, d.Violations())
			}
		})
	}
}

func TestHome(t *testing.T) {
	d := newDesk(t, slack.Config{})
	l := d.dial()
	seen := make(chan frame, 10)
	l.serve(func(f frame) any { seen <- f; return nil })
	_, err := d.OpenHome(d.ctx(), d.maya.ID)
	must(t, err)
	var p struct {
		Event map[string]any `json:"event"`
	}
	(<-seen).decode(t, &p)
	if _, has := p.Event["view"]; has || p.Event["type"] != "app_home_opened" {
		t.Errorf("first visit: %v", p.Event)
	}
	publish(t, d, d.maya.ID)
	_, err = d.OpenHome(d.ctx(), d.maya.ID)
	must(t, err)
	(<-seen).decode(t, &p)
	if _, has := p.Event["view"]; !has {
		t.Error("second visit came without the view")
	}
	home, ok := d.Home(d.maya.ID)
	if !ok || slack.Render(home) != "Your access\n[Ask for access]" {
		t.Errorf("home reads %q", slack.Render(home))
	}
	click, _ := slack.FindButton(home, "Ask for access")
	out, err := d.Click(d.ctx(), d.maya.ID, click)
	must(t, err)
	if !out.Acked {
		t.Errorf("click on Home: %+v", out)
	}
}

func TestHomeSwitchedOff(t *testing.T) {
	d := newDesk(t, slack.Config{HomeTabOff: true})
	_, err := d.api.PublishView(d.maya.ID, api.HomeTabViewRequest{Type: api.VTHomeTab, Blocks: api.Blocks{BlockSet: []api.Block{api.NewDividerBlock()}}}, "")
	wantError(t, err, "not_enabled")
}
