package snapshot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/snapshot/columns"
)

// peopleHeld is how many people are held in memory until they are written, at most.
const peopleHeld = 8 * peoplePerPage

// Options are what a Writer may be told.
type Options struct {
	// Random salts what can be erased; crypto/rand's Reader by default.
	Random io.Reader
}

// Writer writes one snapshot. It is not safe for concurrent use. Rows are packed and made
// durable behind whoever adds them, in their order: what goes wrong there is the error of a
// later call, Finish at the latest. After an error of the store, or of a context that has
// ended, every call gives that error: begin another Writer, which goes on behind what was
// written whole.
type Writer struct {
	store    store.Store
	campaign string
	options  Options
	version  uint64 // of the record that says the snapshot was begun: whoever begins again raises it
	finished bool
	people   book // everybody
	open     *openGroup
	groups   int    // that were begun
	rows     uint64 // of the groups that ended

	// What is filled and what is packed meanwhile, in turn.
	unpaged, unpagedBehind []Person // people who are in no page yet
	held, heldBehind       heldRows // of the open group, in no page yet
	behind                 behind
	pages                  *paging // of behind, until it has come to rest
}

// openGroup is a group whose rows are being added.
type openGroup struct {
	Group
	seen  columns.Set // accounts
	added int         // rows

	// Of behind: what is in pages.
	paged   int
	pages   []groupRows
	reviews []assignment
}

