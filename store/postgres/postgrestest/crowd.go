package postgrestest

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
)

const endSessions = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'latchkey'`

func (s *Server) ask(ctx context.Context, sql string) error {
	conn, err := pgx.Connect(ctx, s.DSN("postgres"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(ctx))
}

// TakeConnections takes all the connections that the server has, those of its users
// included, until free is called.
func (s *Server) TakeConnections(ctx context.Context) (free func(), err error) {
	var taken []*pgx.Conn
	free = func() {
		for _, conn := range taken {
			_ = conn.Close(context.Background()) // it is of no use any more
		}
	}
	for {
		conn, err := pgx.Connect(ctx, s.DSN("postgres"))
		switch {
		case err == nil:
			taken = append(taken, conn)
			continue
		case !strings.Contains(err.Error(), "53300") || len(taken) == 0:
			free()
			return nil, err
		}
		ended, err := taken[0].Exec(ctx, endSessions)
		if err != nil {
			free()
			return nil, err
		}
		if ended.RowsAffected() == 0 { // nobody else has any
			return free, nil
		}
	}
}
