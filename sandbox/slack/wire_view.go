package slack

import (
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// viewWire is the view object of the Web API and of payloads.
func (s *Server) viewWire(v *world.View, state kit.Object) kit.Object {
	o := kit.Object{
		"id": v.ID, "team_id": s.cfg.TeamID, "type": v.Type, "blocks": kit.Clone(v.Blocks),
		"private_metadata": v.PrivateMetadata, "callback_id": v.CallbackID, "external_id": v.ExternalID,
		"state": state, "hash": v.Hash, "clear_on_close": v.ClearOnClose, "notify_on_close": v.NotifyOnClose,
		"title": kit.Plain("View Title"), "close": nil, "submit": nil,
		"previous_view_id": nil, "root_view_id": v.RootID,
		"app_id": s.cfg.AppID, "bot_id": s.cfg.BotID, "app_installed_team_id": s.cfg.TeamID,
	}
	for _, key := range []string{"title", "close", "submit"} {
		if v.Spec[key] != nil {
			o[key] = kit.CloneAny(v.Spec[key])
		}
	}
	if v.PreviousID != "" {
		o["previous_view_id"] = v.PreviousID
	}
	return o
}

// viewNow is the view with what was entered so far, as payloads carry it.
func (s *Server) viewNow(v *world.View) kit.Object {
	return s.viewWire(v, kit.Values(v.State).Wire(s.cfg.EmptyStateAsList))
}
