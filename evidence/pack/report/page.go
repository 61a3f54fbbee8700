package report

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"io"

	"latchkey/evidence/pack"
)

// pageView is a page of rows.
type pageView struct {
	view
	Number, Of   int
	From, To     int
	Before, Next string
}

// PageNames are the names of the pages of rows; none where report.html has them.
func (p *Report) PageNames() []string {
	var out []string
	for n := range p.pages() {
		out = append(out, pageName(n))
	}
	return out
}

// WritePages writes the pages of rows, one after the other, in one walk over the rows.
func (p *Report) WritePages(ctx context.Context, begin func(name string) (io.WriteCloser, error)) error {
	if p.pages() == 0 {
		return nil
	}
	g := &pager{tables: newTables(reporting{Report: p, ctx: ctx}, p.groupViews()), begin: begin}
	return errors.Join(p.Each(ctx, g.next), g.finish())
}

// pager writes pages of rows.
type pager struct {
	*tables
	begin func(name string) (io.WriteCloser, error)
	file  io.WriteCloser
	n     int // rows so far
}

func (g *pager) next(row pack.Row) error {
	if g.n%g.perPage == 0 {
		if err := g.turn(); err != nil {
			return err
		}
	}
	g.n++
	return g.row(row)
}

// turn ends a page and begins the next.
func (g *pager) turn() (err error) {
	if err = g.finish(); err != nil {
		return err
	}
	n := g.n / g.perPage
	if g.file, err = g.begin(pageName(n)); err != nil {
		return err
	}
	g.w = g.file
	return g.draw("page-head", g.page(n))
}

// finish ends the page that is open, if one is.
func (g *pager) finish() error {
	if g.file == nil {
		return nil
	}
	err := g.end()
	if err == nil {
		err = g.draw("page-end", nil)
	}
	err = errors.Join(err, g.file.Close())
	g.file = nil
	return err
}

// page is what stands around the rows of a page, by its number from 0.
func (g *pager) page(n int) pageView {
	v := pageView{Number: n + 1, Of: g.pages(), From: n*g.perPage + 1, To: min((n+1)*g.perPage, g.Summary.Rows)}
	v.Title, v.CSS, v.C, v.Rows = fmt.Sprintf("%s, page %d", g.Campaign.Name, n+1), template.CSS(reportStyle), g.Campaign, g.Summary.Rows
	if n > 0 {
		v.Before = pageName(n - 1)
	}
	if n+1 < v.Of {
		v.Next = pageName(n + 1)
	}
	return v
}
