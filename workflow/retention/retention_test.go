package retention_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/clock/clocktest"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/workflow/engine"
	"latchkey/workflow/retention"
)

// parted is a store with a log of four parts of two events each, and a part with one.
type parted struct {
	store.Store
	where map[uint64]string
	stays map[uint64]error
}

func (p *parted) Parts(context.Context) (all []store.Part, err error) {
	for first := uint64(1); first < 10; first += 2 {
		all = append(all, store.Part{First: first, Last: min(first+1, 9), Full: first < 9, Where: p.where[first]})
	}
	return all, nil
}

func (p *parted) MovePart(_ context.Context, first uint64, to string) error {
	if err := p.stays[first]; err != nil {
		return err
	}
	p.where[first] = to
	return nil
}

// Parts are moved whose last event is old, and that are not there already. What can't be moved for now is said, and keeps no other from it.
func TestOldPartsAreMoved(t *testing.T) {
	begin := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	clock := clocktest.New(begin)
	p := &parted{Store: bolttest.Open(t), where: map[uint64]string{}, stays: map[uint64]error{3: fmt.Errorf("%w: somebody has been looking", store.ErrOutstanding)}}
	units := engine.NewUnits(engine.UnitsConfig{Store: p, Clock: clock, Owner: "test"})
	if err := store.BeginLogNamed(t.Context(), p, "acme.test/latchkey/7f3k9q2m/1"); err != nil {
		t.Fatal(err)
	}
	for range 9 { // a day after the other
		err := units.Update(t.Context(), func(u *engine.Unit) error {
			_, err := u.Append(access.Event{Kind: access.EventErased, At: u.At, Person: "P-ANN", Actor: access.System(), Subject: access.LogSubject()})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		clock.Advance(24 * time.Hour)
	}
	s := retention.New(retention.Config{Units: units, Parts: p, Terms: retention.Terms{After: 72 * time.Hour, To: "cold"}, Line: "@daily"})
	do := s.Duties()[0].Do
	_, err := do(t.Context(), store.Task{})
	if err == nil || !strings.Contains(err.Error(), "the events from place 3 to 4: store: not done yet: somebody has been looking") {
		t.Errorf("one that stays: %v", err)
	}
	p.stays = nil
	if got := moved(p); !slices.Equal(got, []uint64{1, 5}) {
		t.Errorf("moved %v", got)
	}
	if _, err = do(t.Context(), store.Task{}); err != nil {
		t.Error(err)
	}
	if got := moved(p); !slices.Equal(got, []uint64{1, 3, 5}) { // the last of the part after that is two days old
		t.Errorf("moved %v", got)
	}
}

func moved(p *parted) (all []uint64) {
	for first := range p.where {
		all = append(all, first)
	}
	slices.Sort(all)
	return all
}

// A store without parts has no such duty, and neither has one of which nobody says what is old.
func TestNothingToMove(t *testing.T) {
	for name, c := range map[string]retention.Config{
		"no parts": {Line: "@daily", Terms: retention.Terms{After: time.Hour, To: "cold"}},
		"no age":   {Line: "@daily", Parts: &parted{}},
	} {
		if line := retention.New(c).Duties()[0].Line; line != "" {
			t.Errorf("%s: it has turns at %s", name, line)
		}
	}
}
