package pdf

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"latchkey/evidence/pack"
	"latchkey/evidence/pack/summary"
)

// PrintedRows is how many rows are printed in full. Of more, those are that an auditor asks
// about; nobody reads a thousand pages, and decisions.csv has them all.
const PrintedRows = 2000

// Write writes report.pdf: what report.html says, on paper. Of more rows than most those are printed that an auditor asks about.
func Write(ctx context.Context, p *summary.Review, most int, w io.Writer) error {
	made := p.Campaign.Times.Made
	paper, err := newPaper("Access review: "+p.Campaign.Name, "Access review "+p.Campaign.ID+", made "+pack.When(made)+" by Latchkey "+p.Campaign.Tool.Version+". All times are UTC.", made)
	if err != nil {
		return err
	}
	out := printing{p, paper, ctx, most}
	out.summary()
	out.scope()
	out.rules()
	out.populations()
	out.reviewers()
	if err := out.decided(); err != nil {
		return err
	}
	if err := out.removals(); err != nil {
		return err
	}
	out.leavers()
	out.exceptions()
	out.check()
	return paper.end(w)
}

// printing prints one review.
type printing struct {
	*summary.Review
	*paper
	ctx  context.Context
	most int // rows
}

func (p printing) summary() {
	c := p.Campaign
	p.paper.heading("Access review: "+c.Name, 0)
	p.paragraph(faint("Review " + c.ID + ", run " + itoa(c.Run) + ", " + pack.Spoken(c.Status) + ", " + c.Issue.String() + ". Period under review: " + pack.Day(c.Period.From) + " to " + pack.Day(c.Period.To) + strings.TrimSuffix(" ("+c.Period.Why+")", " ()") + ". Made " + pack.When(c.Times.Made) + " by Latchkey " + c.Tool.Version + "."))
	p.paragraph(faint("This is report.html on paper. Letters that its font lacks are written as their numbers, as in [U+10D0]."))
	p.heading("Summary", 1)
	p.figures(p.Figures())
	p.heading("What to look at", 2)
	for i, n := range p.Summary.Notes {
		p.paragraph(said(itoa(i+1) + ". " + n.Words + " " + strings.Join(n.About, ", ")))
	}
	if len(p.Summary.Notes) == 0 {
		p.paragraph(said("Nothing: every list is proven, every row was answered in time, and every removal was seen to be done."))
	}
	p.heading("When", 2)
	g := p.grid(columns{{"What", 2}, {"When", 2}, {"Said of it", 5}})
	for _, d := range p.Dates() {
		at := said(d.At)
		if d.At == "" {
			at = lack("has not happened")
		}
		g.row([]line{strong(d.What)}, []line{at}, []line{said(d.Said)})
	}
}

// figures prints the numbers beside each other.
func (p printing) figures(all []summary.Figure) {
	wide := inside / float64(len(all))
	for i, f := range all {
		x := margin + float64(i)*wide
		colour := black()
		if f.Bad {
			colour = red()
		}
		p.letter(boldFace, 16, colour)
		p.write(x, p.y+7, itoa(f.Value))
		for n, l := range p.wrap(f.Name, plainFace, 7.5, wide-3) {
			p.letter(plainFace, 7.5, grey())
			p.write(x, p.y+11+3.4*float64(n), l)
		}
	}
	p.y += 18
}

func (p printing) scope() {
	s := p.Campaign.Scope
	p.heading("Scope", 1)
	p.paragraph(said(s.Text))
	p.paragraph(code("As configured: " + s.Rule))
	p.heading("What this review does not cover", 2)
	for _, b := range s.Blind {
		p.paragraph(said(b.String()))
	}
	p.heading("Left out of it, and who approved that", 2)
	if len(s.Exclusions) == 0 {
		p.paragraph(said("Nothing was left out."))
	} else {
		g := p.grid(columns{{"What", 3}, {"Rows", 1}, {"Why", 4}, {"Approved by", 2}, {"When", 2}})
		for _, e := range s.Exclusions {
			g.row([]line{strong(e.What), code(e.ID)}, []line{said(itoa(e.Rows))}, []line{said(e.Reason)}, []line{said(e.By.Title())}, []line{said(pack.Brief(e.At))})
		}
	}
	p.heading("Groups that are not under review", 2)
	if len(s.NotGoverned) == 0 {
		p.paragraph(said(pack.NoOthersAsked))
		return
	}
	g := p.grid(columns{{"Group", 3}, {"Directory", 2}, {"Members", 2}, {"Why", 4}})
	for _, u := range s.NotGoverned {
		g.row([]line{strong(u.Name), code(u.ID)}, []line{said(u.Directory)}, []line{of("", u.Members, strconv.Itoa)}, []line{said(u.Why)})
	}
}

