package bot

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/manifest"
	"latchkey/bot/payload"
)

const blockRequest = "request"

var (
	workspace = regexp.MustCompile(`^[a-z0-9-]{1,60}$`)
	messageTS = regexp.MustCompile(`^[0-9]{1,16}\.[0-9]{1,9}$`)
	channelID = regexp.MustCompile(`^[A-Z0-9]{2,30}$`)
)

// permalink is the address of a message, as Slack makes it
// (docs.slack.dev/reference/methods/chat.getPermalink); "" if there is none.
func permalink(in payload.Interaction) string {
	channel := blocks.Or(in.Channel.ID, in.Container.Channel)
	if !workspace.MatchString(in.Team.Domain) || !messageTS.MatchString(in.Message.TS) || !channelID.MatchString(channel) {
		return ""
	}
	return "https://" + in.Team.Domain + ".slack.com/archives/" + channel + "/p" + strings.ReplaceAll(in.Message.TS, ".", "")
}

// onShortcut answers what was chosen from Slack's own menus.
func (b *Bot) onShortcut(in payload.Interaction) {
	switch in.CallbackID {
	case manifest.ShortcutLink:
		b.openLink(in)
	case manifest.ShortcutOnMessage:
		b.openWith(in.User.ID, in.Trigger, form{Conversation: permalink(in)})
	default:
		b.openForm(in.User.ID, in.Trigger, "")
	}
}

// openLink asks which request a conversation belongs to.
func (b *Bot) openLink(in payload.Interaction) {
	b.later("open the form that links a request", func(ctx context.Context) error {
		by, err := b.cfg.People.Who(ctx, in.User.ID)
		if refusal, ok := access.AsRefusal(err); ok {
			return b.open(ctx, in, blocks.Notice(manifest.LinkTitle, refusal.Sentence))
		}
		if err != nil {
			return b.settle(in, err)
		}
		options, err := b.linkable(ctx, by.ID)
		if err != nil {
			return b.settle(in, err)
		}
		return b.open(ctx, in, linkView(permalink(in), options))
	})
}

// linkable are the requests somebody takes part in.
func (b *Bot) linkable(ctx context.Context, who access.PersonID) ([]*slack.OptionBlockObject, error) {
	asked, err := b.cfg.Query.Asked(ctx, who, 0, blocks.MaxOptions/2)
	if err != nil {
		return nil, err
	}
	deciding, err := b.cfg.Query.Awaiting(ctx, who, 0, blocks.MaxOptions/2)
	if err != nil {
		return nil, err
	}
	held, err := b.cfg.Query.Held(ctx, who, 0, blocks.MaxOptions)
	if err != nil {
		return nil, err
	}
	var options []*slack.OptionBlockObject
	seen := map[string]bool{"": true}
	add := func(r access.Request) {
		if !seen[r.ID] && len(options) < blocks.MaxOptions {
			seen[r.ID] = true
			options = append(options, blocks.Option(r.ID, r.Label()+": "+b.subject(r), "for "+string(r.Beneficiary)))
		}
	}
	for _, r := range append(asked.Items, deciding.Items...) {
		add(r)
	}
	for _, h := range held.Items {
		add(h.Request)
	}
	return options, nil
}

func linkView(talk string, options []*slack.OptionBlockObject) slack.ModalViewRequest {
	switch {
	case talk == "":
		return blocks.Notice(manifest.LinkTitle, "This message has no address to link to.")
	case len(options) == 0:
		return blocks.Notice(manifest.LinkTitle, "You have no request that this conversation could belong to.")
	}
	sel := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: actionWhich, Placeholder: blocks.Plain("Choose", blocks.MaxPlaceholder), Options: options}
	v := blocks.Modal(manifest.LinkTitle, "Link", "Cancel", slack.NewInputBlock(blockRequest, blocks.Plain("Which request is this about?", blocks.MaxHint),
		blocks.Plain("The ticket and the messages about it will link here. Only people who can see this conversation can open the link.", blocks.MaxHint), sel))
	v.CallbackID, v.PrivateMetadata = callbackLink, blocks.Metadata(talk)
	return v
}

// submitLink ties the conversation to the request.
func (b *Bot) submitLink(ctx context.Context, in payload.Interaction) ([]byte, error) {
	var talk string
	by, err := b.actor(ctx, in, "", "link a request")
	if err == nil {
		err = json.Unmarshal([]byte(in.View.Metadata), &talk)
	}
	if err == nil {
		err = b.cfg.Requests.Link(ctx, in.View.State.Values.Choice(blockRequest, actionWhich), talk, by)
	}
	if refusal, ok := access.AsRefusal(err); ok {
		return payload.FieldError(blockRequest, refusal.Sentence)
	}
	if err != nil {
		b.log.ErrorContext(ctx, "A request couldn't be linked", "error", err)
		return payload.FieldError(blockRequest, unsavedForm)
	}
	return payload.ReplaceView(blocks.Notice(manifest.LinkTitle, "Linked. The ticket says so too."))
}
