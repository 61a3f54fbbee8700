package pack

import (
	"errors"
	"fmt"
	"html/template"
)

// pageView is a page of rows.
type pageView struct {
	view
	Number, Of   int
	From, To     int
	Before, Next string
}

// rowPages writes the pages of rows, one after the other, in one walk over the rows.
func (p *press) rowPages() error {
	if p.pages() == 0 {
		return nil
	}
	t, err := templates()
	if err != nil {
		return err
	}
	g := &pager{tables: newTables(reporting{press: p, t: t}, p.groupViews())}
	return errors.Join(p.rows(g.next), g.finish())
}

// pager writes pages of rows.
type pager struct {
	*tables
	file *openFile
	n    int // rows so far
}

func (g *pager) next(row Row) error {
	if g.n%g.limits.page == 0 {
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
	n := g.n / g.limits.page
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
	err = errors.Join(err, g.press.finish(g.file))
	g.file = nil
	return err
}

// page is what stands around the rows of a page, by its number from 0.
func (g *pager) page(n int) pageView {
	v := pageView{Number: n + 1, Of: g.pages(), From: n*g.limits.page + 1, To: min((n+1)*g.limits.page, g.tally.Rows)}
	v.Title, v.CSS, v.C, v.Rows = fmt.Sprintf("%s, page %d", g.c.Name, n+1), template.CSS(reportStyle), g.c, g.tally.Rows
	if n > 0 {
		v.Before = pageName(n - 1)
	}
	if n+1 < v.Of {
		v.Next = pageName(n + 1)
	}
	return v
}
