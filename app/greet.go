package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"latchkey/access"
	"latchkey/bot/webapi"
	"latchkey/idp"
)

// greet proves that the services answer and the tokens are right. A first start
// refuses to go on otherwise. A later one (started) goes on without a service
// that is down for now: what is due to be removed must not wait for Jira or Slack.
func (s *services) greet(ctx context.Context, started bool, log *slog.Logger) error {
	for _, hello := range []func(context.Context) error{s.greetSlack, s.greetJira, s.greetDirectories} {
		err := hello(ctx)
		if err == nil {
			continue
		}
		if started && passing(err) {
			log.Warn("a service does not answer; going on without it for now", "error", err)
			continue
		}
		return err
	}
	return nil
}

// passing tells failures that go away by themselves from those a human must mend.
func passing(err error) bool {
	class := access.Classify(err).Class
	return class != access.Denied && class != access.Rejected
}

func (s *services) greetSlack(ctx context.Context) error {
	if err := webapi.Probe(ctx, s.slack); err != nil {
		return fmt.Errorf("slack: %w", err)
	}
	return nil
}

func (s *services) greetJira(ctx context.Context) error {
	if err := s.jira.Site.Discover(ctx); err != nil {
		return fmt.Errorf("jira: %w", err)
	}
	return nil
}

func (s *services) greetDirectories(ctx context.Context) error {
	for _, d := range s.directories {
		p, ok := idp.As[idp.Prober](d)
		if !ok {
			continue
		}
		findings, err := p.Probe(ctx)
		if err != nil {
			return directoryError(d, err)
		}
		for _, f := range findings {
			if !f.OK {
				return &access.Failure{Class: access.Denied, Sentence: fmt.Sprintf("directory %s: %s: %s", d.ID(), f.Check, f.Detail)}
			}
		}
	}
	return nil
}

func directoryError(d idp.Directory, err error) error {
	f := &access.Failure{Class: access.Transient, Sentence: "directory " + d.ID() + " does not answer", Err: err}
	if errors.Is(err, idp.ErrDenied) {
		f.Class, f.Sentence = access.Denied, "directory "+d.ID()+" refuses the token: check the key under idp"
	}
	return f
}
