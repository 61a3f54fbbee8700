package modals

import (
	"context"
	"encoding/json"
	"log/slog"
	"regexp"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/lists"
	"latchkey/bot/manifest"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/catalog"
	"latchkey/workflow/query"
)

// Names of what comes back from Slack. Never changed.
const (
	callbackLink = "link"
	blockRequest = "request"
	actionWhich  = "which"
)

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

// Linker ties a conversation to a request.
type Linker interface {
	Link(ctx context.Context, request, conversation string, by access.Actor) error
}

// OwnRequests finds what somebody takes part in.
type OwnRequests interface {
	Asked(ctx context.Context, who access.PersonID, from, size int) (query.List[access.Request], error)
	Awaiting(ctx context.Context, who access.PersonID, from, size int) (query.List[access.Request], error)
	Held(ctx context.Context, who access.PersonID, from, size int) (query.List[query.Holding], error)
}

// link ties the conversation that a message belongs to to one of a person's requests.
type link struct {
	respond *respond.Responder
	catalog func() *catalog.Catalog
	people  People
	names   lists.People
	own     OwnRequests
	link    Linker
	log     *slog.Logger
}

func (m link) routes() route.Table {
	return route.Table{
		Shortcuts:   map[string]route.Signal{manifest.ShortcutLink: m.open},
		Submissions: map[string]route.Submission{callbackLink: m.submitted},
	}
}

// open asks which request a conversation belongs to.
func (m link) open(in payload.Interaction) {
	m.respond.Fill(in, "open the form that links a request", manifest.LinkTitle, func(ctx context.Context) (v slack.ModalViewRequest, err error) {
		by, err := m.people.Who(ctx, in.User.ID)
		if err != nil {
			return v, err
		}
		options, more, err := m.linkable(ctx, by.ID)
		if err != nil {
			return v, err
		}
		return linkView(permalink(in), options, more), nil
	})
}

// linkable are the requests somebody takes part in, as many of each kind as fit, and whether there are more.
func (m link) linkable(ctx context.Context, who access.PersonID) (options []*slack.OptionBlockObject, more bool, err error) {
	asked, err := m.own.Asked(ctx, who, 0, blocks.MaxOptions/2)
	if err != nil {
		return nil, false, err
	}
	deciding, err := m.own.Awaiting(ctx, who, 0, blocks.MaxOptions/2)
	if err != nil {
		return nil, false, err
	}
	held, err := m.own.Held(ctx, who, 0, blocks.MaxOptions/2)
	if err != nil {
		return nil, false, err
	}
	all := append(asked.Items, deciding.Items...)
	for _, h := range held.Items {
		all = append(all, h.Request)
	}
	more = len(all) < asked.Total+deciding.Total+held.Total
	return m.options(ctx, all), more, nil
}

// options are requests to choose from, each once.
func (m link) options(ctx context.Context, all []access.Request) []*slack.OptionBlockObject {
	c, names := m.catalog(), m.names.Names(ctx, lists.NamedIn(all))
	var out []*slack.OptionBlockObject
	seen := map[string]bool{"": true}
	for _, r := range all {
		if !seen[r.ID] {
			seen[r.ID] = true
			out = append(out, blocks.Option(r.ID, r.Label()+": "+lists.Subject(c, r), "for "+names[r.Beneficiary].Contact()))
		}
	}
	return out
}

func linkView(conversation string, options []*slack.OptionBlockObject, more bool) slack.ModalViewRequest {
	switch {
	case conversation == "":
		return blocks.Notice(manifest.LinkTitle, "This message has no address to link to.")
	case len(options) == 0:
		return blocks.Notice(manifest.LinkTitle, "You have no request that this conversation could belong to.")
	}
	sel := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: actionWhich, Placeholder: blocks.Plain("Choose", blocks.MaxPlaceholder)}
	blocks.Offer(sel, options)
	hint := "The ticket and the messages about it will link here. Only people who can see this conversation can open the link."
	if more {
		hint += " Not all of yours fit in here."
	}
	v := blocks.Modal(manifest.LinkTitle, "Link", "Cancel", slack.NewInputBlock(blockRequest, blocks.Plain("Which request is this about?", blocks.MaxHint), blocks.Plain(hint, blocks.MaxHint), sel))
	v.CallbackID, v.PrivateMetadata = callbackLink, blocks.Metadata(conversation)
	return v
}

// submitted ties the conversation to the request.
func (m link) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	var conversation string
	by, err := m.respond.Actor(ctx, in, "", "link a request")
	if err == nil {
		err = json.Unmarshal([]byte(in.View.Metadata), &conversation)
	}
	if err == nil {
		err = m.link.Link(ctx, in.View.State.Values.Choice(blockRequest, actionWhich), conversation, by)
	}
	if refusal, ok := access.AsRefusal(err); ok {
		return payload.FieldError(blockRequest, refusal.Sentence)
	}
	if err != nil {
		m.log.ErrorContext(ctx, "A request couldn't be linked", "error", err)
		return payload.FieldError(blockRequest, respond.NotSaved(err))
	}
	return payload.ReplaceView(blocks.Notice(manifest.LinkTitle, "Linked. The ticket says so too."))
}
