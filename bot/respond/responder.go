// Package respond answers people who clicked, typed or submitted something: it finds
// out who they are, tells them what came of it, opens views for them, and does
// afterwards what an ack does not wait for.
package respond

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
)

// Slack is what of the Web API reaches one person: views before them, and messages to them.
type Slack interface {
	OpenViewContext(ctx context.Context, trigger string, v slack.ModalViewRequest) (*slack.ViewResponse, error)
	PushViewContext(ctx context.Context, trigger string, v slack.ModalViewRequest) (*slack.ViewResponse, error)
	UpdateViewContext(ctx context.Context, v slack.ModalViewRequest, externalID, hash, id string) (*slack.ViewResponse, error)
	PostEphemeralContext(ctx context.Context, channel, user string, options ...slack.MsgOption) (string, error)
	PostMessageContext(ctx context.Context, channel string, options ...slack.MsgOption) (string, string, error)
}

// People says who a Slack account belongs to.
type People interface {
	// Who refuses whoever may neither ask nor decide.
	Who(ctx context.Context, slackID string) (access.Person, error)
}

// Refusals is where it is logged that somebody was refused.
type Refusals interface {
	// LogRefusal returns the error as it is.
	LogRefusal(ctx context.Context, request string, by access.Actor, what string, err error) error
}

// Config is what a responder needs; all of it but Now.
type Config struct {
	API      Slack
	People   People
	Refusals Refusals
	Logger   *slog.Logger
	Now      func() time.Time // default time.Now
}

// Responder answers people. Close it when nothing more comes.
type Responder struct {
	api      Slack
	people   People
	refusals Refusals
	log      *slog.Logger

	told tellLimit

	ctx  context.Context // of work that goes on after the ack
	stop context.CancelFunc

	mu     sync.Mutex // guards closed against a late Add to work
	closed bool
	work   sync.WaitGroup
}

// New makes a responder.
func New(cfg Config) *Responder {
	ctx, stop := context.WithCancel(context.Background())
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Responder{told: tellLimit{now: cfg.Now}, api: cfg.API, people: cfg.People, refusals: cfg.Refusals, log: cfg.Logger, ctx: ctx, stop: stop}
}
