package anchor

import (
	"context"

	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// setBackTopic wakes Follow; nobody has to say it, for a store that was set back wakes everybody.
const setBackTopic = "set back"

// Follow compares the store as soon as it was found that it may have been set back, until ctx ends. Until then nobody is added and
// nothing is written into the record: see Compared and MayRecord.
func (s *Service) Follow(ctx context.Context) {
	s.units.Follow(ctx, setBackTopic, askAgain, func(ctx context.Context) error {
		if !s.reverted() {
			return nil
		}
		return s.Look(ctx)
	})
}

// lookBack looks, where the store may have been set back, which requests Jira has more of by what was changed there lately: no
// anchor is as young. Where something is known to be gone IT hears of it.
func (s *Service) lookBack(ctx context.Context, back store.SetBack) error {
	if back.Times == s.upTo.Load() {
		return nil
	}
	if err := s.changed(ctx); err != nil || !back.Lacks {
		return err
	}
	return s.units.Update(ctx, func(u *engine.Unit) error {
		return notify.Alert(u, "anchor/set back", "The database was set back while Latchkey ran",
			"What was written to it last is gone: a standby has taken over that lacked it, or a copy was put in its place.",
			"New access waits until the database was compared with what is anchored of it. If Jira has more of a request than the database, that is told by itself. Access that is known here ends on time.",
			"What somebody asked for or answered in those moments may have to be asked for or answered once more. With synchronous replication (synchronous_standby_names) a standby lacks nothing.")
	})
}
