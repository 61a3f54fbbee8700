package site

import (
	"cmp"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"latchkey/sandbox/slack/world"
)

// top is the modal that somebody has before them.
func (s *Site) top(v look) (world.View, bool) {
	open := s.world.Slack.Views(v.As.ID)
	if len(open) == 0 {
		return world.View{}, false
	}
	return open[len(open)-1], true
}

func (s *Site) modalHead(v look) []piece {
	m, open := s.top(v)
	if !open {
		return nil
	}
	below := len(s.world.Slack.Views(v.As.ID)) > 1
	return []piece{keyed(m.ID, "div", h.Class("modalhead"), h.Data("view", m.ID),
		g.If(below, h.Button(h.Type("button"), h.Class("icon"), h.Data("close", "one"), g.Attr("aria-label", "Back"), g.Text("‹"))),
		h.H2(h.ID("modal-title"), g.Text(m.Title)),
		h.Button(h.Type("button"), h.Class("icon"), h.Data("close", "all"), g.Attr("aria-label", "Close the dialog"), g.Text("✕")))}
}

func (s *Site) modalBlocks(v look) []piece {
	m, open := s.top(v)
	if !open {
		return nil
	}
	return viewBlocks(v, m)
}

func (s *Site) homeBlocks(v look) []piece {
	m, there := s.world.Slack.Home(v.As.ID)
	if !there {
		return []piece{keyed("none", "p", h.Class("nothing"), g.Text("The app hasn't drawn this tab yet."))}
	}
	return viewBlocks(v, m)
}

// viewBlocks are the blocks of a view, each a piece, so that what is typed into one stays while others change.
func viewBlocks(v look, m world.View) (out []piece) {
	for i, b := range v.client.Blocks(m) {
		out = append(out, keyed(m.ID+" "+cmp.Or(b.ID, strconv.Itoa(i)), "div", h.Class("part"), h.Data("view", m.ID), g.Raw(string(b.HTML))))
	}
	return out
}

func (s *Site) modalFoot(v look) []piece {
	m, open := s.top(v)
	if !open {
		return nil
	}
	return []piece{keyed(m.ID, "div", h.Class("modalfoot"), h.Data("view", m.ID),
		h.Button(h.Type("button"), h.Class("button"), h.Data("close", "one"), g.Text(cmp.Or(m.CloseLabel, "Close"))),
		g.If(m.SubmitLabel != "", h.Button(h.Type("button"), h.Class("button primary"), h.Data("submit", m.ID), g.Text(m.SubmitLabel))))}
}
