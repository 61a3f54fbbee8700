package mutants

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"time"

	"latchkey/idp"
)

// someRows is how many rows a mutation takes for all: fewer than the suite's large group has.
const someRows = 200

// overheard is what a mutation sees of a listing that is gone through.
type overheard struct {
	n    int       // members that were yielded
	rows hash.Hash // of the first of them
}

// reading has what a listing says of how it was read be something else.
func reading(other func(m *mutant, seen *overheard, x *idp.Extraction, err error) error) func(*mutant) bool {
	return always(func(m *mutant) {
		inner := m.members
		m.members = func(ctx context.Context, group string) (idp.Listing, error) {
			l, err := inner(ctx, group)
			if err != nil || l.Read == nil {
				return l, err
			}
			seen := &overheard{rows: sha256.New()}
			read, all := l.Read, l.All
			l.All = func(yield func(idp.Membership, error) bool) {
				for one, err := range all {
					if seen.n++; seen.n <= someRows {
						seen.rows.Write([]byte(one.PersonID))
					}
					if !yield(one, err) {
						return
					}
				}
			}
			l.Read = func(ctx context.Context) (idp.Extraction, error) {
				x, err := read(ctx)
				err = other(m, seen, &x, err)
				return x, err
			}
			return l, nil
		}
	})
}

// first has the first list that was read be another.
func first(other func(m *mutant, seen *overheard, l *idp.ListRead)) func(*mutant) bool {
	return reading(func(m *mutant, seen *overheard, x *idp.Extraction, err error) error {
		if len(x.Lists) > 0 {
			was := x.Lists[0]
			other(m, seen, &x.Lists[0])
			if now := x.Lists[0]; now.Pages != was.Pages || now.Rows != was.Rows || now.Repeated != was.Repeated || now.Count != was.Count ||
				now.First != was.First || now.CountedAt != was.CountedAt || now.Request.Path != was.Request.Path || now.Request.Method != was.Request.Method {
				m.strike()
			}
		}
		return err
	})
}

func ofExtraction() []mutation {
	return append([]mutation{
		{"doesn't say how it read", caseProof, false, always(func(m *mutant) {
			inner := m.members
			m.members = func(ctx context.Context, group string) (idp.Listing, error) {
				l, err := inner(ctx, group)
				m.strike()
				l.Read = nil
				return l, err
			}
		})},
		{"says how it read before it has", caseEarly, false, reading(func(m *mutant, _ *overheard, _ *idp.Extraction, err error) error {
			if errors.Is(err, idp.ErrUnfinished) {
				m.strike()
				return nil
			}
			return err
		})},
		{"hashes the first rows alone", caseHash, false, reading(func(m *mutant, seen *overheard, x *idp.Extraction, err error) error {
			if m.strike(); err == nil {
				x.RowsHash = [sha256.Size]byte(seen.rows.Sum(nil))
			}
			return err
		})},
		{"hashes nothing", caseHash, false, reading(func(m *mutant, _ *overheard, x *idp.Extraction, err error) error {
			m.strike()
			x.RowsHash = [sha256.Size]byte{}
			return err
		})},
		{"takes a page out of list and proof", caseProof, false, dropsAPage()},
	}, ofFigures()...)
}

// dropsAPage leaves a page's members out, and says that there were so many fewer.
func dropsAPage() func(*mutant) bool {
	return always(func(m *mutant) {
		reading(func(_ *mutant, _ *overheard, x *idp.Extraction, err error) error {
			if len(x.Lists) > 0 && x.Lists[0].Rows > someRows {
				x.Lists[0].Pages, x.Lists[0].Rows = max(1, x.Lists[0].Pages-1), x.Lists[0].Rows-someRows
			}
			return err
		})(m)
		inner := m.members
		m.members = func(ctx context.Context, group string) (idp.Listing, error) {
			l, err := inner(ctx, group)
			if err != nil {
				return l, err
			}
			all := l.All
			l.All = func(yield func(idp.Membership, error) bool) {
				n := 0
				for one, err := range all {
					if n++; n > someRows && n <= 2*someRows && err == nil {
						m.strike()
					} else if !yield(one, err) {
						return
					}
				}
			}
			return l, nil
		}
	})
}

func ofFigures() []mutation {
	return []mutation{
		{"counts a page twice", caseProof, false, first(func(_ *mutant, _ *overheard, l *idp.ListRead) { l.Pages++ })},
		{"counts the rows of a page twice", caseProof, false, first(func(_ *mutant, _ *overheard, l *idp.ListRead) { l.Rows += min(someRows, l.Rows) })},
		{"takes the count from its list", caseCount, false, first(func(_ *mutant, seen *overheard, l *idp.ListRead) { l.Count = idp.Counted(seen.n) })},
		{"takes the count from its list where there is none", caseCount, false, first(func(_ *mutant, seen *overheard, l *idp.ListRead) {
			if !l.Count.Known {
				l.Count = idp.Counted(seen.n)
			}
		})},
		{"takes an unknown count for none", caseCount, false, first(func(_ *mutant, _ *overheard, l *idp.ListRead) { l.Count.Known = true })},
		{"knows no counts", caseCount, false, first(func(_ *mutant, _ *overheard, l *idp.ListRead) { l.Count = idp.Count{} })},
		{"counts before it reads", caseCount, false, first(func(_ *mutant, _ *overheard, l *idp.ListRead) {
			if l.Count.Known && l.Rows > 0 {
				l.CountedAt = l.First.Add(-time.Hour)
			}
		})},
		{"doesn't say when it read", caseProof, false, first(func(_ *mutant, _ *overheard, l *idp.ListRead) { l.First = time.Time{} })},
		{"doesn't say what it asked", caseProof, false, first(func(_ *mutant, _ *overheard, l *idp.ListRead) { l.Request = idp.Request{} })},
		{"names another group's list", caseProof, false, first(func(_ *mutant, _ *overheard, l *idp.ListRead) { l.Request.Path = "/groups/another/members" })},
		{"names the host", caseProof, false, first(func(_ *mutant, _ *overheard, l *idp.ListRead) {
			l.Request.Path = "https://acme.example" + l.Request.Path
		})},
		{"overlooks who is named twice", caseRepeated, false, first(func(_ *mutant, _ *overheard, l *idp.ListRead) { l.Rows, l.Repeated = l.Rows-l.Repeated, 0 })},
	}
}
