package webapi

import (
	"context"

	"github.com/slack-go/slack"
)

// Probe proves that Slack answers and accepts the bot token. Errors are
// *access.Failure. See docs.slack.dev/reference/methods/auth.test.
func Probe(ctx context.Context, api *slack.Client) (workspace string, err error) {
	who, err := api.AuthTestContext(ctx)
	if err != nil {
		return "", Failure(err, Call{What: "sign in to Slack"})
	}
	return who.TeamID, nil
}
