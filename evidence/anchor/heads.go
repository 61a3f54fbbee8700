package anchor

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/evidence/note"
)

// Heads says how the log stands and which event each request was seen to end with
// in Jira, of those that changed there since the note before.
type Heads struct {
	Log  string      `json:"log"`
	No   uint64      `json:"no"`   // from 1
	Prev access.Hash `json:"prev"` // of the note before: see Sum
	Size uint64      `json:"size"`
	Root access.Hash `json:"root"`
	// Instance tells which start of Latchkey wrote it: a later one has a greater
	// number.
	Instance uint64      `json:"instance"`
	Since    time.Time   `json:"since,omitzero"` // when the note before was written
	At       time.Time   `json:"at"`
	List     access.Hash `json:"list"` // SHA-256 of the list beside the note; none where there is none
}

// String is the note's text, which is what is signed.
func (h Heads) String() (string, error) { return note.Compose(note.Heads, h) }

// Sum is the hash of a note's text, by which the next one names it. It does not
// depend on the signatures: a signature can be written down in more than one way.
func Sum(text string) access.Hash { return sha256.Sum256([]byte(text)) }

// Checkpoint is the one that the note is about.
func (h Heads) Checkpoint() Checkpoint { return Checkpoint{h.Log, h.Size, h.Root} }

// OpenHeads reads a signed heads note.
func OpenHeads(t note.Trust, signed string) (Heads, note.Opened, error) {
	o, err := t.Open(note.Heads, signed)
	if err != nil {
		return Heads{}, o, err
	}
	var h Heads
	if err := o.Decode(&h); err != nil {
		return Heads{}, o, err
	}
	if h.Log != o.Log {
		return Heads{}, o, fmt.Errorf("it is of the log %s and signed in the name of %s", h.Log, o.Log)
	}
	return h, o, nil
}

// Line is what a list says of one subject. It has no names in it: whoever knows the
// subject finds it.
type Line [22]byte

// LineLimit is how many lines a list has at most: an issue property holds 32,768
// characters, and signed checkpoint and note stand beside it.
const LineLimit = 1000

// manyEvents stands for this many events of a subject and more.
const manyEvents = 1<<16 - 1

// LineOf says that a subject was seen to end with the event of a number and leaf.
func LineOf(s access.Subject, n uint64, leaf access.Hash) (l Line) {
	key := evidence.HeadKeyOf(s)
	copy(l[:8], key[:])
	binary.BigEndian.PutUint16(l[8:10], uint16(min(n, manyEvents)))
	copy(l[10:], leaf[:12])
	return l
}

func (l Line) key() evidence.HeadKey { return evidence.HeadKey(l[:8]) }

func (l Line) head() (n uint64, leaf [12]byte) {
	return uint64(binary.BigEndian.Uint16(l[8:10])), [12]byte(l[10:])
}

// EncodeList writes the list of a note; "" for an empty one.
func EncodeList(lines []Line) string {
	raw := make([]byte, 0, len(lines)*len(Line{}))
	for _, l := range lines {
		raw = append(raw, l[:]...)
	}
	return base64.StdEncoding.EncodeToString(raw)
}

// ListSum is what a note says of its list; none for an empty one.
func ListSum(list string) access.Hash {
	raw, err := base64.StdEncoding.DecodeString(list)
	if err != nil || len(raw) == 0 {
		return access.Hash{}
	}
	return sha256.Sum256(raw)
}

var errList = errors.New("the list beside it is not the one that was signed")

// DecodeList reads a list, which has to be the one that the note was signed with.
func (h Heads) DecodeList(list string) ([]Line, error) {
	raw, err := base64.StdEncoding.DecodeString(list)
	if err != nil || len(raw)%len(Line{}) != 0 || ListSum(list) != h.List {
		return nil, errList
	}
	lines := make([]Line, 0, len(raw)/len(Line{}))
	for ; len(raw) > 0; raw = raw[len(Line{}):] {
		lines = append(lines, Line(raw))
	}
	return lines, nil
}
