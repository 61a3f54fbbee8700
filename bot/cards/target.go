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
	On        access.Surface // where a modal was opened from; buttons don't say it
}

// String is the value of the button, or what a modal carries along.
func (t Target) String() string {
	out := t.Request
	switch {
	case t.Seen > 0:
		out += "/" + strconv.Itoa(t.Seen)
	case t.Direction != "":
		out += "/" + string(t.Direction)
	}
	if t.On != "" {
		out += openedOn + string(t.On)
	}
	return out
}

// openedOn stands before the surface from which a modal was opened.
const openedOn = "@"

// TargetOf reads a button's value.
func TargetOf(value string) Target {
	value, on, _ := strings.Cut(value, openedOn)
	request, rest, _ := strings.Cut(value, "/")
	t := Target{Request: request, On: access.Surface(on)}
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
