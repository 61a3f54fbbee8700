package slack

import (
	"slices"
	"strings"
)

func conversationMethods() map[string]method {
	read := []string{"channels:read", "groups:read", "im:read", "mpim:read"}
	return map[string]method{
		"conversations.open":    {run: (*Server).conversationsOpen, scopes: []string{"im:write"}, tier: 50},
		"conversations.info":    {run: (*Server).conversationsInfo, scopes: read, tier: 50, form: true},
		"conversations.list":    {run: (*Server).conversationsList, scopes: read, tier: 20, form: true},
		"conversations.members": {run: (*Server).conversationsMembers, scopes: read, tier: 100, form: true},
		"conversations.join":    {run: (*Server).conversationsJoin, scopes: []string{"channels:join"}, tier: 50},
	}
}

// conversationsOpen opens the direct message with one person; group messages
// are not modelled.
func (s *Server) conversationsOpen(c *call) (object, error) {
	if id := c.str("channel"); id != "" {
		ch := s.world.channel(id)
		if ch == nil {
			return nil, fail("channel_not_found")
		}
		if !ch.IM {
			return nil, fail("method_not_supported_for_channel_type")
		}
		return s.opened(c, ch, true), nil
	}
	users := strings.FieldsFunc(c.str("users"), func(r rune) bool { return r == ',' || r == ' ' })
	switch {
	case len(users) == 0:
		return nil, fail("users_list_not_supplied")
	case len(users) > 8:
		return nil, fail("too_many_users")
	case len(users) > 1:
		return nil, s.unmodelled(c.method, "several users")
	}
	if err := s.canDM(users[0]); err != nil {
		return nil, err
	}
	already := s.world.dms[users[0]] != nil
	return s.opened(c, s.world.dm(users[0]), already), nil
}

func (s *Server) canDM(userID string) error {
	switch u := s.world.user(userID); {
	case u == nil:
		return fail("user_not_found")
	case u.Deleted:
		return fail(s.cfg.DisabledUserError)
	case u.IsBot:
		return fail("cannot_dm_bot")
	}
	return nil
}

func (s *Server) opened(c *call, ch *Channel, already bool) object {
	wire := object{"id": ch.ID}
	if c.flag("return_im") {
		wire = s.world.channelWire(ch)
	}
	return object{"channel": wire, "no_op": already, "already_open": already}
}

// lookup resolves the channel argument for reading; what the app may not see
// does not exist.
func (s *Server) lookup(c *call) (*Channel, error) {
	if !c.has("channel") {
		return nil, missing("channel")
	}
	ch := s.world.channel(c.str("channel"))
	if !s.world.visible(ch) {
		return nil, fail("channel_not_found")
	}
	return ch, nil
}

func (s *Server) conversationsInfo(c *call) (object, error) {
	ch, err := s.lookup(c)
	if err != nil {
		return nil, err
	}
	if err := s.need(ch.family() + ":read"); err != nil {
		return nil, err
	}
	wire := s.world.channelWire(ch)
	if !c.flag("include_num_members") {
		delete(wire, "num_members")
	}
	return object{"channel": wire}, nil
}

func (s *Server) conversationsList(c *call) (object, error) {
	types := map[string]string{"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
	wanted := c.str("types")
	fill(&wanted, "public_channel")
	var families []string
	for _, t := range strings.Split(wanted, ",") {
		family := types[strings.TrimSpace(t)]
		if family == "" {
			return nil, fail("invalid_types")
		}
		if err := s.need(family + ":read"); err != nil {
			return nil, err
		}
		families = append(families, family)
	}
	rows := []object{}
	for _, ch := range s.world.channels {
		if slices.Contains(families, ch.family()) && s.world.visible(ch) && !(ch.Archived && c.flag("exclude_archived")) {
			rows = append(rows, s.world.channelWire(ch))
		}
	}
	rows, next, err := page(c, rows, 100, 999)
	if err != nil {
		return nil, err
	}
	return object{"channels": rows, "response_metadata": object{"next_cursor": next}}, nil
}

func (s *Server) conversationsMembers(c *call) (object, error) {
	ch, err := s.lookup(c)
	if err != nil {
		return nil, err
	}
	if err := s.need(ch.family() + ":read"); err != nil {
		return nil, err
	}
	rows, next, err := page(c, ch.Members, 100, 999)
	if err != nil {
		return nil, err
	}
	return object{"members": append([]string{}, rows...), "response_metadata": object{"next_cursor": next}}, nil
}

func (s *Server) conversationsJoin(c *call) (object, error) {
	ch, err := s.lookup(c)
	switch {
	case err != nil:
		return nil, err
	case ch.Private:
		return nil, fail("method_not_supported_for_channel_type")
	case ch.Archived:
		return nil, fail("is_archived")
	case ch.has(s.cfg.BotUserID):
		c.warnings = append(c.warnings, "already_in_channel")
	}
	ch.join(s.cfg.BotUserID)
	s.changed()
	return object{"channel": s.world.channelWire(ch)}, nil
}
