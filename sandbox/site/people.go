package site

import (
	"cmp"
	"strconv"
	"unicode/utf8"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"latchkey/sandbox/slack/world"
)

// peopleList are those whom one can be, with what waits for them.
func (s *Site) peopleList(v look) (out []piece) {
	for i, u := range v.people {
		n := s.unread(u.ID)[s.world.Slack.DM(u.ID)]
		here := u.ID == v.As.ID
		out = append(out, keyed(u.ID, "li", h.A(h.Href(v.as(u)), h.Class("person"), g.If(here, g.Attr("aria-current", "true")),
			avatar(u, i),
			h.Span(h.Class("who"), h.Strong(g.Text(called(u))), h.Small(g.Text(role(u)))),
			badge(n),
		)))
	}
	return out
}

func called(u world.User) string { return cmp.Or(u.RealName, u.Name) }

// role is what somebody is at the company.
func role(u world.User) string {
	switch {
	case u.Deleted:
		return "Deactivated"
	case u.IsRestricted || u.IsUltraRestricted:
		return cmp.Or(u.Title, "Guest")
	}
	return cmp.Or(u.Title, "@"+u.Name)
}

// tints is how many colours avatars have.
const tints = 8

func avatar(u world.User, number int) g.Node {
	first, _ := utf8.DecodeRuneInString(called(u))
	return h.Span(h.Class("face tint"+strconv.Itoa(number%tints)), g.Attr("aria-hidden", "true"), g.Text(string(first)))
}

func badge(n int) g.Node {
	if n == 0 {
		return nil
	}
	return h.Span(h.Class("badge"), g.Text(strconv.Itoa(n)), h.Span(h.Class("aloud"), g.Text(" unread")))
}
