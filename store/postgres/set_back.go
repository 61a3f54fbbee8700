package postgres

import (
	"cmp"
	"context"

	"github.com/jackc/pgx/v5"

	"latchkey/store"
)

// SetBack implements store.Revertible.
func (s *Store) SetBack() store.SetBack {
	s.lineage.mu.Lock()
	defer s.lineage.mu.Unlock()
	return s.lineage.found
}

// recognise looks, in a session that nothing was written in yet, whether all is there that this process knows of. If it isn't, or the
// database may be another one, everybody is woken to look.
func (s *Store) recognise(ctx context.Context, conn *pgx.Conn) error {
	s.lineage.mu.Lock()
	known := s.lineage.known
	s.lineage.mu.Unlock()
	var standby bool
	if err := conn.QueryRow(ctx, `SELECT pg_is_in_recovery()`).Scan(&standby); err != nil || standby {
		return s.dial.lost(cmp.Or(err, asStandby())) // it may only be behind
	}
	is := identify(ctx, conn)
	lacks, err := known.lacking(ctx, conn)
	if err != nil {
		return s.dial.lost(err)
	}
	if s.lineage.met(known, is, lacks) {
		s.log.Error("the database may have been set back: it is another one, or on another timeline, than before, or lacks what was committed; nobody is added until it was compared",
			"database", s.dial.name, "lacks", lacks)
		s.waiters.WakeAll()
	}
	return nil
}
