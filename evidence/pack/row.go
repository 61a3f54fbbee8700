package pack

import "time"

// Row is one membership under review: what was frozen of it, what was answered, and what
// came of that.
type Row struct {
	ID     string `json:"id"`     // of the row, in no other campaign
	Group  string `json:"group"`  // the Key of its group
	Person Person `json:"person"` // whose access it is

	// What was frozen when the snapshot was made.
	Access      Access          `json:"access"`       // how and when it came
	LastSignIn  SignIn          `json:"last_sign_in"` // when they were last seen to use it
	Peers       Fact[Peers]     `json:"peers"`        // how many who are alike have it
	Earlier     Fact[[]Earlier] `json:"earlier"`      // decisions in campaigns before, the newest first
	SoD         Fact[[]string]  `json:"sod"`          // conflicts with what else the person has, in sentences
	Recommended Recommendation  `json:"recommended"`  // what reviewers were advised, and why
	Privileged  bool            `json:"privileged"`   // whether it is a privileged row
	Shown       string          `json:"shown"`        // the row's text as reviewers had it before them

	// Changes are those that were seen between the snapshot and the decision; None says that
	// was looked, and nothing had changed.
	Changes Fact[[]Change] `json:"changes"`
	Asked   []Asked        `json:"asked"`             // who was asked
	Answers []Answer       `json:"answers"`           // all that were given, the oldest first, those taken back too
	Outcome Outcome        `json:"outcome"`           // what came of it
	Removal *Removal       `json:"removal,omitempty"` // of a row that was revoked
}

// Person is somebody whose access is reviewed, as they were when the snapshot was made.
type Person struct {
	ID         string       `json:"id"`        // Latchkey's id, which never changes; empty for an account that is nobody's as far as is known
	Directory  string       `json:"directory"` // of the account
	Account    string       `json:"account"`   // the account's id there: what a row is about
	Login      string       `json:"login"`     // as the directory writes it; for people to read
	Name       Fact[string] `json:"name"`
	Title      Fact[string] `json:"title"`      // by the directory, as the others below
	Department Fact[string] `json:"department"` // by the directory
	Manager    Fact[string] `json:"manager"`    // their name
	Type       Fact[string] `json:"type"`       // employee, contractor, service, …
	Status     Fact[string] `json:"status"`     // of the account: active, suspended, …
}

// Access is how somebody came by what they have.
type Access struct {
	How   string          `json:"how"` // in words: by a request, by a birthright, found and adopted, …
	At    Fact[time.Time] `json:"at"`
	Link  Link            `json:"link,omitzero"`   // the issue where that is told
	Grant string          `json:"grant,omitempty"` // Latchkey's grant that explains it; empty: none
}

// SignIn is when somebody was last seen to sign in.
type SignIn struct {
	At     Fact[time.Time] `json:"at"`
	Source string          `json:"source"` // who says so, and to what: the app, or the directory only
	Reach  Fact[time.Time] `json:"reach"`  // since when that source remembers
}

// Peers is how many of those who are alike have it too.
type Peers struct {
	Have int    `json:"have"` // how many of them have it
	Of   int    `json:"of"`   // how many they are
	Who  string `json:"who"`  // who counts as alike, as in "in Finance"
}

// Earlier is a decision of a campaign before.
type Earlier struct {
	Campaign string    `json:"campaign"`
	Answer   Verdict   `json:"answer"` // what was answered then
	By       string    `json:"by"`     // a name
	At       time.Time `json:"at"`
	Reason   string    `json:"reason,omitempty"`
}

// Recommendation is what reviewers were told, computed from what was frozen.
type Recommendation struct {
	Value  Advice `json:"value"` // what reviewers were advised
	Reason string `json:"reason"`
}

// Advice is what a recommendation says.
type Advice string

// What a recommendation can say.
const (
	AdviseKeep   Advice = "keep"
	AdviseRevoke Advice = "revoke"
	AdviseLook   Advice = "look_yourself"     // what is known points both ways
	Insufficient Advice = "insufficient_data" // too little is known to say anything
)

// Change is something that became different after the snapshot.
type Change struct {
	At   time.Time `json:"at"`
	What string    `json:"what"` // as in "department"
	From string    `json:"from"`
	To   string    `json:"to"`
}

// Asked is that a reviewer was asked about a row.
type Asked struct {
	Reviewer string    `json:"reviewer"` // the ID of a Reviewer
	Stage    int       `json:"stage"`    // from 1
	How      string    `json:"how"`      // why they: manager, owner, named, in place of …
	At       time.Time `json:"at"`
}

// Verdict is an answer about a row.
type Verdict string

// The answers.
const (
	Keep    Verdict = "keep"
	Revoke  Verdict = "revoke"
	NotMine Verdict = "not_mine"
)

// Answer is what one reviewer answered about one row.
type Answer struct {
	Stage    int           `json:"stage"`   // from 1
	Verdict  Verdict       `json:"verdict"` // what was answered
	Reason   string        `json:"reason,omitempty"`
	By       Actor         `json:"by"`
	For      string        `json:"for,omitempty"`   // the ID of the reviewer in whose place, by a delegation
	Opened   time.Time     `json:"opened,omitzero"` // when the page with the row was put before them
	At       time.Time     `json:"at"`
	Surface  string        `json:"surface"`                // where: slack, jira, the command line
	Seconds  Fact[float64] `json:"seconds"`                // spent on this row; of rows that were answered at once, its share
	Bulk     bool          `json:"bulk"`                   // whether it was given at once with others
	Together int           `json:"rows_at_once,omitempty"` // with how many in all; 0: that isn't recorded
	Undone   *Undo         `json:"undone,omitempty"`       // that it was taken back; otherwise not there
	Event    Proof         `json:"event"`                  // of the log
}

// Undo is that an answer was taken back.
type Undo struct {
	By     Actor     `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitempty"`
}

// Proof names an event of the log.
type Proof struct {
	ID   string `json:"id"`   // the event's
	Leaf string `json:"leaf"` // as the log writes it: 44 characters of base64
}

// Outcome is what came of a row.
type Outcome struct {
	Verdict Verdict   `json:"verdict"` // keep or revoke
	How     How       `json:"how"`     // how it came about
	Words   string    `json:"words"`   // by which rule, in a sentence
	At      time.Time `json:"at,omitzero"`
}

// How says how a row's outcome came about.
type How string

// How outcomes come about.
const (
	ByAnswers     How = "answers"        // by what reviewers answered
	NobodyFound   How = "no_reviewer"    // nobody could be found who reviews it
	NobodySpoke   How = "no_answer"      // nobody answered until the end
	ByAdvice      How = "recommendation" // nobody answered, or could be found, and the rule was to do as recommended
	StillOpen     How = "open"           // it waits for answers
	GoneMeanwhile How = "gone"           // the membership ended before it was answered
)
