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
	first, err := pgx.Connect(ctx, s.DSN("postgres"))
	if err != nil {
		return nil, err
	}
	taken := []*pgx.Conn{first}
	free = func() {
		for _, conn := range taken {
			_ = conn.Close(context.Background()) // it is of no use any more
		}
	}
	most, err := mostOf(ctx, first)
	for err == nil && len(taken) < most { // a session that was ended may keep its place for a moment, and nothing shows it
		var conn *pgx.Conn
		if conn, err = pgx.Connect(ctx, s.DSN("postgres")); err == nil {
			taken = append(taken, conn)
		} else if strings.Contains(err.Error(), "53300") {
			_, err = first.Exec(ctx, endSessions)
		}
	}
	if err != nil {
		free()
		return nil, err
	}
	return free, nil
}

// mostOf is how many connections the server has.
func mostOf(ctx context.Context, conn *pgx.Conn) (n int, err error) {
	err = conn.QueryRow(ctx, `SELECT current_setting('max_connections')::int`).Scan(&n)
	return n, err
}
