package rest

import (
	"context"
	"time"

	"latchkey/access"
)

// How often a call that only reads is made when Jira has trouble. Being asked to
// wait does not count.
const (
	retryTries = 6
	retryPause = time.Second
)

// FetchWithRetry is Fetch for calls that only read and that no person waits for:
// it goes on through passing trouble, and waits as long as Jira asks to.
func (c *Client) FetchWithRetry(ctx context.Context, k Call, out any) error {
	for try := 1; ; {
		err := c.Fetch(ctx, k, out)
		if err == nil {
			return nil
		}
		f := access.Classify(err)
		pause := f.After
		switch {
		case f.Class == access.Transient && try < retryTries:
			pause = max(pause, retryPause<<(try-1))
			try++
		case f.Class != access.Limited:
			return err
		}
		if err := c.Wait(ctx, pause); err != nil {
			return err
		}
	}
}

// Wait waits in real time, not by the client's clock: it is for commands, which
// an administrator watches.
func (c *Client) Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(max(d, 10*time.Millisecond))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return &access.Failure{Class: access.Transient, Err: ctx.Err(), Sentence: "Latchkey was stopped while it read Jira; run the command again"}
	}
}