func (p printing) rules() {
	r := p.Campaign.Policy
	p.heading("Rules", 1)
	g := p.grid(columns{{"Of what", 2}, {"The rule", 8}})
	rule := func(of, text string) { g.row([]line{strong(of)}, []line{said(text)}) }
	rule("Reviewers", r.Reviewers)
	rule("Where that finds nobody", r.Fallback)
	for i, s := range r.Stages {
		rule("Stage "+itoa(i+1), s.Name+". "+s.Words+" ("+s.Strategy+")")
	}
	rule("Nobody could be found", r.NoReviewer)
	rule("Nobody answered", r.NoAnswer)
	rule("How often", r.Cadence)
	rule("What counts as use", r.Usage)
	rule("Taking a removal back", r.Restore)
	rule("Privileged rows", r.Privileged.Meaning+" Reviewed "+r.Privileged.Cadence+"; several at once allowed: "+pack.YesNo(r.Privileged.Bulk)+"; a reason to keep one required: "+pack.YesNo(r.Privileged.Reason))
}

func (p printing) populations() {
	p.heading("Population", 1)
	p.paragraph(said("Who is in each group, as the directory gave it, as of " + pack.When(p.Campaign.Times.Snapshot) + "."))
	g := p.grid(columns{{"Group", 3}, {"Asked", 4}, {"Pages", 1}, {"Counts", 1.2}, {"Stored", 1.1}, {"Left out", 1.2}, {"Here", 1}, {"Read", 4}, {"Proven", 5}})
	for i, one := range p.Campaign.Groups {
		n := one.Population
		asked := []line{}
		for _, r := range append(n.Requests, n.CountedBy) {
			asked = append(asked, code(r))
		}
		g.row([]line{strong(one.Name), said(one.Opens), faint(one.Directory + " (" + one.Kind + ", " + one.Tenant + ")"), code(one.ID)}, asked,
			[]line{said(itoa(n.Pages))}, []line{of("", n.Counted, strconv.Itoa)}, []line{said(itoa(n.Rows))}, []line{said(itoa(n.Left))}, []line{said(itoa(p.Summary.Groups[i].Rows))},
			[]line{said(pack.Clock(n.First) + " to " + pack.Clock(n.Last)), faint("Latchkey " + n.Version), code("rows " + n.Hash), code("accounts " + n.Accounts)}, proof(n))
	}
}

// proof says by what a population is proven.
func proof(n pack.Population) []line {
	out := []line{strong("proven"), said(n.Words)}
	switch {
	case n.Proven:
	case n.Stands():
		out[0] = line{"accepted", boldFace, brown()}
	default:
		out[0] = line{"not proven", boldFace, red()}
	}
	if n.Apart != "" {
		out = append(out, faint(n.Apart))
	}
	if d := n.Explanation(); d != (pack.Difference{}) {
		out = append(out, said(d.Explained+d.Words), faint(n.AcceptedBy()+", "+pack.Brief(d.At)))
	}
	for _, r := range n.Readings {
		out = append(out, faint("Read "+r.String()))
	}
	return out
}

