package slack

import (
	"strings"
	"unicode/utf8"
)

// Limits of chat methods, from docs.slack.dev/reference/methods/chat.postMessage
// and chat.update. How large metadata may be is not published.
const (
	maxAttachments = 100
	maxUpdateText  = 4000
	maxText        = 40000
	maxMetadata    = 16000
)

func chatMethods() map[string]method {
	write := []string{"chat:write"}
	return map[string]method{
		"chat.postMessage":   {run: (*Server).postMessage, scopes: write},
		"chat.postEphemeral": {run: (*Server).postEphemeral, scopes: write, tier: 100},
		"chat.update":        {run: (*Server).updateMessage, scopes: write, tier: 50},
		"chat.delete":        {run: (*Server).deleteMessage, scopes: write, tier: 50},
		"chat.getPermalink":  {run: (*Server).permalink, form: true},
	}
}

// content reads and checks what a chat call wants to say.
func (s *Server) content(c *call) (content, error) {
	out := content{text: c.str("text")}
	for _, key := range []string{"markdown_text", "file_ids", "username", "icon_url", "icon_emoji"} {
		if c.has(key) && c.str(key) != "" {
			return out, s.unmodelled(c.method, "argument "+key)
		}
	}
	var err error
	if out.blocks, err = list(c, "blocks", "invalid_blocks_format"); err != nil {
		return out, err
	}
	if out.attachments, err = list(c, "attachments", "invalid_attachments"); err != nil {
		return out, err
	}
	if out.metadata, err = metadata(c); err != nil {
		return out, err
	}
	return out, s.checkContent(c, &out)
}

// list reads an array argument; nil means it was not given.
func list(c *call, key, code string) ([]object, error) {
	if !c.has(key) || c.args[key] == "" {
		return nil, nil
	}
	v, ok := c.json(key)
	if v == nil && ok {
		return nil, nil
	}
	if !ok || size(v) < 0 || len(objects(v)) != size(v) {
		return nil, fail(code)
	}
	return objects(v), nil
}

func metadata(c *call) (object, error) {
	if !c.has("metadata") || c.args["metadata"] == "" {
		return nil, nil
	}
	v, ok := c.json("metadata")
	o, isObject := v.(object)
	switch {
	case !ok || !isObject:
		return nil, fail("invalid_metadata_format")
	case str(o, "event_type") == "" || sub(o, "event_payload") == nil:
		return nil, fail("invalid_metadata_schema")
	case len(toJSON(o)) > maxMetadata:
		return nil, fail("metadata_too_large")
	}
	return o, nil
}

func (s *Server) checkContent(c *call, out *content) error {
	if err := s.checkBlocks(c.method, out.blocks); err != nil {
		return err
	}
	if len(out.attachments) > maxAttachments {
		return fail("too_many_attachments")
	}
	for _, a := range out.attachments {
		if a["blocks"] != nil {
			return s.unmodelled(c.method, "blocks in attachments")
		}
	}
	n := utf8.RuneCountInString(out.text)
	if n > maxText && c.method == "chat.postMessage" {
		s.violate("%s: text of %d characters was truncated", c.method, n)
		out.text = string([]rune(out.text)[:maxText])
		c.warnings = append(c.warnings, "message_truncated")
	} else if n > maxUpdateText && c.method != "chat.postMessage" {
		s.violate("%s: text of %d characters", c.method, n)
		return fail("msg_too_long")
	}
	out.text = entities(out.text)
	s.world.complete(out.blocks)
	return nil
}

// target resolves the channel of a post: an id, a channel name or a person.
func (s *Server) target(c *call) (*Channel, error) {
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
		return s.world.dm(ref), nil
	}
	ch := s.world.channelNamed(ref)
	if !s.world.visible(ch) {
		return nil, fail("channel_not_found")
	}
	return ch, nil
}

// postable says whether the app may post to the channel.
func (s *Server) postable(ch *Channel, public bool) error {
	switch {
	case ch.Archived:
		return fail("is_archived")
	case ch.IM && s.cfg.MessagesTabOff:
		return fail("messages_tab_disabled")
	case ch.has(s.cfg.BotUserID), public && s.cfg.granted("chat:write.public"):
		return nil
	}
	return fail("not_in_channel")
}

