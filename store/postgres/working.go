package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"latchkey/store"
)

// keeper opens the sessions of those who may write, and keeps others out if it is to be alone.
type keeper struct {
	dial  *dialer
	alone bool
	pid   uint32 // of the server's process that keeps others out
}

// working is a session of one who may write.
func (k *keeper) working(ctx context.Context, p params) (*pgx.Conn, error) {
	conn, err := k.dial.session(ctx, p)
	if err != nil {
		return nil, err
	}
	within, cancel := context.WithTimeout(ctx, connecting)
	defer cancel()
	if k.alone {
		err = k.keepOut(within, conn)
	} else {
		err = k.dial.comeIn(within, conn)
	}
	if err != nil {
		hangUp(conn)
		return nil, err
	}
	return conn, nil
}

// The server takes a moment to let go of those who have just gone.
const (
	goings = 10
	going  = 100 * time.Millisecond
)

// keepOut keeps others out for as long as the first session lasts; further ones see that it does.
func (k *keeper) keepOut(ctx context.Context, conn *pgx.Conn) error {
	if k.pid != 0 {
		return k.kept(ctx, conn)
	}
	for n := 1; ; n++ {
		var free bool
		var own uint32
		if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(`+openKey+`), pg_backend_pid()`).Scan(&free, &own); err != nil {
			return k.dial.lost(err)
		}
		if free {
			k.pid = own
			return nil
		}
		if n == goings {
			return &inUse{k.dial.name, true, whoIsIn(ctx, conn)}
		}
		select {
		case <-time.After(going):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// kept fails where others may have come in. It doesn't come right again: what was seen or written
// since can't be relied on.
func (k *keeper) kept(ctx context.Context, in interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}) error {
	if !k.alone {
		return nil
	}
	var still bool
	err := in.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_locks WHERE `+openLock+` AND mode = 'ExclusiveLock' AND pid = $1)`, k.pid).Scan(&still)
	if err == nil && !still {
		err = &letGo{k.dial.name}
	}
	return err
}

// letGo is the error of a database that was kept for one process and isn't any more.
type letGo struct{ name string }

func (l *letGo) Error() string {
	return "the session that kept others out of the database " + l.name + " was lost, so somebody may have come in"
}

// Is makes it a store.ErrUnwritable.
func (*letGo) Is(target error) bool { return target == store.ErrUnwritable }
