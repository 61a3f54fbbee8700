package cards

import (
	"strconv"
	"strings"

	"latchkey/access"
)

// Target is what a button on a card is about: a request, and the stage of it
// that the reader saw when they pressed it, counted from 1, or the direction of the
// change that was asked for. Buttons from before these were told apart have neither.
type Target struct {
	Request   string
	Seen      int
	Direction access.Direction
}

// String is the value of the button.
func (t Target) String() string {
	switch {
	case t.Seen > 0:
		return t.Request + "/" + strconv.Itoa(t.Seen)
	case t.Direction != "":
		return t.Request + "/" + string(t.Direction)
	}
	return t.Request
}

// TargetOf reads a button's value.
func TargetOf(value string) Target {
	request, rest, _ := strings.Cut(value, "/")
	t := Target{Request: request}
	switch way := access.Direction(rest); way {
	case access.Granting, access.Revoking:
		t.Direction = way
	default:
		t.Seen, _ = strconv.Atoi(rest) // none: whichever it is
	}
	return t
}

// here is a request at the stage that it is in.
func here(r access.Request) string {
	if r.State != access.RequestPending {
		return r.ID
	}
	return Target{Request: r.ID, Seen: r.Stage + 1}.String()
}
