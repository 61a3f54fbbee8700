package slack_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	api "github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"latchkey/sandbox/slack"
)

// runBot runs slack-go's own Socket Mode client, unmodified, against the desk
// and hands every event to handle. It returns once the bot is connected.
func runBot(t *testing.T, d *desk, handle func(*socketmode.Client, socketmode.Event)) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	client := socketmode.New(d.api)
	ready := make(chan struct{})
	var once sync.Once
	var wg sync.WaitGroup
	wg.Go(func() { client.RunContext(ctx) })
	wg.Go(func() {
		for {
			select {
			case e := <-client.Events:
				if e.Type == socketmode.EventTypeHello {
					once.Do(func() { close(ready) })
				}
				handle(client, e)
			case <-ctx.Done():
				return
			}
		}
	})
	t.Cleanup(func() { cancel(); wg.Wait() })
	select {
	case <-ready:
	case <-d.ctx().Done():
		t.Fatal("the bot did not connect")
	}
}

func text(s string) *api.TextBlockObject {
	return api.NewTextBlockObject(api.PlainTextType, s, false, false)
}

func mrkdwn(s string) *api.TextBlockObject {
	return api.NewTextBlockObject(api.MarkdownType, s, false, false)
}

func requestForm() api.ModalViewRequest {
	apps := api.NewOptionsSelectBlockElement(api.OptTypeStatic, text("Pick"), "app",
		api.NewOptionBlockObject("figma", text("Figma"), nil), api.NewOptionBlockObject("github", text("GitHub"), nil))
	reason := api.NewPlainTextInputBlockElement(text("Why"), "reason")
	reason.MinLength = 3
	roles := api.NewOptionsSelectBlockElement(api.OptTypeExternal, text("Role"), "role")
	return api.ModalViewRequest{
		Type: api.VTModal, Title: text("Ask for access"), Submit: text("Ask"), Close: text("Cancel"),
		CallbackID: "request", NotifyOnClose: true,
		Blocks: api.Blocks{BlockSet: []api.Block{
			api.NewSectionBlock(mrkdwn("*App*"), nil, api.NewAccessory(apps), api.SectionBlockOptionBlockID("app")),
			api.NewInputBlock("role", text("Role"), nil, roles),
			api.NewInputBlock("reason", text("Reason"), nil, reason),
		}},
	}
}

// bot is a small access bot: a form, a card with a button, a Home tab.
func bot(t *testing.T, d *desk) func(*socketmode.Client, socketmode.Event) {
	return func(c *socketmode.Client, e socketmode.Event) {
		switch data := e.Data.(type) {
		case api.SlashCommand:
			must(t, c.Ack(*e.Request, map[string]any{"text": "Here is the form, " + data.UserName}))
			_, err := d.api.OpenView(data.TriggerID, requestForm())
			must(t, err)
		case slackevents.EventsAPIEvent:
			must(t, c.Ack(*e.Request))
			if opened, ok := data.InnerEvent.Data.(*slackevents.AppHomeOpenedEvent); ok {
				publish(t, d, opened.User)
			}
		case api.InteractionCallback:
			interacted(t, d, c, e, data)
		}
	}
}

func publish(t *testing.T, d *desk, user string) {
	_, err := d.api.PublishView(user, api.HomeTabViewRequest{Type: api.VTHomeTab, Blocks: api.Blocks{BlockSet: []api.Block{
		api.NewHeaderBlock(text("Your access")),
		api.NewActionBlock("home", api.NewButtonBlockElement("ask", "", text("Ask for access"))),
	}}}, "")
	must(t, err)
}

