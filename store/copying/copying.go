// Package copying copies one store into another, of the same kind or not, as it is: the
// log with its places and its leaves, the records at their versions, and the tasks in
// their order. It can be broken off anywhere and begun again, and compares both at the
// end.
package copying

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/store"
)

// page is how much goes into one transaction.
const page = 200

// Progress is how far a copy has come.
type Progress struct {
	Events  uint64
	Records int
	Tasks   int
}

// ErrNotEmpty: there is something in the store that was to be copied into, and it is no
// copy that was broken off.
var ErrNotEmpty = errors.New("the store to copy into is not empty")

// Copy copies from one store, of which nobody has changed anything since the copy was
// begun, into another, which is empty or has a part of the same copy. say hears from
// time to time how far it is.
func Copy(ctx context.Context, from, to store.Store, say func(Progress)) (Progress, error) {
	c := &copier{ctx: ctx, from: from, to: to, say: say}
	for _, step := range []func() error{c.begin, c.events, c.records, c.tasks, c.compare, c.end} {
		if err := step(); err != nil {
			return c.done, err
		}
	}
	return c.done, nil
}

type copier struct {
	ctx      context.Context
	from, to store.Store
	say      func(Progress)
	done     Progress
}

// ErrPart: the store that was to be copied is itself a part of a copy that was broken off. What it lacks, its copy would
// lack as well, and nothing would say so any more.
var ErrPart = errors.New("the store to copy is itself a part of a copy that was broken off: finish that one first, or copy the store that it is of")

// begin refuses a store that has something else in it, and marks it as a part of a copy.
func (c *copier) begin() error {
	part, err := Unfinished(c.ctx, c.from)
	if err == nil && part {
		err = ErrPart
	}
	if err == nil {
		err = settled(c.ctx, c.from)
	}
	if err != nil {
		return err
	}
	mark, err := headOf(c.ctx, c.from)
	if err != nil {
		return err
	}
	return c.to.Update(c.ctx, func(tx store.Tx) error {
		was, err := unfinished(tx)
		switch {
		case err != nil:
			return err
		case was == mark:
			return nil
		case was != "":
			return fmt.Errorf("%w: it has a part of a copy of another store, or of the same one as it was before: empty it first", ErrNotEmpty)
		}
		kinds, err := kindsOf(tx)
		if err != nil {
			return err
		}
		if size, err := tx.Size(); err != nil || size > 0 || len(kinds) > 0 {
			return errors.Join(err, ErrNotEmpty)
		}
		_, err = tx.Put(store.Record{Kind: markKind, ID: markID, Schema: 1, Body: []byte(mark)})
		return err
	})
}

// settled waits until all entries of a store have places.
func settled(ctx context.Context, s store.Store) error {
	if later, ok := s.(store.Sealer); ok {
		return later.Sealed(ctx)
	}
	return nil
}

// headOf tells one store, as it is, from others.
func headOf(ctx context.Context, s store.Store) (head string, err error) {
	err = s.View(ctx, func(tx store.Tx) error {
		size, err := tx.Size()
		if err != nil || size == 0 {
			return errors.Join(err, nothingThere(size))
		}
		leaves, err := tx.Leaves(size-1, 1)
		if err == nil {
			head = fmt.Sprintf("%d %s", size, leaves[0])
		}
		return err
	})
	return head, err
}

func nothingThere(size uint64) error {
	if size == 0 {
		return errors.New("there is nothing in the store that is to be copied: its log has no event")
	}
	return nil
}

