package modals

import (
	"fmt"
	"strings"

	"latchkey/bot/blocks"
	"latchkey/catalog"
)

// match finds the app, and perhaps the role, that a text names: by id, by name,
// or else the best match of a search, then of the nearest spelling.
func match(c *catalog.Catalog, text string) form {
	if text = unquoted(text); text == "" {
		return form{}
	}
	if found := c.SearchBundles(text, 1); len(found) > 0 && (catalog.Same(found[0].ID, text) || catalog.Same(found[0].Name, text)) {
		return form{App: bundlePrefix + found[0].ID}
	}
	if app, ok := bestApp(c, text); ok {
		return form{App: app.ID, Role: onlyRole(app)}
	}
	if cut := strings.LastIndexByte(text, ' '); cut > 0 {
		if app, ok := bestApp(c, text[:cut]); ok {
			return form{App: app.ID, Role: namedRole(app, text[cut+1:])}
		}
	}
	return form{}
}

// unquoted is a name without the quotes that people put around it.
func unquoted(text string) string {
	return strings.TrimSpace(strings.Trim(text, "\"'`“”„‟«»‘’‚"))
}

func bestApp(c *catalog.Catalog, text string) (catalog.App, bool) {
	if app, ok := c.App(catalog.Fold(text)); ok && app.Offered() {
		return app, true
	}
	if found := c.Search(text, 1); len(found) > 0 {
		return found[0], true
	}
	var names []string
	byName := map[string]catalog.App{}
	for _, app := range c.Apps() {
		if app.Offered() {
			names = append(names, app.Name)
			byName[app.Name] = app
		}
	}
	app, ok := byName[catalog.Nearest(text, names)]
	return app, ok
}

// onlyRole spares a choice where there is none.
func onlyRole(app catalog.App) string {
	if len(app.Roles) == 1 {
		return app.Roles[0].ID
	}
	return ""
}

func namedRole(app catalog.App, word string) string {
	for _, r := range app.Roles {
		if catalog.Same(r.ID, word) || catalog.Same(r.Name, word) {
			return r.ID
		}
	}
	return onlyRole(app)
}

// FindApp finds an app by what people call it, offered or not.
func FindApp(c *catalog.Catalog, text string) (catalog.App, bool) {
	text = unquoted(text)
	if app, ok := c.App(catalog.Fold(text)); ok {
		return app, true
	}
	if text == "" {
		return catalog.App{}, false
	}
	return bestApp(c, text)
}

func noMatch(text string) string {
	return fmt.Sprintf("Nothing in the catalogue is called “%s”. Please choose below.", blocks.Clip(blocks.OneLine(blocks.Clean(text)), 60))
}
