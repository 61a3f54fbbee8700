package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"latchkey/app"
	"latchkey/config"
	"latchkey/sandbox/site"
)

// demoBot is the bot of the demo. It can be cut off in the middle of its work, as by a machine that fails, and started
// again on what it left.
type demoBot struct {
	config *config.Config
	hooks  app.Hooks
	dir    string      // where it keeps everything
	ended  func(error) // is told of a bot that ended by itself

	mu       sync.Mutex
	stop     context.CancelFunc // nil while it doesn't run
	lines    *lines
	calendar *app.Calendar
	done     chan error
	lost     bool // what it kept
}

// Start starts the bot, unless it runs.
func (b *demoBot) Start() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stop != nil {
		return
	}
	running, stop := context.WithCancel(context.Background())
	b.stop, b.lines, b.calendar, b.done = stop, &lines{open: map[net.Conn]bool{}}, app.NewCalendar(b.config.Catalog), make(chan error, 1)
	hooks := b.hooks
	hooks.Dial, hooks.Store = b.lines.dial, b.calendar.Keep
	go func(done chan<- error) {
		err := app.Serve(running, b.config, hooks)
		if running.Err() == nil {
			b.ended(err)
		}
		done <- err
	}(b.done)
}

// Running tells whether the bot runs.
func (b *demoBot) Running() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stop != nil
}

// Ahead is what the bot will do by itself next, a few of each kind of things.
func (b *demoBot) Ahead(ctx context.Context) (all []site.Turn) {
	calendar := b.plans()
	if calendar == nil {
		return nil
	}
	turns, err := calendar.Ahead(ctx, eachAhead)
	if err != nil {
		return nil // it is starting, or ending
	}
	for _, t := range turns {
		all = append(all, site.Turn(t))
	}
	return all
}

// plans is the calendar of a bot that runs; nil of another.
func (b *demoBot) plans() *app.Calendar {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stop == nil {
		return nil
	}
	return b.calendar
}

// Busy tells whether the bot has something to do at this moment.
func (b *demoBot) Busy(ctx context.Context) bool {
	calendar := b.plans()
	if calendar == nil {
		return false
	}
	busy, err := calendar.Busy(ctx, b.hooks.Clock.Now())
	return busy && err == nil
}

// eachAhead is how many things of a kind are looked at.
const eachAhead = 6

// Stop cuts the bot off from everything, and ends it: nobody hears the rest of what it had begun to say.
func (b *demoBot) Stop() { _ = b.end(true) } // what it says of being cut off is no news

// end ends the bot, if it runs, and says how that went.
func (b *demoBot) end(abruptly bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stop == nil {
		return nil
	}
	if abruptly {
		b.lines.cut()
	}
	b.stop()
	b.stop = nil
	return <-b.done
}

// Lost tells whether what the bot kept was lost, and not built anew since.
func (b *demoBot) Lost() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lost
}

// Lose stops the bot and takes from it what it kept, but for its key.
func (b *demoBot) Lose() error {
	b.Stop()
	b.mu.Lock()
	defer b.mu.Unlock()
	kept, err := os.ReadDir(b.dir)
	for _, file := range kept {
		if path := filepath.Join(b.dir, file.Name()); path != filepath.Dir(b.config.Evidence.KeyFile) {
			err = errors.Join(err, os.RemoveAll(path))
		}
	}
	b.lost = true
	return err
}

// Recover rebuilds what the bot kept, as latchkey recover does, and says the same.
func (b *demoBot) Recover(ctx context.Context) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stop != nil {
		return "", errors.New("the bot runs: stop it first")
	}
	var said strings.Builder
	got, err := app.Recover(ctx, b.config, b.hooks, false, &said)
	if err != nil {
		return "", fmt.Errorf("recover: %w", err)
	}
	b.lost = false
	err = writeRecovered(&said, got)
	return said.String(), err
}

// lines are the bot's connections to the services.
type lines struct {
	mu   sync.Mutex
	open map[net.Conn]bool // nil: they are cut
}

// errCut is what a bot hears that was cut off.
var errCut = errors.New("the demo cut the bot off")

func (l *lines) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open == nil {
		return nil, errors.Join(errCut, c.Close())
	}
	l.open[c] = true
	return &line{Conn: c, of: l}, nil
}

// cut closes all connections, and lets no other be opened.
func (l *lines) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.open {
		_ = c.Close() // it is to break
	}
	l.open = nil
}

// line is one of them.
type line struct {
	net.Conn
	of *lines
}

// Close closes the connection, which is forgotten then.
func (l *line) Close() error {
	l.of.mu.Lock()
	delete(l.of.open, l.Conn)
	l.of.mu.Unlock()
	return l.Conn.Close()
}
