package cli

import (
	"context"
	"errors"
	"net"
	"sync"

	"latchkey/app"
)

// demoBot is the bot of the demo. It can be cut off in the middle of its work, as by a machine that fails, and started
// again on what it left.
type demoBot struct {
	serve func(context.Context, app.Hooks) error
	ended func(error) // is told of a bot that ended by itself

	mu    sync.Mutex
	stop  context.CancelFunc // nil while it doesn't run
	lines *lines
	done  chan error
}

// Start starts the bot, unless it runs.
func (b *demoBot) Start() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stop != nil {
		return
	}
	running, stop := context.WithCancel(context.Background())
	b.stop, b.lines, b.done = stop, &lines{open: map[net.Conn]bool{}}, make(chan error, 1)
	go func(l *lines, done chan<- error) {
		err := b.serve(running, app.Hooks{Dial: l.dial})
		if running.Err() == nil {
			b.ended(err)
		}
		done <- err
	}(b.lines, b.done)
}

// Running tells whether the bot runs.
func (b *demoBot) Running() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stop != nil
}

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
