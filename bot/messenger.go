package bot

import (
	"context"
	"log/slog"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/workflow"
)

var _ workflow.Messenger = (*Messenger)(nil)

// cardEvent marks messages as cards in their metadata. Everybody in the
// workspace can read metadata, so it holds the marker and nothing else.
const cardEvent = "latchkey_card"

// MessengerConfig is what a messenger needs. API and ITChannel are required.
type MessengerConfig struct {
	API       *slack.Client
	ITChannel string       // id, or name with or without #, of the channel that hears of stuck work
	Command   string       // for hints on cards, default DefaultCommand
	Logger    *slog.Logger // default: none

	// Told is called once somebody was told of a change, with a person, or with
	// none when it was the IT channel. It must not wait.
	Told func(access.Person)
}

// Messenger shows cases as cards in Slack.
type Messenger struct {
	api     *slack.Client
	command string
	places  *places
	told    func(access.Person)
}

// NewMessenger makes a messenger. It calls nobody yet.
func NewMessenger(cfg MessengerConfig) *Messenger {
	if cfg.Command == "" {
		cfg.Command = DefaultCommand
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Told == nil {
		cfg.Told = func(access.Person) {}
	}
	return &Messenger{
		api: cfg.API, command: cfg.Command, told: cfg.Told,
		places: &places{api: cfg.API, log: cfg.Logger, it: cfg.ITChannel, direct: map[string]string{}, channels: map[string]string{}},
	}
}

// Show brings one card up to date. A card that can't be edited any more is
// posted anew. Errors are *access.Failure; Unclear means that the message may
// have been posted, so the next try should be made with Again.
func (m *Messenger) Show(ctx context.Context, s workflow.Showing) (workflow.Shown, error) {
	c := draw(s, m.command)
	digest, err := c.digest()
	if err != nil {
		return workflow.Shown{}, err
	}
	if s.Place.TS != "" && digest == s.Digest {
		return workflow.Shown{Place: s.Place, Digest: digest}, nil
	}
	if awaited(s) {
		ctx = interactive(ctx)
	}
	place, err := m.put(ctx, s, c)
	if err != nil {
		return workflow.Shown{}, err
	}
	m.spread(s)
	return workflow.Shown{Place: place, Digest: digest}, nil
}

// spread says who was told. A channel stands for those who are asked in it, or
// for IT.
func (m *Messenger) spread(s workflow.Showing) {
	face, _ := s.Face.Parts()
	if face != workflow.ToChannel {
		m.told(s.Reader)
		return
	}
	for _, p := range s.Case.Approvers {
		m.told(p)
	}
}

// awaited tells whether somebody can't go on before the card is there.
func awaited(s workflow.Showing) bool {
	face, _ := s.Face.Parts()
	return s.Place.TS == "" && (face == workflow.ToApprover || face == workflow.ToFulfillers || face == workflow.ToChannel)
}

// put edits the message there is, or else posts one.
func (m *Messenger) put(ctx context.Context, s workflow.Showing, c card) (workflow.Place, error) {
	if s.Place.TS != "" {
		gone, err := m.edit(ctx, s.Place, c)
		if !gone {
			return s.Place, err
		}
	}
	channel, err := m.channel(ctx, s)
	if err != nil {
		return workflow.Place{}, err
	}
	if s.Again {
		found, err := m.find(ctx, channel, s.Marker)
		if err != nil {
			return workflow.Place{}, err
		}
		if gone, err := m.edit(ctx, found, c); found.TS != "" && !gone {
			return found, err
		}
	}
	return m.post(ctx, channel, s.Marker, c)
}

func (m *Messenger) channel(ctx context.Context, s workflow.Showing) (string, error) {
	switch s.Face {
	case workflow.ToIT:
		return m.places.itChannel(ctx)
	case workflow.ToChannel:
		return m.places.channel(ctx, s.Channel)
	}
	id := s.Reader.Account("slack")
	if id == "" {
		return "", &access.Failure{Class: access.Rejected, Sentence: "I can't write to " + s.Reader.Display() + ": no Slack account is known for them"}
	}
	return m.places.directMessage(ctx, id)
}

func (m *Messenger) post(ctx context.Context, channel, marker string, c card) (workflow.Place, error) {
	at, ts, err := m.api.PostMessageContext(ctx, channel, append(c.options(),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: cardEvent, EventPayload: map[string]any{"marker": marker}}))...)
	switch code(err) {
	case "channel_not_found", "not_in_channel", "is_archived":
		m.places.forget(channel)
	}
	if err != nil {
		return workflow.Place{}, failure(err, call{what: "show the card in Slack", scope: "chat:write", posted: true})
	}
	return workflow.Place{Channel: at, TS: ts}, nil
}

// edit changes a message and reports whether it can't be edited any more. A
// message without a place is not there.
func (m *Messenger) edit(ctx context.Context, at workflow.Place, c card) (gone bool, err error) {
	if at.TS == "" {
		return true, nil
	}
	_, _, _, err = m.api.UpdateMessageContext(ctx, at.Channel, at.TS, c.options()...)
	switch code(err) {
	case "message_not_found", "cant_update_message", "edit_window_closed":
		return true, nil
	}
	return false, failure(err, call{what: "update the card in Slack", scope: "chat:write"})
}

// options are text and blocks together: an edit without blocks would remove
// them. Links aren't unfolded, because people wrote some of them.
func (c card) options() []slack.MsgOption {
	return []slack.MsgOption{
		slack.MsgOptionText(c.Text, false), slack.MsgOptionBlocks(c.Blocks...),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
}
