package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
)

const (
	// A record that was set aside is looked at again soon, and ever more seldom.
	firstAside   = 5 * time.Second
	longestAside = 10 * time.Minute
	// asideTold is how often in a row that fails before a human is told; a stuck
	// task shows it from the first time on.
	asideTold = 3
)

// asidePayload is what is known of a due record that could not be carried out.
type asidePayload struct {
	Kind, ID string
	Failures int       // in a row
	Until    time.Time // the due time it was given
}

func asideID(kind, id string) string { return "due/" + kind + "/" + id }

// DropAside takes back that something due of a record could not be carried out: another
// record stands in its place, and is due when that says.
func (u *Unit) DropAside(kind, id string) error { return u.Drop(asideID(kind, id)) }

// setAside keeps a record that can't be carried out from holding up the rest: it
// is due again later, whatever its body says or fails to say, and a stuck task
// shows it. The timer goes on trying; a human can ask it to try at once.
func (d *dues) setAside(ctx context.Context, kind, id string, cause error) error {
	d.counters.setAside.Add(1)
	d.units.log.Error("something due can't be carried out and is set aside", "kind", kind, "id", id, "error", cause)
	f := classify(cause)
	var err error
	for _, tells := range []bool{true, false} {
		err = d.counters.caught("setting aside "+kind+" "+id, func() error {
			return d.units.Update(ctx, func(u *Unit) error { return d.put(u, kind, id, f, tells) })
		})
		if err == nil {
			return nil
		}
	}
	return fmt.Errorf("set aside %s %s: %w", kind, id, err)
}

// put moves the record's due time and shows the trouble as a stuck task.
func (d *dues) put(u *Unit, kind, id string, f *access.Failure, tells bool) error {
	r, err := u.Tx.Get(kind, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	p, since, err := aside(u, kind, id)
	if err != nil {
		return err
	}
	p.Until = u.At.Add(min(firstAside<<min(p.Failures, 10), longestAside))
	p.Failures++
	r.Due = p.Until
	if _, err := u.Tx.Put(r); err != nil {
		return err
	}
	t, err := show(u, p, since, f)
	if err != nil || p.Failures != asideTold {
		return err
	}
	return failure{u, d.policies.of(DueTask), t, f, tells, u.At, new(store.Task)}.tell()
}

// aside is what is known of a record that failed before.
func aside(u *Unit, kind, id string) (p asidePayload, since time.Time, err error) {
	t, err := u.Tx.Task(asideID(kind, id))
	if errors.Is(err, store.ErrNotFound) {
		return asidePayload{Kind: kind, ID: id}, u.At, nil
	}
	if err != nil {
		return p, since, err
	}
	p, err = ReadPayload[asidePayload](t)
	return p, t.Created, err
}

// show puts a stuck task in the place of the one before.
func show(u *Unit, p asidePayload, since time.Time, f *access.Failure) (store.Task, error) {
	body, err := Payload(p)
	if err != nil {
		return store.Task{}, err
	}
	t := store.Task{ID: asideID(p.Kind, p.ID), Queue: HouseQueue, Kind: DueTask, Priority: store.Removals, Schema: 1, Payload: body, Created: since, NotBefore: u.At}
	if err := u.Drop(t.ID); err != nil {
		return t, err
	}
	if _, err := u.Tx.Enqueue(t); err != nil {
		return t, err
	}
	if t, err = u.Tx.Task(t.ID); err != nil || t.State == store.Claimed {
		return t, err // somebody has just asked to try it again
	}
	t.State, t.Attempts, t.Problem, t.NotBefore = store.Stuck, p.Failures, f.Sentence, time.Time{}
	return t, u.Tx.Requeue(t)
}

// again is the handler of DueTask: a human asked to try a record that was set
// aside. It becomes due now, unless it was moved meanwhile, and the timer does
// the rest.
func (d *dues) again(_ context.Context, t store.Task) (Outcome, error) {
	p, err := ReadPayload[asidePayload](t)
	if err != nil {
		return nil, err
	}
	return func(u *Unit) error {
		r, err := u.Tx.Get(p.Kind, p.ID)
		if errors.Is(err, store.ErrNotFound) || err == nil && !r.Due.Equal(p.Until) {
			return nil
		}
		if err != nil {
			return err
		}
		r.Due = u.At
		_, err = u.Tx.Put(r)
		return err
	}, nil
}
