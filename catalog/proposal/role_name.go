package proposal

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// roleNouns are what people are in applications.
func roleNouns() []string {
	return []string{"admin", "administrator", "owner", "editor", "viewer", "reader", "writer", "member", "user", "guest", "agent", "manager", "creator",
		"explorer", "responder", "maintainer", "developer", "engineer", "analyst", "employee", "contractor", "contributor", "collaborator", "approver",
		"accountant", "auditor", "operator", "host", "partner", "author", "designer", "recruiter", "interviewer", "requester", "participant", "publisher",
		"reviewer", "observer", "listener", "coach", "seller", "buyer", "facilitator", "commenter", "builder", "licensed", "readonly", "read", "write",
		"full", "basic", "standard", "premium", "root", "superuser", "superadmin", "power", "billing", "support"}
}

// acronyms are written in capitals, whatever a group's name does.
func acronyms() []string {
	return []string{"hr", "it", "qa", "eu", "us", "uk", "emea", "apac", "amer", "ssh", "vpn", "api", "db", "sql", "ui", "ux", "crm", "erp", "bi", "ci", "cd",
		"ops", "rd", "pr", "pm", "sre", "ml", "ai", "kpi", "dns", "iam", "pii", "gdpr", "soc"}
}

var account = regexp.MustCompile(`^\d{12}$`)

// whole are words that stand for others.
func whole(word string) []string {
	switch strings.ToLower(word) {
	case "ro", "readonly":
		return []string{"read", "only"}
	case "rw", "readwrite":
		return []string{"read", "and", "write"}
	case "prod", "prd":
		return []string{"production"}
	case "dev":
		return []string{"development"}
	case "stg":
		return []string{"staging"}
	}
	return []string{word}
}

// roleName says what the rest of a group's name says of its members: "" where there is no rest.
func roleName(rest []string) string {
	var words []string
	in := ""
	for _, w := range rest {
		if account.MatchString(w) {
			in = " in " + w
			continue
		}
		words = append(words, whole(w)...)
	}
	loud := strings.ToUpper(strings.Join(rest, "")) == strings.Join(rest, "") // so capitals say nothing
	for i, w := range words {
		words[i] = cased(w, i == 0, loud)
	}
	if len(words) == 0 && in != "" {
		return "User" + in
	}
	return strings.Join(words, " ") + in
}

// cased is a word of a role's name: in the singular where it says what somebody is, and in small letters unless it
// begins the name or is a short form.
func cased(word string, first, loud bool) string {
	lower := strings.ToLower(word)
	lower = singular(lower)
	short := strings.ContainsFunc(word, unicode.IsDigit) || !loud && len(word) > 1 && len(word) <= 4 && strings.ToUpper(word) == word
	switch {
	case slices.Contains(acronyms(), lower) && lower != "ops" || short:
		return strings.ToUpper(lower)
	case first:
		letters := []rune(lower)
		return string(unicode.ToUpper(letters[0])) + string(letters[1:])
	}
	return lower
}

// singular is one of those whom a word names: of what people are called by what they do, as in submitters and coaches.
func singular(word string) string {
	one := strings.TrimSuffix(word, "s")
	switch {
	case one == word:
		return word
	case strings.HasSuffix(word, "ches"):
		return strings.TrimSuffix(word, "es")
	case slices.Contains(roleNouns(), one), strings.HasSuffix(one, "er"), strings.HasSuffix(one, "or"), strings.HasSuffix(one, "ist"), strings.HasSuffix(one, "ant"):
		return one
	}
	return word
}

// saysRole tells whether words say what people are or may do.
func saysRole(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool {
		for _, one := range whole(w) {
			lower := strings.ToLower(one)
			if slices.Contains(roleNouns(), lower) || singular(lower) != lower {
				return true
			}
		}
		return false
	})
}
