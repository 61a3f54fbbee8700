package bot

import (
	"strconv"
	"strings"

	"latchkey/access"
)

// target is what a button on a card is about: a request, and the stage of it
// that the reader saw when they pressed it, counted from 1. Buttons from before
// stages were told apart have none.
type target struct {
	request string
	seen    int
}

func (t target) String() string {
	if t.seen == 0 {
		return t.request
	}
	return t.request + "/" + strconv.Itoa(t.seen)
}

func targetOf(value string) target {
	request, stage, _ := strings.Cut(value, "/")
	seen, _ := strconv.Atoi(stage) // none: whichever it is
	return target{request, seen}
}

// here is the scene's request at the stage it shows.
func (s scene) here() string {
	if s.Request.State != access.RequestPending {
		return s.Request.ID
	}
	return target{s.Request.ID, s.Request.Stage + 1}.String()
}
