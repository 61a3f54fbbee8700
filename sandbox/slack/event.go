package slack

import (
	"context"
	"slices"
	"strings"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// eventScope is the bot scope an event needs, none for app_home_opened.
func eventScope(kind string) string {
	switch kind {
	case "app_mention":
		return "app_mentions:read"
	case "message.im":
		return "im:history"
	case "message.channels":
		return "channels:history"
	case "message.groups":
		return "groups:history"
	case "user_change", "team_join":
		return "users:read"
	}
	return ""
}

// subscribed says whether the app asked for the event and may have it.
func (s *Server) subscribed(kind string) bool {
	scope := eventScope(kind)
	return slices.Contains(s.cfg.Events, kind) && (scope == "" || s.cfg.granted(scope))
}

// subscription is the name an inner event is subscribed to under.
func subscription(event kit.Object) string {
	kind := kit.Str(event, "type")
	if kind != "message" {
		return kind
	}
	switch kit.Str(event, "channel_type") {
	case "im":
		return "message.im"
	case "group":
		return "message.groups"
	}
	return "message.channels"
}

// emit delivers an event and, should the app not acknowledge it, keeps trying
// in the background. It returns after the first attempt.
func (s *Server) emit(event kit.Object) Outcome {
	s.lock()
	if !s.subscribed(subscription(event)) {
		s.unlock()
		return Outcome{}
	}
	e := envelope{kind: "events_api", payload: s.callback(event)}
	s.unlock()
	out, err := s.deliver(context.Background(), e, nil)
	if err != nil || out.Acked {
		return out
	}
	s.lock()
	s.start(func() { s.retryEvent(e) })
	s.unlock()
	return out
}

// callback wraps an inner event the way the Events API does.
func (s *Server) callback(event kit.Object) kit.Object {
	return kit.Object{
		"token": "legacy-verification-token", "team_id": s.cfg.TeamID, "context_team_id": s.cfg.TeamID,
		"context_enterprise_id": nil, "api_app_id": s.cfg.AppID, "event": event, "type": "event_callback",
		"event_id": s.state.MintID("Ev"), "event_time": s.state.Now().Unix(),
		"authorizations": []kit.Object{{"enterprise_id": nil, "team_id": s.cfg.TeamID, "user_id": s.cfg.BotUserID,
			"is_bot": true, "is_enterprise_install": false}},
		"is_ext_shared_channel": false, "event_context": "4-" + kit.Secret(12),
	}
}

// retryEvent sends an unacknowledged event again: a new envelope with the same
// event_id. See docs.slack.dev/apis/events-api.
func (s *Server) retryEvent(e envelope) {
	for i, wait := range s.cfg.EventRetries {
		if wait > 0 {
			select {
			case <-s.cfg.Clock.After(wait):
			case <-s.done:
				return
			}
		}
		e.attempt, e.reason = i+1, "timeout"
		if out, err := s.deliver(context.Background(), e, nil); err != nil || out.Acked {
			return
		}
	}
}

// echo tells the app of its own message in a direct message channel. The lock
// must be held.
func (s *Server) echo(ch *world.Channel, m *world.Message, subtype string) {
	if !s.cfg.EchoOwnMessages || !ch.IM {
		return
	}
	wire := s.messageWire(m, false)
	event := kit.Object{"type": "message", "channel": ch.ID, "channel_type": "im", "event_ts": s.state.NextTS()}
	switch subtype {
	case "message_changed":
		event["subtype"], event["message"], event["ts"], event["hidden"] = subtype, wire, event["event_ts"], true
	case "message_deleted":
		event["subtype"], event["previous_message"], event["deleted_ts"] = subtype, wire, m.TS
		event["ts"], event["hidden"] = event["event_ts"], true
	default:
		for k, v := range wire {
			event[k] = v
		}
	}
	s.start(func() { s.emit(event) })
}

// personMessage lists the inner events of what a person says; there are none
// where the app is not a member.
func (s *Server) personMessage(ch *world.Channel, m *world.Message) []kit.Object {
	base := s.messageWire(m, false)
	base["channel"], base["event_ts"] = ch.ID, m.TS
	message := kit.Clone(base)
	message["channel_type"] = map[string]string{"im": "im", "groups": "group", "channels": "channel"}[ch.Family()]
	if !ch.Has(s.cfg.BotUserID) {
		return nil
	}
	events := []kit.Object{message}
	if !ch.IM && strings.Contains(m.Text, "<@"+s.cfg.BotUserID) {
		mention := kit.Clone(base)
		mention["type"] = "app_mention"
		events = append(events, mention)
	}
	return events
}
