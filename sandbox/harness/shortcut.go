package harness

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"latchkey/sandbox/slack"
)

// shortcut uses one of the app's shortcuts: a global one by its callback id, or
// one on the newest message that says something, in the person's conversation
// with Latchkey:
//
//	slack maya shortcut request_access
//	slack maya shortcut link_request on 'Which library?'
func (h *Harness) shortcut(ctx context.Context, who slack.User, args []string) (string, error) {
	if len(args) == 0 {
		return "", errors.New("shortcut: which one?")
	}
	if err := h.connected(ctx); err != nil {
		return "", err
	}
	if len(args) < 3 || args[1] != "on" {
		out, err := h.World.Slack.Shortcut(ctx, who.ID, args[0])
		return outcome(out, err, "used "+args[0])
	}
	where, text := h.World.Slack.DM(who.ID), strings.Join(args[2:], " ")
	return h.onSight(ctx, func() (string, error) {
		for _, m := range slices.Backward(h.World.Slack.Messages(where)) {
			if contains(h.World.Slack.Read(m), text) {
				out, err := h.World.Slack.MessageShortcut(ctx, who.ID, args[0], where, m.TS)
				return outcome(out, err, "used "+args[0]+" on a message")
			}
		}
		return "", fmt.Errorf("shortcut: no message says %q: %w", text, slack.ErrGone)
	})
}
