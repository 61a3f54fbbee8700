package catalog

import "time"

// UsageSource is what shows that somebody uses an app, from the best to the least.
type UsageSource string

// The sources.
const (
	AppSignIn       UsageSource = "app"       // sign-ins to the app itself, as its directory records them
	DirectorySignIn UsageSource = "directory" // sign-ins to the directory: whoever makes none for long doesn't get into its apps by it
)

// ReclaimCopy is who hears, beside the holder, that they are asked whether they need an app.
type ReclaimCopy string

// Who hears of it. Without a word nobody does: how somebody works is theirs to tell.
const (
	CopyManager ReclaimCopy = "manager"
	CopyOwner   ReclaimCopy = "owner"
)

// ReclaimIssue is in which issue it is written what becomes of an idle seat.
type ReclaimIssue string

// The issues.
const (
	OwnIssue      ReclaimIssue = "own"      // each case has one of its own
	OriginalIssue ReclaimIssue = "original" // that of the request by which access came, where there is one
)

// Reclaim says when a seat that nobody uses comes back. One without Idle says that none does.
type Reclaim struct {
	Idle      time.Duration // for how long nobody has used it
	Cycle     time.Duration // how long a full cycle of the app's use takes, such as a quarter: nobody is idle within one; 0: none is known
	Grace     time.Duration // how long its holder has to answer before access ends
	Postpone  time.Duration // for how long "remind me later" puts it off
	Postpones int           // how often, until the next question
	Least     UsageSource   // the least that shows disuse
	Copy      ReclaimCopy   // empty: nobody
	Issue     ReclaimIssue
	Restore   time.Duration // for how long what was taken away can be given back by the approval that it had
	Downgrade string        // the id of a role of the same app that is given in its place; empty: none
	Exempt    []ReclaimExempt
}

// ReclaimExempt leaves somebody's seats alone: one person's, or those of the members of a group.
type ReclaimExempt struct {
	Person string    // an address; or
	Group  GroupRef  `json:",omitzero"` // everybody in it
	Until  time.Time `json:",omitzero"` // the first moment at which it doesn't hold any more; zero: it has no end
	Why    string
}

// On reports whether seats come back at all.
func (r Reclaim) On() bool { return r.Idle > 0 }

// Threshold is how long without a use makes a seat idle: never less than a full cycle of the app's use.
func (r Reclaim) Threshold() time.Duration { return max(r.Idle, r.Cycle) }

// Stricter is the more careful of two settings of roles that one seat is held by: what takes longer, and what leaves alone.
// Neither gives another role in its place unless both say the same.
func (r Reclaim) Stricter(o Reclaim) Reclaim {
	if !r.On() || !o.On() {
		return Reclaim{}
	}
	out := r
	out.Idle, out.Cycle, out.Grace = max(r.Idle, o.Idle), max(r.Cycle, o.Cycle), max(r.Grace, o.Grace)
	if o.Least == AppSignIn {
		out.Least = AppSignIn
	}
	if r.Downgrade != o.Downgrade {
		out.Downgrade = ""
	}
	out.Exempt = append(append([]ReclaimExempt(nil), r.Exempt...), o.Exempt...)
	return out
}

// Reclaiming is how much is reclaimed at once, of all apps.
type Reclaiming struct {
	AtMost    int // how many people are asked in a run; the rest waits for the next
	PerPerson int // about how many seats one person is asked at a time
}

// Seat is what a seat of an app costs, and what was bought.
type Seat struct {
	Price     int64     // of one seat for a month, in hundredths of the currency; 0: not known
	Currency  string    // such as "EUR"
	Committed int       // how many were bought until Renews; 0: not known
	Renews    time.Time `json:",omitzero"` // when the contract is renewed; zero: not known
}

// AppUse is an application of a directory in whose sign-ins the use of an app shows.
type AppUse struct {
	Directory string
	App       string // the directory's own id of it
}
