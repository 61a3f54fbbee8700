package bot

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/manifest"
	"latchkey/bot/messenger"
	"latchkey/bot/roster"
	"latchkey/bot/webapi"
	"latchkey/catalog"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
	"latchkey/workflow/requests"
)

// patience is how long a decision may take before the person is told to try
// again: Slack gives up after three seconds.
const patience = 2500 * time.Millisecond

// Refusals is where it is logged that somebody was refused.
type Refusals interface {
	// LogRefusal returns the error as it is.
	LogRefusal(ctx context.Context, request string, by access.Actor, what string, err error) error
}

// Config is what a bot needs: Slack, and the rooms of the workflow that people
// talk to through it.
type Config struct {
	API      *slack.Client
	Catalog  func() *catalog.Catalog // what may be asked for at this moment
	Requests *requests.Service
	Query    *query.Service
	People   *people.Service
	Refusals Refusals
	Feed     *messenger.Feed  // whose Home tab to bring up to date; may be nil
	Roster   *roster.Roster   // told when a member changes; may be nil
	Command  string           // default DefaultCommand
	Logger   *slog.Logger     // default: none
	Now      func() time.Time // default time.Now
}

// Bot answers Slack. It is a socket.Handler.
type Bot struct {
	cfg     Config
	log     *slog.Logger
	forms   newest
	seen    once
	opening atomic.Pointer[opening]
	homes   homes

	ctx  context.Context // of work that goes on after the ack
	stop context.CancelFunc

	mu     sync.Mutex // guards closed against a late Add to work
	closed bool
	work   sync.WaitGroup
}

// New makes a bot. Close it when no more envelopes come.
func New(cfg Config) *Bot {
	if cfg.Command == "" {
		cfg.Command = manifest.DefaultCommand
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	ctx, stop := context.WithCancel(context.Background())
	b := &Bot{cfg: cfg, log: cfg.Logger, ctx: ctx, stop: stop}
	if cfg.Feed != nil {
		cfg.Feed.Subscribe(b.Concern)
	}
	return b
}

// Close waits for the work that goes on after acks. When ctx ends first, that
// work is cut short; nothing that was acknowledged is lost by it.
func (b *Bot) Close(ctx context.Context) error {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	done := make(chan struct{})
	go func() { b.work.Wait(); close(done) }()
	defer b.stop()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		b.stop()
		<-done
		return ctx.Err()
	}
}

// later does what the ack doesn't have to wait for.
func (b *Bot) later(what string, do func(context.Context) error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return
	}
	b.work.Go(func() {
		ctx, cancel := context.WithTimeout(webapi.Interactive(b.ctx), 30*time.Second)
		defer cancel()
		if err := do(ctx); err != nil && !errors.Is(err, context.Canceled) {
			b.log.WarnContext(ctx, "Slack follow-up failed", "what", what, "error", err)
		}
	})
}
