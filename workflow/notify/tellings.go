package notify

// Telling is how somebody hears of what happened.
type Telling string

// The ways to be told. Slack tells nobody of an edit, so whatever somebody waits for, or
// has to act upon, is a message of its own; one's own acts, and what is only good to know,
// change a message that is there.
const (
	Silent Telling = "–"
	Edited Telling = "edit"
	Posted Telling = "message"
)

// News is what happened, as those see it who are told.
type News string

// What there is to tell of a request.
const (
	NewsAsked       News = "asked"
	NewsStage       News = "stage passed"         // the next ones are asked
	NewsAskedAgain  News = "asked again"          // nobody has answered
	NewsQuestion    News = "question"             // to who asked
	NewsAnswer      News = "answer"               // to who wanted to know
	NewsSaid        News = "said"                 // neither
	NewsApproved    News = "approved, on its way" // the access isn't there a minute later, or is set up by hand
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
	NewsReturned    News = "given back"
	NewsRevoked     News = "taken away" // by others, or by a rule
	NewsStuck       News = "stuck"      // for ten minutes
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
}

// Tellings is the whole table of who is told of what, and how.
func Tellings() []Told {
	return []Told{
		{NewsAsked, Posted, Silent, Silent}, // those who are to decide hear of it as their stage begins
		{NewsStage, Edited, Posted, Silent},
		{NewsAskedAgain, Edited, Posted, Silent},
		{NewsQuestion, Posted, Edited, Silent},
		{NewsAnswer, Edited, Posted, Silent},
		{NewsSaid, Edited, Edited, Silent},
		{NewsApproved, Posted, Edited, Silent},
		{NewsIn, Posted, Edited, Silent},
		{NewsInAtOnce, Edited, Silent, Silent},
		{NewsDenied, Posted, Edited, Silent},
		{NewsWithdrawn, Edited, Edited, Silent},
		{NewsCancelled, Posted, Edited, Silent},
		{NewsLapsed, Posted, Edited, Silent},
		{NewsEndsSoon, Posted, Silent, Silent},
		{NewsExtended, Posted, Edited, Silent},
		{NewsProlonged, Edited, Silent, Silent},
		{NewsEnded, Posted, Edited, Silent},
		{NewsReturned, Edited, Edited, Silent},
		{NewsRevoked, Posted, Edited, Silent},
		{NewsStuck, Posted, Edited, Posted},
		{NewsMended, Posted, Edited, Edited},
		{NewsJustified, Edited, Edited, Edited},
		{NewsUnjustified, Posted, Edited, Posted},
	}
}

// TellingOf is the line of the table for some news; of what it doesn't list nobody hears.
func TellingOf(n News) Told {
	for _, line := range Tellings() {
		if line.News == n {
			return line
		}
	}
	return Told{News: n, Requester: Silent, Asked: Silent, IT: Silent}
}
