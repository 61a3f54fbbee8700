package rewrite

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// closed has nothing more added to the partition in which the log ends: what comes goes into a new one
// behind it. Of others it changes nothing.
func (s *Session) closed(ctx context.Context, p Part) (Part, error) {
	err := s.insist(ctx, func(ctx context.Context) error {
		return s.within(ctx, func(tx pgx.Tx) (err error) {
			if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = '2s'; LOCK TABLE ONLY latchkey_event IN ACCESS EXCLUSIVE MODE; LOCK TABLE `+p.Table+` IN ACCESS EXCLUSIVE MODE`); err != nil {
				return err
			}
			last, err := Size(ctx, tx)
			if err != nil || last < p.First || last+1 >= p.End {
				return err
			}
			p, err = split(ctx, tx, p, last)
			return err
		})
	})
	if err != nil {
		return p, err
	}
	return p, s.mark(ctx)
}

// split makes two partitions of one, the second of which is empty.
func split(ctx context.Context, tx pgx.Tx, p Part, last uint64) (Part, error) {
	behind := fmt.Sprintf("latchkey_event_%d", last+1)
	_, err := tx.Exec(ctx, fmt.Sprintf(`
		ALTER TABLE latchkey_event DETACH PARTITION %[1]s;
		ALTER TABLE latchkey_event ATTACH PARTITION %[1]s FOR VALUES FROM (%[2]d) TO (%[3]d);
		CREATE TABLE %[4]s (LIKE latchkey_event INCLUDING ALL);
		%[5]s;
		ALTER TABLE latchkey_event ATTACH PARTITION %[4]s FOR VALUES FROM (%[3]d) TO (%[6]d)`, p.Table, p.First, last+1, behind, Unsampled(behind), p.End))
	p.End = last + 1
	return p, err
}
