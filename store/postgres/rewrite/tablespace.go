package rewrite

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Tablespace says why tables can't be kept in a tablespace, if they can't.
func Tablespace(ctx context.Context, conn *pgx.Conn, name string) (why string, err error) {
	var may bool
	var user string
	err = conn.QueryRow(ctx, `SELECT has_tablespace_privilege(oid, 'CREATE'), current_user FROM pg_tablespace WHERE spcname = $1`, name).Scan(&may, &user)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return fmt.Sprintf("it has no tablespace %[1]s, to which store.retention moves old events: CREATE TABLESPACE %[1]s LOCATION '…'", name), nil
	case err == nil && !may:
		return fmt.Sprintf("the user %[2]s may keep nothing in the tablespace %[1]s, to which store.retention moves old events: GRANT CREATE ON TABLESPACE %[1]s TO %[2]s", name, user), nil
	}
	return "", err
}

// there fails unless tables can be kept in a tablespace.
func there(ctx context.Context, conn *pgx.Conn, tablespace string) error {
	why, err := Tablespace(ctx, conn, tablespace)
	if err == nil && why != "" {
		err = errors.New(why)
	}
	return err
}
