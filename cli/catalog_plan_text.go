package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"latchkey/catalog/plan"
)

// writePlan writes a plan for whoever sits at a terminal.
func writePlan(w io.Writer, p plan.Plan, names int) error {
	var b strings.Builder
	fmt.Fprintln(&b, planSummary(p))
	for _, part := range parts(p) {
		fmt.Fprintf(&b, "\n%s\n", part.title)
		for _, l := range part.lines {
			fmt.Fprintln(&b, "  "+sign(l)+" "+oneLine(l.Text(names)))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writePlanMarkdown writes a plan for a pull request.
func writePlanMarkdown(w io.Writer, p plan.Plan, names int) error {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n", markdownText(planSummary(p)))
	for _, part := range parts(p) {
		fmt.Fprintf(&b, "\n### %s\n\n", part.title)
		for _, l := range part.lines {
			fmt.Fprintf(&b, "- `%s` %s\n", sign(l), markdownText(oneLine(l.Text(names))))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// markdownText keeps what the files say from being taken for Markdown.
func markdownText(text string) string {
	return strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "#", `\#`, "|", `\|`, "~", `\~`).Replace(text)
}

// planPart are lines under one title.
type planPart struct {
	title string
	lines []plan.Line
}

// parts are the lines of a plan, in the order in which they are read.
func parts(p plan.Plan) (out []planPart) {
	for _, s := range plan.Sections() {
		lines := slices.DeleteFunc(slices.Clone(p.Changes), func(l plan.Line) bool { return l.Section != s })
		if len(lines) > 0 {
			out = append(out, planPart{s.Title(), lines})
		}
	}
	if len(p.Restart) > 0 {
		out = append(out, planPart{"Counts once Latchkey is started again", plain(p.Restart)})
	}
	if len(p.Standing) > 0 {
		out = append(out, planPart{"As it was before", p.Standing})
	}
	if len(p.Unknown) > 0 {
		out = append(out, planPart{"Not known, so that nothing is said of it", plain(p.Unknown)})
	}
	return out
}

func plain(texts []string) (out []plan.Line) {
	for _, t := range texts {
		out = append(out, plan.Line{Says: t})
	}
	return out
}

func sign(l plan.Line) string { return cmp.Or(string(l.Sign), "=") }

// planSummary is how many changes there are, and by what they were found out.
func planSummary(p plan.Plan) string {
	said := "Nothing becomes different"
	if p.Changed {
		said = count(len(p.Changes)+len(p.Restart), "change", "changes")
	}
	by := "the two files alone, for " + count(p.Kinds, "kind", "kinds") + " of people that they tell apart"
	if p.Kinds == 0 {
		by = fmt.Sprintf("what the store knows: %s, %s since %s", count(p.People, "person", "people"), count(p.Requests, "request", "requests"), p.Since.UTC().Format("2 January"))
	}
	return fmt.Sprintf("%s from %s (catalogue %s) to %s (%s), by %s.", said, p.Old.File, p.Old.Version, p.New.File, p.New.Version, by)
}
