package access

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Hash is a SHA-256 sum. The zero hash stands for none.
type Hash [sha256.Size]byte

// String is the hash in base64, "-" for none: as the log writes it.
func (h Hash) String() string {
	if h == (Hash{}) {
		return none
	}
	return base64.StdEncoding.EncodeToString(h[:])
}

// ParseHash reads what String writes.
func ParseHash(text string) (h Hash, err error) {
	if text == none {
		return h, nil
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != len(h) {
		return h, fmt.Errorf("access: %q is no hash: it has to be 44 characters of base64", text)
	}
	return Hash(raw), nil
}

// MarshalText writes the hash as String does, nothing for none.
func (h Hash) MarshalText() ([]byte, error) {
	if h == (Hash{}) {
		return nil, nil
	}
	return []byte(h.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (h *Hash) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*h = Hash{}
		return nil
	}
	*h, err = ParseHash(string(text))
	return err
}

// none is written where a line has nothing to say.
const none = "-"

// entryVersion is the first of the lines that are hashed.
const entryVersion = "latchkey/event/v1"

// Entry is an event as it is kept: the bytes that were written first, and what
// proves that they are still those. Nobody ever writes these bytes anew from what
// they mean, so every version of Latchkey can check the entries of any other.
//
// The entries of a subject form a chain: each names the leaf of the one before.
// All leaves together are the leaves of one Merkle tree (RFC 6962), in the order
// of their places.
type Entry struct {
	ID      string  // UUIDv7, the event's own, wherever it is kept
	Log     string  // the log in which it was chained: see Lines
	Subject Subject // whose chain it belongs to
	N       uint64  // its number in that chain, from 1
	Prev    Hash    // leaf of number N-1; none for the first
	Schema  int     // of Body and Private
	Body    []byte  // JSON: what happened, with nobody named but by ids of ours
	Salt    []byte  // random, so that an erased private part can't be guessed from its hash
	Private []byte  // JSON: what names or quotes people; can be erased
	Erased  Hash    // of an erased private part: what was hashed of it; otherwise none
	Leaf    Hash    // hash of all of the above
	Place   uint64  // in the tree, from 1; 0 until it has one
}

// saltSize is how many random bytes go before the private part.
const saltSize = 16

// Lines are what the leaf is the hash of: nine lines that anybody can put
// together and hash without Latchkey.
func (e Entry) Lines() []byte { return e.appendLines(nil) }

func (e Entry) appendLines(b []byte) []byte {
	for _, line := range [...]string{entryVersion, e.Log, e.ID} {
		b = append(append(b, line...), '\n')
	}
	b = append(append(append(append(b, e.Subject.Kind...), ':'), e.Subject.ID...), '\n')
	b = append(strconv.AppendUint(b, e.N, 10), '\n')
	b = appendHash(b, e.Prev)
	b = append(strconv.AppendInt(b, int64(e.Schema), 10), '\n')
	b = appendHash(b, Hash(sha256.Sum256(e.Body)))
	return appendHash(b, e.privateSum())
}

func appendHash(b []byte, h Hash) []byte {
	if h == (Hash{}) {
		return append(b, none+"\n"...)
	}
	return append(base64.StdEncoding.AppendEncode(b, h[:]), '\n')
}

// privateSum is the hash of the private part, none if there never was one.
func (e Entry) privateSum() Hash {
	if len(e.Private) == 0 {
		return e.Erased
	}
	return sha256.Sum256(append(e.Salt[:len(e.Salt):len(e.Salt)], e.Private...))
}

// leaf is RFC 6962's hash of a leaf.
func (e Entry) leaf() Hash {
	return sha256.Sum256(e.appendLines(append(make([]byte, 0, 320), 0)))
}

// Chain puts the entry behind the one that has the given number and leaf in its
// subject's chain; 0 and none for the first. The result has its leaf.
func (e Entry) Chain(log string, n uint64, prev Hash) (Entry, error) {
	e.Log, e.N, e.Prev = log, n+1, prev
	if err := e.check(); err != nil {
		return Entry{}, err
	}
	e.Leaf = e.leaf()
	return e, nil
}

// Follows checks that the entry is next in its subject's chain.
func (e Entry) Follows(n uint64, prev Hash) error {
	if e.N != n+1 || e.Prev != prev {
		return fmt.Errorf("event %s is number %d of %s and does not follow number %d: the chain is broken there", e.ID, e.N, e.Subject, n)
	}
	return nil
}

// errAltered: an entry is not what was written.
var errAltered = errors.New("was altered after it was written")

// Verify checks that the entry's bytes are those that were written.
func (e Entry) Verify() error {
	if err := e.check(); err != nil {
		return err
	}
	if e.leaf() != e.Leaf {
		return fmt.Errorf("event %s, number %d of %s, %w", e.ID, e.N, e.Subject, errAltered)
	}
	return nil
}

// check refuses what would make lines that could also be read otherwise.
func (e Entry) check() error {
	for _, line := range [...]string{e.Log, e.ID, string(e.Subject.Kind), e.Subject.ID + "."} {
		if line == "" || strings.IndexByte(line, '\n') >= 0 || strings.IndexByte(line, 0) >= 0 {
			return fmt.Errorf("access: the event %q of %q in the log %q can't be written down: each has to be one line of text", e.ID, e.Subject, e.Log)
		}
	}
	if len(e.Private) > 0 && e.Erased != (Hash{}) {
		return fmt.Errorf("access: event %s has a private part that is said to be erased", e.ID)
	}
	return nil
}

// Erase takes the private part away for good. The leaf stays as it is and can
// still be checked; what was erased can't be found out from it.
func (e Entry) Erase() Entry {
	e.Erased = e.privateSum()
	e.Salt, e.Private = nil, nil
	return e
}
