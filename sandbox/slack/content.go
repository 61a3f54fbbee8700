package slack

import (
	"strings"
	"unicode/utf8"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// Limits of chat methods, from docs.slack.dev/reference/methods/chat.postMessage
// and chat.update. How large metadata may be is not published.
const (
	maxAttachments = 100
	maxUpdateText  = 4000
	maxText        = 40000
	maxMetadata    = 16000
)

// content reads and checks what a chat call wants to say.
func (s *Server) content(c *call) (world.Content, error) {
	out := world.Content{Text: c.str("text")}
	for _, key := range []string{"markdown_text", "file_ids", "username", "icon_url", "icon_emoji"} {
		if c.has(key) && c.str(key) != "" {
			return out, s.unmodelled(c.method, "argument "+key)
		}
	}
	var err error
	if out.Blocks, err = list(c, "blocks", "invalid_blocks_format"); err != nil {
		return out, err
	}
	if out.Attachments, err = list(c, "attachments", "invalid_attachments"); err != nil {
		return out, err
	}
	if out.Metadata, err = metadata(c); err != nil {
		return out, err
	}
	return out, s.checkContent(c, &out)
}

// list reads an array argument; nil means it was not given.
func list(c *call, key, code string) ([]kit.Object, error) {
	if !c.has(key) || c.args[key] == "" {
		return nil, nil
	}
	v, ok := c.json(key)
	if v == nil && ok {
		return nil, nil
	}
	if !ok || kit.Len(v) < 0 || len(kit.Objects(v)) != kit.Len(v) {
		return nil, fail(code)
	}
	return kit.Objects(v), nil
}

func metadata(c *call) (kit.Object, error) {
	if !c.has("metadata") || c.args["metadata"] == "" {
		return nil, nil
	}
	v, ok := c.json("metadata")
	o, isObject := v.(kit.Object)
	switch {
	case !ok || !isObject:
		return nil, fail("invalid_metadata_format")
	case kit.Str(o, "event_type") == "" || kit.Sub(o, "event_payload") == nil:
		return nil, fail("invalid_metadata_schema")
	case len(toJSON(o)) > maxMetadata:
		return nil, fail("metadata_too_large")
	}
	return o, nil
}

func (s *Server) checkContent(c *call, out *world.Content) error {
	if err := s.checkBlocks(c.method, out.Blocks); err != nil {
		return err
	}
	if len(out.Attachments) > maxAttachments {
		return fail("too_many_attachments")
	}
	for _, a := range out.Attachments {
		if a["blocks"] != nil {
			return s.unmodelled(c.method, "blocks in attachments")
		}
	}
	n := utf8.RuneCountInString(out.Text)
	if n > maxText && c.method == "chat.postMessage" {
		s.violate("%s: text of %d characters was truncated", c.method, n)
		out.Text = string([]rune(out.Text)[:maxText])
		c.warnings = append(c.warnings, "message_truncated")
	} else if n > maxUpdateText && c.method != "chat.postMessage" {
		s.violate("%s: text of %d characters", c.method, n)
		return fail("msg_too_long")
	}
	out.Text = kit.Escape(out.Text)
	kit.Complete(out.Blocks)
	return nil
}

// target resolves the channel of a post: an id, a channel name or a person.
func (s *Server) target(c *call) (*world.Channel, error) {
	ref := c.str("channel")
	if ref == "" {
		return nil, missing("channel")
	}
	if strings.HasPrefix(ref, "U") || strings.HasPrefix(ref, "W") {
		if err := s.canDM(ref); err != nil {
			if asAPIError(err).Code == "cannot_dm_bot" {
				return nil, err
			}
			return nil, fail("channel_not_found")
		}
		return s.state.DirectMessage(ref), nil
	}
	ch := s.state.FindChannel(ref)
	if !s.state.VisibleToApp(ch) {
		return nil, fail("channel_not_found")
	}
	return ch, nil
}

// postable says whether the app may post to the channel.
func (s *Server) postable(ch *world.Channel, public bool) error {
	switch {
	case ch.Archived:
		return fail("is_archived")
	case ch.IM && s.cfg.MessagesTabOff:
		return fail("messages_tab_disabled")
	case ch.Has(s.cfg.BotUserID), public && s.cfg.granted("chat:write.public"):
		return nil
	}
	return fail("not_in_channel")
}

func (s *Server) draft(c *call, public bool) (*world.Channel, world.Message, error) {
	ch, err := s.target(c)
	if err != nil {
		return nil, world.Message{}, err
	}
	body, err := s.content(c)
	if err != nil {
		return nil, world.Message{}, err
	}
	if body.Empty() {
		return nil, world.Message{}, fail("no_text")
	}
	if err := s.postable(ch, public); err != nil {
		return nil, world.Message{}, err
	}
	thread := c.str("thread_ts")
	if parent := s.state.MessageAt(ch.ID, thread); thread != "" {
		if parent == nil || parent.Ephemeral {
			return nil, world.Message{}, fail("cannot_reply_to_message")
		}
		if parent.ThreadTS != "" {
			thread = parent.ThreadTS // Slack files the answer under the thread's root
		}
	}
	return ch, world.Message{
		Channel: ch.ID, ThreadTS: thread, User: s.cfg.BotUserID, BotID: s.cfg.BotID, Text: body.Text,
		Blocks: body.Blocks, Attachments: body.Attachments, Metadata: body.Metadata,
	}, nil
}

// ownMessage finds a message the app may change; ephemeral ones cannot be reached.
func (s *Server) ownMessage(c *call, denied string) (*world.Channel, *world.Message, error) {
	for _, key := range []string{"channel", "ts"} {
		if !c.has(key) {
			return nil, nil, missing(key)
		}
	}
	ch := s.state.ChannelByID(c.str("channel"))
	if !s.state.VisibleToApp(ch) {
		return nil, nil, fail("channel_not_found")
	}
	m := s.state.MessageAt(ch.ID, c.str("ts"))
	switch {
	case m == nil || m.Ephemeral:
		return nil, nil, fail("message_not_found")
	case !s.state.PostedByApp(m):
		return nil, nil, fail(denied)
	}
	return ch, m, nil
}

// checkBlocks returns what chat.* would answer to bad blocks, or nil.
func (s *Server) checkBlocks(method string, blocks []kit.Object) error {
	c := &kit.Checker{Message: true}
	c.Blocks("/blocks", blocks, kit.MaxMessageBlocks)
	if c.Unmodelled != "" {
		return s.unmodelled(method, c.Unmodelled)
	}
	if len(c.Problems) > 0 {
		s.violate("%s: %s", method, c.Problems[0])
		e := badArguments(c.Problems...)
		e.Code, e.Fields["errors"] = "invalid_blocks", c.Problems
		return e
	}
	if c.Chars > s.cfg.BlockTextLimit {
		s.violate("%s: %d characters of text in blocks", method, c.Chars)
		return fail("msg_blocks_too_long")
	}
	return nil
}
