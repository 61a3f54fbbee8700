package report

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
	"time"

	"latchkey/evidence/anchor"
	"latchkey/evidence/pack"
	"latchkey/evidence/pack/summary"
)

//go:embed report.tmpl
var reportText string

//go:embed report.css
var reportStyle string

// Style is how the report looks, for other pages that auditors read.
func Style() template.CSS { return template.CSS(reportStyle) }

// RowsPerPage is how many rows one HTML page holds: more than that, and browsers take long.
const RowsPerPage = 5000

// fact is a fact as a template draws it.
type fact struct {
	Known bool
	Text  string
}

func drawn[T any](f pack.Fact[T], write func(T) string) fact {
	if f.Known() {
		return fact{true, pack.Clean(write(f.Value))}
	}
	return fact{false, pack.Clean(pack.Lacking(f.Knowledge(), f.Why))}
}

// named is a fact of which the words say what it is where there is none.
func named(what string, f pack.Fact[string]) fact {
	out := drawn(f, pack.Itself)
	if !out.Known {
		out.Text = what + " " + out.Text
	}
	return out
}

// templates are the parts of the pages, with the names of reviewers.
func templates(names map[string]string) (*template.Template, error) {
	return template.New("report").Funcs(template.FuncMap{
		"clean": pack.Clean, "when": pack.Brief, "day": pack.Day, "clock": pack.Clock, "link": shown, "named": named,
		"who":      func(a pack.Actor) string { return pack.Clean(a.Title()) },
		"reviewer": func(id string) string { return pack.Clean(cmp.Or(names[id], id)) },
		"address":  breakable,
		"noOthers": func() string { return pack.NoOthersAsked },
		"inc":      func(n int) int { return n + 1 },
		"percent":  func(v float64) string { return strconv.Itoa(int(v*100+.5)) + " %" },
		"outcome":  pack.Outcome.String,
		"some":     pack.Some,
		"took":     func(a pack.Answer) string { return pack.Clean(a.Took()) },
		"spoken":   func(v any) string { return strings.ReplaceAll(fmt.Sprint(v), "_", " ") },
		"text":     func(f pack.Fact[string]) fact { return drawn(f, pack.Itself) },
		"number":   func(f pack.Fact[int]) fact { return drawn(f, strconv.Itoa) },
		"decimal":  func(f pack.Fact[float64]) fact { return drawn(f, pack.Plain) },
		"moment":   func(f pack.Fact[time.Time]) fact { return drawn(f, pack.Brief) },
		"date":     func(f pack.Fact[time.Time]) fact { return drawn(f, pack.Day) },
		"peers":    func(f pack.Fact[pack.Peers]) fact { return drawn(f, pack.Peers.String) },
		"lacks":    func(f interface{ Lacking() string }) fact { return fact{false, pack.Clean(f.Lacking())} },
	}).Parse(reportText)
}

// breakable is an address that a narrow column breaks before its @ and after its dots, and not in the middle of a word.
func breakable(address string) template.HTML {
	safe := template.HTMLEscapeString(pack.Clean(address))
	return template.HTML(strings.NewReplacer("@", "<wbr>@", ".", ".<wbr>").Replace(safe))
}

// shown is a link whose address is one of the web, or none.
func shown(l pack.Link) pack.Link {
	if !strings.HasPrefix(l.URL, "https://") && !strings.HasPrefix(l.URL, "http://") {
		l.Key, l.URL = strings.TrimSpace(l.Key+" "+l.URL), ""
	}
	if l.Key == "" {
		l.Key = l.URL
	}
	return l
}

// Report is the report of one review in HTML.
type Report struct {
	*summary.Review
	perPage int // rows that one page holds
	t       *template.Template
}

// New makes the report of a review, of which one page holds so many rows at most.
func New(r *summary.Review, perPage int) (*Report, error) {
	t, err := templates(r.Names())
	return &Report{r, perPage, t}, err
}

// Write writes report.html.
func (p *Report) Write(ctx context.Context, w io.Writer) error {
	v, err := p.view(ctx)
	if err != nil {
		return err
	}
	r := reporting{p, ctx, w}
	for _, part := range []func(view) error{r.top, r.decided, r.privileged, r.removed, r.people} {
		if err := part(v); err != nil {
			return err
		}
	}
	return r.draw("end", v)
}