func (p printing) reviewers() {
	p.heading("Reviewers", 1)
	g := p.grid(columns{{"Reviewer", 3}, {"Chosen", 3}, {"Rows", 1}, {"Relation", 3}, {"Conflicts of interest", 4}, {"Delegated or reassigned", 4}})
	for _, r := range p.Campaign.Reviewers {
		conflicts := []line{of("", r.Conflicts, func([]pack.Conflict) string { return "" })}
		for _, c := range r.Conflicts.Value {
			conflicts = append(conflicts, said(c.String()))
		}
		other := []line{}
		for _, d := range r.Delegations {
			other = append(other, said("Delegated "+d.String()))
		}
		for _, d := range r.Reassigned {
			other = append(other, said("Reassigned "+d.String()))
		}
		g.row([]line{strong(r.Name), of("", r.Title, pack.Itself), code(r.ID + " " + r.Account)}, []line{said(r.Chosen)}, []line{said(itoa(r.Rows))}, []line{of("", r.Relation, pack.Itself)}, conflicts, other)
	}
	p.heading("Pace", 2)
	p.paragraph(said("How long each answer took, of those of which that is known. Rows answered at once share their time."))
	g = p.grid(columns{{"Who", 4}, {"Answers", 1}, {"Revoked", 1}, {"Rows a minute", 1.3}, {"Median seconds", 1.4}, {"Under 3 s", 1}, {"At once", 1}, {"Share at once", 1.2}, {"Not timed", 1}})
	for _, one := range p.Summary.Pace {
		g.row([]line{strong(one.Name), code(one.Person)}, []line{said(itoa(one.Answers))}, []line{said(itoa(one.Revoked))}, []line{of("", one.PerMinute, pack.Plain)}, []line{of("", one.Median, pack.Plain)},
			[]line{said(itoa(one.Quick))}, []line{said(itoa(one.Bulk))}, []line{said(pack.Plain(one.BulkShare*100) + " %")}, []line{said(itoa(one.Untimed()))})
	}
}

func (p printing) leavers() {
	p.heading("Leavers", 1)
	if len(p.Campaign.Leavers) == 0 {
		p.paragraph(said("Nobody who has left was in the population."))
		return
	}
	g := p.grid(columns{{"Person", 3}, {"Left", 3}, {"Access seen gone", 2}, {"Sign-ins between", 4}, {"Rows", 2}})
	for _, l := range p.Campaign.Leavers {
		signed := of("", l.SignIns, func(all []time.Time) string { return pack.Joined(all, pack.Brief) })
		g.row([]line{of("", l.Person.Name, pack.Itself), code(l.Person.Directory + " " + l.Person.Account)}, []line{of("", l.Left, pack.Brief), faint(l.Source)},
			[]line{of("", l.Removed, pack.Brief)}, []line{signed, of("remembered since", l.Reach, pack.Day)}, []line{said(strings.Join(l.Rows, ", "))})
	}
}

func (p printing) exceptions() {
	p.heading("Exceptions", 1)
	if len(p.Campaign.Exceptions) == 0 {
		p.paragraph(said("There are none."))
		return
	}
	g := p.grid(columns{{"What", 4}, {"About", 2}, {"Why", 4}, {"Accepted by", 2}, {"When", 2}, {"Until", 2}, {"Issue", 1}})
	for _, e := range p.Campaign.Exceptions {
		until := "this review"
		if !e.Until.IsZero() {
			until = pack.Day(e.Until)
		}
		g.row([]line{strong(e.What)}, []line{code(e.About)}, []line{said(e.Reason)}, []line{said(e.By.Title())}, []line{said(pack.Brief(e.At))}, []line{said(until)}, []line{said(e.Issue.Key)})
	}
}

func (p printing) check() {
	t := p.Campaign.Tool
	p.heading("How to check this", 1)
	p.paragraph(said("This file belongs to a pack. SHA256SUMS has the sum of each of its files, and manifest.note is signed over that. Take the key from somebody you trust, and not from here."))
	p.paragraph(code("latchkey evidence verify --key KEY FOLDER-OR-ZIP"))
	p.paragraph(faint("Log " + t.Log))
	for _, k := range t.Keys {
		p.paragraph(faint("Signed with " + k))
	}
	p.paragraph(faint("The review's own chain: " + t.Chain.Subject + ", " + strconv.FormatUint(t.Chain.N, 10) + " events, the last " + t.Chain.Leaf))
	if p.Head.Size > 0 {
		p.paragraph(faint("Head of the log: " + strconv.FormatUint(p.Head.Size, 10) + " events, root " + p.Head.Root.String()))
	}
}
