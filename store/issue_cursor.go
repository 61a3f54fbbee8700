package store

import "time"

// IssueCursor is how far an issue has been read in Jira, so that nothing others did
// to it is dealt with twice.
type IssueCursor struct {
	ID      string // the issue's numeric id
	Version uint64
	Request string    // the request it belongs to; empty while it belongs to none
	Updated time.Time // of the issue as it was dealt with
	Fresh   bool      `json:",omitempty"` // it had changed a moment before: what came next may bear the same time
	Change  uint64    // newest entry of its history dealt with
	Comment uint64    // newest comment dealt with
	Votes   []string  // answers to Jira's approvals dealt with

	OwnComments []string // ids of Latchkey's own comments that were seen there
	Doubt       string   // what was amiss at the last look; told when it is seen twice
	Gone        bool     // it was deleted

	Waits  string // who has to complete what they asked for in the portal; empty: nobody
	App    string // which app that was for, if that much was clear
	Key    string // the issue's key and address, for the one who waits
	URL    string
	Portal string `json:",omitempty"`
	Asked  string // what they were told is missing
}

func issueCursors() table[IssueCursor] {
	return table[IssueCursor]{
		kind: "issue",
		row: func(w *IssueCursor) Record {
			var keys []string
			if w.Waits != "" {
				keys = append(keys, "waits:"+w.Waits)
			}
			return Record{ID: w.ID, Version: w.Version, Index: keys}
		},
		set: func(w *IssueCursor, v uint64) { w.Version = v },
	}
}

// LoadIssueCursor loads how far an issue has been read. Absent: ErrNotFound.
func LoadIssueCursor(tx Tx, issueID string) (IssueCursor, error) {
	return issueCursors().get(tx, issueID)
}

// PutIssueCursor stores c at its version and raises it.
func PutIssueCursor(tx Tx, c *IssueCursor) error { return issueCursors().put(tx, c) }

// WaitingFor are issues that a person raised in the portal and has to complete.
func WaitingFor(tx Tx, person string) ([]IssueCursor, error) {
	return issueCursors().whole(tx, "waits:"+person)
}

// Mark is how far a regular duty has come.
type Mark struct {
	ID      string // the duty
	Version uint64
	At      time.Time
	After   string // where to go on in a list that is worked through in pieces
}

func marks() table[Mark] {
	return table[Mark]{
		kind: "mark",
		row:  func(m *Mark) Record { return Record{ID: m.ID, Version: m.Version} },
		set:  func(m *Mark, v uint64) { m.Version = v },
	}
}

// LoadMark loads how far a duty has come. Absent: ErrNotFound.
func LoadMark(tx Tx, id string) (Mark, error) { return marks().get(tx, id) }

// PutMark stores m at its version and raises it.
func PutMark(tx Tx, m *Mark) error { return marks().put(tx, m) }
