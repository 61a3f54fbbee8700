package report

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"slices"

	"latchkey/evidence/pack"
)

func (p *Report) view(ctx context.Context) (view, error) {
	where, err := p.locate(ctx)
	if err != nil {
		return view{}, err
	}
	v := view{
		Title: p.Campaign.Name + ", " + p.Campaign.ID, CSS: template.CSS(reportStyle), C: p.Campaign, Rows: p.Summary.Rows,
		Figures: p.Figures(), Dates: p.Dates(), Groups: p.groupViews(), Pace: p.Summary.Pace, Head: p.Head, Results: p.Results(),
	}
	for _, n := range p.Summary.Notes {
		v.Notes = append(v.Notes, noteView{n.Words, where.links(n.About), n.Count - len(n.About)})
	}
	for _, l := range p.Campaign.Leavers {
		v.Leavers = append(v.Leavers, leaverView{l, where.links(l.Rows)})
	}
	for n := range p.pages() {
		label := fmt.Sprintf("Rows %d to %d", n*p.perPage+1, min((n+1)*p.perPage, p.Summary.Rows))
		v.Pages = append(v.Pages, pageLink{pageName(n), label})
	}
	return v, nil
}

func (p *Report) groupViews() []groupView {
	var out []groupView
	for i, g := range p.Campaign.Groups {
		out = append(out, groupView{Group: g, Anchor: fmt.Sprintf("group-%d", i+1), Here: p.Summary.Groups[i].Rows})
	}
	return out
}

// places say where rows stand.
type places map[string]string

// locate finds where those rows stand that something leads to beside the tables of rows.
func (p *Report) locate(ctx context.Context) (places, error) {
	out := places{}
	for _, n := range p.Summary.Notes {
		for _, id := range n.About {
			out[id] = ""
		}
	}
	for _, l := range p.Campaign.Leavers {
		for _, id := range l.Rows {
			out[id] = ""
		}
	}
	n := -1
	err := p.Each(ctx, func(r pack.Row) error {
		n++
		if _, wanted := out[r.ID]; wanted {
			out[r.ID] = p.url(r.ID, n)
		}
		return nil
	})
	return out, err
}

// links lead to rows; what is no row has no address.
func (w places) links(ids []string) []pack.Link {
	var out []pack.Link
	for _, id := range ids {
		out = append(out, pack.Link{Key: id, URL: w[id]})
	}
	return out
}

// personView is somebody with all of their rows.
type personView struct {
	Person pack.Person
	Rows   []personRow
}

// personRow is a row in short.
type personRow struct{ ID, Group, Outcome string }

// byPerson is everybody by name, with all of their rows. An account is one person, whatever
// it is called.
func (p *Report) byPerson(ctx context.Context) ([]personView, error) {
	groups, at := p.ByKey(), map[[2]string]int{}
	var out []personView
	err := p.Each(ctx, func(r pack.Row) error {
		key := [2]string{r.Person.Directory, r.Person.Account}
		i, known := at[key]
		if !known {
			i = len(out)
			at[key], out = i, append(out, personView{Person: r.Person})
		}
		out[i].Rows = append(out[i].Rows, personRow{r.ID, groups[r.Group].Name, r.Outcome.String()})
		return nil
	})
	slices.SortStableFunc(out, func(a, b personView) int {
		return cmp.Or(cmp.Compare(a.Person.Name.Value, b.Person.Name.Value), cmp.Compare(a.Person.Account, b.Person.Account))
	})
	return out, err
}
