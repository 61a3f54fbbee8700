package evidence

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"

	"latchkey/access"
)

// State is the document by which an issue says how its request stands: up to
// which event, on which pages these are, and what followed from them. Its text is
// a line that names the kind of document and a line of JSON; a signature is made
// over both.
type State struct {
	Log     string        `json:"log"`
	Issue   string        `json:"issue"` // numeric id of the issue it was written for
	Request string        `json:"request"`
	N       uint64        `json:"n"`    // how many events the request has
	Head    access.Hash   `json:"head"` // leaf of the last one
	Sums    []access.Hash `json:"sums"` // SHA-256 of each page
	Now     access.Course `json:"state"`
	At      time.Time     `json:"at"`
}

// stateKind is the first line of the document.
const stateKind = "latchkey/state/v1"

// String is the document's text.
func (s State) String() (string, error) {
	line, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("write down the state of request %s: %w", s.Request, err)
	}
	return stateKind + "\n" + ascii(line) + "\n", nil
}

// ErrOlderState: the state was written before there was a log that can be proven.
var ErrOlderState = errors.New("it was written by an early version of Latchkey, whose records can't be proven and are not read any more: look at the issue and make the request again if it is still wanted")

var errState = errors.New("it is not what Latchkey writes there, so somebody has changed it")

// ParseState reads the text of the document.
func ParseState(text string) (s State, err error) {
	kind, rest, _ := strings.Cut(text, "\n")
	line, more, ended := strings.Cut(rest, "\n")
	switch {
	case strings.HasPrefix(text, `{"v":1`):
		return s, ErrOlderState
	case kind != stateKind && strings.HasPrefix(kind, "latchkey/state/"):
		return s, errors.New("it was written by a newer version of Latchkey: use that one")
	case kind != stateKind || !ended || more != "":
		return s, errState
	}
	if err := json.Unmarshal([]byte(line), &s); err != nil || s.Request == "" {
		return s, errState
	}
	return s, nil
}

// ascii writes whatever is beyond ASCII in a text of JSON as escapes. What Jira
// counts as a character, and what it does to the others, then does not matter.
func ascii(text []byte) string {
	var b strings.Builder
	for _, r := range string(text) {
		switch hi, lo := utf16.EncodeRune(r); {
		case r < 0x80:
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x\u%04x`, hi, lo)
		}
	}
	return b.String()
}
