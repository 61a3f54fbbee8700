package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

const (
	tells  access.EffectKind = "tell"
	spills access.EffectKind = "spill"
)

// What only tells what happened doesn't undo it: it becomes a task that says what is
// the matter, and can be tried again.
func TestWhatCantBeToldStands(t *testing.T) {
	for name, fails := range map[string]func() error{
		"unreadable": func() error { return store.Damage{{Kind: "card", ID: "1", Err: errors.New("no JSON")}} },
		"a fault":    func() error { return errors.New("no such file") },
		"a panic":    func() error { panic("nil map") },
	} {
		t.Run(name, func(t *testing.T) {
			in(t, func(w *world) {
				broken := true
				w.apart = []access.EffectKind{tells}
				w.effects[tells] = func(u *engine.Unit, _ access.Event, _ access.Effect) error {
					if broken {
						return fails()
					}
					w.note("told")
					return nil
				}
				w.tables.Default = w.told()
				p := w.run()
				p.update(func(u *engine.Unit) error { return stir(u, "pot", tells) })
				if p.pot("pot").Moves != 1 {
					t.Fatal("it did not happen")
				}
				p.pass(time.Hour)
				stuck := stuckTasks(p)
				if len(stuck) != 1 || stuck[0].Problem == "" {
					t.Fatalf("stuck are %+v", stuck)
				}
				if p.story() != "pot" {
					t.Errorf("telling was told: %s", p.story())
				}
				broken = false
				p.update(func(u *engine.Unit) error { return u.Expedite(stuck[0].ID) })
				if got := w.noted(); len(got) == 0 || len(stuckTasks(p)) != 0 {
					t.Errorf("then %q, stuck are %+v", got, stuckTasks(p))
				}
			})
		})
	}
}

// Other effects are a part of what happens, and errors of the whole unit are.
func TestWhatHappensTogetherStandsTogether(t *testing.T) {
	in(t, func(w *world) {
		var err error
		w.apart = []access.EffectKind{tells}
		w.effects[tells] = func(*engine.Unit, access.Event, access.Effect) error { return err }
		w.effects[spills] = func(*engine.Unit, access.Event, access.Effect) error { return err }
		p := w.run()
		for kind, fault := range map[access.EffectKind]error{tells: store.ErrConflict, spills: errors.New("no such file")} {
			err = fault
			if got := p.units.Update(context.Background(), func(u *engine.Unit) error { return stir(u, "pot", kind) }); !errors.Is(got, fault) {
				t.Errorf("%s: %v", kind, got)
			}
		}
	})
}

func stuckTasks(p *process) (all []store.Task) {
	p.Helper()
	err := p.units.View(context.Background(), func(tx store.Tx) (err error) {
		all, err = tx.Tasks(store.Stuck, 0, 100)
		return err
	})
	if err != nil {
		p.Fatal(err)
	}
	return all
}
