package notify

import (
	"context"
	"strconv"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/workflow/query"
)

// Messenger shows people where things stand: Slack. Errors are *access.Failure.
type Messenger interface {
	// Show brings one card up to date: it posts it when u.At is empty, otherwise it
	// edits it in place. Showing the same twice sends nothing.
	Show(ctx context.Context, u CardUpdate) (CardPosted, error)
	// Say writes into the thread of a card that was posted.
	Say(ctx context.Context, r ThreadReply) error
	// Announce posts a message that belongs to no card. The same marker again,
	// after an attempt whose outcome is unknown, posts nothing twice.
	Announce(ctx context.Context, a Announcement) error
	// Ready looks whether the IT channel can be written to.
	Ready(ctx context.Context) error
}

// Audience is for whom a card is, which decides what it shows.
type Audience string

// The audiences of a request.
const (
	ToRequester  Audience = "requester"
	ToApprover   Audience = "approver"
	ToFulfillers Audience = "fulfillers" // who makes a manual change
	ToIT         Audience = "it"         // the channel that hears of stuck work
	ToChannel    Audience = "channel"    // where those who are asked read it together
	ToReminder   Audience = "reminder"   // that the end is near; one card for each reminder
	ToReview     Audience = "review"     // whether an emergency was one; one card for each who is asked
)

// Revision is the audience of a card that is posted anew the nth time, because an
// edited message is news to nobody.
func (a Audience) Revision(n int) Audience { return a + Audience("."+strconv.Itoa(n)) }

// posting is the audience of the nth posting of a card; the first has no number.
func (a Audience) posting(n int) Audience {
	if n <= 1 {
		return a
	}
	return a.Revision(n)
}

// Parts are the audience and its revision; 0 where it has none.
func (a Audience) Parts() (Audience, int) {
	base, n, _ := strings.Cut(string(a), ".")
	revision, _ := strconv.Atoi(n) // no number: no revision
	return Audience(base), revision
}

// MessageRef is where a message stands in Slack.
type MessageRef struct {
	Channel string
	TS      string
}

// Content is what there is to show of a subject at one moment. The messenger has
// a renderer for each type of content.
type Content interface {
	// Upto is the number of the newest event that is in it.
	Upto() uint64
}

// RequestContent is what a card of a request shows.
type RequestContent struct {
	Case       access.Case
	Background query.Background // for those who are asked
	Pause      access.Pause     // of new access, if one is on
	Outdated   bool             // the same was posted anew since, further down
	Looks      time.Time        // when it may be another although nothing has happened; zero for never
	Nudge      bool             // who waits may have those told again who are waited for
}

// Upto implements Content.
func (c RequestContent) Upto() uint64 {
	if len(c.Case.Story) == 0 {
		return 0
	}
	return c.Case.Story[len(c.Case.Story)-1].N
}

// CardUpdate is one card to be shown as it is now.
type CardUpdate struct {
	Subject  access.Subject
	Audience Audience
	Reader   access.Person // zero for a channel
	Channel  string        // the configured channel, for ToChannel
	Content  Content
	At       MessageRef // zero: not posted yet
	EditOnly bool       // if it was never posted, it need not be any more
	Marker   string     // goes into the message's metadata; finds the message after a crash
	Again    bool       // an earlier post may have got through: look for Marker before posting
	Since    time.Time  // when the first attempt may have been made; zero: unknown
	Digest   string     // of what is shown now
	Pin      bool       // it is to stand pinned in its channel
	Pinned   bool       // it does
}

// CardPosted is what came of it.
type CardPosted struct {
	At       MessageRef
	Digest   string
	Pinned   bool
	Unpinned string // why Slack doesn't have it pinned as it is to be; "" where it does
}

// ThreadReply is what somebody said about a subject, for the thread of one card.
type ThreadReply struct {
	Subject access.Subject
	Event   access.Event  // who said what
	By      access.Person // as far as they are known; zero for somebody only Jira knows
	At      MessageRef    // of the card
	Marker  string        // goes into the message's metadata; finds the message after a crash
	Again   bool          // an earlier post may have got through: look for Marker before posting
}

// Announcement is a message that belongs to no card. Its texts are plain.
type Announcement struct {
	To     access.Person // zero: the IT channel
	Title  string
	Lines  []string
	Urgent bool      // those of IT are called who have to act
	Marker string    // finds the message after a crash
	Again  bool      // an earlier post may have got through: look for Marker first
	Since  time.Time // when the first attempt may have been made; zero: unknown

	Waiting []Waiting // for them, in a message about all that does

	Question *Question // what is asked in it; nil: nothing

	Picture *Picture // shown in it; where it can't be, the message says so
}

// Picture is one that is shown in a message.
type Picture struct {
	Name string // of the file
	Alt  string // what it shows, for those who don't see it
	PNG  []byte
}

// Waiting is one thing that waits for somebody, in a message about all that does.
type Waiting struct {
	Text  string // plain
	Issue access.Issue
	Since time.Time
	Task  bool // it is no request: something to do by hand, or an emergency to judge

	Campaign string `json:",omitempty"` // of rows of an access review: whose
	Seat     string `json:",omitempty"` // of a seat about which they are asked: the question's id
}

// People knows who somebody is.
type People interface {
	Lookup
	HasLeft(ctx context.Context, who access.PersonID) (bool, error)
	Forget(who access.PersonID)
	// Admins are IT, as far as they are in Slack.
	Admins(ctx context.Context) ([]access.PersonID, error)
}

// Lookup finds people.
type Lookup interface {
	// Person is who somebody is at this moment; a refusal if they can't be found.
	Person(ctx context.Context, who access.PersonID) (access.Person, error)
	// Meant is the person whom the configuration means by an address at this moment.
	Meant(ctx context.Context, a access.Email) (access.Person, error)
	// Known is Person for showing: it always has something to say.
	Known(ctx context.Context, who access.PersonID) access.Person
}

// Cases tells what there is to tell about a request.
type Cases interface {
	Case(ctx context.Context, request string) (access.Case, error)
	Background(ctx context.Context, c access.Case) (query.Background, error)
	// Paused is the pause of new access that is on; the zero one if none is.
	Paused(ctx context.Context) (access.Pause, error)
}

// Loader gathers what a card of a subject shows, as of now.
type Loader func(ctx context.Context, id string, c Card) (Content, error)
