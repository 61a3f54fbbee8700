// Command latchkey is a Slack-first access-governance bot: people ask for access
// in Slack, the right person says yes, the identity provider's group changes, it
// ends on time, and one Jira issue tells the whole story.
package main

import (
	"context"
	_ "embed"
	"os"
	"os/signal"
	"syscall"

	"latchkey/cli"
)

// example is the configuration that the demo runs on, in any folder.
//
//go:embed config.yaml
var example []byte

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(cli.Run(ctx, os.Args[1:], example))
}
