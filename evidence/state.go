package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/evidence/note"
)

// State is the document by which an issue says how its request stands: up to
// which event, on which pages these are, and what followed from them. It counts
// only as a signed note, and only on the issue and for the request that it names.
type State struct {
	Log      string        `json:"log"`               // in whose name it is signed
	Site     string        `json:"site,omitempty"`    // id of the Jira site
	Issue    string        `json:"issue"`             // numeric id of the issue it was written for
	Creator  string        `json:"creator,omitempty"` // account that made the issue
	Request  string        `json:"request"`
	N        uint64        `json:"n"`               // how many events the request has
	Head     access.Hash   `json:"head"`            // leaf of the last one
	Pages    int           `json:"pages"`           // on how many pages they are
	Sum      access.Hash   `json:"sum"`             // of the pages: SHA-256 over the SHA-256 of each
	Groups   access.Hash   `json:"groups,omitzero"` // SHA-256 of the groups, where they are too many to stand here
	Now      access.Course `json:"state"`
	Instance uint64        `json:"instance,omitempty"` // of the Latchkey that wrote it
	At       time.Time     `json:"at"`
}

// Sign signs a document in the name of a log: see note.Signer.
type Sign func(ctx context.Context, log string, k note.Kind, text string) (string, error)

// ErrOlderState: the state was written before there were signatures.
var ErrOlderState = errors.New("it was written by an early version of Latchkey, whose records can't be proven and are not read any more: look at the issue and make the request again if it is still wanted")

// OpenState reads a state whose signature counts.
func OpenState(trust note.Trust, text string) (s State, o note.Opened, err error) {
	signed, groups := cutGroups(text)
	if o, err = trust.Open(note.State, signed); err != nil {
		return s, o, early(text, err)
	}
	if err = o.Decode(&s); err != nil {
		return s, o, err
	}
	switch {
	case s.Request == "" || s.Log != o.Log:
		return s, o, errors.New("it is signed, but not for what it stands for")
	case o.Retired(s.At):
		return s, o, errors.New("it is signed with a key that had been replaced by then")
	}
	return s, o, s.readGroups(groups)
}

// groupsMark begins the line behind a note that holds the groups, where they are too
// many for what can be signed; the note has their sum.
const groupsMark = "groups "

func cutGroups(text string) (signed, groups string) {
	i := strings.LastIndex(text, "\n"+groupsMark)
	if i < 0 {
		return text, ""
	}
	return text[:i+1], text[i+1+len(groupsMark):]
}

// putGroups takes the groups out of the state and gives the line that holds them.
func (s *State) putGroups() (line string, err error) {
	raw, err := json.Marshal(s.Now.Groups)
	if err != nil {
		return "", err
	}
	text, err := pack(raw)
	s.Groups, s.Now.Groups = sha256.Sum256([]byte(text+"\n")), nil
	return groupsMark + text + "\n", err
}

func (s *State) readGroups(text string) error {
	changed := errors.New("its groups are not those that were signed: somebody has changed them")
	switch {
	case s.Groups == (access.Hash{}) && text == "":
		return nil
	case sha256.Sum256([]byte(text)) != s.Groups:
		return changed
	}
	raw, err := unpack(strings.TrimSuffix(text, "\n"))
	if err != nil || json.Unmarshal(raw, &s.Now.Groups) != nil {
		return changed
	}
	return nil
}

// early says what is wrong with something that was written before there were
// signatures.
func early(text string, err error) error {
	if errors.Is(err, note.ErrUnsigned) && (strings.HasPrefix(text, `{"v":1`) || strings.HasPrefix(text, string(note.State)+"\n")) {
		return ErrOlderState
	}
	return err
}

// sumOf is the sum over all pages.
func sumOf(pages []string) access.Hash {
	var all []byte
	for _, p := range pages {
		one := sha256.Sum256([]byte(p))
		all = append(all, one[:]...)
	}
	return sha256.Sum256(all)
}
