package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// batch is how many due things are handled in one unit: enough to clear a
// crowd quickly, few enough that nobody's click waits behind it.
const batch = 500

// dues carries out what has fallen due.
type dues struct {
	units    *Units
	scans    []DueScan
	policies policies
	counters *counters
}

// round carries out everything whose turn it is now and returns when to look again.
func (d *dues) round(ctx context.Context) (next time.Time, err error) {
	for {
		now := d.units.Now()
		at, err := d.earliest(ctx, now.Add(idleLook))
		if err != nil || at.After(now) {
			return at, err
		}
		next := now.Add(grace)
		var done bool
		var faults []error
		for _, scan := range d.scans {
			found, err := d.some(ctx, scan)
			next, done = sooner(next, found.next), done || len(found.ids) > 0
			faults = append(faults, err)
		}
		if err := errors.Join(faults...); err != nil {
			return now, err
		}
		if !done {
			return next, nil
		}
	}
}

// earliest is when the next thing is due, or else the given time.
func (d *dues) earliest(ctx context.Context, otherwise time.Time) (next time.Time, err error) {
	err = d.units.View(ctx, func(tx store.Tx) error {
		next = otherwise
		for _, scan := range d.scans {
			at, ok, err := tx.NextDue(scan.Kind)
			if err != nil {
				return fmt.Errorf("look what is due of %s: %w", scan.Kind, err)
			}
			if ok && at.Before(next) {
				next = at
			}
		}
		return nil
	})
	return next, err
}

// some carries out a batch of one kind.
func (d *dues) some(ctx context.Context, scan DueScan) (found dueNow, err error) {
	err = d.units.View(ctx, func(tx store.Tx) (err error) {
		found, err = d.look(tx, scan.Kind)
		return err
	})
	if err != nil {
		return found, fmt.Errorf("look what is due of %s: %w", scan.Kind, err)
	}
	return found, d.carryOut(ctx, scan, found.ids)
}

// dueNow is what one look finds.
type dueNow struct {
	ids  []string  // whose turn it is
	next time.Time // when it is the next one's, within grace; zero for none
}

// look finds whose turn it is: others' turns may come before, in a row.
func (d *dues) look(tx store.Tx, kind string) (found dueNow, err error) {
	now, turns := d.units.Now(), d.units.turns()
	rows, err := tx.Due(kind, now.Add(grace), batch*turns.among)
	for _, r := range rows {
		switch at := turns.at(r); {
		case at.After(now):
			found.next = sooner(found.next, at)
		case len(found.ids) < batch:
			found.ids = append(found.ids, r.ID)
		}
	}
	return found, err
}

// sooner is the earlier of two times, of which one may be none.
func sooner(a, b time.Time) time.Time {
	if b.IsZero() || !a.IsZero() && a.Before(b) {
		return a
	}
	return b
}

// carryOut does what is due of records together. If that fails it is tried with
// each half, until the one that fails stands alone; that one is set aside. Only
// when nothing at all can be written does the round end.
func (d *dues) carryOut(ctx context.Context, scan DueScan, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	err := d.together(ctx, scan, ids)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil, store.Rests(err):
		return err
	case len(ids) == 1:
		return d.setAside(ctx, scan.Kind, ids[0], err)
	}
	half := len(ids) / 2
	return errors.Join(d.carryOut(ctx, scan, ids[:half]), d.carryOut(ctx, scan, ids[half:]))
}

// together is one unit for many records.
func (d *dues) together(ctx context.Context, scan DueScan, ids []string) error {
	return d.counters.caught("what is due of "+scan.Kind+" "+ids[0], func() error {
		return d.units.Update(ctx, func(u *Unit) error {
			for _, id := range ids {
				if err := d.one(u, scan, id); err != nil {
					return fmt.Errorf("%s %s is due: %w", scan.Kind, id, err)
				}
			}
			return nil
		})
	})
}

// one does what is due of one record, unless somebody moved it meanwhile, and
// sees to it that it is not due any more: the timer would come back at once.
func (d *dues) one(u *Unit, scan DueScan, id string) error {
	if due, err := isDue(u, scan.Kind, id); err != nil || !due {
		return err
	}
	if err := scan.Do(u, id); err != nil {
		return err
	}
	due, err := isDue(u, scan.Kind, id)
	if err == nil && due {
		err = &access.Failure{Class: access.Rejected, Sentence: "It is still due after what was to be done was done: report this fault"}
	}
	if err != nil {
		return err
	}
	return u.Drop(asideID(scan.Kind, id))
}

func isDue(u *Unit, kind, id string) (bool, error) {
	r, err := u.Tx.Get(kind, id)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && !r.Due.IsZero() && !r.Due.After(u.At), err
}
