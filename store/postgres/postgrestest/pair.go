package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Pair is a server and its standby, which has whatever was acknowledged. A DSN of it leads
// to whichever is the primary.
type Pair struct {
	servers [2]*Server

	mu      sync.Mutex
	primary int // of servers
}

// StartPair starts both.
func StartPair(t testing.TB, options ...string) *Pair {
	t.Helper()
	p := &Pair{}
	args := append([]string{"-c", "synchronous_standby_names=*", "-c", "wal_retrieve_retry_interval=100ms", "-c", "hot_standby=on", "-c", "synchronous_commit=on", "-c", "fsync=off"}, options...)
	var err error
	for i := range p.servers {
		if p.servers[i], err = setUp(args); err != nil {
			t.Fatalf("a PostgreSQL server for the test: %v", err)
		}
		t.Cleanup(func() { p.servers[i].remove(t) })
	}
	if err := errors.Join(p.servers[0].Start(), p.standBy(1)); err != nil {
		t.Fatalf("a PostgreSQL server and its standby: %v", err)
	}
	return p
}

// standBy makes a server anew as the standby of the other one.
func (p *Pair) standBy(which int) error {
	s, of := p.servers[which], p.servers[1-which]
	if err := os.RemoveAll(s.data()); err != nil {
		return err
	}
	made := s.command("pg_basebackup", "-D", s.data(), "-h", of.dir, "-U", "latchkey", "-R", "-c", "fast", "-X", "stream", "--no-sync")
	if out, err := made.CombinedOutput(); err != nil {
		return fmt.Errorf("pg_basebackup: %w: %s", err, out)
	}
	if err := s.Start(); err != nil {
		return err
	}
	return p.caughtUp(of)
}

// caughtUp waits until a primary's standby follows it.
func (p *Pair) caughtUp(primary *Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, primary.DSN("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	for again := time.NewTicker(10 * time.Millisecond); ; {
		var follows bool
		err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = 'sync')`).Scan(&follows)
		if err != nil || follows {
			again.Stop()
			return err
		}
		<-again.C
	}
}

// Database makes an empty database and gives its DSN.
func (p *Pair) Database(t testing.TB) string {
	t.Helper()
	p.servers[p.primary].Database(t)
	return fmt.Sprintf("postgres://latchkey@/t1?host=%s,%s&target_session_attrs=read-write", p.servers[0].dir, p.servers[1].dir)
}

// Restart ends the primary at once, as a power cut would, and starts it again.
func (p *Pair) Restart() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.servers[p.primary].Kill()
	if err := p.servers[p.primary].Start(); err != nil {
		return err
	}
	return p.caughtUp(p.servers[p.primary])
}

// FailOver ends the primary for good and has the standby take its place. A new standby is
// made then, for which whoever writes has to wait.
func (p *Pair) FailOver() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.caughtUp(p.servers[p.primary]); err != nil {
		return err
	}
	p.servers[p.primary].Kill()
	p.primary = 1 - p.primary
	if err := p.servers[p.primary].ask(context.Background(), `SELECT pg_promote()`); err != nil {
		return err
	}
	return p.standBy(1 - p.primary)
}

// EndSessions ends every session of the users of the database.
func (p *Pair) EndSessions(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.servers[p.primary].ask(ctx, endSessions)
}

// TakeConnections takes all the connections that the primary has.
func (p *Pair) TakeConnections(ctx context.Context) (free func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.servers[p.primary].TakeConnections(ctx)
}
