package e2e

import (
	"context"
	"time"

	"latchkey/sandbox/slack"
	"latchkey/sandbox/slack/kit"
)

// deskEvery is how often IT looks at what is stuck.
const deskEvery = 2 * time.Second

// openDesk has IT look from time to time at what is stuck and try it again, until it
// is shut.
func (w *torture) openDesk() (shut func()) {
	ctx, end := context.WithCancel(w.ctx)
	closed := make(chan struct{})
	w.helpers.Go(func() {
		defer close(closed)
		tick := time.NewTicker(deskEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				w.retryStuck()
			}
		}
	})
	return func() { end(); <-closed }
}

// retryStuck has everything tried again that IT sees is stuck. Where the bot is dead, or
// Slack doesn't hear it, IT comes again later.
func (w *torture) retryStuck() {
	v := w.living()
	if v == nil || v.life.Err() != nil || w.world.Slack.Connections() == 0 {
		return
	}
	it, _ := w.world.Slack.UserByName("ines")
	out, err := w.world.Slack.Slash(v.life, it.ID, w.dm(it), "stuck")
	if err != nil || out.Reply == nil {
		return
	}
	for _, s := range kit.Slots(out.Reply.Blocks) {
		if s.Kind() == "button" && kit.TextOf(s.Element, "text") == "Retry" {
			w.hostile.retried()
			_, _ = w.world.Slack.Click(v.life, it.ID, slack.Click{ // the next look shows whether it worked
				ChannelID: out.Reply.Channel, MessageTS: out.Reply.TS, ActionID: s.ActionID(), BlockID: s.BlockID(), Value: kit.Str(s.Element, "value"),
			})
		}
	}
}

// restTime is how long Latchkey needs to look at everything once more.
const restTime = 3 * time.Second

// rest gives Latchkey time to put right what the hostile acts left behind.
func (w *torture) rest() {
	select {
	case <-time.After(restTime):
	case <-w.ctx.Done():
	}
}
