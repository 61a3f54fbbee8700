package slack

import (
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

func (s *Server) channelWire(c *world.Channel) kit.Object {
	if c.IM {
		return kit.Object{"id": c.ID, "created": 1700000000, "is_im": true, "is_org_shared": false,
			"user": c.User, "is_user_deleted": s.state.UserByID(c.User) == nil || s.state.UserByID(c.User).Deleted}
	}
	return kit.Object{
		"id": c.ID, "name": c.Name, "name_normalized": c.Name, "created": 1700000000,
		"is_channel": !c.Private, "is_group": c.Private, "is_im": false, "is_mpim": false,
		"is_private": c.Private, "is_archived": c.Archived, "is_general": c.Name == "general",
		"is_shared": false, "is_ext_shared": false, "is_org_shared": false,
		"is_member": c.Has(s.cfg.BotUserID), "num_members": len(c.Members),
		"context_team_id": s.cfg.TeamID, "previous_names": []any{},
		"topic":   kit.Object{"value": "", "creator": "", "last_set": 0},
		"purpose": kit.Object{"value": "", "creator": "", "last_set": 0},
	}
}

// channelRef is the short channel object of interaction payloads.
func channelRef(c *world.Channel) kit.Object {
	switch {
	case c.IM:
		return kit.Object{"id": c.ID, "name": "directmessage"}
	case c.Private:
		return kit.Object{"id": c.ID, "name": "privategroup"}
	}
	return kit.Object{"id": c.ID, "name": c.Name}
}
