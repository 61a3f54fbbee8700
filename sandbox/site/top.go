package site

import (
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// clock is the world's time and how to move it.
func (s *Site) clock(v look) []piece {
	now := s.now()
	at, what := s.nextEnd(now)
	to := h.Button(h.Type("button"), h.Data("clock", "next"), g.If(what == "", h.Disabled()), h.Title(nextTitle(at, what, v.client.Zone)), g.Text("To the next end"))
	return []piece{
		keyed("now", "time", h.DateTime(now.UTC().Format(time.RFC3339)), h.Strong(g.Text(now.In(v.client.Zone).Format("15:04"))), h.Span(g.Text(now.In(v.client.Zone).Format("Mon 2 Jan 2006")))),
		keyed("hour", "button", h.Type("button"), h.Data("clock", "1h"), h.Title("Move the clock by an hour"), g.Text("+1 h")),
		keyed("day", "button", h.Type("button"), h.Data("clock", "1d"), h.Title("Move the clock by a day"), g.Text("+1 d")),
		{"next", withKey("next", to)},
	}
}

func nextTitle(at time.Time, what string, zone *time.Location) string {
	if what == "" {
		return "No access has an end yet"
	}
	return what + " ends on " + at.In(zone).Format("Mon 2 Jan at 15:04")
}

func withKey(key string, n g.Node) string {
	return drawn(h.Span(h.Data("key", key), n))
}

// untilField is the field of Jira's that says when access ends.
const untilField = "Access until"

// nextEnd is when access ends next, by what Jira says, and whose and which that is; "" if none does.
func (s *Site) nextEnd(now time.Time) (first time.Time, what string) {
	field := ""
	for _, f := range s.world.Jira.Snapshot().Fields {
		if f.Name == untilField {
			field = f.ID
		}
	}
	for _, is := range s.world.Jira.Issues() {
		at, err := time.Parse(jiraTime, is.Fields[field])
		if err == nil && at.After(now) && (what == "" || at.Before(first)) {
			first, what = at, is.Key
		}
	}
	return first, what
}

// botState says whether the bot runs, and stops or starts it.
func (s *Site) botState() []piece {
	running := s.Bot == nil || s.Bot.Running()
	class, said := "state up", s.App+" is running"
	switch {
	case !running:
		class, said = "state down", s.App+" is stopped"
	case s.world.Slack.Connections() == 0:
		class, said = "state wait", s.App+" is starting…"
	}
	out := []piece{keyed("state", "span", h.Class(class), g.Attr("role", "status"), g.Text(said))}
	if s.Bot == nil {
		return out
	}
	do, label := "stop", "Kill the bot"
	if !running {
		do, label = "start", "Start it again"
	}
	return append(out, keyed("switch", "button", h.Type("button"), h.Class("switch"), h.Data("bot", do), g.Text(label)))
}
