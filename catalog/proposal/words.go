package proposal

import (
	"slices"
	"strings"
	"unicode"

	"latchkey/catalog"
)

// split takes a name apart: at whatever is neither a letter nor a digit, and where a capital follows a small letter, as in
// ReadOnly.
func split(name string) (out []string) {
	var word []rune
	end := func() {
		if len(word) > 0 {
			out = append(out, string(word))
		}
		word = nil
	}
	letters := []rune(catalog.Readable(name))
	for i, r := range letters {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			continue
		case i > 0 && begins(letters, i):
			end()
		}
		word = append(word, r)
	}
	end()
	return out
}

// begins tells whether a capital begins a word within others: after a small letter, or as the last capital before one.
func begins(letters []rune, i int) bool {
	before, here := letters[i-1], letters[i]
	if !unicode.IsUpper(here) {
		return false
	}
	next := i+2 < len(letters) && unicode.IsLower(letters[i+1]) && unicode.IsLower(letters[i+2])
	return unicode.IsLower(before) || unicode.IsUpper(before) && next
}

// key is words as they are compared: joined, in small letters.
func key(words ...string) string { return strings.ToLower(strings.Join(words, "")) }

// keys are the same of each word.
func keys(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = strings.ToLower(w)
	}
	return out
}

// affixes are what stands before or behind the rest of a group's name and says that it is a group, or of which system.
func affixes() []string {
	return []string{"app", "apps", "sg", "grp", "group", "groups", "role", "roles", "okta", "entra", "aad", "azure", "sso", "saml", "sec", "lic", "license",
		"licence", "gws", "gg", "ug", "perm", "access", "team", "push", "scim", "idp"}
}

// trimmed leaves out affixes at the beginning, and at the end those that say nothing there.
func trimmed(words []string) []string {
	for len(words) > 1 && slices.Contains(affixes(), strings.ToLower(words[0])) {
		words = words[1:]
	}
	return tailed(words)
}

// tailed leaves out affixes at the end: "team" and "apps" say something there.
func tailed(words []string) []string {
	for len(words) > 1 && slices.Contains([]string{"group", "groups", "grp", "sg", "sso", "access", "role", "for", "of", "in", "to", "on"}, strings.ToLower(words[len(words)-1])) {
		words = words[:len(words)-1]
	}
	return words
}

// apart takes what stands in brackets out of a name, and the rest of an address.
func apart(name string) (outside, inside string) {
	if local, domain, is := strings.Cut(name, "@"); is && !strings.Contains(local, " ") && strings.Contains(domain, ".") {
		name = local
	}
	from, to := strings.IndexByte(name, '('), strings.LastIndexByte(name, ')')
	if from <= 0 || to < from {
		return name, ""
	}
	return name[:from] + " " + name[to+1:], name[from+1 : to]
}

// without takes the first run of words out that together say one of the aliases, the longest first.
func without(words []string, aliases []string) (rest []string, found bool) {
	for length := min(len(words), 5); length > 0; length-- {
		for at := 0; at+length <= len(words); at++ {
			if slices.Contains(aliases, key(words[at:at+length]...)) {
				return slices.Concat(words[:at], words[at+length:]), true
			}
		}
	}
	return words, false
}
