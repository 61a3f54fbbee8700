package access

import (
	"encoding/json"
	"time"
)

// AnchorNote is what Latchkey says of its log in a place outside of its store.
type AnchorNote struct {
	ID    string // stable key: the same again is not written twice
	At    time.Time
	Title string // a plain sentence
	Lines []string
	Post  json.RawMessage // for machines; signed
}

// AnchorCopy is a note as it was found in a place where others can write, too.
type AnchorCopy struct {
	Where string    // for people: "Jira, IT-12"
	At    time.Time // when the place says that it was put there; zero: it does not say
	Draft bool      // it stands where the next one takes its place
	Post  json.RawMessage
}
