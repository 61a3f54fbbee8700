package anchor

import (
	"encoding/json"
	"time"
)

// Post is what stands outside: signed notes, and the list of the second.
type Post struct {
	Checkpoint string `json:"checkpoint"`
	Heads      string `json:"heads"`
	List       string `json:"list,omitempty"`
}

// ParsePost reads a post as it stands in a property. What is none gives an empty
// one, which nobody has signed.
func ParsePost(raw []byte) (p Post) {
	_ = json.Unmarshal(raw, &p) // an empty post is refused like a forged one
	return p
}

// Copy is a post as it was found in one place. Nothing of it is checked yet.
type Copy struct {
	Post
	Where string    // for people: "Jira, IT-12"
	At    time.Time // when the place says that it was put there; zero: it does not say
	Draft bool      // it stands where the next one takes its place
	Bare  bool      // the place keeps no lists, so that none is there means nothing
}

// Found are the copies that a place gave.
type Found struct {
	Copies []Copy
	Whole  bool     // all were looked for; otherwise the newest
	Unread string   // why it could not be looked at, as a sentence; empty if it was
	Doubts []string // what else is amiss: sentences
}
