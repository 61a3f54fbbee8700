package site

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"latchkey/sandbox/slack/world"
)

// placeList is the side of somebody's Slack: the app and the channels.
func (s *Site) placeList(v look) (out []piece) {
	unread := s.unread(v.As.ID)
	place := func(key, in, name string, n int, loud bool) {
		here := v.In == in
		out = append(out, keyed(key, "li", h.A(h.Href(v.in(in)), g.If(here, g.Attr("aria-current", "page")), g.If(n > 0, h.Class("unread")),
			h.Span(h.Class("name"), g.Text(name)), g.Iff(loud, func() g.Node { return badge(n) }), g.If(n > 0 && !loud, h.Span(h.Class("aloud"), g.Text(" unread"))))))
	}
	out = append(out, keyed("apps", "li", h.Class("group"), g.Text("Apps")))
	place("home", home, s.App+" Home", 0, false)
	place("direct", "", s.App, unread[s.world.Slack.DM(v.As.ID)], true)
	out = append(out, keyed("channels", "li", h.Class("group"), g.Text("Channels")))
	for _, c := range v.places {
		sign := "# "
		if c.Private {
			sign = "🔒 "
		}
		place(c.ID, c.Name, sign+c.Name, unread[c.ID], false)
	}
	return out
}

// heading is what the browser's tab says.
func (s *Site) heading(v look) string {
	title := called(v.As) + " · " + s.App + " sandbox"
	if n := s.unread(v.As.ID)[s.world.Slack.DM(v.As.ID)]; n > 0 {
		title = fmt.Sprintf("(%d) %s", n, title)
	}
	return title
}

// title is the head of the conversation.
func (s *Site) title(v look) []piece {
	name, about := s.App, "Direct messages with the app"
	switch {
	case v.In == home:
		name, about = s.App+" Home", "What only "+called(v.As)+" sees"
	case v.In != "":
		name, about = "#"+v.In, strconv.Itoa(len(v.Channel.Members))+" members"
		if v.Channel.Archived {
			about = "Archived"
		}
	}
	return []piece{keyed("title", "div", h.H2(g.Text(name)), h.P(g.Text(about)), g.If(v.In == home || v.In == "", h.Nav(g.Attr("aria-label", "Tabs of the app"),
		h.A(h.Href(v.in(home)), g.If(v.In == home, g.Attr("aria-current", "page")), g.Text("Home")),
		h.A(h.Href(v.in("")), g.If(v.In == "", g.Attr("aria-current", "page")), g.Text("Messages")))))}
}

// messages are what is said in a place, or the Home tab.
func (s *Site) messages(v look) (out []piece) {
	if v.In == home {
		return s.homeBlocks(v)
	}
	all := s.visible(v)
	replies := map[string]int{}
	for _, m := range all {
		if m.ThreadTS != "" && !m.Ephemeral {
			replies[m.ThreadTS]++
		}
	}
	day := ""
	for _, m := range all {
		if m.ThreadTS != "" && m.ThreadTS != m.TS && m.Subtype != "thread_broadcast" && !m.Ephemeral {
			continue
		}
		if today := dayOf(m, v); today != day {
			day = today
			out = append(out, keyed("day "+day, "div", h.Class("day"), h.Span(g.Text(day))))
		}
		out = append(out, s.message(v, m, replies[m.TS]))
	}
	if len(out) == 0 {
		out = append(out, keyed("none", "p", h.Class("nothing"), g.Text(s.nothingYet(v))))
	}
	return out
}

func (s *Site) nothingYet(v look) string {
	if v.In == "" {
		return "Nothing here yet. Type " + s.Command + " below to ask for access."
	}
	return "Nothing was said here yet."
}

// visible is what somebody sees in a place.
func (s *Site) visible(v look) []world.Message {
	return slices.DeleteFunc(s.world.Slack.Messages(v.Channel.ID), func(m world.Message) bool { return m.Ephemeral && m.Viewer != v.As.ID })
}

func momentOf(m world.Message) time.Time {
	seconds, _, _ := strings.Cut(m.TS, ".")
	unix, _ := strconv.ParseInt(seconds, 10, 64) // the emulator made it
	return time.Unix(unix, 0)
}

func dayOf(m world.Message, v look) string {
	at, now := momentOf(m).In(v.client.Zone), v.client.Now.In(v.client.Zone)
	if at.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return "Today"
	}
	return at.Format("Monday, 2 January")
}

// message draws a message with what can be done about it.
func (s *Site) message(v look, m world.Message, replies int) piece {
	thread := v.with(func(o *look) { o.Thread = m.TS })
	said := "Reply in thread"
	if replies == 1 {
		said = "1 reply"
	} else if replies > 1 {
		said = strconv.Itoa(replies) + " replies"
	}
	return keyed(m.TS, "div", h.Class("posted"), surface(m), g.Raw(string(v.client.Message(m))),
		g.If(!m.Ephemeral && m.ThreadTS == "" || replies > 0, h.A(h.Href(thread), h.Class(threadClass(replies)), g.Text(said))),
		g.If(m.Edited, h.Span(h.Class("edited"), g.Text("(edited)"))))
}

func threadClass(replies int) string {
	if replies > 0 {
		return "replies some"
	}
	return "replies"
}

// surface says which message an element stands on.
func surface(m world.Message) g.Node {
	return g.Group{h.Data("channel", m.Channel), h.Data("ts", m.TS)}
}

// thread is the thread that is open.
func (s *Site) thread(v look) (out []piece) {
	if v.Thread == "" || v.In == home {
		return nil
	}
	out = append(out, keyed("head", "div", h.Class("threadhead"), h.H3(g.Text("Thread")), h.A(h.Href(v.with(func(o *look) { o.Thread = "" })), h.Class("icon"), g.Attr("aria-label", "Close the thread"), g.Text("✕"))))
	for _, m := range s.visible(v) {
		if m.TS == v.Thread || m.ThreadTS == v.Thread {
			out = append(out, keyed(m.TS, "div", h.Class("posted"), surface(m), g.Raw(string(v.client.Message(m)))))
		}
	}
	return append(out, s.writing(v, "thread "+v.Thread, "Reply in the thread", v.Thread))
}

// composer is where somebody types.
func (s *Site) composer(v look) []piece {
	switch {
	case v.In == home:
		return nil
	case v.Channel.Archived:
		return []piece{keyed("archived", "p", h.Class("nothing"), g.Text("This channel is archived."))}
	}
	place := "Message " + s.App + ", or type " + s.Command
	if v.In != "" {
		place = "Message #" + v.In + ", or type " + s.Command
	}
	return []piece{s.writing(v, "at "+v.As.ID+" "+v.Channel.ID, place, "")}
}

func (s *Site) writing(v look, key, place, thread string) piece {
	return keyed(key, "form", h.Class("composer"), h.Data("channel", v.Channel.ID), h.Data("thread", thread), g.Attr("autocomplete", "off"),
		h.Input(h.Type("text"), h.Name("text"), h.Placeholder(place), g.Attr("aria-label", place), h.MaxLength("3000"),
			g.If(thread == "", g.Group{g.Attr("role", "combobox"), g.Attr("aria-autocomplete", "list"), g.Attr("aria-expanded", "false")})),
		h.Button(h.Type("submit"), h.Class("send"), g.Attr("aria-label", "Send"), g.Text("➤")))
}
