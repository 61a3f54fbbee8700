package modals

import (
	"context"
	"log/slog"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
)

// Pauses knows whether new access is paused.
type Pauses interface {
	// Paused is the pause that is on; the zero one if none is.
	Paused(ctx context.Context) (access.Pause, error)
}

// pauseText says, to whoever is about to ask, that new access is paused; "" if it
// isn't. It is escaped.
func pauseText(ctx context.Context, from Pauses, log *slog.Logger) string {
	p, err := from.Paused(ctx)
	if err != nil {
		log.WarnContext(ctx, "Couldn't look whether new access is paused", "error", err)
	}
	if err != nil || p.ID == "" {
		return ""
	}
	return blocks.Paused(p.Until, p.Reason) + " You can ask all the same: it is kept, and follows after that."
}

// pauseBlocks put that at the top of a form.
func pauseBlocks(text string) []slack.Block {
	if text == "" {
		return nil
	}
	return []slack.Block{blocks.Section(text)}
}
