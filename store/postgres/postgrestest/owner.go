package postgrestest

import (
	"fmt"
	"strings"
	"testing"
)

// Owner is the role that DatabaseOfOwner gives a database to: one without rights of any kind besides.
const Owner = "owner"

// DatabaseOfOwner makes an empty database as docs/scale.md has it made, owned by a role that may do nothing else, and
// gives that role's DSN. Of what other roles do on the server it sees no more than anybody does.
func (s *Server) DatabaseOfOwner(t testing.TB) string {
	t.Helper()
	s.do(t, `DO $$ BEGIN CREATE ROLE `+Owner+` LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$`)
	name := fmt.Sprintf("t%d", s.made.Add(1))
	s.do(t, "CREATE DATABASE "+name+" OWNER "+Owner)
	return strings.Replace(s.DSN(name), "latchkey@", Owner+"@", 1)
}

// Administrator is the DSN of the same database for a role that may do everything.
func Administrator(dsn string) string { return strings.Replace(dsn, Owner+"@", "latchkey@", 1) }
