package workflow

import (
	"context"
	"strconv"
	"strings"
	"time"

	"latchkey/access"
)

// Clock is the time the workflow lives by.
type Clock interface {
	Now() time.Time
	// Until returns a channel that delivers once the clock has reached t, and a
	// function that gives the wait up. A clock that is moved delivers too.
	Until(t time.Time) (<-chan struct{}, func())
}

// Ledger is the record of what was decided and done: Jira. Errors are
// *access.Failure, classified.
type Ledger interface {
	// Open makes the issue of a request and returns where it is. since is the
	// moment of an earlier attempt whose outcome is unknown, zero if there was
	// none: then the issue is looked for first, by the request's id, and made
	// only when it is certain that there is none (Unclear until then).
	Open(ctx context.Context, c access.Case, since time.Time) (access.Issue, error)

	// Record tells the issue about one event of the case: a comment, the status
	// that belongs to the case's phase, and the state for machines. again says
	// that an earlier attempt may have got through: look before writing.
	Record(ctx context.Context, c access.Case, e access.Event, again bool) error
}

// Messenger shows people where things stand: Slack. Errors are *access.Failure.
type Messenger interface {
	// Show brings one card up to date: it posts it when s.Place is empty,
	// otherwise it edits it in place. Showing the same twice sends nothing.
	Show(ctx context.Context, s Showing) (Shown, error)
	// Say writes into the thread of a card that was shown.
	Say(ctx context.Context, m Remark) error

	// Announce posts a message that belongs to no request. The same marker
	// again, after an attempt whose outcome is unknown, posts nothing twice.
	Announce(ctx context.Context, n Notice) error
}

// Roster knows the members of the workspace: Slack. A person who is not found
// is access.Unknown, as a refusal.
type Roster interface {
	// Member finds a person by Slack id. Kind, Standing, Email, Name, TimeZone
	// and the "slack" binding are set.
	Member(ctx context.Context, slackID string) (access.Person, error)
	// MemberByEmail finds the one member with an e-mail address.
	MemberByEmail(ctx context.Context, who access.Email) (access.Person, error)
}

// Face is the side of the story a card shows.
type Face string

// The faces of a case.
const (
	ToRequester  Face = "requester"
	ToApprover   Face = "approver"
	ToFulfillers Face = "fulfillers" // who makes a manual change
	ToIT         Face = "it"         // the channel that hears of stuck work
	ToChannel    Face = "channel"
	ToReminder   Face = "reminder" // that the end is near; one card for each reminder
	ToReview     Face = "review"   // whether an emergency was one; one card for each time it is asked
)

// Edition is the face of a card that is posted anew the nth time, because an
// edited message is news to nobody.
func (f Face) Edition(n int) Face { return f + Face("."+strconv.Itoa(n)) }

// Parts are the face and its edition; 0 where it has none.
func (f Face) Parts() (Face, int) {
	base, n, _ := strings.Cut(string(f), ".")
	edition, _ := strconv.Atoi(n) // no number: no edition
	return Face(base), edition
}

// Place is where a message stands in Slack.
type Place struct {
	Channel string
	TS      string
}

// Remark is what somebody said about a case, for the thread of one card.
type Remark struct {
	Case   access.Case
	Event  access.Event // who said what: EventQuestioned or EventReplied
	Place  Place        // of the card
	Marker string       // goes into the message's metadata; finds the message after a crash
	Again  bool         // an earlier post may have got through: look for Marker before posting
}

// Showing is one card to be shown.
type Showing struct {
	Case    access.Case
	Face    Face
	Reader  access.Person // zero for a channel
	Channel string        // the channel's name, for ToChannel
	About   Background    // for those who are asked
	Place   Place         // zero: not posted yet
	Marker  string        // goes into the message's metadata; finds the message after a crash
	Again   bool          // an earlier post may have got through: look for Marker before posting
	Digest  string        // of what is shown now
}

// Shown is what came of it.
type Shown struct {
	Place  Place
	Digest string
}

// Notice is a message that belongs to no request. Its texts are plain.
type Notice struct {
	To     access.Person // zero: the IT channel
	Title  string
	Lines  []string
	Marker string // finds the message after a crash
	Again  bool   // an earlier post may have got through: look for Marker first
}

// Submission is what a person asks for.
type Submission struct {
	ID           string // stable key of the submission (a view or envelope id): the same again makes no second request
	By           access.Person
	For          access.PersonID // the beneficiary; empty for By
	App          string
	Role         string
	Wanted       time.Duration
	Reason       string
	Unlisted     string // instead of App and Role: what isn't in the catalogue
	Conversation string // https link to the conversation it came up in
	Via          access.Via
	Issue        access.Issue // of a request raised in Jira's portal: its record is there already
}

// Decision is one approver's answer.
type Decision struct {
	Request string
	By      access.Actor
	Yes     bool
	Reason  string        // needed for a no
	Wanted  time.Duration // a yes for less time than asked; zero: as asked
	Typed   string        // what was typed to confirm, for roles that need it
	Seen    int           // the stage the person saw, counted from 1; 0: whichever it is
}
