package snapshot

import (
	"fmt"
	"slices"
	"sort"
	"time"

	"latchkey/store"
	"latchkey/store/snapshot/columns"
)

// contents is where everything of a snapshot is.
type contents struct {
	Header
	groups []groupAt
	people []peopleAt
	index  []indexAt
}

// groupAt is where a group is.
type groupAt struct {
	ref
	first uint64 // item id of its first row
	rows  int
}

// peopleAt is where the people from a number on are.
type peopleAt struct {
	ref
	first int
}

// indexAt is where the keys from one on are.
type indexAt struct {
	ref
	first string
}

func packContents(c contents) []byte {
	var p columns.Packer
	p.Moment(c.Begun)
	p.Moment(c.Finished)
	p.Count(c.People)
	p.Number(c.Rows)
	p.Count(len(c.groups))
	for _, g := range c.groups {
		p.Number(g.number)
		p.Hash(g.sum)
		p.Number(g.first)
		p.Count(g.rows)
	}
	p.Count(len(c.people))
	for _, one := range c.people {
		p.Number(one.number)
		p.Hash(one.sum)
		p.Count(one.first)
	}
	p.Count(len(c.index))
	for _, one := range c.index {
		p.Number(one.number)
		p.Hash(one.sum)
		p.Text(one.first)
	}
	return p
}

func unpackContents(raw []byte) (contents, error) {
	u := &columns.Unpacker{Rest: raw}
	var c contents
	c.Begun, c.Finished = u.Moment(), u.Moment()
	c.People, c.Rows = u.Count(peopleAtMost), u.Number()
	c.groups = make([]groupAt, u.Things())
	for i := range c.groups {
		c.groups[i] = groupAt{ref{u.Number(), u.Hash()}, u.Number(), u.Count(groupAtMost)}
	}
	c.people = make([]peopleAt, u.Things())
	for i := range c.people {
		c.people[i] = peopleAt{ref{u.Number(), u.Hash()}, u.Count(peopleAtMost)}
	}
	c.index = make([]indexAt, u.Things())
	for i := range c.index {
		c.index[i] = indexAt{ref{u.Number(), u.Hash()}, u.Text()}
	}
	c.Groups = len(c.groups)
	return c, u.End()
}

// loadContents reads the header. No snapshot: store.ErrNotFound; one that isn't finished:
// ErrUnfinished.
func loadContents(tx store.Records, campaign string) (contents, error) {
	p, _, err := loadTop(tx, campaign)
	if err != nil {
		return contents{}, err
	}
	switch p.kind {
	case openPage:
		return contents{}, fmt.Errorf("campaign %s: %w", campaign, ErrUnfinished)
	case endPage:
		return contents{}, fmt.Errorf("the snapshot of %s is being deleted: %w", campaign, store.ErrNotFound)
	}
	c, err := unpackContents(p.public)
	if err != nil {
		return contents{}, damaged(kindSnapshot, campaign, err)
	}
	c.Campaign, c.Hash = campaign, p.sum
	return c, nil
}

// loadTop reads what stands for the snapshot as a whole: its header, or that it was
// begun. The record comes without a body.
func loadTop(tx store.Records, campaign string) (page, store.Record, error) {
	r, err := tx.Get(kindSnapshot, campaign)
	if err != nil {
		return page{}, r, fmt.Errorf("snapshot of %s: %w", campaign, err)
	}
	p, err := readPage(r, campaign, 0)
	if err == nil && !slices.Contains([]pageKind{headerPage, openPage, endPage}, p.kind) {
		err = damaged(kindSnapshot, campaign, columns.ErrDamaged)
	}
	r.Body = nil
	return p, r, err
}

// Snapshots lists the campaigns that have a snapshot, finished or not, after one of them.
func Snapshots(tx store.Records, after string, limit int) ([]string, error) {
	return tx.IDs(kindSnapshot, "", after, limit)
}

// groupOf is the group in which an item is.
func (c contents) groupOf(item uint64) (int, bool) {
	if item == 0 || item > c.Rows {
		return 0, false
	}
	after := sort.Search(len(c.groups), func(i int) bool { return c.groups[i].first > item })
	for at := after - 1; at >= 0; at-- {
		if c.groups[at].rows > 0 {
			return at, true
		}
	}
	return 0, false
}

// opened is what stands in the place of the header until there is one.
func opened(campaign string, at time.Time) page {
	var p columns.Packer
	p.Moment(at)
	return newPage(campaign, 0, openPage, p, nil)
}

func openedAt(p page) (time.Time, error) {
	u := &columns.Unpacker{Rest: p.public}
	at := u.Moment()
	return at, u.End()
}
