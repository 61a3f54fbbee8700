package proposal

import (
	"slices"
	"strings"
	"unicode"
)

// generic are words of applications' names that say nothing of which one it is.
func generic() []string {
	return []string{"app", "apps", "cloud", "online", "enterprise", "business", "services", "service", "web", "software", "suite", "sso", "saml", "oidc",
		"production", "prod", "test", "dev", "staging", "the", "and", "for", "pro", "platform", "login", "portal", "account", "federation", "managed",
		"team", "teams", "user", "users", "admin", "admins", "security", "engineering", "sales", "marketing", "finance", "support", "space", "project", "data",
		"all", "everyone", "everybody", "company", "staff", "new", "global", "hr", "it", "product", "design", "legal", "people", "operations", "ops"}
}

// brands are the words of an application's name that tell it from others.
func brands(a App) (out []string) {
	for _, w := range strings.Fields(a.Name) {
		k := key(split(w)...)
		if len([]rune(k)) >= 3 && !slices.Contains(generic(), k) && strings.ContainsFunc(k, unicode.IsLetter) {
			out = append(out, k)
		}
	}
	return out
}

// strong are what only this application is called.
func strong(a App) []string {
	out := []string{key(split(a.Name)...)}
	if k := key(split(a.Kind)...); len(k) >= 3 && !strings.ContainsFunc(k, unicode.IsDigit) {
		out = append(out, k)
	}
	if b := brands(a); len(b) > 0 && len([]rune(b[0])) >= 4 {
		out = append(out, b[0])
	}
	return slices.DeleteFunc(out, func(k string) bool { return len([]rune(k)) < 3 || slices.Contains(generic(), k) })
}

// aliases are what a group that is assigned to an application may call it: also each word of its name, its maker's name for
// it, and initials, as in AWS, CC and M365.
func aliases(a App) []string {
	out := append(strong(a), brands(a)...)
	for _, w := range strings.FieldsFunc(a.Kind, func(r rune) bool { return r == '_' || r == '-' || r == ' ' }) {
		if len(w) >= 3 && !slices.Contains(generic(), strings.ToLower(w)) {
			out = append(out, strings.ToLower(w))
		}
	}
	words := strings.Fields(a.Name)
	for from := range words {
		if short := initials(words[from:]); len([]rune(short)) >= 2 {
			out = append(out, short)
		}
	}
	return out
}

// initials are the first letters of words, and numbers whole; "" of one word.
func initials(words []string) string {
	if len(words) < 2 {
		return ""
	}
	var out []rune
	for _, w := range words {
		letters := []rune(strings.ToLower(w))
		switch {
		case unicode.IsDigit(letters[0]):
			out = append(out, letters...)
		case unicode.IsLetter(letters[0]):
			out = append(out, letters[0])
		}
	}
	return string(out)
}

// abbreviates tells whether a word at the beginning of a group's name is short for an application's: two to four consonants
// that come in its name in this order, the first of them first.
func abbreviates(word string, a App) bool {
	short, name := []rune(strings.ToLower(word)), []rune(key(split(a.Name)...))
	if len(short) < 2 || len(short) > 4 || len(name) == 0 || short[0] != name[0] || slices.Contains(acronyms(), string(short)) {
		return false
	}
	at := 0
	for _, r := range name {
		if at < len(short) && r == short[at] {
			at++
		}
	}
	vowel := strings.ContainsFunc(string(short), func(r rune) bool { return strings.ContainsRune("aeiou", r) || !unicode.IsLetter(r) })
	return at == len(short) && !vowel
}

// index finds applications by what only they are called. What two are called is nobody's.
type index map[string]int

func newIndex(apps []App) index {
	out := index{}
	for i, a := range apps {
		for _, k := range strong(a) {
			if other, taken := out[k]; taken && other != i {
				out[k] = -1
				continue
			}
			out[k] = i
		}
	}
	return out
}

// in are the applications that a text names, each once.
func (x index) in(words []string) (out []int) {
	for at := range words {
		for length := 1; length <= 5 && at+length <= len(words); length++ {
			if i, known := x[key(words[at:at+length]...)]; known && i >= 0 && !slices.Contains(out, i) {
				out = append(out, i)
			}
		}
	}
	return out
}

// Asked is how often applications were asked for, by the titles of requests.
type Asked struct {
	apps   []App
	index  index
	counts map[string]int
	titles int
}

// NewAsked begins to count.
func NewAsked(apps []App) *Asked {
	return &Asked{apps: apps, index: newIndex(apps), counts: map[string]int{}}
}

// Add counts the applications that a title names.
func (c *Asked) Add(title string) {
	c.titles++
	for _, i := range c.index.in(split(title)) {
		c.counts[c.apps[i].ID]++
	}
}

// Titles is how many were counted.
func (c *Asked) Titles() int { return c.titles }

// of is how often an application was asked for.
func (c *Asked) of(id string) int {
	if c == nil {
		return 0
	}
	return c.counts[id]
}
