package inbox

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// nearest is how many choices are offered for what can't be read.
const nearest = 5

// readForm makes a request of what a person wrote into the portal's form. What it
// can't read it asks about, with the nearest choices; an empty question is none.
func readForm(c *catalog.Catalog, f access.Form) (SubmitPortalRequest, AskClarification) {
	ask := SubmitPortalRequest{Reason: clipped(f.Reason, access.MaxReason)}
	app, lack := readApp(c, f.App)
	if lack.Why != "" {
		return ask, lack
	}
	ask.App = app.ID
	role, lack := readRole(app, f.Role)
	if lack.Why == "" {
		ask.Role = role.ID
		ask.Wanted, lack = readLength(role, f.Duration)
	}
	if lack.Why != "" {
		lack.App = app.ID
	}
	return ask, lack
}

func readApp(c *catalog.Catalog, text string) (catalog.App, AskClarification) {
	offered := c.Offered()
	found := called(offered, text, func(a catalog.App) (id, name string) { return a.ID, a.Name })
	if len(found) == 0 && text != "" {
		if near := c.Search(text, 2); len(near) == 1 {
			found = near
		}
	}
	switch len(found) {
	case 0:
		var names []string
		for _, a := range offered {
			names = append(names, a.Name)
		}
		if several := chosen(text, names); len(several) > 1 {
			return catalog.App{}, AskClarification{Why: "Please ask for one app at a time, each in a request of its own.", Choose: several}
		}
		return catalog.App{}, lacking("app", text, names)
	case 1:
		return found[0], AskClarification{}
	}
	var ids []string
	for _, a := range found {
		ids = append(ids, a.ID)
	}
	return catalog.App{}, ambiguous("app", text, ids)
}

func readRole(app catalog.App, text string) (catalog.Role, AskClarification) {
	found := called(app.Roles, text, func(r catalog.Role) (id, name string) { return r.ID, r.Name })
	if text == "" && len(app.Roles) == 1 {
		found = app.Roles
	}
	switch len(found) {
	case 0:
		var names []string
		for _, r := range app.Roles {
			names = append(names, r.Name)
		}
		return catalog.Role{}, lacking("role of "+app.Name, text, names)
	case 1:
		return found[0], AskClarification{}
	}
	var ids []string
	for _, r := range found {
		ids = append(ids, r.ID)
	}
	return catalog.Role{}, ambiguous("role of "+app.Name, text, ids)
}

// called are those with an id or a name. A text that is exactly an id means that one,
// whatever else is called like it.
func called[T any](all []T, text string, of func(T) (id, name string)) []T {
	var found []T
	for _, one := range all {
		id, name := of(one)
		if text == id {
			return []T{one}
		}
		if alike(text, id, name) {
			found = append(found, one)
		}
	}
	return found
}

// chosen are the names that a list of choices holds, as a form with several of them
// is read.
func chosen(text string, names []string) []string {
	var out []string
	for part := range strings.SplitSeq(text, ",") {
		if i := slices.IndexFunc(names, func(n string) bool { return alike(part, n) }); i >= 0 {
			out = append(out, names[i])
		}
	}
	return out
}

// ambiguous says that a text can mean several, which are told apart by their ids.
func ambiguous(what, text string, ids []string) AskClarification {
	return AskClarification{Why: fmt.Sprintf("“%s” can mean more than one %s: please write which one, exactly as it stands here.", clipped(text, 80), what), Choose: ids[:min(nearest, len(ids))]}
}

// readLength reads a duration as the form writes it ("6 hours") or as people
// type it ("6h"). Nothing stands for the role's own default.
func readLength(role catalog.Role, text string) (time.Duration, AskClarification) {
	if text == "" {
		return role.Durations.Default, AskClarification{}
	}
	var names []string
	for _, d := range role.Durations.Choices {
		if alike(text, catalog.FormatDuration(d), catalog.ShortDuration(d)) {
			return d, AskClarification{}
		}
		names = append(names, catalog.FormatDuration(d))
	}
	d, err := catalog.ParseDuration(short(text))
	if err != nil {
		return 0, AskClarification{Why: fmt.Sprintf("I can't read “%s” as a duration.", clipped(text, 80)), Choose: names}
	}
	if err := role.Durations.Allows(d); err != nil {
		return d, AskClarification{Why: err.Error(), Choose: names}
	}
	return d, AskClarification{}
}

// short writes the units of a duration as letters.
func short(text string) string {
	text = strings.ToLower(text)
	for _, unit := range [][2]string{{"minutes", "m"}, {"minute", "m"}, {"mins", "m"}, {"min", "m"}, {"hours", "h"}, {"hour", "h"}, {"hrs", "h"}, {"days", "d"}, {"day", "d"}, {"weeks", "w"}, {"week", "w"}, {"no end", "forever"}} {
		text = strings.ReplaceAll(text, unit[0], unit[1])
	}
	return text
}

func alike(text string, names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return catalog.Same(text, n) })
}

// lacking says that a field doesn't match, with the names nearest to it.
func lacking(what, text string, names []string) AskClarification {
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(distance(text, a), distance(text, b)) })
	names = names[:min(nearest, len(names))]
	if text == "" {
		return AskClarification{Why: "Please say which " + what + " you need.", Choose: names}
	}
	return AskClarification{Why: fmt.Sprintf("There is no %s called “%s” in the catalogue.", what, clipped(text, 80)), Choose: names}
}

// distance is how many letters have to be changed to make one word of the other.
func distance(a, b string) int {
	x, y := []rune(strings.ToLower(clipped(a, 80))), []rune(strings.ToLower(clipped(b, 80)))
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j, q := range y {
			change := diagonal
			if r != q {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(y)]
}

func clipped(s string, most int) string {
	r := []rune(strings.TrimSpace(s))
	if len(r) <= most {
		return string(r)
	}
	return string(r[:most-1]) + "…"
}
