package snapshot

import (
	"latchkey/catalog"
)

// groupRows is where the rows of a group are: a page of them.
type groupRows struct {
	ref
	rows        int
	first, last int // the accounts of its first and last row
}

// groupAtMost is how many rows a group can have, at the most.
const groupAtMost = 1 << 31

func packGroup(g Group, pages []groupRows) []byte {
	var p packer
	p.count(g.Number)
	p.text(g.Ref.Directory)
	p.text(g.Ref.Group)
	p.flag(g.Ref.ByID)
	p.text(g.ID)
	p.text(g.Name)
	p.text(g.App)
	p.texts(g.Roles)
	p.text(string(g.Risk))
	p.flag(g.Privileged)
	p.text(g.Opens)
	p.text(string(g.Proof))
	p.number(g.First)
	p.count(g.Rows)
	p.count(len(pages))
	for _, one := range pages {
		p.number(one.number)
		p.hash(one.sum)
		p.count(one.rows)
		p.count(one.first)
		p.count(one.last)
	}
	return p
}

func unpackGroup(raw []byte) (Group, []groupRows, error) {
	u := &unpacker{rest: raw}
	g := Group{Number: u.count(groupAtMost)}
	g.Ref = catalog.GroupRef{Directory: u.text(), Group: u.text(), ByID: u.flag()}
	g.ID, g.Name, g.App, g.Roles = u.text(), u.text(), u.text(), u.texts()
	g.Risk, g.Privileged, g.Opens = catalog.Risk(u.text()), u.flag(), u.text()
	if proof := u.text(); proof != "" {
		g.Proof = []byte(proof)
	}
	g.First, g.Rows = u.number(), u.count(groupAtMost)
	pages := make([]groupRows, u.things())
	rows := 0
	for i := range pages {
		pages[i].ref = ref{u.number(), u.hash()}
		pages[i].rows, pages[i].first, pages[i].last = u.count(rowsAtMost), u.count(peopleAtMost), u.count(peopleAtMost)
		rows += pages[i].rows
	}
	if rows != g.Rows {
		u.fail()
	}
	return g, pages, u.end()
}
