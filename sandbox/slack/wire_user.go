package slack

import (
	"cmp"
	"strings"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// userWire is the user object of users.info, users.list and the user events.
func (s *Server) userWire(u world.User) kit.Object {
	first, last, _ := strings.Cut(u.RealName, " ")
	profile := kit.Object{
		"title": u.Title, "phone": "", "skype": "", "real_name": u.RealName,
		"real_name_normalized": u.RealName, "display_name": u.Name, "display_name_normalized": u.Name,
		"fields": kit.Object{}, "status_text": "", "status_emoji": u.StatusEmoji, "status_emoji_display_info": []any{},
		"status_expiration": u.StatusExpiration, "avatar_hash": "g0000000000", "first_name": first, "last_name": last,
		"team": s.cfg.TeamID,
	}
	if s.cfg.granted("users:read.email") && u.Email != "" && !u.IsBot {
		profile["email"] = u.Email
	}
	wire := kit.Object{
		"id": u.ID, "team_id": s.cfg.TeamID, "name": u.Name, "deleted": u.Deleted, "profile": profile,
		"is_bot": u.IsBot, "is_app_user": false, "updated": s.state.Now().Unix(),
	}
	wire["color"], wire["real_name"] = "9f69e7", u.RealName
	wire["tz"], wire["tz_label"], wire["tz_offset"] = u.TZ, u.TZ, u.TZOffset
	wire["is_admin"], wire["is_owner"], wire["is_primary_owner"] = u.IsAdmin, false, false
	wire["is_restricted"], wire["is_ultra_restricted"] = u.IsRestricted || u.IsUltraRestricted, u.IsUltraRestricted
	wire["is_email_confirmed"], wire["locale"], wire["who_can_share_contact_card"] = true, "en-US", "EVERYONE"
	if u.IsStranger {
		wire["is_stranger"] = true
	}
	if s.state.Enterprise != "" && !u.IsBot && !u.IsStranger {
		wire["enterprise_user"] = kit.Object{"id": cmp.Or(u.OrganisationID, u.ID), "enterprise_id": s.state.Enterprise, "enterprise_name": s.cfg.TeamDomain,
			"is_admin": false, "is_owner": false, "is_primary_owner": false, "teams": []string{s.cfg.TeamID}}
	}
	return wire
}

// userRef is the short user object of interaction payloads.
func (s *Server) userRef(u *world.User) kit.Object {
	return kit.Object{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": s.cfg.TeamID}
}