func interacted(t *testing.T, d *desk, c *socketmode.Client, e socketmode.Event, data api.InteractionCallback) {
	switch data.Type {
	case api.InteractionTypeBlockSuggestion:
		o := api.NewOptionBlockObject("editor", text("Editor"), nil)
		must(t, c.Ack(*e.Request, api.OptionsResponse{Options: []*api.OptionBlockObject{o}}))
	case api.InteractionTypeViewSubmission:
		if data.View.State.Values["reason"]["reason"].Value == "because" {
			must(t, c.Ack(*e.Request, api.NewErrorsViewSubmissionResponse(map[string]string{"reason": "Say more"})))
			return
		}
		card := api.NewSectionBlock(mrkdwn("*Maya* asks for Figma"), []*api.TextBlockObject{mrkdwn("Role\nEditor")}, nil)
		_, _, err := d.api.PostMessage(d.noor.ID, api.MsgOptionText("Maya asks", false), api.MsgOptionBlocks(card,
			api.NewActionBlock("decide", api.NewButtonBlockElement("approve", "req-1", text("Approve")))))
		must(t, err)
		must(t, c.Ack(*e.Request))
	case api.InteractionTypeBlockActions:
		if data.Container.Type == "message" {
			_, _, _, err := d.api.UpdateMessage(data.Channel.ID, data.Message.Timestamp, api.MsgOptionText("Approved by "+data.User.Name, false))
			must(t, err)
		}
		must(t, c.Ack(*e.Request))
	default:
		must(t, c.Ack(*e.Request))
	}
}

// A request from the slash command to the edited card, with slack-go on the
// other side.
func TestJourney(t *testing.T) {
	d := newDesk(t, slack.Config{})
	runBot(t, d, bot(t, d))
	ctx := d.ctx()

	out, err := d.Slash(ctx, d.maya.ID, d.general.ID, "")
	must(t, err)
	if out.Reply == nil || out.Reply.Text != "Here is the form, maya" || out.Reply.Viewer != d.maya.ID {
		t.Fatalf("slash outcome %+v", out)
	}
	form := waitView(t, d, d.maya.ID)
	_, err = d.SetInput(ctx, d.maya.ID, form.ID, "app", "Figma")
	must(t, err)
	_, err = d.SetInput(ctx, d.maya.ID, form.ID, "Role", "Editor")
	must(t, err)
	if _, err = d.SetInput(ctx, d.maya.ID, form.ID, "app", "Sketch"); err == nil {
		t.Error("an option that is not offered was accepted")
	}
	out, err = d.Submit(ctx, d.maya.ID, form.ID)
	must(t, err)
	if out.Errors["reason"] == "" || out.EnvelopeID != "" {
		t.Errorf("a missing field was not caught by the client: %+v", out)
	}
	_, err = d.SetInput(ctx, d.maya.ID, form.ID, "reason", "because")
	must(t, err)
	out, err = d.Submit(ctx, d.maya.ID, form.ID)
	must(t, err)
	if out.Errors["reason"] != "Say more" || !strings.Contains(slack.Render(d.Views(d.maya.ID)[0]), "! Say more") {
		t.Errorf("field error not shown: %+v", out)
	}
	_, err = d.SetInput(ctx, d.maya.ID, form.ID, "reason", "Launch assets")
	must(t, err)
	out, err = d.Submit(ctx, d.maya.ID, form.ID)
	must(t, err)
	if !out.Closed || len(d.Views(d.maya.ID)) != 0 {
		t.Errorf("form still open: %+v", out)
	}
	approve(t, d)
	noViolations(t, d)
}

func approve(t *testing.T, d *desk) {
	t.Helper()
	dm := d.Messages(d.DM(d.noor.ID))
	if len(dm) != 1 {
		t.Fatalf("%d messages for noor, want 1", len(dm))
	}
	if got, want := slack.Render(dm[0]), "*Maya* asks for Figma\nRole\nEditor\n[Approve]"; got != want {
		t.Errorf("card reads %q, want %q", got, want)
	}
	click, ok := slack.FindButton(dm[0], "Approve")
	if !ok {
		t.Fatal("no Approve button")
	}
	out, err := d.Click(d.ctx(), d.noor.ID, click)
	must(t, err)
	card := d.Messages(d.DM(d.noor.ID))[0]
	if !out.Acked || card.Text != "Approved by noor" || !card.Edited || len(card.Blocks) != 0 {
		t.Errorf("after the click: %+v, %+v", out, card)
	}
}

// waitView waits for a modal to open.
func waitView(t *testing.T, d *desk, user string) slack.View {
	t.Helper()
	d.wait("a modal", func() bool { return len(d.Views(user)) > 0 })
	open := d.Views(user)
	return open[len(open)-1]
}
