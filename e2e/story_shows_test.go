package e2e

import (
	"context"
	"regexp"
	"time"

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
