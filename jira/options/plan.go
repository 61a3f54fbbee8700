package options

import (
	"slices"
	"strings"
)

// Choice is a value that a list has to offer: an app, or a role by its name.
type Choice struct {
	Name string
	Keys []string // what is called that in the catalogue, by ids that stay when it is renamed
}

// Option is an option of a field, as Jira keeps it.
type Option struct {
	ID       string `json:"id"`
	Value    string `json:"value"`
	Disabled bool   `json:"disabled"`
	OptionID string `json:"optionId,omitempty"` // of a cascading list: the option it belongs to
}

// Kind is what is done about an option.
type Kind string

// What can be done about an option. None is deleted: issues keep their values.
const (
	Add     Kind = "add"
	Rename  Kind = "rename"
	Enable  Kind = "enable"
	Disable Kind = "disable"
	Order   Kind = "order" // all of those that are offered, as they should be
)

// Change is one thing to be done about one option.
type Change struct {
	Kind Kind
	Name string // what it is called then
	Was  string // Rename: what it is called now
	id   string
}

// changesOf says what makes a list offer what it should. known are the options by which
// things of the catalogue were found before: one that has another name now is renamed.
func changesOf(have []Option, want []Choice, known map[string]string) []Change {
	var out []Change
	offered, used := map[string]bool{}, map[string]bool{}
	places := make([]string, len(want)) // of the options that are there already, their ids
	for _, c := range want {
		offered[fold(c.Name)] = true
	}
	for i, c := range want {
		at := find(have, func(o Option) bool { return fold(o.Value) == fold(c.Name) })
		if at < 0 {
			at = find(have, func(o Option) bool {
				return !used[o.ID] && !offered[fold(o.Value)] && slices.ContainsFunc(c.Keys, func(k string) bool { return known[k] == o.ID })
			})
		}
		if at < 0 {
			out = append(out, Change{Kind: Add, Name: c.Name})
			continue
		}
		o := have[at]
		used[o.ID], places[i] = true, o.ID
		if o.Value != c.Name {
			out = append(out, Change{Kind: Rename, Name: c.Name, Was: o.Value, id: o.ID})
		}
		if o.Disabled {
			out = append(out, Change{Kind: Enable, Name: c.Name, id: o.ID})
		}
	}
	for _, o := range have {
		if !used[o.ID] && !o.Disabled {
			out = append(out, Change{Kind: Disable, Name: o.Value, id: o.ID})
		}
	}
	if !inOrder(have, places) {
		out = append(out, Change{Kind: Order, Name: "as in the catalogue"})
	}
	return out
}

// inOrder tells whether the options that are wanted, by their ids as far as they are there,
// would be listed in that order once the others are added at the end.
func inOrder(have []Option, wanted []string) bool {
	last, added := -1, false
	for _, id := range wanted {
		if id == "" {
			added = true
			continue
		}
		at := find(have, func(o Option) bool { return o.ID == id })
		if at < last || added {
			return false
		}
		last = at
	}
	return true
}

func find(have []Option, fits func(Option) bool) int { return slices.IndexFunc(have, fits) }

// fold is a name as Jira compares the options of a field.
func fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// idsOf are the options by which things of the catalogue are found from now on.
func idsOf(have []Option, want []Choice) map[string]string {
	out := map[string]string{}
	for _, c := range want {
		if at := find(have, func(o Option) bool { return fold(o.Value) == fold(c.Name) }); at >= 0 {
			for _, k := range c.Keys {
				out[k] = have[at].ID
			}
		}
	}
	return out
}
