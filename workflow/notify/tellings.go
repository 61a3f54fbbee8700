package notify

import "latchkey/access"

// Telling is how somebody hears of what happened.
type Telling string

// The ways to be told. Slack tells nobody of an edit, so whatever somebody waits for, or
// has to act upon, is a message of its own; one's own acts, and what is only good to know,
// change a message that is there.
const (
	Silent Telling = "–"
	Edited Telling = "edit"
	Listed Telling = "daily" // an edit, and among the day's news for whoever reads those
	Posted Telling = "message"
)

// News is what happened, as those see it who are told.
type News string

// What there is to tell of a request.
const (
	NewsAsked       News = "asked"
	NewsStage       News = "stage passed"                 // the next ones are asked
	NewsAskedAgain  News = "asked again"                  // nobody has answered
	NewsEscalated   News = "escalated"                    // nobody has answered, and others hear of it
	NewsQuestion    News = "question"                     // to who asked
	NewsAnswer      News = "answer"                       // to who wanted to know
	NewsSaid        News = "said"                         // neither
	NewsApproved    News = "approved, on its way"         // the access isn't there a minute later, or is set up by hand
	NewsTakenOn     News = "approved, and taken on by IT" // outside the catalogue: nothing follows that could be told
	NewsIn          News = "in"
	NewsInAtOnce    News = "in at once" // nobody was asked, and whoever asked still looks
	NewsDenied      News = "denied"
	NewsWithdrawn   News = "withdrawn" // by who asked
	NewsCancelled   News = "cancelled" // by others
	NewsLapsed      News = "lapsed"
	NewsEndsSoon    News = "ends soon"
	NewsExtended    News = "extended by approval"
	NewsProlonged   News = "extended by oneself"
	NewsEnded       News = "ended" // as was known before
	NewsEndedBrief  News = "ended, of a day at most"
	NewsReturned    News = "given back"
	NewsRevoked     News = "taken away" // by others, or by a rule
	NewsReclaimed   News = "came back unused"
	NewsCantBeDone  News = "can't be done by hand"
	NewsStuck       News = "stuck" // for ten minutes
	NewsMended      News = "mended"
	NewsJustified   News = "emergency justified"
	NewsUnjustified News = "emergency not justified"
)

// Told is how each side hears of one thing.
type Told struct {
	News      News
	Requester Telling // who asked, and who gets it
	Asked     Telling // who is to decide or to judge now; those who were asked before read an edit at the most
	IT        Telling
	Rank      Rank // whether the requester may want to hear of it later, or not at all
}

// Rank is how much it matters that news comes at once.
type Rank string

// The ranks.
const (
	Urgent   Rank = "urgent" // it waits for the reader, takes something from them, or can't wait
	Outcome  Rank = "outcome"
	Progress Rank = "progress" // on the way to an outcome
)

// Withholds tells whether somebody who prefers some notices gets no message for the news.
func (t Told) Withholds(n access.Notices) bool {
	switch n {
	case access.NoticesOutcomes:
		return t.Rank == Progress
	case access.NoticesDaily:
		return t.Rank != Urgent
	}
	return false
}

// Tellings is the whole table of who is told of what, and how.
func Tellings() []Told {
	all := tellings()
	return all[:]
}

// tellings are the lines of the table. An array is copied as it stands in the program, so that
// whoever looks for a line builds nothing.
func tellings() [28]Told {
	return [...]Told{
		{NewsAsked, Posted, Silent, Silent, Urgent}, // those who are to decide hear of it as their stage begins
		{NewsStage, Edited, Posted, Silent, Progress},
		{NewsAskedAgain, Edited, Posted, Silent, Progress}, // one message for all that waits; in a channel one of its own
		{NewsEscalated, Posted, Edited, Posted, Progress},
		{NewsQuestion, Posted, Edited, Silent, Urgent},
		{NewsAnswer, Edited, Posted, Silent, Progress},
		{NewsSaid, Edited, Edited, Silent, Progress},
		{NewsApproved, Posted, Edited, Silent, Progress},
		{NewsTakenOn, Posted, Edited, Silent, Outcome},
		{NewsIn, Posted, Edited, Silent, Outcome},
		{NewsInAtOnce, Edited, Silent, Silent, Progress},
		{NewsDenied, Posted, Edited, Silent, Urgent},
		{NewsWithdrawn, Edited, Edited, Silent, Progress},
		{NewsCancelled, Posted, Edited, Silent, Outcome},
		{NewsLapsed, Posted, Edited, Silent, Outcome},
		{NewsEndsSoon, Posted, Silent, Silent, Urgent},
		{NewsExtended, Posted, Edited, Silent, Outcome},
		{NewsProlonged, Edited, Silent, Silent, Progress},
		{NewsEnded, Posted, Edited, Silent, Outcome},
		{NewsEndedBrief, Listed, Edited, Silent, Outcome},
		{NewsReturned, Edited, Edited, Silent, Progress},
		{NewsRevoked, Posted, Edited, Silent, Urgent},
		{NewsReclaimed, Edited, Edited, Silent, Urgent}, // the card that asked whether it is still needed is posted anew for it
		{NewsCantBeDone, Posted, Edited, Silent, Urgent},
		{NewsStuck, Posted, Edited, Posted, Progress},
		{NewsMended, Posted, Edited, Edited, Outcome},
		{NewsJustified, Edited, Edited, Edited, Progress},
		{NewsUnjustified, Posted, Edited, Posted, Urgent},
	}
}

// TellingOf is the line of the table for some news; of what it doesn't list nobody hears.
func TellingOf(n News) Told {
	table := tellings()
	for i := range table {
		if table[i].News == n {
			return table[i]
		}
	}
	return Told{News: n, Requester: Silent, Asked: Silent, IT: Silent, Rank: Urgent}
}
