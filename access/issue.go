package access

import "time"

// IssueSnapshot is one issue as it was seen in Jira: what a record keeper may have
// done to it that Latchkey did not do itself. It states facts and judges nothing.
type IssueSnapshot struct {
	Issue   Issue
	Updated time.Time
	Read    time.Time // when Latchkey began to read it
	Gone    bool      // deleted, or out of Latchkey's sight: nothing else is known
	Own     bool      // Latchkey made the issue
	Portal  bool      // it is a request of the configured type

	Reporter Account // in whose name it is
	Creator  Account // who made it: an agent can make it in somebody else's name
	Status   string  // the status's name
	Phases   []Phase // what the status stands for; none for a status that has no meaning here
	Form     Form

	Changes     []Change  // made by others, oldest first
	Votes       []Vote    // others' answers to Jira's own approvals
	Comments    []Comment // written by others, oldest first
	OwnComments []string  // ids of Latchkey's own comments
	State       string    // of the issue's record: see IssueRecord
}

// Account is somebody as Jira shows them.
type Account struct {
	ID     string
	Email  Email // empty when the person hides it
	Name   string
	Active bool
	App    bool // no person's: an app's or an automation's
}

// Form is what a person filled in when they asked in the portal, as they wrote it.
type Form struct {
	App      string
	Role     string
	Duration string
	Reason   string
}

// Change is one changed field of an issue.
type Change struct {
	ID    uint64 // of the entry in the issue's history; they count up
	At    time.Time
	By    Account
	Field string // "status", "key", or what Latchkey keeps in the field
	From  string
	To    string
	Was   []Phase // of a status: what the old one stands for
	Is    []Phase // of a status: what the new one stands for
}

// Vote is one approver's answer to Jira's own approval.
type Vote struct {
	ID  string // of the approval and the approver: an answer is never changed
	By  Account
	Yes bool
	At  time.Time // when the approval was completed; zero while it isn't
}

// Comment is what somebody wrote on an issue.
type Comment struct {
	ID     uint64 // they count up
	At     time.Time
	By     Account
	Text   string
	Public bool // the customer can read it
	// Changed: it is not as its author wrote it, or they wrote it anew. Whoever may edit comments may do so in others' names.
	Changed bool
}

// IssueRecord is what the issue of a request carries for machines, as texts that
// mean nothing to whoever keeps the issue.
type IssueRecord struct {
	State string   // how the request stands, signed; empty if the issue carries nothing
	Pages []string // its events
}

// Empty tells whether there is nothing to carry: not all of the story can be read back,
// and a part of it proves nothing.
func (r IssueRecord) Empty() bool { return r.State == "" }

// RecordMaker makes what an issue is to carry, once it is known which one it is.
type RecordMaker func(Issue) (IssueRecord, error)

// RecordedIssue is an issue that carries the record of a request, or once did.
type RecordedIssue struct {
	Issue   Issue
	Summary string
	Record  IssueRecord
}

// RecordedReport is an issue of Latchkey's that belongs to no request, such as that of an access review. Its mark says so, and
// isn't signed.
type RecordedReport struct {
	Issue   Issue
	ID      string // of the report
	Summary string
}

// Mark is what a comment of Latchkey says to machines: which event it is about.
type Mark struct {
	Event  string // its id; empty for a comment that is about no event
	N      uint64
	Leaf   Hash      // none for a comment that is about no event
	At     time.Time // when Jira says that it was written
	Edited bool      // somebody has changed it since: Latchkey never does
}

// IssueComment is a comment for Latchkey to write on an issue.
type IssueComment struct {
	ID     string // stable key: the same again is not written twice
	At     time.Time
	Title  string // one plain sentence
	Quote  string // somebody's own words, set apart; may be empty
	Lines  []string
	Link   string // where to go on; may be empty
	Public bool   // the customer can read it
}

// IssueReport is what an issue says that belongs to no request: what Latchkey
// changed without anybody asking.
type IssueReport struct {
	ID       string // stable key: the same again is not written twice
	At       time.Time
	Title    string
	App      string // what it is about, as people call it; "" where it is about no one app
	Role     string // likewise
	Lines    []string
	Standing IssueStanding `json:",omitempty"` // how it stands when it is opened; "" for one that goes on by itself
}

// IssueStanding is how it stands with what the issue of a report is about.
type IssueStanding string

// The standings.
const (
	IssueRunning IssueStanding = "running" // it goes on, and nobody has to do anything
	IssueByHand  IssueStanding = "by_hand" // somebody has to change access by hand
	IssueStuck   IssueStanding = "stuck"   // somebody has to see to it
	IssueGiven   IssueStanding = "given"   // access is there, and has no end of its own
	IssueOver    IssueStanding = "over"    // all is told
)
