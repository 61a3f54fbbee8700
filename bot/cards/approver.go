package cards

import (
	"slices"
	"strconv"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/catalog"
	"latchkey/workflow/query"
)

// approverCard asks somebody for a decision. Once there is one, every copy says who made
// it and when, and has no buttons.
type approverCard struct {
	builder
	background query.Background
}

func (b approverCard) message() blocks.Message {
	var m blocks.MessageBuilder
	m.Title(b.title())
	b.decisionFacts(&m)
	m.Say(b.status())
	m.Say(b.pauseLine())
	if b.Request.State == access.RequestDenied {
		m.Quote("Why", b.denial())
	}
	b.conversation(&m)
	if b.mayAnswer() {
		m.Buttons(b.DecisionButtons(b.Request, b.Role)...)
	}
	m.Note(b.ticket(), "Asked "+blocks.When(b.Request.Created))
	return m.Message()
}

func (b approverCard) title() string {
	who, what, whom := b.name(b.Request.Requester), b.brief(), b.name(b.Request.Beneficiary)
	length := ""
	if b.Request.Unlisted == "" {
		length = " " + blocks.ForHow(b.Request.Wanted)
	}
	if b.proxied() && length != "" {
		length = "," + length
	}
	switch {
	case b.Request.State != access.RequestPending:
		return headline{b.builder}.outcome()
	case b.proxied() && b.Request.Extends != "":
		return blocks.News("%s asks for more time for %s for %s", who, what, whom)
	case b.proxied():
		return blocks.News("%s asks for %s for %s"+length, who, what, whom)
	case b.Request.Extends != "":
		return blocks.News("%s asks for more time for %s", who, what)
	}
	return blocks.News("%s asks for %s"+length, who, what)
}

func (b approverCard) managerLine() string {
	if b.Beneficiary.Manager == "" {
		return ""
	}
	return blocks.Escape(b.you(b.Beneficiary.Manager), 500)
}

func (b approverCard) proxyLine() string {
	if !b.proxied() {
		return ""
	}
	return blocks.Escape(b.name(b.Request.Requester), 500)
}

// opens says what a yes would change.
func (b approverCard) opens() string {
	if b.Request.Unlisted != "" {
		return "It isn't in the catalogue, so nothing is set up by itself. A yes means that IT takes it on in the ticket."
	}
	what := ""
	if b.Role.Description != "" {
		what = blocks.Sentence(blocks.Escape(b.Role.Description, 600)) + "\n"
	}
	if len(b.Role.Groups) == 0 {
		return what + "The change is made manually, by " + b.fulfillers() + "."
	}
	return what + "Opens " + blocks.Count(len(b.Role.Groups), "group") + ": " + GroupNames(b.Role.Groups)
}

// mayAnswer tells whether the reader is being asked at this moment.
func (b approverCard) mayAnswer() bool {
	_, kept := b.Request.Kept(b.reader.ID)
	return !kept && b.Phase() == access.PhasePending && slices.Contains(b.waitingFor(), b.reader.ID)
}

func (b approverCard) status() string {
	said := blocks.Lines(b.decisions(), b.keptLines(), b.standInLine(), lacksLine(b.builder))
	if b.mayAnswer() {
		said = blocks.Lines(said, b.whyAlso())
	}
	switch {
	case b.mayAnswer() && b.Role.Assurance == catalog.Confirm:
		said = blocks.Lines(said, "Please decide. A yes asks you to type the app's name, because this role can do harm.")
	case b.mayAnswer():
		said = blocks.Lines(said, b.needLine())
	case b.Phase() == access.PhasePending:
		said = blocks.Lines(said, b.othersLine())
	default:
		said = blocks.Lines(said, b.progress())
	}
	return said
}

// whyAlso says why somebody is asked who wasn't at first.
func (b approverCard) whyAlso() string {
	if !slices.Contains(b.stage().Also, b.reader.ID) {
		return ""
	}
	if e, ok := b.Last(access.EventEscalated); ok && e.Note != "" {
		return "You are asked as well because nobody has answered: " + blocks.Escape(e.Note, blocks.MaxField) + "."
	}
	return "You are asked as well because nobody has answered so far."
}

func (b approverCard) needLine() string {
	if b.Request.Issue.Gone {
		return "The ticket was deleted in Jira, or is hidden: unless it comes back, a yes gives nothing."
	}
	others := len(b.stage().Asked) - 1
	switch {
	case others <= 0:
		return b.PleaseDecide(b.Request.Issue)
	case b.stage().Need.All:
		return b.PleaseDecide(b.Request.Issue) + " Everybody who was asked has to say yes: " + blocks.Escape(b.names(b.stage().Asked), blocks.MaxField) + "."
	}
	return b.PleaseDecide(b.Request.Issue) + " " + enough(b.stage().Need) + "; also asked: " + blocks.Escape(b.names(without(b.stage().Asked, b.reader.ID)), blocks.MaxField) + "."
}

// enough says how many have to agree where not all have to, without a full stop.
func enough(n catalog.Need) string {
	if n.Several() {
		return strconv.Itoa(n.Count()) + " different people have to say yes"
	}
	return "One yes is enough"
}

func without(list []access.PersonID, e access.PersonID) []access.PersonID {
	return slices.DeleteFunc(slices.Clone(list), func(o access.PersonID) bool { return o == e })
}

func (b approverCard) othersLine() string {
	names := b.waitingFor()
	if len(names) == 0 {
		return "The next approvers are being asked."
	}
	return "Waiting for " + blocks.Escape(b.names(names), blocks.MaxField) + "."
}
