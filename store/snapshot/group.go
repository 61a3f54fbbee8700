package snapshot

import (
	"latchkey/catalog"
	"latchkey/store/snapshot/columns"
)

// groupRows is where the rows of a group are: a page of them.
type groupRows struct {
	ref
	rows        int
	first, last int // the accounts of its first and last row
}

func packGroup(g Group, pages []groupRows) []byte {
	var p columns.Packer
	p.Count(g.Number)
	p.Text(g.Ref.Directory)
	p.Text(g.Ref.Group)
	p.Flag(g.Ref.ByID)
	p.Text(g.ID)
	p.Text(g.Name)
	p.Text(g.App)
	p.Texts(g.Roles)
	p.Text(string(g.Risk))
	p.Flag(g.Privileged)
	p.Text(g.Opens)
	p.Text(string(g.Proof))
	p.Number(g.First)
	p.Count(g.Rows)
	p.Count(len(pages))
	for _, one := range pages {
		p.Number(one.number)
		p.Hash(one.sum)
		p.Count(one.rows)
		p.Count(one.first)
		p.Count(one.last)
	}
	return p
}

func unpackGroup(raw []byte) (Group, []groupRows, error) {
	u := &columns.Unpacker{Rest: raw}
	g := Group{Number: u.Count(groupAtMost)}
	g.Ref = catalog.GroupRef{Directory: u.Text(), Group: u.Text(), ByID: u.Flag()}
	g.ID, g.Name, g.App, g.Roles = u.Text(), u.Text(), u.Text(), u.Texts()
	g.Risk, g.Privileged, g.Opens = catalog.Risk(u.Text()), u.Flag(), u.Text()
	if proof := u.Text(); proof != "" {
		g.Proof = []byte(proof)
	}
	g.First, g.Rows = u.Number(), u.Count(groupAtMost)
	pages := make([]groupRows, u.Things())
	rows := 0
	for i := range pages {
		pages[i].ref = ref{u.Number(), u.Hash()}
		pages[i].rows, pages[i].first, pages[i].last = u.Count(rowsAtMost), u.Count(peopleAtMost), u.Count(peopleAtMost)
		rows += pages[i].rows
	}
	if rows != g.Rows {
		u.Fail()
	}
	return g, pages, u.End()
}
