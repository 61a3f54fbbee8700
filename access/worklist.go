package access

import "time"

// Worklist is what one reviewer has to do in a stage of a campaign, and how far they are. It counts rows as the snapshot
// assigned them or as they were given to the reviewer since; what is decided is kept with the rows.
type Worklist struct {
	Campaign string
	Stage    int
	Reviewer PersonID
	Version  uint64

	Rows     int           // that they may answer
	Answered int           // to which they, or whoever answers in their place, said something that counts
	Revoked  int           // of those
	NotMine  int           // that they said aren't theirs
	Bulk     int           // of those answered together with others
	Told     int           // how often they were told that it waits
	LastTold time.Time     `json:",omitzero"`
	Opened   time.Time     `json:",omitzero"` // when they first looked at it
	First    time.Time     `json:",omitzero"` // answer
	Last     time.Time     `json:",omitzero"`
	Took     time.Duration // how long the rows that they answered were before them, in sum
	Done     bool          // nothing of it waits for them any more
}

// WorklistID names the worklist of a reviewer in a stage of a campaign.
func WorklistID(campaign string, stage int, who PersonID) string {
	return campaign + "/" + string(rune('0'+stage)) + "/" + string(who)
}

// ID names the worklist.
func (w Worklist) ID() string { return WorklistID(w.Campaign, w.Stage, w.Reviewer) }

// Left is how many rows still wait for an answer.
func (w Worklist) Left() int {
	if w.Done {
		return 0
	}
	return max(0, w.Rows-w.Answered-w.NotMine)
}