func (s *Server) draft(c *call, public bool) (*Channel, Message, error) {
	ch, err := s.target(c)
	if err != nil {
		return nil, Message{}, err
	}
	body, err := s.content(c)
	if err != nil {
		return nil, Message{}, err
	}
	if body.empty() {
		return nil, Message{}, fail("no_text")
	}
	if err := s.postable(ch, public); err != nil {
		return nil, Message{}, err
	}
	thread := c.str("thread_ts")
	if parent := s.world.message(ch.ID, thread); thread != "" {
		if parent == nil || parent.Ephemeral {
			return nil, Message{}, fail("cannot_reply_to_message")
		}
		if parent.ThreadTS != "" {
			thread = parent.ThreadTS // Slack files the answer under the thread's root
		}
	}
	return ch, Message{
		Channel: ch.ID, ThreadTS: thread, User: s.cfg.BotUserID, BotID: s.cfg.BotID, Text: body.text,
		Blocks: body.blocks, Attachments: body.attachments, Metadata: body.metadata,
	}, nil
}

func (s *Server) postMessage(c *call) (object, error) {
	ch, draft, err := s.draft(c, true)
	if err != nil {
		return nil, err
	}
	m := s.world.post(draft)
	s.changed()
	s.echo(ch, m, "")
	return object{"channel": ch.ID, "ts": m.TS, "message": s.world.messageWire(m, true)}, nil
}

func (s *Server) postEphemeral(c *call) (object, error) {
	if !c.has("user") {
		return nil, missing("user")
	}
	ch, draft, err := s.draft(c, false)
	if err != nil {
		return nil, err
	}
	u := s.world.user(c.str("user"))
	if u == nil || u.Deleted || !ch.has(u.ID) {
		return nil, fail("user_not_in_channel")
	}
	draft.Ephemeral, draft.Viewer, draft.Metadata = true, u.ID, nil
	m := s.world.post(draft)
	s.changed()
	return object{"message_ts": m.TS}, nil
}

// own finds a message the app may change; ephemeral ones cannot be reached.
func (s *Server) own(c *call, denied string) (*Channel, *Message, error) {
	for _, key := range []string{"channel", "ts"} {
		if !c.has(key) {
			return nil, nil, missing(key)
		}
	}
	ch := s.world.channel(c.str("channel"))
	if !s.world.visible(ch) {
		return nil, nil, fail("channel_not_found")
	}
	m := s.world.message(ch.ID, c.str("ts"))
	switch {
	case m == nil || m.Ephemeral:
		return nil, nil, fail("message_not_found")
	case !s.world.mine(m):
		return nil, nil, fail(denied)
	}
	return ch, m, nil
}

// updateMessage keeps Slack's habit that text without blocks removes them.
func (s *Server) updateMessage(c *call) (object, error) {
	ch, m, err := s.own(c, "cant_update_message")
	if err != nil {
		return nil, err
	}
	body, err := s.content(c)
	if err != nil {
		return nil, err
	}
	if body.empty() {
		return nil, fail("no_text")
	}
	s.world.edit(m, body)
	s.changed()
	s.echo(ch, m, "message_changed")
	return object{"channel": ch.ID, "ts": m.TS, "text": m.Text, "message": s.world.messageWire(m, true)}, nil
}

func (s *Server) deleteMessage(c *call) (object, error) {
	ch, m, err := s.own(c, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	s.world.unpost(m)
	s.changed()
	s.echo(ch, m, "message_deleted")
	return object{"channel": ch.ID, "ts": m.TS}, nil
}

func (s *Server) permalink(c *call) (object, error) {
	ch, err := s.lookup(c)
	if err != nil {
		return nil, err
	}
	ts := c.str("message_ts")
	if m := s.world.message(ch.ID, ts); m == nil || m.Ephemeral {
		return nil, fail("message_not_found")
	}
	link := "https://" + s.cfg.TeamDomain + ".slack.com/archives/" + ch.ID + "/p" + strings.ReplaceAll(ts, ".", "")
	return object{"channel": ch.ID, "permalink": link}, nil
}
