package inbox

import (
	"slices"
	"strings"
	"time"

	"latchkey/access"
)

// Action is one thing that follows from how an issue stands: a Decide, Cancel,
// Fulfil, CantFulfil, Comment, ReviewComment, Drift, Doubt, Gone, Back, Rename, SubmitPortalRequest or
// AskClarification.
type Action interface{ action() }

// Drift is something that was done to an issue by hand and is not obeyed.
type Drift struct {
	Key  string // of this drift among those of the issue
	By   access.Account
	What string
	// Cause is what may do the same to other issues; empty if each time is news.
	Cause string
}

// Gone notes that there is no issue any more, or that it can't be seen.
type Gone struct{}

// Back notes that an issue that was gone is there again.
type Back struct{}

// because adds why something doesn't count. What a person tried and may not do is
// news each time.
func (d Drift) because(why string) Drift {
	if why != "" && !d.By.App {
		d.Cause = ""
	}
	d.What = strings.TrimSpace(d.What + " " + why)
	return d
}

// Attempt is an act that somebody meant by what they did. It counts if Latchkey
// takes it like the same act through any other door.
type Attempt struct {
	By      access.Account
	Was, Is []access.Phase // what the status before and after stand for
	Instead Drift          // what it was if it doesn't count
}

// attempt is a Decide, Cancel, Fulfil or CantFulfil.
type attempt interface {
	Action
	account() access.Account
	key() string
	failed(c access.Case, who access.PersonID, why string) []Action
}

func (a Attempt) account() access.Account { return a.By }
func (a Attempt) key() string             { return a.Instead.Key }

// failed is what becomes of an attempt that doesn't count: drift, unless the
// request came to the same by another way.
func (a Attempt) failed(c access.Case, _ access.PersonID, why string) []Action {
	if agrees(c, a.Was, a.Is) {
		return nil
	}
	return []Action{a.Instead.because(why)}
}

// Decide is an answer to the request.
type Decide struct {
	Attempt
	Yes    bool
	Stage  int    // which was asked about when it was given, from 0
	Reason string // as written on the issue; may be empty
}

// failed spares somebody who said the same before, elsewhere or a moment ago.
func (d Decide) failed(c access.Case, who access.PersonID, why string) []Action {
	r := c.Request
	if d.Yes && r.State == access.RequestApproved || !d.Yes && r.State == access.RequestDenied || d.saidBefore(r, who) {
		return nil
	}
	return d.Attempt.failed(c, who, why)
}

// saidBefore tells whether somebody gave the same answer to the same step before,
// or gave it and it is kept.
func (d Decide) saidBefore(r access.Request, who access.PersonID) bool {
	theirs := func(by access.Actor) bool { return by.Account == d.By.ID || who != "" && by.Person == who }
	if slices.ContainsFunc(r.Waiting, func(k access.KeptAnswer) bool {
		return theirs(k.By) && k.Stage == d.Stage && (k.As == access.EventApproved) == d.Yes
	}) {
		return true
	}
	return d.Stage < len(r.Stages) && slices.ContainsFunc(r.Stages[d.Stage].Answers, func(a access.Answer) bool { return theirs(a.By) && a.Yes == d.Yes })
}

// Cancel takes the request back.
type Cancel struct{ Attempt }

// Fulfil says that a manual change is made.
type Fulfil struct{ Attempt }

// CantFulfil says that a manual change can't be made.
type CantFulfil struct {
	Attempt
	Reason string // as written on the issue; may be empty
}

// Comment passes on what somebody wrote for the customer to read.
type Comment struct {
	ID   uint64
	By   access.Account
	Text string
}

// ReviewComment passes on what somebody wrote on the issue of a review.
type ReviewComment struct {
	Comment access.Comment
	Again   bool // it was read before, and has been changed at some time
}

// Doubt notes that something looks amiss. It is told when it is seen again.
type Doubt struct{ What string }

// Rename notes that the issue has another key by now.
type Rename struct{ Issue access.Issue }

// SubmitPortalRequest asks for what somebody asked for in the portal.
type SubmitPortalRequest struct {
	App, Role string
	Wanted    time.Duration
	Reason    string
}

// AskClarification says on the issue what is missing in a request from the portal.
type AskClarification struct {
	Why    string
	Choose []string        // what could have been meant
	App    string          // which app it is about, if that much is clear
	Who    access.PersonID // who can complete it, if that is known
}

func (Decide) action()              {}
func (Cancel) action()              {}
func (Fulfil) action()              {}
func (CantFulfil) action()          {}
func (Comment) action()             {}
func (ReviewComment) action()       {}
func (Drift) action()               {}
func (Doubt) action()               {}
func (Gone) action()                {}
func (Back) action()                {}
func (Rename) action()              {}
func (SubmitPortalRequest) action() {}
func (AskClarification) action()    {}
