package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"time"

	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
)

// Of processes that share a store one may find a service ill that another one finds well: its network is cut, or its token is an
// old one. So it is kept who finds it ill, and IT is told that it works again once nobody does who is still there.

// suffering are who finds a service ill, and since when.
type suffering map[string]time.Time

// believed is how long somebody who told of an outage counts as present, seen or not: who has just come isn't seen yet.
const believed = time.Minute

// present tells whether somebody who shares the store is still there.
func (s *Service) present(owner string, since, now time.Time) bool {
	shared, ok := s.store.(store.Attended)
	return !ok || owner == s.owner || now.Sub(since).Abs() < believed || shared.There(owner)
}

// Standing tells whether IT knows of an outage and not that it is over.
func (s *Service) Standing(ctx context.Context, outage string) (stands bool, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		t, err := store.LoadTally(tx, ledger.Outage(outage))
		stands = t.Count > 0
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	return stands, err
}

// suffer takes note of how this process finds a service, and tells whether anybody finds it ill.
func (s *Service) suffer(u *engine.Unit, a Alarm) (anybody bool, err error) {
	if s.store.Exclusive() {
		return !a.Over, nil
	}
	m, err := store.LoadMark(u.Tx, "outage.by|"+a.Outage)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return false, err
	}
	by := suffering{}
	if json.Unmarshal([]byte(m.After), &by) != nil || by == nil {
		by = suffering{} // it is written anew by each of them
	}
	maps.DeleteFunc(by, func(owner string, since time.Time) bool { return !s.present(owner, since, u.At) })
	delete(by, s.owner)
	if !a.Over {
		by[s.owner] = u.At
	}
	text, err := json.Marshal(by)
	if err != nil {
		return false, err
	}
	m.ID, m.At, m.After = "outage.by|"+a.Outage, u.At, string(text)
	return len(by) > 0, store.PutMark(u.Tx, &m)
}
