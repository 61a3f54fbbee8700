package recovery

import (
	"context"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// rebuilding is how many cases, or events, are written in one transaction.
const rebuilding = 500

// rebuild writes everything: the log, then the state, then, once all is there,
// what has to go on, for what one grant keeps depends on the others.
func (s *Service) rebuild(ctx context.Context, cases []restoredCase, entries []access.Entry, known []access.Person, out Recovery) error {
	if err := s.units.Update(ctx, func(u *engine.Unit) error { return beginAnew(u, out) }); err != nil {
		return fmt.Errorf("begin the log anew: %w", err)
	}
	if err := inBatches(ctx, s, entries, putBack); err != nil {
		return fmt.Errorf("write the log: %w", err)
	}
	if err := inBatches(ctx, s, known, putPerson); err != nil {
		return fmt.Errorf("write down who people are: %w", err)
	}
	if err := s.units.Update(ctx, func(u *engine.Unit) error { return putPins(u, out.pins) }); err != nil {
		return fmt.Errorf("write down which groups are meant: %w", err)
	}
	if err := inBatches(ctx, s, cases, put); err != nil {
		return err
	}
	if err := inBatches(ctx, s, cases, s.resume); err != nil {
		return err
	}
	if err := inBatches(ctx, s, out.left, takeBack); err != nil {
		return err
	}
	return s.units.Update(ctx, func(u *engine.Unit) error { return store.EndRebuild(u.Tx) })
}

// inBatches does one thing for each of many, some at a time.
func inBatches[T any](ctx context.Context, s *Service, all []T, do func(*engine.Unit, T) error) error {
	for some := range slices.Chunk(all, rebuilding) {
		err := s.units.Update(ctx, func(u *engine.Unit) error {
			for _, one := range some {
				if err := do(u, one); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// beginAnew names the new log and writes its first event, which names the end of the
// log before.
func beginAnew(u *engine.Unit, out Recovery) error {
	if err := store.NameLog(u.Tx, out.Log); err != nil {
		return err
	}
	if err := store.PutSigning(u.Tx, store.Signing{Instance: out.instance}); err != nil {
		return err
	}
	first := access.Event{Kind: access.EventLogRebuilt, At: u.At, Actor: access.Actor{Via: access.ViaCLI}, Note: out.note()}
	if _, err := u.Append(first); err != nil {
		return err
	}
	if err := gap(u, uint64(out.Missing), out.Head.Log); err != nil {
		return err
	}
	return store.MarkRebuild(u.Tx)
}

// gap counts in the log what of the one before it is gone: what it said is nobody's.
func gap(u *engine.Unit, missing uint64, old string) error {
	if missing == 0 {
		return nil
	}
	_, err := u.Append(access.Event{
		Kind: access.EventLogGap, At: u.At, Actor: access.Actor{Via: access.ViaCLI}, Missing: missing,
		Note: fmt.Sprintf("At least %d events of the log %s are gone: they had not reached Jira, or concern no request.", missing, old),
	})
	return err
}

func putPerson(u *engine.Unit, p access.Person) error {
	return store.PutPerson(u.Tx, &store.Known{Person: p})
}

// putPins keeps which groups names mean. One that is called otherwise by now is told to
// IT when it is looked up next.
func putPins(u *engine.Unit, pins map[catalog.GroupRef]string) error {
	for ref, id := range pins {
		if err := store.PutGroupPin(u.Tx, &store.GroupPin{Ref: ref, GroupID: id, Name: ref.Group, Since: u.At}); err != nil {
			return err
		}
	}
	return nil
}

func putBack(u *engine.Unit, e access.Entry) error { return store.Restore(u.Tx, e) }

// note is what the log says about itself.
func (out Recovery) note() string {
	text := fmt.Sprintf("This log was rebuilt from Jira: %d requests, %d grants and %d events.", out.Requests, out.Grants, out.Events)
	if out.Head.Place == 0 {
		return text + " Nothing of an earlier log was found."
	}
	text += fmt.Sprintf(" The log before it, %s, is gone. Its last event found in Jira is %s at place %d with the leaf %s, of %s.", out.Head.Log, out.Head.ID, out.Head.Place, out.Head.Leaf, out.Head.Subject)
	if out.Missing > 0 {
		text += fmt.Sprintf(" %d of its events were not found there.", out.Missing)
	}
	if out.anchor != "" {
		text += " Its newest checkpoint found outside is:\n" + out.anchor
	}
	return text
}

func put(u *engine.Unit, c restoredCase) error {
	if err := engine.Save(u, engine.Requests(), &c.r); err != nil || c.g == nil {
		return err
	}
	g := *c.g // a unit may run twice, and putting raises the version
	return engine.Save(u, engine.Grants(), &g)
}
