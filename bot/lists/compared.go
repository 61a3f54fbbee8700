package lists

import (
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/catalog"
	"latchkey/workflow/query"
)

// comparedRow is a membership that isn't as it was granted.
func comparedRow(c *catalog.Catalog, m query.NotGiven) Row {
	who, group := "*"+blocks.Escape(m.Who.Display(), blocks.MaxName)+"*", cards.GroupNames([]catalog.GroupRef{m.Group})
	if m.Conflict != "" {
		return Row{Text: ":warning: " + who + " had *" + blocks.Escape(m.Both, 2*blocks.MaxName) + "*, which can't go together, and no exception allows it (" + blocks.Escape(m.Conflict, blocks.MaxName) + ")."}
	}
	if m.Lost != "" {
		what := cards.RoleName(c, catalog.RoleRef{App: m.App, Role: m.Role})
		return Row{Text: who + " had *" + blocks.Escape(what, 2*blocks.MaxName) + "* without " + blocks.Escape(m.Lost, 2*blocks.MaxName) + ", which it needs."}
	}
	left := ""
	if m.Left {
		left = ", who has left,"
	}
	if m.Missing {
		what := cards.RoleName(c, catalog.RoleRef{App: m.App, Role: m.Role})
		return Row{Text: who + left + " wasn't in " + group + ", although *" + blocks.Escape(what, 2*blocks.MaxName) + "* lasts."}
	}
	return Row{Text: who + left + " was in " + group + ", and no grant explains it."}
}

// comparedNote says when the look was, and what isn't named.
func comparedNote(found query.Compared) string {
	if found.At.IsZero() {
		return "The groups weren't compared with the grants yet."
	}
	parts := []string{"As the groups were compared with the grants, " + blocks.When(found.At) + "."}
	if found.Odd.Total == 0 {
		parts[0] = "What was looked at was as granted when the groups were compared, " + blocks.When(found.At) + "."
	}
	if found.More > 0 {
		parts = append(parts, blocks.Capital(blocks.Count(found.More, "more membership"))+" "+blocks.Agree(found.More, "isn't", "aren't")+" named here.")
	}
	if n := len(found.Problems); n > 0 {
		parts = append(parts, blocks.Capital(blocks.Count(n, "thing"))+" couldn't be looked at: "+blocks.Sentence(blocks.Escape(blocks.List(found.Problems, 3), blocks.MaxField/2)))
	}
	return blocks.Dotted(parts...)
}
