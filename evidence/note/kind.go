package note

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
)

// Kind is the first line of a document.
type Kind string

// The kinds of document.
const (
	State     Kind = "latchkey/state/v1" // how a request stands
	Heads     Kind = "latchkey/heads/v1" // which event each subject ended with
	KeyChange Kind = "latchkey/key/v1"   // which key takes the place of which
	Pack      Kind = "latchkey/pack/v1"  // the sum of the sums of an access review's evidence
	Probe     Kind = "latchkey/probe/v1" // nothing: whether the key can sign

	// Checkpoint is the head of a log (c2sp.org/tlog-checkpoint). Its first line is
	// the log's name, so no log is called "latchkey/…".
	Checkpoint Kind = "checkpoint"
)

// What can be wrong with a document whose signature counts.
var (
	ErrKind  = errors.New("it is a signed document of another kind, put in this one's place")
	ErrNewer = errors.New("it was written by a newer version of Latchkey: use that one")
)

var errBody = errors.New("it was signed, but holds something else than it should")

// Compose makes a document: the line that names its kind, and a line of JSON. The
// JSON is ASCII, so that what others count as a character does not matter.
func Compose(k Kind, body any) (string, error) {
	line, err := json.Marshal(body)
	if err != nil {
		return "", fmt.Errorf("write down a document of the kind %s: %w", k, err)
	}
	return string(k) + "\n" + ascii(line) + "\n", nil
}

// Decode reads what Compose has made. Fields that this version does not know are
// left alone.
func Decode(k Kind, text string, into any) error {
	if err := k.of("", text); err != nil {
		return err
	}
	_, rest, _ := strings.Cut(text, "\n")
	line, more, ended := strings.Cut(rest, "\n")
	if !ended || more != "" || json.Unmarshal([]byte(line), into) != nil {
		return errBody
	}
	return nil
}

// of checks that a text is of the kind. log is the name under which it is signed.
func (k Kind) of(log, text string) error {
	first, _, _ := strings.Cut(text, "\n")
	family, _ := cutLast(string(k), "/")
	switch {
	case k == Checkpoint && first == log && log != "":
		return nil
	case k != Checkpoint && first == string(k):
		return nil
	case k != Checkpoint && strings.HasPrefix(first, family+"/v"):
		return ErrNewer
	default:
		return ErrKind
	}
}

// cutLast cuts a text at the last separator; all of it comes before where there is
// none.
func cutLast(text, sep string) (before, after string) {
	i := strings.LastIndex(text, sep)
	if i < 0 {
		return text, ""
	}
	return text[:i], text[i+len(sep):]
}

// ascii writes whatever is beyond ASCII in a text of JSON as escapes.
func ascii(text []byte) string {
	var b strings.Builder
	for _, r := range string(text) {
		switch hi, lo := utf16.EncodeRune(r); {
		case r < 0x7f:
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x\u%04x`, hi, lo)
		}
	}
	return b.String()
}
