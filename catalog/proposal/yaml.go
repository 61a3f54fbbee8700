package proposal

import (
	"fmt"
	"strings"
	"unicode"

	"latchkey/catalog"
)

// Items are the new apps as items of the list under apps, each with what a reviewer has to know of it, indented by so many
// spaces.
func (p Proposal) Items(w Ways, indent int) string {
	var b writer
	for _, a := range p.Apps {
		if !a.Known {
			b.app(a, w)
		}
	}
	return b.indented(indent)
}

// Additions are the new roles of an app that is configured already, as items of its list of roles.
func (a Proposed) Additions(w Ways, indent int) string {
	var b writer
	for _, r := range a.Roles {
		b.comment("%s", b.reason(r))
		b.line("%s", roleItem(r, w, true))
	}
	b.asides(a.Aside, "")
	return b.indented(indent)
}

// Comment is the same for whoever has to put them there by hand.
func (a Proposed) Comment(w Ways, indent int) string {
	var b writer
	b.comment("For the app %s (id %s), which is configured already, these roles under its roles:", quoted(a.Name), a.ID)
	for _, r := range a.Roles {
		b.comment("  %s", b.reason(r))
		b.comment("  %s", roleItem(r, w, true))
	}
	b.asides(a.Aside, "")
	return b.indented(indent)
}

// writer writes lines of YAML.
type writer struct{ strings.Builder }

func (b *writer) line(format string, args ...any) {
	fmt.Fprintf(b, format+"\n", args...)
}

// comment writes a line that is none of YAML's, whatever texts are in it.
func (b *writer) comment(format string, args ...any) { b.at("", format, args...) }

// at is comment below something.
func (b *writer) at(indent, format string, args ...any) {
	b.line("%s# %s", indent, inComment(fmt.Sprintf(format, args...)))
}

// inComment is a text on one line, without what ends a comment or can't be seen. Indents stay.
func inComment(text string) string {
	rest := strings.TrimLeft(text, " ")
	return text[:len(text)-len(rest)] + strings.Map(oneLine, strings.ReplaceAll(catalog.Sentence(rest), "\ufffd", ""))
}

func oneLine(r rune) rune {
	if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) {
		return ' '
	}
	return r
}

// indented moves all lines to the right.
func (b *writer) indented(by int) string {
	if b.Len() == 0 {
		return ""
	}
	space := strings.Repeat(" ", by)
	return space + strings.ReplaceAll(strings.TrimSuffix(b.String(), "\n"), "\n", "\n"+space) + "\n"
}

func (b *writer) app(a Proposed, w Ways) {
	b.line("- id: %s", text(a.ID))
	b.line("  name: %s", text(a.Name))
	switch {
	case a.Asked == 1:
		b.at("  ", "Asked for in 1 closed issue.")
	case a.Asked > 1:
		b.at("  ", "Asked for in %d closed issues.", a.Asked)
	}
	if !w.Offered {
		b.line("  status: unassigned # approved offers it")
	}
	if len(a.Owners) > 0 {
		b.line("  owners: [%s]", strings.Join(texts(a.Owners), ", "))
	} else {
		b.at("  ", "owners: [] # who answers for it? The directory names nobody.")
	}
	b.line("  route: %s", text(w.terms("").route))
	b.line("  duration: {%s}", durations(w.terms("")))
	b.line("  roles:")
	for _, r := range a.Roles {
		b.at("    ", "%s", b.reason(r))
		b.line("    - %s", strings.TrimPrefix(roleItem(r, w, false), "- "))
	}
	b.asides(a.Aside, "  ")
}

// reason is why a role is proposed and how surely, with how many are in its group.
func (b *writer) reason(r Role) string {
	who := "how many are in it isn't known"
	switch {
	case r.Members == 1:
		who = "1 member"
	case r.Members >= 0:
		who = fmt.Sprintf("%d members", r.Members)
	}
	return fmt.Sprintf("%s: %s, %s. %s", r.Certain, quoted(r.Called), who, strings.Join(r.Why, " "))
}

func (b *writer) asides(all []Aside, indent string) {
	for _, aside := range all {
		b.at(indent, "Not proposed: %s. %s", quoted(aside.About), aside.Why)
	}
}

// roleItem is a role as one item of a list. What it has from its app it doesn't say again, unless it stands alone.
func roleItem(r Role, w Ways, alone bool) string {
	out := fmt.Sprintf("- {id: %s, name: %s, groups: [%s]", text(r.ID), text(r.Name), text(r.Group.String()))
	t := w.terms(r.Kind)
	if r.Kind != "" {
		out += fmt.Sprintf(", kind: %s, risk: %s", r.Kind, t.risk)
		alone = true
	}
	if alone {
		out += fmt.Sprintf(", route: %s, duration: {%s}", text(t.route), durations(t))
	}
	if t.assurance != "" {
		out += fmt.Sprintf(", assurance: %s", t.assurance)
	}
	return out + "}"
}

func durations(t terms) string {
	var choices []string
	for _, c := range t.choices {
		choices = append(choices, catalog.ShortDuration(c))
	}
	out := fmt.Sprintf("choices: [%s], default: %s", strings.Join(choices, ", "), choices[len(choices)-1])
	if t.risk == catalog.High {
		out = fmt.Sprintf("choices: [%s], default: %s", strings.Join(choices, ", "), choices[0])
	}
	if t.max != catalog.Forever {
		out += fmt.Sprintf(", max: %s", catalog.ShortDuration(t.max))
	}
	if t.risk != catalog.Low {
		out += ", required: true"
	}
	return out
}

// text is what somebody wrote as a value that YAML reads back as it is: in double quotes, which JSON and YAML share, with
// whatever YAML wouldn't print as an escape, and without being taken for a reference to the environment or a file.
func text(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ReplaceAll(strings.ToValidUTF8(s, " "), "${", "$${") {
		switch {
		case r == '"' || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r == '\ufeff' || r > 0xffff && !unicode.IsGraphic(r) || r <= 0xffff && !unicode.IsPrint(r):
			escape(&b, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func escape(b *strings.Builder, r rune) {
	if r > 0xffff {
		fmt.Fprintf(b, `\U%08x`, r)
		return
	}
	fmt.Fprintf(b, `\u%04x`, r)
}

func texts(all []string) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = text(s)
	}
	return out
}
