package watch

import (
	"strings"

	"latchkey/access"
	"latchkey/jira/adf"
	"latchkey/jira/site"
)

// portalForm is what a person wrote into the form. Fields that are not mapped are
// looked for as lines such as "App: Figma" in the description; the description
// is the reason where nothing else is.
func portalForm(s *site.Site, is issueAnswer) access.Form {
	text := adf.FieldText(is.Fields["description"])
	lines, rest := labelled(text)
	pick := func(key string) string {
		if id := s.Form.Mapped[key]; id != "" {
			if v := adf.FieldText(is.Fields[id]); v != "" {
				return v
			}
		}
		return lines[key]
	}
	reason := pick(site.FieldReason)
	if reason == "" {
		reason = rest
	}
	if reason == "" {
		reason = field[string](is, "summary")
	}
	return access.Form{App: adf.OneLine(pick(site.FieldApp)), Role: adf.OneLine(pick(site.FieldRole)), Duration: adf.OneLine(pick(site.FieldDuration)), Reason: reason}
}

// labelled divides a text into lines that say what they are and the rest.
func labelled(text string) (map[string]string, string) {
	names := map[string]string{
		"app": site.FieldApp, "application": site.FieldApp, "role": site.FieldRole, "access": site.FieldRole, "duration": site.FieldDuration,
		"for how long": site.FieldDuration, "how long": site.FieldDuration, "reason": site.FieldReason, "why": site.FieldReason,
	}
	found := map[string]string{}
	var rest []string
	for line := range strings.SplitSeq(text, "\n") {
		name, value, ok := strings.Cut(line, ":")
		key := names[strings.ToLower(strings.Trim(name, " *_\t"))]
		if ok && key != "" && strings.TrimSpace(value) != "" && found[key] == "" {
			found[key] = strings.TrimSpace(value)
			continue
		}
		rest = append(rest, line)
	}
	return found, strings.TrimSpace(strings.Join(rest, "\n"))
}
