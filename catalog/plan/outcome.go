package plan

import (
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// outcome is what would come of somebody's asks for a role, for all lengths that were tried.
type outcome struct {
	runs    []run
	why     string // why nothing can be asked for
	unknown string // why it couldn't be found out
}

// run are lengths, one after the other, with the same way to a yes.
type run struct {
	way  string
	upTo time.Duration
	made access.Request // of the last one
}

// outcomeOf tries a role for all lengths, ascending.
func outcomeOf(answers Answers, ref catalog.RoleRef, lengths []time.Duration) (out outcome) {
	for _, wanted := range lengths {
		r, err := answers(ref, wanted)
		refusal, refused := access.AsRefusal(err)
		switch {
		case err != nil && !refused:
			out.unknown = err.Error()
			return out
		case refused && refusal.Field == "duration":
		case refused:
			if out.why == "" {
				out.why = whyNot(refusal)
			}
		default:
			way := wayOf(r)
			if last := len(out.runs) - 1; last >= 0 && out.runs[last].way == way {
				out.runs[last].upTo, out.runs[last].made = wanted, r
				continue
			}
			out.runs = append(out.runs, run{way, wanted, r})
		}
	}
	if out.why == "" {
		out.why = "it can't be held for any of the lengths that are offered"
	}
	return out
}

func (o outcome) may() bool { return len(o.runs) > 0 }

func (o outcome) most() time.Duration { return o.runs[len(o.runs)-1].upTo }

func (o outcome) endless() bool { return o.may() && o.most() == catalog.Forever }

func (o outcome) longest() string {
	if o.endless() {
		return catalog.FormatDuration(catalog.Forever)
	}
	return catalog.FormatDuration(o.most()) + " at most"
}

// ways say how a yes is reached, by length where that matters.
func (o outcome) ways() string {
	if len(o.runs) == 1 {
		return o.runs[0].way
	}
	said := make([]string, len(o.runs))
	for i, r := range o.runs {
		said[i] = "up to " + catalog.FormatDuration(r.upTo) + ": " + r.way
	}
	last := len(said) - 1
	said[last] = "longer: " + o.runs[last].way
	return strings.Join(said, "; ")
}

// wayOf says how a yes to a request is reached, in the words of the file.
func wayOf(r access.Request) string {
	if r.State == access.RequestApproved {
		return "nobody is asked"
	}
	stages := make([]string, len(r.Stages))
	for i, s := range r.Stages {
		stages[i] = stageText(s)
	}
	way := strings.Join(stages, ", then ")
	if r.Distinct {
		way += ", each of them somebody else"
	}
	if r.StepUp {
		way += ", with a sign-in"
	}
	return way
}

func stageText(s access.Stage) string {
	text := sourcesText(s.Sources, " or ")
	switch {
	case s.Need.All:
		text = "all of " + sourcesText(s.Sources, ", ")
	case s.Need.Several():
		text = s.Need.String() + " of " + sourcesText(s.Sources, ", ")
	}
	if len(s.Backups) > 0 {
		text += " (back-up: " + sourcesText(s.Backups, ", ") + ")"
	}
	return text
}

func sourcesText(all []catalog.Approver, between string) string {
	said := make([]string, len(all))
	for i, a := range all {
		said[i] = a.String()
	}
	return strings.Join(said, between)
}

// whyNot is what a refusal says, to whoever is not the one who asks.
func whyNot(r *access.Refusal) string {
	said := firstSentence(r.Sentence)
	if _, what, unknown := strings.Cut(said, "isn't known of "); unknown && r.Reason == access.Undetermined {
		_, what, _ = strings.Cut(what, ": ")
		return "it depends on what isn't known of them: " + what
	}
	return said
}

// firstSentence is what a refusal says, without what to do about it, but with the rule that it names.
func firstSentence(text string) string {
	first, rest, _ := strings.Cut(text, ". ")
	if _, rule, named := strings.Cut(rest, "(That is "); named {
		rule, _, _ = strings.Cut(rule, " of the policy")
		return first + " (" + rule + ")"
	}
	return strings.TrimSuffix(first, ".")
}

// lengths are for how long a role is tried: all that either file offers or bounds it by, ascending, with
// no end last.
func (c *Comparison) lengths(ref catalog.RoleRef) (out []time.Duration) {
	endless := false
	for _, f := range c.files {
		_, role, ok := f.Catalog.Role(ref.App, ref.Role)
		if !ok {
			continue
		}
		d := role.Durations
		out = append(append(out, d.Choices...), d.Default, d.Max)
		endless = endless || d.Max == catalog.Forever
		out = append(out, bounds(f.Catalog, role)...)
	}
	out = slices.DeleteFunc(out, func(d time.Duration) bool { return d <= 0 })
	slices.Sort(out)
	out = slices.Compact(out)
	if endless {
		out = append(out, catalog.Forever)
	}
	return out
}

// bounds are the lengths by which a policy tells asks apart.
func bounds(c *catalog.Catalog, role catalog.Role) []time.Duration {
	p := c.Policy()
	out := []time.Duration{p.Max[role.Risk], p.Contractors.Max}
	of := func(i catalog.Condition) { out = append(out, i.Over, i.UpTo) }
	for _, r := range p.Rules {
		of(r.If)
		out = append(out, r.Then.Max)
		for _, s := range r.Then.Stages {
			of(s.If)
		}
	}
	for _, r := range c.Routes() {
		for _, s := range r.Stages {
			of(s.If)
		}
	}
	return out
}
