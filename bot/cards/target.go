package cards

import (
	"strconv"
	"strings"

	"latchkey/access"
)

// Target is what a button on a card is about: a request, and the stage of it
// that the reader saw when they pressed it, counted from 1. Buttons from before
// stages were told apart have none.
type Target struct {
	Request string
	Seen    int
}

// String is the value of the button.
func (t Target) String() string {
	if t.Seen == 0 {
		return t.Request
	}
	return t.Request + "/" + strconv.Itoa(t.Seen)
}

// TargetOf reads a button's value.
func TargetOf(value string) Target {
	request, stage, _ := strings.Cut(value, "/")
	seen, _ := strconv.Atoi(stage) // none: whichever it is
	return Target{request, seen}
}

// here is a request at the stage that it is in.
func here(r access.Request) string {
	if r.State != access.RequestPending {
		return r.ID
	}
	return Target{r.ID, r.Stage + 1}.String()
}
