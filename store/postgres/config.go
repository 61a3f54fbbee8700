package postgres

import (
	"time"

	"latchkey/catalog"
	"latchkey/config/value"
)

// Settings are what config.yaml says about the database.
type Settings struct {
	DSN         value.Secret
	Connections int // of one replica, at most; zero for ten
	Retention   Retention
}

// Retention says where old events are kept. None is ever deleted.
type Retention struct {
	After time.Duration // how old the youngest event of a partition has to be; zero: they stay where they are
	To    string        // the tablespace
}

// How many connections one replica has: one that writes, one that listens, one that
// seals, and those that read.
const (
	connections       = 10
	fewestConnections = 6
	mostConnections   = 200
	besideTheReaders  = writers + 2
)

const dsnExample = `dsn: "${LATCHKEY_DSN}", where that is for example postgres://latchkey:password@db.example.com/latchkey?sslmode=verify-full`

// Decode reads store, apart from its type.
func Decode(n value.Node) Settings {
	o := n.Object("dsn", "connections", "retention")
	s := Settings{Connections: o.Get("connections").Number(connections, fewestConnections, mostConnections), Retention: retention(o.Get("retention"))}
	dsn := o.Get("dsn")
	if !dsn.Present() {
		o.Fault("store.dsn is missing: write %s", dsnExample)
		return s
	}
	s.DSN = dsn.Secret("set it to the address of the database, for example postgres://latchkey:password@db.example.com/latchkey?sslmode=verify-full")
	if s.DSN.IsZero() {
		return s
	}
	d, err := newDialer(s.DSN)
	if err != nil {
		dsn.Fault("%v", err)
		return s
	}
	if dsn.Written() && d.config.ConnConfig.Password != "" {
		dsn.Fault("store.dsn has a password in it, which would stand in the file: write %s", dsnExample)
	}
	return s
}

func retention(n value.Node) (r Retention) {
	if !n.Present() {
		return r
	}
	o := n.Object("after", "tablespace")
	const example = "for example retention: {after: 730d, tablespace: cold}"
	if text, ok := o.Get("after").Needed("write how old events are that are moved, " + example); ok {
		after, err := catalog.ParseDuration(text)
		if err != nil || after == catalog.Forever {
			o.Get("after").Fault("%s can't be %q: write how old events are that are moved, %s", o.Get("after").Path(), text, example)
		}
		r.After = after
	}
	r.To, _ = o.Get("tablespace").Needed("name the tablespace that old events are moved to, " + example)
	return r
}

func (s Settings) readers() int {
	return max(or(s.Connections, connections), fewestConnections) - besideTheReaders
}
