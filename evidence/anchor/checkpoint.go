package anchor

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"latchkey/access"
	"latchkey/evidence/note"
)

// Checkpoint is the head of a log at one moment.
type Checkpoint struct {
	Log  string
	Size uint64      // how many events it has
	Root access.Hash // of the tree of all of them
}

// String is the checkpoint's text: three lines that anybody can read.
func (c Checkpoint) String() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Log, c.Size, c.Root)
}

var errCheckpoint = errors.New("it is no checkpoint of a log: name, number of events and root of the tree, a line each")

// ParseCheckpoint reads a checkpoint's text. Lines behind the third are others'
// extensions and say nothing here.
func ParseCheckpoint(text string) (c Checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] == "" || lines[len(lines)-1] != "" {
		return c, errCheckpoint
	}
	c.Log = lines[0]
	if c.Size, err = strconv.ParseUint(lines[1], 10, 63); err != nil || strconv.FormatUint(c.Size, 10) != lines[1] {
		return c, errCheckpoint
	}
	if c.Root, err = access.ParseHash(lines[2]); err != nil || c.Root == (access.Hash{}) {
		return c, errCheckpoint
	}
	return c, nil
}

// OpenCheckpoint reads a signed checkpoint. It is the one that was signed, or an
// error.
func OpenCheckpoint(t note.Trust, signed string) (Checkpoint, note.Opened, error) {
	o, err := t.Open(note.Checkpoint, signed)
	if err != nil {
		return Checkpoint{}, o, err
	}
	c, err := ParseCheckpoint(o.Text)
	return c, o, err
}
