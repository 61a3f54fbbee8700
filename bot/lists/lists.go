// Package lists shows people what concerns them, row by row and page by page: what
// they have, what they asked for, what waits for their decision, and what is stuck.
// The Home tab and the answers to the command are made of the same rows.
package lists

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/bot/cards"
	"latchkey/catalog"
	"latchkey/workflow/query"
)

// Query reads how things stand, a page at a time.
type Query interface {
	Asked(ctx context.Context, who access.PersonID, from, size int) (query.List[access.Request], error)
	Held(ctx context.Context, who access.PersonID, from, size int) (query.List[query.Holding], error)
	Awaiting(ctx context.Context, who access.PersonID, from, size int) (query.List[access.Request], error)
	Stuck(ctx context.Context, by access.Actor, from, size int) (query.List[query.Stuck], error)
	Waiting(ctx context.Context, who access.PersonID, from, size int) (query.List[query.Waiting], error)
	Past(ctx context.Context, who access.PersonID, from, size int) (query.List[query.Past], error)
	Compared(ctx context.Context, by access.Actor, from, size int) (query.Compared, error)
}

// People knows what people are called.
type People interface {
	Names(ctx context.Context, who []access.PersonID) map[access.PersonID]access.Person
}

// Config is what lists need; all of it.
type Config struct {
	Query   Query
	People  People
	Catalog func() *catalog.Catalog // what may be asked for at this moment
	Now     func() time.Time
	Cards   cards.Config // what their rows have in common with cards
}

// Lists draws rows.
type Lists struct {
	query   Query
	people  People
	catalog func() *catalog.Catalog
	now     func() time.Time
	cards   cards.Config
}

// New makes lists.
func New(cfg Config) *Lists {
	return &Lists{query: cfg.Query, people: cfg.People, catalog: cfg.Catalog, now: cfg.Now, cards: cfg.Cards}
}

// Asked are a person's requests that wait, and how many there are in all.
func (l *Lists) Asked(ctx context.Context, who access.PersonID, from, size int) (rows []Row, total int, err error) {
	list, err := l.query.Asked(ctx, who, from, size)
	c, names := l.catalog(), l.people.Names(ctx, NamedIn(list.Items))
	for _, r := range list.Items {
		rows = append(rows, askedRow(c, r, who, names))
	}
	return rows, list.Total, err
}

// Held is what a person has, and how much there is in all.
func (l *Lists) Held(ctx context.Context, who access.PersonID, from, size int) (rows []Row, total int, err error) {
	list, err := l.query.Held(ctx, who, from, size)
	for _, h := range list.Items {
		rows = append(rows, l.Holding(h))
	}
	return rows, list.Total, err
}

// Holding is the row of something a person has.
func (l *Lists) Holding(h query.Holding) Row { return heldRow(l.catalog(), h, l.now()) }

// Decisions are those that wait for a person, and how many there are in all.
func (l *Lists) Decisions(ctx context.Context, who access.PersonID, from, size int) (rows []Row, total int, err error) {
	list, err := l.query.Awaiting(ctx, who, from, size)
	c, names := l.catalog(), l.people.Names(ctx, NamedIn(list.Items))
	for _, r := range list.Items {
		rows = append(rows, decisionRow(c, l.cards, r, who, names))
	}
	return rows, list.Total, err
}

// Stuck is what waits for IT, for those who may see it, and how much there is in all.
func (l *Lists) Stuck(ctx context.Context, who access.PersonID, from, size int) (rows []Row, total int, err error) {
	list, err := l.query.Stuck(ctx, access.Actor{Person: who, Via: access.ViaSlack}, from, size)
	var about []access.PersonID
	for _, s := range list.Items {
		about = append(about, s.Person)
	}
	c, names := l.catalog(), l.people.Names(ctx, about)
	for _, s := range list.Items {
		rows = append(rows, stuckRow(c, s, names))
	}
	return rows, list.Total, err
}

// Waiting is all that waits for a person, and how much there is in all.
func (l *Lists) Waiting(ctx context.Context, who access.PersonID, from, size int) (rows []Row, total int, err error) {
	list, err := l.query.Waiting(ctx, who, from, size)
	var about []access.Request
	var hands []access.PersonID
	for _, w := range list.Items {
		about = append(about, w.Request)
		if w.Grant.TakenBy != "" {
			hands = append(hands, w.Grant.TakenBy)
		}
	}
	c, names := l.catalog(), l.people.Names(ctx, append(NamedIn(about), hands...))
	for _, w := range list.Items {
		rows = append(rows, waitingRow(c, l.cards, w, who, names))
	}
	return rows, list.Total, err
}

// Past is what of a person's was over lately, and how much there is in all.
func (l *Lists) Past(ctx context.Context, who access.PersonID, from, size int) (rows []Row, total int, err error) {
	list, err := l.query.Past(ctx, who, from, size)
	var about []access.PersonID
	for _, p := range list.Items {
		a, _ := p.Request.Decider()
		about = append(about, p.Request.Beneficiary, overBy(p), a.For)
	}
	c, names := l.catalog(), l.people.Names(ctx, about)
	for _, p := range list.Items {
		rows = append(rows, pastRow(c, p, who, names))
	}
	return rows, list.Total, err
}

// Compared is what the groups hold that no grant explains, and the other way round, for those
// who may see it; how much there is in all, and what is to be said of the look itself.
func (l *Lists) Compared(ctx context.Context, who access.PersonID, from, size int) (rows []Row, total int, note string, err error) {
	found, err := l.query.Compared(ctx, access.Actor{Person: who, Via: access.ViaSlack}, from, size)
	for _, m := range found.Odd.Items {
		rows = append(rows, comparedRow(l.catalog(), m))
	}
	return rows, found.Odd.Total, comparedNote(found), err
}

// NamedIn are the people requests name.
func NamedIn(list []access.Request) []access.PersonID {
	var out []access.PersonID
	for _, r := range list {
		out = append(out, r.Requester, r.Beneficiary)
		out = append(out, r.Awaited()...)
	}
	return out
}
