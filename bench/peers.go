package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// peers are what Latchkey is compared with: programs under bench/peers, each
// with a lockfile. They are built or installed when they are first asked for.
type peers struct {
	source string // bench/peers
	dir    string // where they are built
	pg     *database
	pgErr  error

	mu   sync.Mutex
	made map[string]error
}

func newPeers(repo, dir string) *peers {
	return &peers{source: filepath.Join(repo, "bench", "peers"), dir: filepath.Join(dir, "peers"), made: map[string]error{}}
}

func (p *peers) close() {
	if p.pg != nil {
		p.pg.stop()
	}
}

// once makes a peer the first time and remembers how that went.
func (p *peers) once(name string, make func() error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	err, done := p.made[name]
	if !done {
		err = make()
		p.made[name] = err
	}
	return err
}

// program builds a peer that is a Go module of its own.
func (p *peers) program(name string) (string, error) {
	out := filepath.Join(p.dir, name)
	return out, p.once(name, func() error {
		return quietly(p.source, nil, "go", "build", "-C", name, "-o", out, ".")
	})
}

// boltjs installs Bolt JS from its lockfile and returns its script.
func (p *peers) boltjs() (string, error) {
	dir := filepath.Join(p.dir, "boltjs")
	return filepath.Join(dir, "ack.js"), p.once("boltjs", func() error {
		if _, err := exec.LookPath("npm"); err != nil {
			return errors.New("there is no npm; install Node.js 20 or later")
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		for _, f := range []string{"package.json", "package-lock.json", "ack.js"} {
			body, err := os.ReadFile(filepath.Join(p.source, "boltjs", f))
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(dir, f), body, 0o644); err != nil {
				return err
			}
		}
		return quietly(dir, nil, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
	})
}

// postgres starts a database server the first time.
func (p *peers) postgres() (*database, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pg == nil && p.pgErr == nil {
		p.pg, p.pgErr = startPostgres(filepath.Join(p.dir, "postgres"))
	}
	return p.pg, p.pgErr
}

// quietly runs a command and reports what it said only if it failed.
func quietly(dir string, env []string, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %v: %w: %s", name, args, err, out)
	}
	return nil
}
