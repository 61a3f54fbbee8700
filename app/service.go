package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/bot/socket"
	"latchkey/bot/webapi"
	"latchkey/idp"
)

// slackService is the name of Slack among the services, and of its queue.
const slackService = "slack"

// service is one that Latchkey needs.
type service struct {
	name   string                      // as its queue is called
	called string                      // by people
	hello  func(context.Context) error // proves that it answers and takes the token
	notes  func() []string             // what IT should look at though it works; may be nil
	// telling: who finds the fault tells IT, too.
	telling bool
	again   time.Duration // how soon it is looked at again though it works; zero: lookAfter
}

// title is what people call it at the beginning of a sentence.
func (s service) title() string { return strings.ToUpper(s.called[:1]) + s.called[1:] }

// all are the services, in the order in which they are greeted.
func (s *services) all(sockets *socket.Client) []service {
	listening := func(ctx context.Context) error {
		if err := s.greetSlack(ctx); err != nil {
			return err
		}
		return notListening(sockets.State())
	}
	out := []service{
		{name: slackService, called: "Slack", hello: listening},
		{name: "jira", called: "Jira", hello: s.greetJira, notes: s.jira.Site.Notes},
	}
	for _, d := range s.directories {
		out = append(out, service{
			name: d.ID(), called: "the directory " + d.ID(), hello: func(ctx context.Context) error { return greetDirectory(ctx, d) },
		})
	}
	return out
}

// passing: it may be over without anybody doing anything.
func passing(err error) bool {
	class := access.Classify(err).Class
	return class == access.Transient || class == access.Limited
}

// greet proves that all services answer and the tokens are right.
func greet(ctx context.Context, all []service) error {
	for _, s := range all {
		if err := s.hello(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// notListening is why nobody is listened to, where that is known.
func notListening(now socket.State) error {
	if now.Connected > 0 || now.LastError == nil {
		return nil
	}
	class := access.Transient
	var refused *socket.OpenError
	if errors.Is(now.LastError, socket.ErrSocketModeOff) || errors.As(now.LastError, &refused) && refused.Fatal() {
		class = access.Denied
	}
	return &access.Failure{Class: class, Sentence: now.LastError.Error()}
}

// greetSlack proves, too, that the workspace is the one that it was, and learns at a first start which one it is.
func (s *services) greetSlack(ctx context.Context) error {
	workspace, err := webapi.Probe(ctx, s.slack)
	if err == nil && s.pinned != nil {
		err = s.pinned(ctx, workspace)
	}
	return err
}

func (s *services) greetJira(ctx context.Context) error { return s.jira.Site.Discover(ctx) }

func greetDirectory(ctx context.Context, d idp.Directory) error {
	p, ok := idp.As[idp.Prober](d)
	if !ok {
		return nil
	}
	findings, err := p.Probe(ctx)
	if err != nil {
		return directoryError(d, err)
	}
	for _, f := range findings {
		if !f.OK {
			return &access.Failure{Class: access.Denied, Sentence: f.Check + ": " + f.Detail}
		}
	}
	return nil
}

// directoryError passes on what a directory says of itself: only it knows whether
// the token, a right or the network is missing.
func directoryError(d idp.Directory, err error) error {
	if known := new(access.Failure); errors.As(err, &known) {
		return err
	}
	f := &access.Failure{Class: access.Transient, Sentence: "the directory " + d.ID() + " can't be looked at: " + err.Error(), Err: err}
	if errors.Is(err, idp.ErrDenied) {
		f.Class = access.Denied
	}
	return f
}
