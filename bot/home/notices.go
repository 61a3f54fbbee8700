package home

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
)

// choice is how much somebody can want to be told, and what that means.
type choice struct {
	notices        access.Notices
	label, meaning string
}

func (c choice) action() string { return "notices_" + string(c.notices) }

func choices() []choice {
	return []choice{
		{access.NoticesAll, "Every message", "You get a message whenever something happens to what you asked for."},
		{access.NoticesOutcomes, "Only outcomes", "You get a message when something you asked for has come out, and none on the way there."},
		{access.NoticesDaily, "One message a day", "You get one message a day, at 9:00, about what you asked for, and none on quiet days."},
	}
}

// alwaysTold is what comes at once, whatever was chosen.
const alwaysTold = "Questions to you, a no, access that ends soon or is taken away, and emergencies are told at once."

// noticesBlocks say how much the reader is told, and offer the other choices; beside them stands
// what else is a matter of being told.
func noticesBlocks(now access.Notices, beside ...slack.BlockElement) []slack.Block {
	body := []slack.Block{slack.NewHeaderBlock(blocks.Plain("Messages to you", blocks.MaxHeader))}
	var others []slack.BlockElement
	for _, c := range choices() {
		if c.notices == now {
			body = append(body, blocks.Section(c.meaning+" "+alwaysTold))
			continue
		}
		others = append(others, blocks.Button(c.action(), string(c.notices), c.label, ""))
	}
	return append(body, slack.NewActionBlock("home.notices", append(others, beside...)...))
}

// prefer keeps what somebody chose.
func (h *Home) prefer(ctx context.Context, in payload.Interaction, a payload.Action) error {
	const what = "choose how much they are told"
	p, err := h.respond.Person(ctx, in, "", what)
	if err != nil {
		return h.respond.Explain(in, err)
	}
	if err := h.notices.Prefer(ctx, p.ID, access.Notices(a.Value)); err != nil {
		by := respond.Clicker(in)
		by.Person = p.ID
		return h.respond.Explain(in, h.respond.LogRefusal(ctx, "", by, what, err))
	}
	h.tabs.note(in.User.ID, pagesOf(in.View))
	h.refresh(in.User.ID)
	return nil
}