// Begin begins the snapshot of a campaign, or goes on with one that was interrupted:
// Groups says which are written, and Number who. at is when it was begun, if it begins
// now. One that is finished: ErrFinished. What another Writer of the same campaign adds
// from now on is refused, with store.ErrFenced.
func Begin(ctx context.Context, s store.Store, campaign string, at time.Time, o Options) (*Writer, error) {
	if err := errors.Join(named(campaign), columns.Keepable(at)); err != nil {
		return nil, err
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	w := &Writer{store: s, campaign: campaign, options: o, people: newBook(), pages: newPaging(campaign, o.Random)}
	w.pages.durable.commit = w.put
	err := w.take(ctx, at)
	if errors.Is(err, errEnding) {
		if err = Delete(ctx, s, campaign); err == nil {
			err = w.take(ctx, at)
		}
	}
	if err == nil {
		err = w.resume(ctx)
	}
	if err != nil {
		return nil, err
	}
	return w, nil
}

// take makes the snapshot this writer's.
func (w *Writer) take(ctx context.Context, at time.Time) error {
	return w.store.Update(ctx, func(tx store.Tx) error {
		found, r, err := loadTop(tx, w.campaign)
		switch {
		case errors.Is(err, store.ErrNotFound):
			found = opened(w.campaign, at)
		case err != nil:
			return err
		case found.kind == headerPage:
			return fmt.Errorf("campaign %s: %w", w.campaign, ErrFinished)
		case found.kind == endPage:
			return errEnding
		}
		if w.pages.contents.Begun, err = openedAt(found); err != nil {
			return damaged(kindSnapshot, w.campaign, err)
		}
		next := found.record(w.campaign)
		next.Version = r.Version
		w.version, err = tx.Put(next)
		return err
	})
}

// Groups are the groups that are written whole, in their order, with the numbers of their
// rows. Their proofs are left out.
func (w *Writer) Groups() []Group {
	_ = w.behind.wait() // the next call says it
	return slices.Clone(w.pages.groups)
}

// Begun is when the snapshot was begun.
func (w *Writer) Begun() time.Time { return w.pages.contents.Begun }

// Number is the number of an account that was added.
func (w *Writer) Number(directory, account string) (int, bool) {
	return w.people.number(accountKind, directory, account)
}

// Numbers are the numbers of accounts of a directory, in room that is used again; -1 of one
// that wasn't added. For many it takes a fraction of the time of Number.
func (w *Writer) Numbers(directory string, accounts []string, room []int) []int {
	return w.people.numbers(directory, accounts, room)
}

// NumberOf is the number of a reviewer who was added without an account.
func (w *Writer) NumberOf(who access.PersonID) (int, bool) {
	return w.people.number(personKind, "", string(who))
}

// AddPeople adds accounts, and reviewers who have none. It returns the number of the
// first; the others follow it. Rows are read together more quickly if those of one
// reviewer are neighbours, so add people in the order of their managers where that is
// known. An account that was added before is an error.
func (w *Writer) AddPeople(ctx context.Context, people ...Person) (int, error) {
	first := w.people.count()
	for _, p := range people {
		if err := w.addPerson(p); err != nil {
			return first, fmt.Errorf("snapshot of %s: %w", w.campaign, err)
		}
		if len(w.unpaged) >= peopleHeld {
			if err := w.handOver(ctx, nil, nil); err != nil {
				return first, err
			}
		}
	}
	return first, nil
}

func (w *Writer) addPerson(p Person) error {
	if err := columns.Keepable(p.Created, p.SignIn.At, p.SignIn.Reach); err != nil {
		return fmt.Errorf("account %s of %s: %w", p.Account, p.Directory, err)
	}
	if p.Account == "" && p.ID == "" {
		return errors.New("somebody has neither an account nor an id")
	}
	if p.Erased = false; w.people.count() >= peopleAtMost {
		return errors.New("there are too many accounts")
	}
	number, added := w.people.add(p)
	if !added {
		return fmt.Errorf("account %q of directory %q was added before", p.Account, p.Directory)
	}
	p.Number = number
	w.unpaged = append(w.unpaged, p)
	return nil
}

// BeginGroup begins a group. The one before has ended.
func (w *Writer) BeginGroup(g Group) error {
	if w.open != nil {
		return fmt.Errorf("snapshot of %s: %s is begun and %s not ended", w.campaign, g.Ref, w.open.Ref)
	}
	g.Number, g.First, g.Rows, g.Proof = w.groups, w.rows+1, 0, nil
	w.open = &openGroup{Group: g}
	return nil
}

// EndGroup ends the group that is begun. It becomes durable as soon as what was added before
// is: see Settle. proof is how it is known that its rows are all there are.
func (w *Writer) EndGroup(ctx context.Context, proof []byte) error {
	if w.open == nil {
		return fmt.Errorf("snapshot of %s: no group is begun", w.campaign)
	}
	g := w.open
	g.Proof = proof
	w.open, w.groups, w.rows = nil, w.groups+1, w.rows+uint64(g.added)
	return w.handOver(ctx, g, w.pages.endGroup)
}

// handOver has what is held packed and made durable, and then something else, as soon as
// what was handed over before is packed. Rows are those of a group; without one, only
// people are handed over.
func (w *Writer) handOver(ctx context.Context, g *openGroup, then func(*openGroup)) error {
	if err := w.broken(); err != nil {
		return err
	}
	people := w.unpaged
	w.unpaged, w.unpagedBehind = w.unpagedBehind[:0], people
	if g != nil {
		w.held, w.heldBehind = w.heldBehind, w.held
	}
	w.behind.do(func() error {
		w.pages.addPeople(people)
		if g != nil {
			w.pages.addRows(g, &w.heldBehind)
		}
		if then != nil {
			then(g)
		}
		return w.pages.write(ctx)
	})
	return nil
}

// broken waits for what was handed over to be packed, and says why nothing more can be.
func (w *Writer) broken() error {
	err := w.behind.wait()
	if err == nil && w.finished {
		err = ErrFinished
	}
	if err != nil {
		return fmt.Errorf("snapshot of %s: %w", w.campaign, err)
	}
	return nil
}

// Settle waits until every group that ended is durable.
func (w *Writer) Settle() error {
	err := w.behind.wait()
	if err == nil {
		err = w.pages.durable.wait()
	}
	if err != nil {
		return fmt.Errorf("snapshot of %s: %w", w.campaign, err)
	}
	return nil
}

// DropGroup takes back what was added of the group that is begun: its list has to be
// read anew. The people stay.
func (w *Writer) DropGroup(ctx context.Context) error {
	if w.open == nil {
		return nil
	}
	err := w.Settle()
	pages := each(w.open.pages, func(p *groupRows) string { return pageID(w.campaign, p.number) })
	w.open = nil
	w.held.reset()
	if err != nil || len(pages) == 0 {
		return err
	}
	return w.update(ctx, func(tx store.Tx) error { return drop(tx, pages) })
}

// put makes pages durable, all of them or none.
func (w *Writer) put(ctx context.Context, pages []store.Record) error {
	return w.update(ctx, func(tx store.Tx) error { return put(tx, pages) })
}

// update runs fn in a transaction, as long as the snapshot is this writer's.
func (w *Writer) update(ctx context.Context, fn func(store.Tx) error) error {
	return w.store.Update(ctx, func(tx store.Tx) error {
		r, err := tx.Get(kindSnapshot, w.campaign)
		if errors.Is(err, store.ErrNotFound) || err == nil && r.Version != w.version {
			return store.ErrFenced
		}
		if err != nil {
			return err
		}
		return fn(tx)
	})
}
