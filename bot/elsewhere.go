package bot

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
)

const blockRequest = "request"

var (
	workspace = regexp.MustCompile(`^[a-z0-9-]{1,60}$`)
	messageTS = regexp.MustCompile(`^[0-9]{1,16}\.[0-9]{1,9}$`)
	channelID = regexp.MustCompile(`^[A-Z0-9]{2,30}$`)
)

// permalink is the address of a message, as Slack makes it
// (docs.slack.dev/reference/methods/chat.getPermalink); "" if there is none.
func permalink(in interaction) string {
	channel := or(in.Channel.ID, in.Container.Channel)
	if !workspace.MatchString(in.Team.Domain) || !messageTS.MatchString(in.Message.TS) || !channelID.MatchString(channel) {
		return ""
	}
	return "https://" + in.Team.Domain + ".slack.com/archives/" + channel + "/p" + strings.ReplaceAll(in.Message.TS, ".", "")
}

// onShortcut answers what was chosen from Slack's own menus.
func (b *Bot) onShortcut(in interaction) {
	switch in.CallbackID {
	case shortcutLink:
		b.openLink(in)
	case shortcutHere:
		b.openWith(in.User.ID, in.Trigger, form{Conversation: permalink(in)})
	default:
		b.openForm(in.User.ID, in.Trigger, "")
	}
}

// openLink asks which request a conversation belongs to.
func (b *Bot) openLink(in interaction) {
	b.later("open the form that links a request", func(ctx context.Context) error {
		by, err := b.cfg.People.Who(ctx, in.User.ID)
		if refusal, ok := access.AsRefusal(err); ok {
			return b.open(ctx, in, notice(linkTitle, refusal.Sentence))
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
	asked, err := b.cfg.Query.Asked(ctx, who, 0, maxOptions/2)
	if err != nil {
		return nil, err
	}
	deciding, err := b.cfg.Query.Awaiting(ctx, who, 0, maxOptions/2)
	if err != nil {
		return nil, err
	}
	held, err := b.cfg.Query.Held(ctx, who, 0, maxOptions)
	if err != nil {
		return nil, err
	}
	all := append(asked.Items, deciding.Items...)
	for _, h := range held.Items {
		all = append(all, h.Request)
	}
	return b.options(ctx, all), nil
}

// options are requests to choose from, each once.
func (b *Bot) options(ctx context.Context, all []access.Request) []*slack.OptionBlockObject {
	names := b.cfg.People.Names(ctx, whoIn(all))
	var out []*slack.OptionBlockObject
	seen := map[string]bool{"": true}
	for _, r := range all {
		if !seen[r.ID] && len(out) < maxOptions {
			seen[r.ID] = true
			out = append(out, option(r.ID, r.Label()+": "+b.subject(r), "for "+names[r.Beneficiary].Contact()))
		}
	}
	return out
}

func linkView(talk string, options []*slack.OptionBlockObject) slack.ModalViewRequest {
	switch {
	case talk == "":
		return notice(linkTitle, "This message has no address to link to.")
	case len(options) == 0:
		return notice(linkTitle, "You have no request that this conversation could belong to.")
	}
	sel := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: actionWhich, Placeholder: plain("Choose", maxPlaceholder), Options: options}
	v := modal(linkTitle, "Link", "Cancel", slack.NewInputBlock(blockRequest, plain("Which request is this about?", maxHint),
		plain("The ticket and the messages about it will link here. Only people who can see this conversation can open the link.", maxHint), sel))
	v.CallbackID, v.PrivateMetadata = callbackLink, metadata(talk)
	return v
}

// submitLink ties the conversation to the request.
func (b *Bot) submitLink(ctx context.Context, in interaction) ([]byte, error) {
	var talk string
	by, err := b.actor(ctx, in, "", "link a request")
	if err == nil {
		err = json.Unmarshal([]byte(in.View.Metadata), &talk)
	}
	if err == nil {
		err = b.cfg.Requests.Link(ctx, in.View.State.Values.choice(blockRequest, actionWhich), talk, by)
	}
	if refusal, ok := access.AsRefusal(err); ok {
		return fieldError(blockRequest, refusal.Sentence)
	}
	if err != nil {
		b.log.ErrorContext(ctx, "A request couldn't be linked", "error", err)
		return fieldError(blockRequest, unsavedForm)
	}
	return turnInto(notice(linkTitle, "Linked. The ticket says so too."))
}
