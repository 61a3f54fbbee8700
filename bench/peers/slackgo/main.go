// Command slackgo acknowledges every Socket Mode envelope with slack-go's
// client and does nothing else. It is a peer of the ack benchmarks.
package main

import (
	"fmt"
	"io"
	"log"
	"os"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

func main() {
	api := slack.New("xoxb-bench", slack.OptionAppLevelToken("xapp-bench"), slack.OptionAPIURL(os.Getenv("SLACK_API_URL")))
	client := socketmode.New(api, socketmode.OptionLog(log.New(io.Discard, "", 0)))
	go func() {
		for e := range client.Events {
			if e.Request == nil || e.Type == socketmode.EventTypeHello {
				continue
			}
			if err := client.Ack(*e.Request); err != nil {
				fmt.Fprintln(os.Stderr, "ack:", err)
			}
		}
	}()
	if err := client.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
