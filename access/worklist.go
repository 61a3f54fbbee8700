package access

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Worklist is what one reviewer has to do in a stage of a campaign, and how far they are. It counts rows as the snapshot
// assigned them or as they were given to the reviewer since; what is decided is kept with the rows.
type Worklist struct {
	Campaign string
	Stage    int
	Reviewer PersonID
	Version  uint64

	Rows      int           // that they may answer
	Answered  int           // to which they, or whoever answers in their place, said something that counts
	Revoked   int           // of those
	NotMine   int           // that they said aren't theirs
	Elsewhere int           // on which nothing is left to say for them: others have determined them
	Bulk      int           // of those answered together with others
	Told      int           // how often they were told that it waits
	LastTold  time.Time     `json:",omitzero"`
	Opened    time.Time     `json:",omitzero"` // when they first looked at it
	First     time.Time     `json:",omitzero"` // answer
	Last      time.Time     `json:",omitzero"`
	Took      time.Duration // how long the rows that they answered were before them, in sum
	Done      bool          // nothing of it waits for them any more

	Asked []PersonID  `json:",omitempty"` // who answers it now; empty: the reviewer
	Moved []Reviewers `json:",omitempty"` // how that came, the latest last
}

// Reviewers is that one person answers in another one's place, for all rows of theirs in a stage of a campaign.
type Reviewers struct {
	From, To PersonID
	At       time.Time
	By       Actor
	Why      string
	Beside   bool `json:",omitempty"` // the one before may still answer
}

// StageIT is the stage of the worklists in which IT answers what nobody else did.
const StageIT = 9

// WorklistID names the worklist of a reviewer in a stage of a campaign.
func WorklistID(campaign string, stage int, who PersonID) string {
	return campaign + "/" + strconv.Itoa(stage) + "/" + string(who)
}

// ParseWorklistID reads what WorklistID writes.
func ParseWorklistID(id string) (campaign string, stage int, who PersonID, err error) {
	parts := strings.SplitN(id, "/", 3)
	if len(parts) < 3 {
		return "", 0, "", fmt.Errorf("access: %q names no worklist", id)
	}
	stage, err = strconv.Atoi(parts[1])
	return parts[0], stage, PersonID(parts[2]), err
}

// List is the stage of the worklists in which the row is counted.
func (i ReviewItem) List() int {
	if i.LeftToIT != "" {
		return StageIT
	}
	return i.Stage
}

// ID names the worklist.
func (w Worklist) ID() string { return WorklistID(w.Campaign, w.Stage, w.Reviewer) }

// Left is how many rows still wait for an answer.
func (w Worklist) Left() int {
	if w.Done {
		return 0
	}
	return max(0, w.Rows-w.Answered-w.NotMine-w.Elsewhere)
}

// AskedNow are those who answer it now. What they say counts as the reviewer's.
func (w Worklist) AskedNow() []PersonID {
	if len(w.Asked) == 0 {
		return []PersonID{w.Reviewer}
	}
	return w.Asked
}

// Move has somebody else answer in the place of one of those who answer now, or beside them. It is an
// EventReviewerMoved.
func (w Worklist) Move(e Event, at time.Time) (Worklist, error) {
	if e.Review == nil || e.Kind != EventReviewerMoved {
		return w, refuse(Invalid, "That moves no reviewer.")
	}
	r := e.Review
	i := slices.Index(w.AskedNow(), r.From)
	switch {
	case w.Done:
		return w, refuse(TooLate, "The time to answer is over.")
	case r.To == "" || r.From == r.To:
		return w, refuse(Invalid, "Please name somebody else.")
	case i < 0:
		return w, refuse(TooLate, "They don't answer this any more.")
	}
	w.Asked = slices.Clone(w.AskedNow())
	if !r.Beside {
		w.Asked = slices.Delete(w.Asked, i, i+1)
	}
	if !slices.Contains(w.Asked, r.To) {
		w.Asked = append(w.Asked, r.To)
	}
	w.Moved = append(slices.Clip(w.Moved), Reviewers{From: r.From, To: r.To, At: at.UTC(), By: e.Actor, Why: strings.TrimSpace(e.Reason), Beside: r.Beside})
	return w, nil
}

// Share is what a row comes to in a reviewer's worklist.
type Share struct{ Rows, Answered, Revoked, NotMine, Bulk, Elsewhere int }

// Share is what the row comes to in somebody's worklist of the stage in which it is.
func (i ReviewItem) Share(who PersonID) Share {
	if !slices.Contains(i.Reviewers, who) {
		return Share{}
	}
	out := Share{Rows: 1}
	a, said := i.AnswerOf(who, i.Stage)
	switch {
	case said && a.Decision == DecisionNotMine:
		out.NotMine = 1
	case said && i.counts(a):
		out.Answered = 1
		if a.Decision == DecisionRevoke {
			out.Revoked = 1
		}
		if a.Bulk {
			out.Bulk = 1
		}
	case i.State != ItemOpen:
		out.Elsewhere = 1
	}
	return out
}

// Count brings the list up to date with what a row came to before and comes to now.
func (w Worklist) Count(before, now Share) Worklist {
	w.Rows += now.Rows - before.Rows
	w.Answered += now.Answered - before.Answered
	w.Revoked += now.Revoked - before.Revoked
	w.NotMine += now.NotMine - before.NotMine
	w.Bulk += now.Bulk - before.Bulk
	w.Elsewhere += now.Elsewhere - before.Elsewhere
	return w
}

// Heard notes an answer given from the list.
func (w Worklist) Heard(took time.Duration, at time.Time) Worklist {
	if w.First.IsZero() {
		w.First = at.UTC()
	}
	w.Last, w.Took = at.UTC(), w.Took+took
	return w
}
