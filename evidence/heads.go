package evidence

import (
	"bytes"
	"crypto/sha256"
	"time"

	"latchkey/access"
)

// Heads are what anchored notes say that Jira was seen to hold, by subject. They
// tell that a record is older than what was there once.
type Heads struct {
	Known  bool   // an anchor of this installation could be read; otherwise nothing is proven by them
	Log    string // name of the newest log they are of
	Newest string // its newest checkpoint, as it is; may be empty
	By     map[HeadKey]Head
	Doubts []string // what is wrong with the anchors: sentences for IT
}

// HeadKey stands for a subject: the first bytes of the SHA-256 of its text.
type HeadKey [8]byte

// HeadKeyOf is the key of a subject.
func HeadKeyOf(s access.Subject) HeadKey {
	sum := sha256.Sum256([]byte(s.String()))
	return HeadKey(sum[:8])
}

// Head is the last event of a subject that its issue was seen to hold.
type Head struct {
	N     uint64
	Leaf  [12]byte  // the first bytes of the event's leaf
	Seen  time.Time // when somebody outside dated the oldest note that names it
	Where string    // who has the note: "Jira, IT-12"
}

// Is reports whether an event's leaf is the head's.
func (h Head) Is(leaf access.Hash) bool { return bytes.HasPrefix(leaf[:], h.Leaf[:]) }

// Of is the head of a subject.
func (h Heads) Of(s access.Subject) (Head, bool) {
	found, ok := h.By[HeadKeyOf(s)]
	return found, ok
}
