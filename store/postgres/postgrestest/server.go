// Package postgrestest runs a PostgreSQL server for tests: the one that Debian installs,
// as a user without rights, on a socket in a folder of its own, gone with the test. It
// has nothing to do with a server that the machine may run.
package postgrestest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is one that runs until the test ends.
type Server struct {
	bin, dir string
	as       *syscall.Credential // nil for oneself
	args     []string

	mu      sync.Mutex
	process *exec.Cmd // nil while it is stopped
	ended   chan struct{}
	log     *bytes.Buffer
	made    atomic.Uint64 // databases
}

// Start starts one that doesn't wait for the disk. What was written survives the death
// of its users and not of the machine.
func Start(t testing.TB) *Server {
	t.Helper()
	return start(t, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
}

// StartDurable starts one that waits for the disk.
func StartDurable(t testing.TB, options ...string) *Server {
	t.Helper()
	return start(t, options...)
}

func start(t testing.TB, args ...string) *Server {
	t.Helper()
	s, err := setUp(args)
	if err == nil {
		t.Cleanup(func() { s.remove(t) })
		err = s.Start()
	}
	if err != nil {
		t.Fatalf("a PostgreSQL server for the test: %v", err)
	}
	return s
}

// setUp makes the files of a server.
func setUp(args []string) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, args: args, log: &bytes.Buffer{}}
	if s.as, err = unprivileged(); err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "latchkey-pg"); err != nil {
		return nil, err
	}
	if s.as != nil {
		if err := os.Chown(s.dir, int(s.as.Uid), int(s.as.Gid)); err != nil {
			return nil, err
		}
	}
	made := s.command("initdb", "-D", s.data(), "-U", "latchkey", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	if out, err := made.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w: %s", err, out), os.RemoveAll(s.dir))
	}
	return s, nil
}

// binaries is where the newest PostgreSQL of this machine is.
func binaries() (string, error) {
	if found, err := exec.LookPath("initdb"); err == nil {
		found, err = filepath.EvalSymlinks(found) // others stand beside the file itself
		return filepath.Dir(found), err
	}
	all, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(all) == 0 {
		return "", errors.New("PostgreSQL is not installed: run make deps")
	}
	return slices.Max(all), nil
}

// unprivileged is whom the server runs as: initdb refuses root.
func unprivileged() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

func (s *Server) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(s.bin, name), args...)
	c.Dir = s.dir
	c.SysProcAttr = attributes(s.as)
	return c
}

// Start starts it, again if it was stopped, and comes back once it answers.
func (s *Server) Start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	args := append([]string{"-D", s.data(), "-k", s.dir, "-c", "listen_addresses=", "-c", "max_connections=200", "-c", "shared_buffers=64MB"}, s.args...)
	c := s.command("postgres", args...)
	c.Stdout, c.Stderr = s.log, s.log
	ended := make(chan struct{})
	if err := run(c, ended); err != nil {
		return err
	}
	s.process, s.ended = c, ended
	return s.answers()
}

// answers waits until it takes questions.
func (s *Server) answers() error {
	for {
		conn, err := pgx.Connect(context.Background(), s.DSN("postgres"))
		if err == nil {
			return conn.Close(context.Background())
		}
		select {
		case <-s.ended:
			return fmt.Errorf("it ended: %s", s.log)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Kill ends it at once, as a power cut would.
func (s *Server) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process == nil {
		return
	}
	_ = s.process.Process.Signal(syscall.SIGQUIT) // one that is gone has ended
	<-s.ended
	s.process = nil
}

func (s *Server) remove(t testing.TB) {
	s.Kill()
	if err := os.RemoveAll(s.dir); err != nil {
		t.Error(err)
	}
	if t.Failed() && strings.Contains(s.log.String(), "PANIC") {
		t.Logf("the server said:\n%s", s.log)
	}
}

// DSN is how one connects to a database of the server.
func (s *Server) DSN(database string) string {
	return fmt.Sprintf("postgres://latchkey@/%s?host=%s", database, s.dir)
}

// Database makes an empty database and gives its DSN.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("t%d", s.made.Add(1))
	s.do(t, "CREATE DATABASE "+name)
	return s.DSN(name)
}

func (s *Server) do(t testing.TB, sql string) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), s.DSN("postgres"))
	if err == nil {
		_, err = conn.Exec(context.Background(), sql)
		err = errors.Join(err, conn.Close(context.Background()))
	}
	if err != nil {
		t.Fatal(err)
	}
}