// reporting draws one page.
type reporting struct {
	*Report
	ctx context.Context
	w   io.Writer
}

func (r reporting) draw(part string, what any) error { return r.t.ExecuteTemplate(r.w, part, what) }

func (r reporting) top(v view) error { return r.draw("head", v) }

// decided draws all rows, or says on which pages they are.
func (r reporting) decided(v view) error {
	if len(v.Pages) > 0 {
		return r.draw("pages", v)
	}
	tables := newTables(r, v.Groups)
	if err := r.Each(r.ctx, tables.row); err != nil {
		return err
	}
	return tables.end()
}

// tables draws rows, a table for each group.
type tables struct {
	reporting
	groups map[string]groupView
	open   string // the group whose table is open
	last   string // the group of the row before
}

func newTables(r reporting, groups []groupView) *tables {
	t := &tables{reporting: r, groups: map[string]groupView{}}
	for _, g := range groups {
		t.groups[g.Key] = g
	}
	return t
}

func (t *tables) row(row pack.Row) error {
	if row.Group != t.open {
		if err := t.end(); err != nil {
			return err
		}
		g := t.groups[row.Group]
		g.Continued = row.Group == t.last
		if err := t.draw("group", g); err != nil {
			return err
		}
		t.open, t.last = row.Group, row.Group
	}
	return t.draw("row", row)
}

// end ends the table that is open, if one is.
func (t *tables) end() error {
	if t.open == "" {
		return nil
	}
	t.open = ""
	return t.draw("group-end", nil)
}

// rowView is a row as the shorter tables have it.
type rowView struct {
	pack.Row
	Group    pack.Group
	URL      string // of where it stands in full
	Counting []pack.Answer
}

// each draws the rows for which that is wanted.
func (r reporting) each(part string, wanted func(pack.Row) bool) error {
	groups, n := r.ByKey(), -1
	return r.Each(r.ctx, func(row pack.Row) error {
		if n++; !wanted(row) {
			return nil
		}
		return r.draw(part, rowView{row, groups[row.Group], r.url(row.ID, n), row.Counting()})
	})
}

func (r reporting) privileged(v view) error {
	if err := r.draw("privileged", v); err != nil {
		return err
	}
	return r.each("privileged-row", func(row pack.Row) bool { return row.Privileged })
}

func (r reporting) removed(v view) error {
	if err := r.draw("removals", v); err != nil {
		return err
	}
	return r.each("removal-row", func(row pack.Row) bool { return row.Removal != nil })
}

// people draws leavers, exceptions and the list by person.
func (r reporting) people(v view) error {
	if err := r.draw("leavers", v); err != nil {
		return err
	}
	if len(v.Pages) > 0 {
		return r.draw("people-elsewhere", v)
	}
	list, err := r.byPerson(r.ctx)
	if err != nil {
		return err
	}
	return r.draw("people", list)
}

// url is where the row with a number, from 0, stands.
func (p *Report) url(id string, n int) string {
	if p.Summary.Rows <= p.perPage {
		return "#" + id
	}
	return pageName(n/p.perPage) + "#" + id
}

// pageName is the name of a page of rows, by its number from 0.
func pageName(n int) string { return fmt.Sprintf("rows-%04d.html", n+1) }

// pages is how many pages the rows have by themselves; 0 where report.html has them.
func (p *Report) pages() int {
	if p.Summary.Rows <= p.perPage {
		return 0
	}
	return (p.Summary.Rows + p.perPage - 1) / p.perPage
}

// view is the campaign as the templates draw it.
type view struct {
	Title   string
	CSS     template.CSS
	C       pack.Campaign
	Rows    int
	Figures []summary.Figure
	Notes   []noteView
	Dates   []summary.Date
	Groups  []groupView
	Pace    []summary.Pace
	Results []string
	Leavers []leaverView
	Pages   []pageLink
	Head    anchor.Checkpoint
}

// noteView is a note with links to what it is about.
type noteView struct {
	Words string
	About []pack.Link
	More  int
}

// groupView is a group with how many rows it has here.
type groupView struct {
	pack.Group
	Anchor    string
	Here      int
	Continued bool // its first rows stand on the page before
}

// leaverView is a leaver with links to their rows.
type leaverView struct {
	pack.Leaver
	Links []pack.Link
}

// pageLink leads to a page of rows.
type pageLink struct{ Name, Label string }
