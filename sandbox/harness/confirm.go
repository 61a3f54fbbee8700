package harness

import (
	"context"
	"fmt"
	"regexp"

	"latchkey/sandbox/slack"
)

// confirms types what the newest message of the channel asks a second person to type.
func (h *Harness) confirms(ctx context.Context, who slack.User, args []string) (string, error) {
	if len(args) != 1 {
		return "", fmt.Errorf("slack: %s confirms what which channel asks for?", who.Name)
	}
	id, err := h.channelID(args[0])
	if err != nil {
		return "", err
	}
	asked := ""
	waiting, cancel := h.waiting(ctx)
	defer cancel()
	err = h.World.Eventually(waiting, func() error {
		for _, m := range h.World.Slack.Messages(id) {
			if found := regexp.MustCompile(`/access confirm [A-Z0-9]{8}`).FindString(slack.Render(m)); found != "" {
				asked = found
			}
		}
		if asked == "" {
			return fmt.Errorf("nothing is to be confirmed; there is:\n%s", h.conversation(id))
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return h.command(ctx, who, asked)
}
