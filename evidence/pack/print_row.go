package pack

import "strings"

// decided prints the rows, group by group.
func (p printing) decided() error {
	p.heading("Decisions", 1)
	wanted := func(Row) bool { return true }
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
	groups := p.ByKey()
	return p.Each(p.ctx, func(r Row) error {
		if !wanted(r) {
			return nil
		}
		if r.Group != open {
			g = p.group(groups[r.Group], here[r.Group])
			open = r.Group
		}
		g.row(rowID(r), rowPerson(r), rowAccess(r), rowUse(r), rowAdvice(r), rowDecision(r), rowRemoval(r))
		return p.pdf.Error()
	})
}

// asked reports whether a row is one that auditors ask about.
func asked(r Row) bool { return r.Privileged || r.Removal != nil || r.Outcome.How != ByAnswers }

func (p printing) group(g Group, here int) *grid {
	p.heading(g.Name, 2)
	p.paragraph(said("Opens: " + g.Opens + ". " + g.App + ", role " + g.Role + "; risk " + g.Risk + "; " + itoa(here) + " rows. " + g.Directory + " " + g.ID))
	return p.grid(columns{{"Row", 1.3}, {"Person", 2.6}, {"How access came", 2.3}, {"Use", 2.4}, {"Advice", 2.7}, {"Decision", 3.6}, {"Removal", 2.5}})
}

func rowID(r Row) []line {
	out := []line{code(r.ID)}
	if r.Privileged {
		out = append(out, line{"privileged", boldFace, brown()})
	}
	return out
}

func rowPerson(r Row) []line {
	p := r.Person
	name := of("", p.Name, itself)
	if p.Name.Known() {
		name.face = boldFace
	}
	return []line{name, of("", p.Title, itself), of("", p.Department, itself), of("Manager:", p.Manager, itself), faint(text(p.Type) + ", " + text(p.Status)), code(p.Directory + " " + p.Account), code(p.Login)}
}

func rowAccess(r Row) []line {
	out := []line{said(strings.TrimSuffix(r.Access.How+", "+r.Access.Link.Key, ", ")), of("since", r.Access.At, brief), code(r.Access.Grant)}
	for _, c := range r.Changes.Value {
		out = append(out, alert("Changed since: "+c.String()))
	}
	if k := r.Changes.Knowledge(); k != Known && k != None {
		out = append(out, of("Changed since:", r.Changes, func([]Change) string { return "" }))
	}
	return out
}

func rowUse(r Row) []line {
	return []line{of("", r.LastSignIn.At, brief), faint(r.LastSignIn.Source), of("remembers since", r.LastSignIn.Reach, day), of("Peers:", r.Peers, Peers.String)}
}

func rowAdvice(r Row) []line {
	out := []line{strong(spoken(r.Recommended.Value)), said(r.Recommended.Reason)}
	for _, s := range r.SoD.Value {
		out = append(out, alert(s))
	}
	if k := r.SoD.Knowledge(); k != Known && k != None {
		out = append(out, of("Conflicts:", r.SoD, func([]string) string { return "" }))
	}
	out = append(out, of("Before:", r.Earlier, func(all []Earlier) string { return joined(all, Earlier.String) }))
	if r.Shown != "" {
		out = append(out, faint("Shown: "+r.Shown))
	}
	return out
}

func rowDecision(r Row) []line {
	out := []line{strong(r.Outcome.String()), faint(r.Outcome.Words)}
	for _, a := range r.Answers {
		if a.Undone != nil {
			out = append(out, lack(a.String()))
		} else {
			out = append(out, said(a.String()))
		}
	}
	if len(r.Asked) == 0 {
		return append(out, lack("Asked: nobody"))
	}
	return append(out, faint("Asked: "+joined(r.Asked, func(a Asked) string { return a.Reviewer + " (" + a.How + ")" })))
}

func rowRemoval(r Row) []line {
	m := r.Removal
	if m == nil {
		return []line{faint("none")}
	}
	result := strong(spoken(m.Result))
	if m.Result == Failed {
		result.ink = red()
	}
	out := []line{result, said(m.Issue.Key), said("asked " + brief(m.Asked)), of("removed", m.Removed, brief), of("seen gone", m.Read, brief), of("checked again", m.Checked, brief)}
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
	return p.Each(p.ctx, func(r Row) error {
		if m := r.Removal; m != nil {
			g.row([]line{code(r.ID)}, []line{of("", r.Person.Name, itself), code(r.Person.Account)}, []line{said(groups[r.Group].Name)}, []line{said(m.Issue.Key)},
				[]line{said(brief(m.Asked))}, []line{of("", m.Removed, brief)}, []line{of("", m.Read, brief)}, []line{of("", m.Checked, brief)}, []line{strong(spoken(m.Result)), said(m.Cause)})
		}
		return p.pdf.Error()
	})
}
