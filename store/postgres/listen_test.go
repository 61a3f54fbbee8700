package postgres_test

import (
	"bytes"
	"errors"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"latchkey/store/postgres/postgrestest"
)

// path is a way to a server, on which the session that listens can be troubled and all others
// go on.
type path struct {
	server string
	dsn    string

	mu    sync.Mutex
	shut  bool
	muted bool
	ears  []net.Conn
	all   sync.WaitGroup
}

const socket = ".s.PGSQL.5432"

// pathTo makes a way to the server of a database. dsn leads over it.
func pathTo(t *testing.T, dsn string) *path {
	t.Helper()
	at, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	p := &path{server: filepath.Join(at.Query().Get("host"), socket)}
	at.RawQuery = url.Values{"host": {dir}}.Encode()
	p.dsn = at.String()
	door, err := net.Listen("unix", filepath.Join(dir, socket))
	if err != nil {
		t.Fatal(err)
	}
	p.all.Go(func() { p.open(door) })
	t.Cleanup(func() {
		_ = door.Close()
		p.all.Wait()
	})
	return p
}

func (p *path) open(door net.Listener) {
	for {
		from, err := door.Accept()
		if err != nil {
			return
		}
		to, err := net.Dial("unix", p.server)
		if err != nil || p.is(&p.shut) {
			_ = errors.Join(from.Close(), err)
			continue
		}
		p.all.Go(func() { p.ask(to, from) })
		p.all.Go(func() { p.answer(from, to) })
	}
}

func (p *path) is(flag *bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return *flag
}

// ask carries what a store says, and finds out by it which session listens.
func (p *path) ask(to, from net.Conn) {
	defer to.Close()
	for buf := make([]byte, 64<<10); ; {
		n, err := from.Read(buf)
		if bytes.Contains(buf[:n], []byte("listen latchkey")) {
			p.mu.Lock()
			p.ears = append(p.ears, from)
			p.mu.Unlock()
		}
		if _, failed := to.Write(buf[:n]); err != nil || failed != nil {
			return
		}
	}
}

// answer carries what the server says. Nothing of it arrives at a session that was muted.
func (p *path) answer(to, from net.Conn) {
	defer to.Close()
	for buf := make([]byte, 64<<10); ; {
		n, err := from.Read(buf)
		if !p.mutes(to) {
			_, _ = to.Write(buf[:n]) // who is gone hears nothing
		}
		if err != nil {
			return
		}
	}
}

func (p *path) mutes(to net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.muted && len(p.ears) > 0 && p.ears[0] == to
}

// mute loses without a word whatever the session would hear that listens now.
func (p *path) mute() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.muted = true
}

// cut ends the session that listens, and lets nobody through any more.
func (p *path) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shut = true
	for _, ear := range p.ears {
		_ = ear.Close()
	}
}

// Notices are lost where the session that hears them is gone without a word, and where none can
// be opened. It costs seconds.
func TestANoticeThatIsLostCostsSeconds(t *testing.T) {
	server := postgrestest.Start(t)
	for name, lose := range map[string]func(*path){"without a word": (*path).mute, "for good": (*path).cut} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := server.Database(t)
			speaks, p := open(t, dsn), pathTo(t, dsn)
			hears := open(t, p.dsn)
			if err := write(hears, "a session that writes"); err != nil {
				t.Fatal(err)
			}
			lose(p)
			news, err := hears.Wait(t.Context(), "news")
			if err != nil {
				t.Fatal(err)
			}
			for n := range 2 { // the first may be told of for another reason
				if err := write(speaks, time.Now().String()); err != nil {
					t.Fatal(err)
				}
				select {
				case <-news:
				case <-time.After(15 * time.Second):
					t.Fatalf("of notice %d nobody heard", n)
				}
			}
		})
	}
}
