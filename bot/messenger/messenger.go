package messenger

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/manifest"
	"latchkey/bot/webapi"
	"latchkey/workflow/notify"
)

var _ notify.Messenger = (*Messenger)(nil)

// cardEvent marks messages as cards in their metadata. Everybody in the
// workspace can read metadata, so it holds the marker and nothing else.
const cardEvent = "latchkey_card"

// Config is what a messenger needs. API and ITChannel are required.
type Config struct {
	API       *slack.Client
	ITGroup   string       // id, or handle with or without @, of the user group that is called in that channel; empty: nobody is
	ITChannel string       // id, or name with or without #, of the channel that hears of stuck work
	Command   string       // for hints on cards, default DefaultCommand
	Logger    *slog.Logger // default: none
	Feed      *Feed        // hears who was told of a change; may be nil
	JiraOnly  bool         // decisions made in Slack don't count
	Home      string       // leads to the bot in Slack; may be empty
}

// Messenger shows cases as cards in Slack.
type Messenger struct {
	api      *slack.Client
	cards    cards.Config
	channels *channels
	group    *userGroup
	feed     *Feed
	looks    looks
}

// New makes a messenger. It calls nobody yet.
func New(cfg Config) *Messenger {
	if cfg.Command == "" {
		cfg.Command = manifest.DefaultCommand
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Feed == nil {
		cfg.Feed = NewFeed()
	}
	return &Messenger{
		api: cfg.API, cards: cards.Config{Command: cfg.Command, JiraOnly: cfg.JiraOnly, Home: cfg.Home}, feed: cfg.Feed,
		group:    &userGroup{api: cfg.API, log: cfg.Logger, wanted: cfg.ITGroup},
		channels: &channels{api: cfg.API, list: &channelList{api: cfg.API}, log: cfg.Logger, it: cfg.ITChannel, byUser: map[string]string{}, byName: map[string]string{}},
	}
}

// Show brings one card up to date. A card that can't be edited any more is
// posted anew. Errors are *access.Failure; Unclear means that the message may
// have been posted, so the next try should be made with Again.
func (m *Messenger) Show(ctx context.Context, u notify.CardUpdate) (notify.CardPosted, error) {
	audience, _ := u.Audience.Parts()
	c, err := cards.Draw(u, m.drawing(ctx, audience == notify.ToIT))
	if err != nil {
		return notify.CardPosted{}, err
	}
	digest, err := c.Digest()
	if err != nil {
		return notify.CardPosted{}, err
	}
	if u.At.TS != "" && digest == u.Digest {
		return m.pin(ctx, u, notify.CardPosted{At: u.At, Digest: digest}), nil
	}
	if waitedFor(u) {
		ctx = webapi.Interactive(ctx)
	}
	at, err := m.put(ctx, u, c)
	if errors.Is(err, errUnread) {
		return notify.CardPosted{At: u.At, Digest: u.Digest, Pinned: u.Pinned}, nil // it stands there as it was
	}
	if err != nil {
		return notify.CardPosted{}, err
	}
	m.publish(u)
	return m.pin(ctx, u, notify.CardPosted{At: at, Digest: digest}), nil
}

// drawing is what cards have in common; for IT, also who of them is called.
func (m *Messenger) drawing(ctx context.Context, forIT bool) cards.Config {
	out := m.cards
	if forIT {
		out.ITGroup = m.group.find(ctx)
	}
	return out
}

// publish says who was told. A channel stands for those who are asked in it, or
// for IT.
func (m *Messenger) publish(u notify.CardUpdate) {
	content, ok := u.Content.(notify.RequestContent)
	if audience, _ := u.Audience.Parts(); audience != notify.ToChannel || !ok {
		m.feed.publish(u.Reader)
		return
	}
	for _, p := range content.Case.Approvers {
		m.feed.publish(p)
	}
}

// waitedFor tells whether somebody can't go on before the card is there.
func waitedFor(u notify.CardUpdate) bool {
	audience, _ := u.Audience.Parts()
	return u.At.TS == "" && (audience == notify.ToApprover || audience == notify.ToFulfillers || audience == notify.ToChannel)
}

// put edits the message there is, or else posts one.
func (m *Messenger) put(ctx context.Context, u notify.CardUpdate, c blocks.Message) (notify.MessageRef, error) {
	if u.At.TS != "" {
		gone, err := m.edit(ctx, u.At, c)
		if !gone {
			return u.At, err
		}
		if webapi.Code(err) == archivedMessage && !asks(c) {
			return u.At, errUnread
		}
	}
	channel, err := m.channelOf(ctx, u, u.Again)
	if err != nil {
		return notify.MessageRef{}, err
	}
	if u.Again {
		found, err := m.find(ctx, channel, u.Marker, u.Since)
		if err != nil {
			return notify.MessageRef{}, err
		}
		if gone, err := m.edit(ctx, found, c); found.TS != "" && !gone {
			return found, err
		}
	}
	if u.EditOnly {
		return notify.MessageRef{}, nil
	}
	return m.post(ctx, channel, u.Marker, c)
}

// channelOf is where a card stands or is to stand. To read there it takes the
// channel's id; who is only written to needs none, where Slack lets no more direct
// messages be opened at the moment: it takes a person's id for the one with them.
func (m *Messenger) channelOf(ctx context.Context, u notify.CardUpdate, reads bool) (string, error) {
	audience, _ := u.Audience.Parts()
	switch {
	case audience == notify.ToIT && u.Reader.ID == "":
		return m.channels.itChannel(ctx)
	case audience == notify.ToChannel:
		return m.channels.channel(ctx, u.Channel)
	}
	id := u.Reader.Account("slack")
	if id == "" {
		return "", &access.Failure{Class: access.Rejected, Sentence: "I can't write to " + u.Reader.Display() + ": no Slack account is known for them"}
	}
	if reads {
		return m.channels.directMessage(ctx, id)
	}
	channel, err := m.channels.directMessage(webapi.WithoutWaiting(ctx), id)
	if f := access.Classify(err); err != nil && f.Class == access.Limited {
		return id, nil
	}
	return channel, err
}

func (m *Messenger) post(ctx context.Context, channel, marker string, c blocks.Message) (notify.MessageRef, error) {
	return m.postAs(ctx, channel, slack.SlackMetadata{EventType: cardEvent, EventPayload: map[string]any{"marker": marker}}, c)
}

func (m *Messenger) postAs(ctx context.Context, channel string, about slack.SlackMetadata, c blocks.Message) (notify.MessageRef, error) {
	options := append(content(c), slack.MsgOptionMetadata(about))
	at, ts, err := m.api.PostMessageContext(ctx, channel, options...)
	if webapi.Code(err) == "not_in_channel" { // somebody took the bot out, which it may undo where the channel is public
		m.channels.join(ctx, channel)
		at, ts, err = m.api.PostMessageContext(ctx, channel, options...)
	}
	switch webapi.Code(err) {
	case "channel_not_found", "not_in_channel", "is_archived":
		m.channels.forget(channel)
	}
	if err != nil {
		return notify.MessageRef{}, webapi.Failure(err, webapi.Call{What: "show the card in Slack", Scope: "chat:write", Posted: true, Personal: isUserID(channel)})
	}
	m.channels.wroteTo(channel, at)
	return notify.MessageRef{Channel: at, TS: ts}, nil
}

// archivedMessage is how Slack refuses to edit a message in a channel that is
// archived, frozen or deleted (docs.slack.dev/reference/methods/chat.update).
const archivedMessage = "is_inactive"

// errUnread is that a message is not edited: nobody reads there any more, and nobody has
// to. Should the channel be opened again, the next edit says how things stand.
var errUnread = errors.New("the channel is archived, and nobody has to act")

// asks tells whether a message has buttons: somebody has to act on it.
func asks(c blocks.Message) bool {
	return slices.ContainsFunc(c.Blocks, func(b slack.Block) bool { return b.BlockType() == slack.MBTAction })
}

// edit changes a message and reports whether it can't be edited any more, and then
// how Slack put that. A message that has not been posted is not there.
func (m *Messenger) edit(ctx context.Context, at notify.MessageRef, c blocks.Message) (gone bool, err error) {
	if at.TS == "" {
		return true, nil
	}
	_, _, _, err = m.api.UpdateMessageContext(ctx, at.Channel, at.TS, content(c)...)
	switch webapi.Code(err) {
	case "message_not_found", "cant_update_message", "edit_window_closed", archivedMessage:
		return true, err
	}
	return false, webapi.Failure(err, webapi.Call{What: "update the card in Slack", Scope: "chat:write"})
}

// content are text and blocks together: an edit without blocks would remove
// them. Links aren't unfolded, because people wrote some of them.
func content(c blocks.Message) []slack.MsgOption {
	return []slack.MsgOption{
		slack.MsgOptionText(c.Text, false), slack.MsgOptionBlocks(c.Blocks...),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
}
