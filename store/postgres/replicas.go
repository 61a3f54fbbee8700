package postgres

import (
	"context"
	"strings"
)

// Place says which store it is that settings lead to, without what opens it: the same for whoever knows another password, or
// signs in as somebody else. It is "" where the address isn't known.
func (s Settings) Place() string {
	if s.DSN.IsZero() {
		return ""
	}
	d, err := newDialer(s.DSN)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(d.name+" "+d.config.ConnConfig.RuntimeParams["search_path"], " ")
}

// Replicas counts the processes that work on the store now. Whoever only looks into it is none.
func (s *Store) Replicas(ctx context.Context) (n int, err error) {
	err = s.views.QueryRow(ctx, `SELECT count(*) FROM (`+owners+`) o (owner, there) WHERE there`).Scan(&n)
	if err != nil {
		return 0, s.dial.lost(err)
	}
	return n, nil
}
