package pdf

import (
	"cmp"
	"strings"

	"latchkey/evidence/pack"
)

// decided prints the rows, group by group.
func (p printing) decided() error {
	p.heading("Decisions", 1)
	wanted := func(pack.Row) bool { return true }
	if p.Summary.Rows > p.most {
		p.paragraph(said("Of " + itoa(p.Summary.Rows) + " rows those are printed that are privileged, were revoked, or that nobody answered. All are in decisions.csv and report.html."))
		wanted = asked
	}
	here := map[string]int{}
	for _, one := range p.Summary.Groups {
		here[one.Key] = one.Rows
	}
	var g *grid
	open := ""
	groups, names := p.ByKey(), p.Names()
	return p.Each(p.ctx, func(r pack.Row) error {
		if !wanted(r) {
			return nil
		}
		if r.Group != open {
			g = p.group(groups[r.Group], here[r.Group])
			open = r.Group
		}
		g.row(rowID(r), rowPerson(r), rowAccess(r), rowUse(r), rowAdvice(r), rowDecision(r, names), rowRemoval(r))
		return p.pdf.Error()
	})
}

// asked reports whether a row is one that auditors ask about.
func asked(r pack.Row) bool {
	return r.Privileged || r.Removal != nil || r.Outcome.How != pack.ByAnswers
}

// firstRow is how much room there has to be for a group's name, the titles of its columns and its first row, in millimetres.
const firstRow = 55

func (p printing) group(g pack.Group, here int) *grid {
	p.space(firstRow)
	p.heading(g.Name, 2)
	p.paragraph(said("Opens: " + g.Opens + ". " + g.App + ", role " + g.Role + "; risk " + g.Risk + "; " + itoa(here) + " rows. " + g.Directory + " " + g.ID))
	return p.grid(columns{{"Row", 1.3}, {"Person", 2.6}, {"How access came", 2.3}, {"Use", 2.4}, {"Advice", 2.7}, {"Decision", 3.6}, {"Removal", 2.5}})
}

func rowID(r pack.Row) []line {
	out := []line{code(r.ID)}
	if r.Privileged {
		out = append(out, line{"privileged", boldFace, brown()})
	}
	return out
}

func rowPerson(r pack.Row) []line {
	p := r.Person
	name := of("", p.Name, pack.Itself)
	if p.Name.Known() {
		name.face = boldFace
	}
	return []line{name, of("", p.Title, pack.Itself), of("", p.Department, pack.Itself), of("Manager:", p.Manager, pack.Itself), faint(pack.Text(p.Type) + ", " + pack.Text(p.Status)), code(p.Directory + " " + p.Account), code(p.Login)}
}

func rowAccess(r pack.Row) []line {
	out := []line{said(strings.TrimSuffix(r.Access.How+", "+r.Access.Link.Key, ", ")), of("since", r.Access.At, pack.Brief), code(r.Access.Grant)}
	for _, c := range r.Changes.Value {
		out = append(out, alert("Changed since: "+c.String()))
	}
	if k := r.Changes.Knowledge(); k != pack.Known && k != pack.None {
		out = append(out, of("Changed since:", r.Changes, func([]pack.Change) string { return "" }))
	}
	return out
}

func rowUse(r pack.Row) []line {
	return []line{of("", r.LastSignIn.At, pack.Brief), faint(r.LastSignIn.Source), of("remembers since", r.LastSignIn.Reach, pack.Day), of("Peers:", r.Peers, pack.Peers.String)}
}

func rowAdvice(r pack.Row) []line {
	out := []line{strong(pack.Spoken(r.Recommended.Value)), said(r.Recommended.Reason)}
	for _, s := range r.SoD.Value {
		out = append(out, alert(s))
	}
	if k := r.SoD.Knowledge(); k != pack.Known && k != pack.None {
		out = append(out, of("Conflicts:", r.SoD, func([]string) string { return "" }))
	}
	out = append(out, of("Before:", r.Earlier, func(all []pack.Earlier) string { return pack.Joined(all, pack.Earlier.String) }))
	if r.Shown != "" {
		out = append(out, faint("Shown: "+r.Shown))
	}
	return out
}

func rowDecision(r pack.Row, names map[string]string) []line {
	out := []line{strong(r.Outcome.String()), faint(r.Outcome.Words)}
	named := func(id string) string { return cmp.Or(names[id], id) }
	for _, a := range r.Answers {
		if a.For = named(a.For); a.Undone != nil {
			out = append(out, lack(a.String()))
		} else {
			out = append(out, said(a.String()))
		}
	}
	if len(r.Asked) == 0 {
		return append(out, lack("Asked: nobody"))
	}
	return append(out, faint("Asked: "+pack.Joined(r.Asked, func(a pack.Asked) string { return named(a.Reviewer) + " (" + a.How + ")" })))
}

func rowRemoval(r pack.Row) []line {
	m := r.Removal
	if m == nil {
		return []line{faint("none")}
	}
	result := strong(pack.Spoken(m.Result))
	if m.Result == pack.Failed {
		result.ink = red()
	}
	out := []line{result, said(m.Issue.Key), said("asked " + pack.Brief(m.Asked)), of("removed", m.Removed, pack.Brief), of("seen gone", m.Read, pack.Brief), of("checked again", m.Checked, pack.Brief)}
	if m.Cause != "" {
		out = append(out, said(m.Cause))
	}
	for _, back := range m.Restored {
		out = append(out, alert(back.String()))
	}
	return out
}

// removals prints what became of every row that was revoked.
func (p printing) removals() error {
	p.heading("Removals", 1)
	if len(p.Summary.Removals) == 0 {
		p.paragraph(said("Nothing was revoked."))
		return nil
	}
	groups := p.ByKey()
	g := p.grid(columns{{"Row", 1.3}, {"Person", 2.5}, {"Group", 2.2}, {"Issue", 1.2}, {"Asked", 2}, {"Removed", 2}, {"Seen gone", 2}, {"Checked again", 2}, {"Result", 4}})
	return p.Each(p.ctx, func(r pack.Row) error {
		if m := r.Removal; m != nil {
			g.row([]line{code(r.ID)}, []line{of("", r.Person.Name, pack.Itself), code(r.Person.Account)}, []line{said(groups[r.Group].Name)}, []line{said(m.Issue.Key)},
				[]line{said(pack.Brief(m.Asked))}, []line{of("", m.Removed, pack.Brief)}, []line{of("", m.Read, pack.Brief)}, []line{of("", m.Checked, pack.Brief)}, []line{strong(pack.Spoken(m.Result)), said(m.Cause)})
		}
		return p.pdf.Error()
	})
}
