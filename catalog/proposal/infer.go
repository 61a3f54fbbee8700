package proposal

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// Inferred are the applications that groups are called after, for a directory that doesn't say which there are: what stands
// in a group's name before what people are, as in figma-editors. All that is proposed of them is a guess.
func Inferred(groups []Group) (out []App) {
	seen := map[string]bool{}
	for _, g := range groups {
		name := before(g.Name)
		k := key(split(name)...)
		common := !slices.ContainsFunc(keys(split(name)), func(w string) bool { return !slices.Contains(generic(), w) })
		if len([]rune(k)) < 3 || seen[k] || common || slices.Contains(affixes(), k) || slices.Contains(acronyms(), k) || saysRole(split(name)) {
			continue
		}
		seen[k] = true
		out = append(out, App{ID: "name:" + k, Name: name, Active: true, InPerson: -1})
	}
	slices.SortFunc(out, func(a, b App) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// before is what stands before what people are in a group's name; "" where nothing says what they are.
func before(name string) string {
	outside, _ := apart(name)
	parts := trimmed(strings.FieldsFunc(outside, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
	at := slices.IndexFunc(parts, func(p string) bool { return saysRole(split(p)) })
	if at <= 0 {
		return ""
	}
	parts = parts[:at]
	for len(parts) > 1 && slices.Contains([]string{"prod", "production", "prd", "dev", "development", "staging", "stg", "test"}, strings.ToLower(parts[len(parts)-1])) {
		parts = parts[:len(parts)-1]
	}
	return strings.Join(parts, " ")
}
