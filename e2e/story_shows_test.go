package e2e

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"latchkey/sandbox"

	"github.com/rogpeppe/go-internal/testscript"
)

// lookAgain is after how long a command is asked again although nothing was seen to change: what it reads in the
// store changes unseen.
const lookAgain = 200 * time.Millisecond

// showsCommand asks a command that only reads, until what it prints matches, and then leaves that to the lines
// stdout and stderr:
//
//	shows 'Nothing is stuck' latchkey stuck
//	! shows 'IT-1' latchkey stuck
func showsCommand(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("shows: write for example: shows 'Nothing is stuck' latchkey stuck")
	}
	pattern, err := regexp.Compile("(?m)" + args[0])
	ts.Check(err)
	world := ts.Value(companyKey{}).(*company).world
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	for {
		changed := world.Changed()
		err := ts.Exec(args[1], args[2:]...)
		if pattern.MatchString(ts.ReadFile("stdout")) != neg && err == nil {
			return
		}
		select {
		case <-changed:
		case <-time.After(lookAgain):
		case <-ctx.Done():
			ts.Fatalf("%v: what it prints did not come to be as expected (%v)", args, err)
		}
	}
}

// notForPhones are the messages whose news a phone can't show: it reads nothing but their
// text, in some two lines, as it stands.
func notForPhones(w *sandbox.World) (out []string) {
	for _, messages := range w.Slack.Snapshot().Messages {
		for _, m := range messages {
			if m.BotID == "" {
				continue
			}
			if m.Text == "" {
				out = append(out, fmt.Sprintf("a message without a text: %q", m.Blocks))
			}
			if m.Ephemeral { // which nobody is alerted of
				continue
			}
			if word := regexp.MustCompile(`(?i)\b(today|tomorrow|yesterday)\b`).FindString(m.Text); word != "" {
				out = append(out, fmt.Sprintf("a phone shows %q whenever it is read: %q", word, m.Text))
			}
			if n := len([]rune(m.Text)); n == 0 || n > 120 || strings.ContainsAny(m.Text, "<*_`\n") {
				out = append(out, fmt.Sprintf("a phone can't show this: %q", m.Text))
			}
		}
	}
	return out
}
