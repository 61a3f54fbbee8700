package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// database is a server of our own on loopback, with its defaults:
// every commit is flushed.
type database struct {
	cmd  *exec.Cmd
	port int
	done chan struct{}
}

// startPostgres makes a fresh database and serves it. As root it gives the work
// to the user postgres or nobody, because PostgreSQL refuses root.
func startPostgres(dir string) (*database, error) {
	bin, err := postgresBin()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return nil, err
	}
	as, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", dir, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C")
	initdb.SysProcAttr, initdb.Dir = as, "/"
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	p := &database{port: port, done: make(chan struct{})}
	p.cmd = exec.Command(filepath.Join(bin, "postgres"), "-D", dir, "-h", "127.0.0.1", "-p", strconv.Itoa(port), "-k", "", "-c", "max_connections=200")
	p.cmd.SysProcAttr, p.cmd.Dir = as, "/"
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.cmd.Wait() // stop ends it
		close(p.done)
	}()
	return p, p.answering()
}

func (p *database) answering() error {
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		c, err := pgx.Connect(context.Background(), p.url()) // it listens before it takes anybody
		if err == nil {
			return c.Close(context.Background())
		}
		select {
		case <-p.done:
			return errors.New("postgres ended at once")
		case <-time.After(50 * time.Millisecond):
		}
	}
	p.stop()
	return errors.New("postgres does not answer")
}

// url is for PostgreSQL's drivers.
func (p *database) url() string {
	return fmt.Sprintf("postgres://bench@127.0.0.1:%d/postgres?sslmode=disable", p.port)
}

func (p *database) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGINT) // fast shutdown; it may be gone
	<-p.done
}

// postgresBin finds the server's programs, and installs Debian's where that is
// possible.
func postgresBin() (string, error) {
	if bin, ok := findPostgres(); ok {
		return bin, nil
	}
	if os.Getuid() == 0 {
		if _, err := exec.LookPath("apt-get"); err == nil {
			if err := quietly("/", []string{"DEBIAN_FRONTEND=noninteractive"}, "sh", "-c", "apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql"); err != nil {
				return "", err
			}
		}
	}
	if bin, ok := findPostgres(); ok {
		return bin, nil
	}
	return "", errors.New("there is no PostgreSQL server; install Debian's package postgresql")
}

func findPostgres() (string, bool) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(real), true
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(found) == 0 {
		return "", false
	}
	return found[len(found)-1], true
}

// unprivileged makes the folder and says as whom to run.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err := errors.Join(err1, err2, os.Chown(dir, uid, gid), reachable(filepath.Dir(dir))); err != nil {
			return nil, err
		}
		return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
	}
	return nil, errors.New("PostgreSQL refuses to run as root, and there is no other user to run it as")
}

// reachable lets others pass through the folders of this run.
func reachable(dir string) error {
	for range 2 {
		if err := os.Chmod(dir, 0o755); err != nil {
			return err
		}
		dir = filepath.Dir(dir)
	}
	return nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
