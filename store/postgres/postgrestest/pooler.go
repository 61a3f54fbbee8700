package postgrestest

import (
	"context"
	"errors"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// Pooling is how a pooler does it. The zero value is PgBouncer with pool_mode = session.
type Pooling struct {
	Ignores        bool // settings that a client has from the beginning are left out and not refused
	PerTransaction bool // a session of the server is a client's for a transaction only
}

// pooler stands between clients and a database as PgBouncer does: it takes few settings from the
// beginning, and its sessions are not the server's.
type pooler struct {
	Pooling
	to  string
	all sync.WaitGroup

	mu   sync.Mutex
	idle []*pgconn.HijackedConn // the last one given back is the next one given out
	open []net.Conn
}

// Pooled gives a DSN that leads to a database over a pooler.
func Pooled(t testing.TB, dsn string, how Pooling) string {
	t.Helper()
	at, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	door, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	p := &pooler{Pooling: how, to: dsn}
	p.all.Go(func() { p.serve(door) })
	t.Cleanup(func() {
		_ = door.Close()
		p.hangUp()
		p.all.Wait()
	})
	at.RawQuery = url.Values{"host": {dir}}.Encode()
	return at.String()
}

func (p *pooler) serve(door net.Listener) {
	for {
		client, err := door.Accept()
		if err != nil {
			return
		}
		p.keep(client)
		p.all.Go(func() {
			defer client.Close()
			p.client(client)
		})
	}
}

func (p *pooler) keep(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open = append(p.open, c)
}

// hangUp ends everybody's session.
func (p *pooler) hangUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.open {
		_ = c.Close()
	}
}

// known are the settings that PgBouncer takes from the beginning.
var known = []string{"user", "database", "client_encoding", "datestyle", "timezone", "standard_conforming_strings", "application_name"}

func (p *pooler) client(client net.Conn) {
	to := pgproto3.NewBackend(client, client)
	first, err := to.ReceiveStartupMessage()
	if err != nil {
		return
	}
	hello, ok := first.(*pgproto3.StartupMessage)
	if !ok {
		return // it asks for a query to be cancelled
	}
	for name := range hello.Parameters {
		if !p.Ignores && !slices.Contains(known, name) {
			to.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: "08P01", Message: "unsupported startup parameter: " + name})
			_ = to.Flush()
			return
		}
	}
	server, err := p.take(hello.Parameters["application_name"])
	if err != nil {
		return
	}
	if welcome(to, server) != nil {
		return
	}
	if !p.PerTransaction {
		p.all.Go(func() { carry(server.Conn, client) })
		carry(client, server.Conn)
		return
	}
	p.give(server)
	for p.transaction(to) == nil {
	}
}

// welcome lets a client in.
func welcome(to *pgproto3.Backend, server *pgconn.HijackedConn) error {
	to.Send(&pgproto3.AuthenticationOk{})
	for name, is := range server.ParameterStatuses {
		to.Send(&pgproto3.ParameterStatus{Name: name, Value: is})
	}
	to.Send(&pgproto3.BackendKeyData{ProcessID: 1 << 30, SecretKey: []byte{1, 2, 3, 4}}) // of the pooler's own
	to.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
	return to.Flush()
}

// carry carries all that comes from one end to the other one.
func carry(to, from net.Conn) {
	defer to.Close()
	for buf := make([]byte, 64<<10); ; {
		n, err := from.Read(buf)
		if _, failed := to.Write(buf[:n]); err != nil || failed != nil {
			return
		}
	}
}

// transaction gives a client a session of the server for one transaction.
func (p *pooler) transaction(client *pgproto3.Backend) error {
	var server *pgconn.HijackedConn
	for {
		m, err := client.Receive()
		if err != nil {
			return err
		}
		if _, over := m.(*pgproto3.Terminate); over {
			return errors.New("it hung up")
		}
		if server == nil {
			if server, err = p.take(""); err != nil {
				return err
			}
		}
		server.Frontend.Send(m)
		switch m.(type) {
		case *pgproto3.Sync, *pgproto3.Query:
			status, err := answer(client, server)
			if err != nil || status == 'I' {
				p.give(server)
				return err
			}
		}
	}
}

// answer hands on what the server says until it is ready again.
func answer(client *pgproto3.Backend, server *pgconn.HijackedConn) (status byte, err error) {
	if err := server.Frontend.Flush(); err != nil {
		return 0, err
	}
	for {
		m, err := server.Frontend.Receive()
		if err != nil {
			return 0, err
		}
		client.Send(m)
		if ready, ok := m.(*pgproto3.ReadyForQuery); ok {
			return ready.TxStatus, client.Flush()
		}
	}
}

// take is a session of the server, a new one if none is idle.
func (p *pooler) take(name string) (*pgconn.HijackedConn, error) {
	p.mu.Lock()
	if last := len(p.idle) - 1; last >= 0 {
		server := p.idle[last]
		p.idle = p.idle[:last]
		p.mu.Unlock()
		return server, nil
	}
	p.mu.Unlock()
	c, err := pgconn.ParseConfig(p.to)
	if err != nil {
		return nil, err
	}
	if name != "" {
		c.RuntimeParams["application_name"] = name
	}
	conn, err := pgconn.ConnectConfig(context.Background(), c)
	if err != nil {
		return nil, err
	}
	server, err := conn.Hijack()
	if err == nil {
		p.keep(server.Conn)
	}
	return server, err
}

func (p *pooler) give(server *pgconn.HijackedConn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = append(p.idle, server)
}