// events copies the log from where the copy ends on.
func (c *copier) events() error {
	for {
		if err := settled(c.ctx, c.to); err != nil {
			return err
		}
		var size uint64
		if err := c.to.View(c.ctx, func(tx store.Tx) (err error) { size, err = tx.Size(); return err }); err != nil {
			return err
		}
		c.done.Events = size
		c.say(c.done)
		var entries []access.Entry
		if err := c.from.View(c.ctx, func(tx store.Tx) (err error) { entries, err = tx.Entries(store.Filter{}, size, page); return err }); err != nil {
			return err
		}
		if len(entries) == 0 {
			return nil
		}
		err := c.to.Update(c.ctx, func(tx store.Tx) error {
			for _, e := range entries {
				if err := store.Restore(tx, e); err != nil {
					return fmt.Errorf("the event at place %d: %w", e.Place, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// records copies the records that are not there yet, or not as they are.
func (c *copier) records() error {
	return eachKind(c.ctx, c.from, func(kind string) error {
		return eachPage(c.ctx, c.from, kind, func(rows []store.Record) error {
			err := c.to.Update(c.ctx, func(tx store.Tx) error { return put(tx, rows) })
			c.done.Records += len(rows)
			c.say(c.done)
			return err
		})
	})
}

func put(tx store.Tx, rows []store.Record) error {
	to, err := copyable(tx)
	if err != nil {
		return err
	}
	for _, r := range rows {
		there, err := tx.Get(r.Kind, r.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err == nil && sumOf(there) == sumOf(r) {
			continue
		}
		if err := to.PutAs(r); err != nil {
			return fmt.Errorf("%s %s: %w", r.Kind, r.ID, err)
		}
	}
	return nil
}

// tasks copies what is to be done, in its order. Nobody works on either store, so a
// claim is one of a process that is gone.
func (c *copier) tasks() error {
	for after := uint64(0); ; {
		var some []store.Task
		if err := c.from.View(c.ctx, func(tx store.Tx) (err error) { some, err = tx.Tasks("", after, page); return err }); err != nil {
			return err
		}
		if len(some) == 0 {
			return nil
		}
		after = some[len(some)-1].Seq
		if err := c.to.Update(c.ctx, func(tx store.Tx) error { return enqueue(tx, some) }); err != nil {
			return err
		}
		c.done.Tasks += len(some)
		c.say(c.done)
	}
}

func enqueue(tx store.Tx, all []store.Task) error {
	for _, t := range all {
		if _, err := tx.Enqueue(t); err != nil {
			return fmt.Errorf("task %s: %w", t.ID, err)
		}
		if t.State == store.Claimed {
			t = t.Unclaimed()
		}
		t.Owner = ""
		if err := tx.Requeue(t); err != nil {
			return fmt.Errorf("task %s: %w", t.ID, err)
		}
	}
	return nil
}

// end takes the mark away: from now on it is a store like any other.
func (c *copier) end() error {
	return c.to.Update(c.ctx, func(tx store.Tx) error { return tx.Delete(markKind, markID) })
}

// The mark of a copy that is not finished.
const markKind, markID = "copy", "unfinished"

// Unfinished tells whether a store is a part of a copy.
func Unfinished(ctx context.Context, s store.Store) (yes bool, err error) {
	err = s.View(ctx, func(tx store.Tx) error {
		was, err := unfinished(tx)
		yes = was != ""
		return err
	})
	return yes, err
}

// unfinished is what the copy is of that a store has a part of; "" for none.
func unfinished(tx store.Tx) (of string, err error) {
	r, err := tx.Get(markKind, markID)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return string(r.Body), err
}

func copyable(tx store.Tx) (store.Copyable, error) {
	c, ok := tx.(store.Copyable)
	if !ok {
		return nil, errors.New("this kind of store can't be copied")
	}
	return c, nil
}

// kindsOf are the kinds of records, but for the mark.
func kindsOf(tx store.Tx) ([]string, error) {
	c, err := copyable(tx)
	if err != nil {
		return nil, err
	}
	kinds, err := c.Kinds()
	return slices.DeleteFunc(kinds, func(kind string) bool { return kind == markKind }), err
}

func eachKind(ctx context.Context, s store.Store, do func(kind string) error) error {
	var kinds []string
	if err := s.View(ctx, func(tx store.Tx) (err error) { kinds, err = kindsOf(tx); return err }); err != nil {
		return err
	}
	for _, kind := range kinds {
		if err := do(kind); err != nil {
			return err
		}
	}
	return nil
}

// eachPage goes through the records of a kind.
func eachPage(ctx context.Context, s store.Store, kind string, do func([]store.Record) error) error {
	for after := ""; ; {
		var rows []store.Record
		if err := s.View(ctx, func(tx store.Tx) (err error) { rows, err = tx.Find(kind, "", after, page); return err }); err != nil {
			return err
		}
		if len(rows) == 0 {
			return nil
		}
		after = rows[len(rows)-1].ID
		if err := do(rows); err != nil {
			return err
		}
	}
}
