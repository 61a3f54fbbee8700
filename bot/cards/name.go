package cards

import (
	"strings"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/catalog"
)

// RoleName is app and role as people call them, not escaped.
func RoleName(c *catalog.Catalog, ref catalog.RoleRef) string {
	app, role, _ := c.Role(ref.App, ref.Role)
	return blocks.Clip(blocks.Or(app.Name, ref.App), blocks.MaxName) + " · " + blocks.Clip(blocks.Or(role.Name, ref.Role), blocks.MaxName)
}

func riskWord(r catalog.Risk) string {
	switch r {
	case catalog.High:
		return "High"
	case catalog.Medium:
		return "Medium"
	case catalog.Low:
		return "Low"
	}
	return "Not rated"
}

// GroupNames names groups, most important first as configured.
func GroupNames(groups []catalog.GroupRef) string {
	var names []string
	for _, g := range groups {
		names = append(names, "`"+strings.ReplaceAll(blocks.Escape(g.String(), 120), "`", "'")+"`")
	}
	return blocks.List(names, 8)
}

// NamesOf lists people by name where it is known, escaped.
func NamesOf(who []access.PersonID, names map[access.PersonID]access.Person) string {
	var out []string
	for _, e := range who {
		out = append(out, blocks.Escape(NameOf(names, e), blocks.MaxName))
	}
	return blocks.List(out, 5)
}

// NameOf is what somebody is called, as far as they are known; not escaped.
func NameOf(names map[access.PersonID]access.Person, e access.PersonID) string {
	return names[e].Display()
}

// isUserID guards what is written as markup: an id is capitals and digits.
func isUserID(id string) bool {
	return id != "" && strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}
