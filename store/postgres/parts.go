package postgres

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"latchkey/store"
	"latchkey/store/postgres/rewrite"
)

// Parts implements store.Parted: they are the partitions of the log, and where they are is a tablespace.
func (s *Store) Parts(ctx context.Context) (all []store.Part, err error) {
	conn, err := s.dial.session(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer hangUp(conn)
	found, err := rewrite.Parts(ctx, conn)
	if err != nil {
		return nil, s.dial.lost(err)
	}
	size, err := rewrite.Size(ctx, conn)
	if err != nil {
		return nil, s.dial.lost(err)
	}
	for _, p := range found {
		all = append(all, store.Part{First: p.First, Last: min(max(size, p.First-1), p.End-1), Full: size+1 >= p.End, Where: p.Tablespace, Bytes: p.Bytes})
	}
	return all, nil
}

// MovePart implements store.Parted.
func (s *Store) MovePart(ctx context.Context, first uint64, to string) error {
	return s.dial.rewriting(ctx, s.patience, func(r *rewrite.Session) error {
		all, err := r.Parts(ctx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(p rewrite.Part) bool { return p.First == first })
		if i < 0 {
			return fmt.Errorf("no partition begins with the event at place %d", first)
		}
		if all[i].Tablespace == to {
			return nil
		}
		if size, err := r.Size(ctx); err != nil || size+1 < all[i].End {
			return cmp.Or(err, fmt.Errorf("events are still added to %s: it stays", all[i].Table))
		}
		return r.Partition(ctx, all[i], to)
	})
}
