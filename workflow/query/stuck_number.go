package query

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
)

const (
	// numberKept is how long after something was seen to be stuck its number means nothing
	// else: whoever has read it may still name it.
	numberKept = 30 * catalog.Day
	// numberSeen is how often it is noted that something is still stuck.
	numberSeen = catalog.Day
)

// thing is what something stuck is known by, wherever it stands in a list: a sum, because the
// ids of tasks may name people.
func (w Stuck) thing() string {
	kind, id := "record", w.ID
	switch {
	case w.Service != "":
		kind, id = "service", w.Service
	case w.Task:
		kind = "task"
	case w.Grant != "":
		kind = "grant"
	case w.Request != "":
		kind = "request"
	}
	sum := sha256.Sum256([]byte(kind + ":" + id))
	return hex.EncodeToString(sum[:16])
}

// numbered is everything that waits for a human, each under a number of its own: whatever
// comes and goes beside it, the number stays.
func (s *Service) numbered(ctx context.Context) ([]Stuck, error) {
	var all []Stuck
	var missing bool
	err := s.units.View(ctx, func(tx store.Tx) (err error) {
		if all, err = s.stuck(tx); err != nil || len(all) == 0 {
			return err
		}
		known, _, err := store.Sound(store.StuckNumbers(tx))
		missing = !numbersOf(known).give(all, s.units.Now())
		return err
	})
	if err != nil || !missing {
		return all, err
	}
	return all, s.units.Update(ctx, func(u *engine.Unit) error { return assignNumbers(u.Tx, all, u.At) })
}

// numbers are those that are known, by what they mean.
type numbers map[string]store.StuckNumber

func numbersOf(known []store.StuckNumber) numbers {
	out := numbers{}
	for _, n := range known {
		out[n.Thing] = n
	}
	return out
}

// give gives things the numbers that they have, and reports whether that is all there is to do.
func (n numbers) give(all []Stuck, now time.Time) bool {
	done := true
	for i := range all {
		known, has := n[all[i].thing()]
		all[i].Number = known.Number
		done = done && has && now.Sub(known.Seen) < numberSeen
	}
	return done
}

// assignNumbers gives each of the things a number that nothing else has, or had lately.
func assignNumbers(tx store.Tx, all []Stuck, now time.Time) error {
	found, damage, err := store.Sound(store.StuckNumbers(tx))
	if err != nil {
		return err
	}
	for _, d := range damage { // what it was the number of gets another one
		if err := store.ForgetStuckNumber(tx, d.ID); err != nil {
			return err
		}
	}
	known := numbersOf(found)
	highest, err := known.forget(tx, all, now)
	if err != nil {
		return err
	}
	for i := range all {
		n, has := known[all[i].thing()]
		if !has {
			highest++
			n = store.StuckNumber{Thing: all[i].thing(), Number: highest}
		}
		if now.Sub(n.Seen) >= numberSeen {
			n.Seen = now
			if err := store.PutStuckNumber(tx, &n); err != nil {
				return err
			}
		}
		known[n.Thing], all[i].Number = n, n.Number
	}
	return nil
}

// forget lets go of the numbers of things that have not been stuck for long, and tells the
// highest of the others.
func (n numbers) forget(tx store.Tx, all []Stuck, now time.Time) (highest int, err error) {
	stuck := func(thing string) bool {
		return slices.ContainsFunc(all, func(w Stuck) bool { return w.thing() == thing })
	}
	for thing, one := range n {
		if now.Sub(one.Seen) < numberKept || stuck(thing) {
			highest = max(highest, one.Number)
			continue
		}
		if err := store.ForgetStuckNumber(tx, thing); err != nil {
			return 0, err
		}
		delete(n, thing)
	}
	return highest, nil
}
