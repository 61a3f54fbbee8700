package plan

import (
	"slices"
	"strings"
	"time"

	"latchkey/catalog"
)

// reviews are the lines about access reviews. A run keeps the definition with which it began, so all of it is about the
// next one.
func (c *Comparison) reviews() {
	before, after := byReview(c.files[was].Catalog), byReview(c.files[becomes].Catalog)
	for id, n := range after {
		o, there := before[id]
		if !there {
			c.say(Reviewed, Gain, n.Name, "a review of access, that begins "+begins(n))
			continue
		}
		if o.Name != n.Name {
			c.say(Reviewed, Change, n.Name, "name: "+o.Name+" → "+n.Name)
		}
		if a, b := begins(o), begins(n); a != b {
			c.say(Reviewed, Change, n.Name, "begins: "+a+" → "+b)
		}
		for _, of := range reviewSaid(o, n) {
			if of.before != of.after {
				c.say(Reviewed, Change, n.Name, of.what+": "+orNone(of.before)+" → "+orNone(of.after)+", from the next run on")
			}
		}
		for _, what := range unlikeReview(o, n) {
			c.say(Reviewed, Change, n.Name, what+" from the next run on")
		}
	}
	for id, o := range before {
		if _, there := after[id]; !there {
			c.say(Reviewed, Loss, o.Name, "no run of it begins any more")
		}
	}
}

// Run compares what a run of a review that goes on began with, with what becomes of its definition. name is the run.
func (c *Comparison) Run(name string, began catalog.Review) {
	n, there := byReview(c.files[becomes].Catalog)[began.ID]
	o, was := byReview(c.files[was].Catalog)[began.ID]
	switch {
	case was && there && alike(o, n), !was && !there:
		return
	case !there:
		c.Note(Line{Section: Reviewed, Sign: Change, About: began.Name, Says: "its definition goes; a run that goes on keeps the one with which it began"}, name)
	case !alike(began, n):
		c.Note(Line{Section: Reviewed, Sign: Change, About: began.Name, Says: "its definition is different; a run that goes on keeps the one with which it began"}, name)
	}
}

func byReview(c *catalog.Catalog) map[string]catalog.Review {
	out := map[string]catalog.Review{}
	for _, r := range c.Reviews() {
		out[r.ID] = r
	}
	return out
}

// begins says what begins a review. A line of the calendar counts from the next start.
func begins(r catalog.Review) string {
	switch {
	case len(r.Occasions) > 0:
		return "by itself, on " + strings.Join(r.Occasions, ", ")
	case r.Line != "":
		return "by the calendar, “" + r.Line + "”, from the next start of Latchkey on"
	}
	return "by hand"
}

func reviewSaid(o, n catalog.Review) []saying {
	started := func(r catalog.Review) string {
		if r.Automatic {
			return "by itself"
		}
		return "by hand"
	}
	long := func(d time.Duration) string { return catalog.ShortDuration(d) }
	return []saying{
		{"it starts", started(o), started(n)},
		{"unanswered", string(o.Unanswered), string(n.Unanswered)},
		{"unreachable", string(o.Unreachable), string(n.Unreachable)},
		{"undo", long(o.Undo), long(n.Undo)},
		{"restore", long(o.Restore), long(n.Restore)},
		{"channel", o.Channel, n.Channel},
		{"no_usage", strings.Join(o.NoUsage, ", "), strings.Join(n.NoUsage, ", ")},
	}
}

// unlikeReview are the parts of a definition that are different and too long to be said both ways.
func unlikeReview(o, n catalog.Review) (out []string) {
	if !alike(o.Scope, n.Scope) {
		out = append(out, "it is about other access")
	}
	if len(o.Stages) != len(n.Stages) {
		return append(out, "its rounds are others")
	}
	for i := range n.Stages {
		a, b := o.Stages[i], n.Stages[i]
		if !alike([][]catalog.Approver{a.Reviewers, a.Fallback, a.Additional}, [][]catalog.Approver{b.Reviewers, b.Fallback, b.Additional}) {
			out = append(out, "others are asked")
		}
		if a.Strategy != b.Strategy {
			out = append(out, "answers count as "+string(b.Strategy)+", not as "+string(a.Strategy)+",")
		}
		if a.Lasts != b.Lasts {
			out = append(out, "reviewers have "+catalog.ShortDuration(b.Lasts)+", not "+catalog.ShortDuration(a.Lasts)+",")
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
