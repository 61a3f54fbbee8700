package cards

import (
	"slices"
	"strconv"

	"github.com/slack-go/slack"

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
	if b.Request.State != access.RequestPending {
		return b.decided()
	}
	var m blocks.MessageBuilder
	m.TitleOf(b.title(), b.titleMarkup())
	b.decisionFacts(&m)
	dialogue{b.builder}.conversationGist(&m)
	m.Note(b.status())
	m.Note(b.pauseLine())
	if b.mayAnswer() {
		m.Buttons(b.buttons()...)
	}
	return m.Message()
}

// buttons are those of the decision, of which a screen reader says what it is about.
func (b approverCard) buttons() []slack.BlockElement {
	return blocks.Spoken(b.about(), b.DecisionButtons(b.Request, b.Role)...)
}

// decided is what is left of the card once there is a decision, in two lines on a phone: when
// that was is said as long as nothing has come of it.
func (b builder) decided() blocks.Message {
	var m blocks.MessageBuilder
	m.Outcome(headline{b}.outcome(), b.reused(), b.signIns(), blocks.Or(b.standing(), blocks.Stamp(b.Request.Decided)), b.ticket())
	return m.Message()
}

// title is who asks for what: plain, as an alert shows it.
func (b approverCard) title() string {
	return b.sentence(b.name(b.Request.Requester), b.brief(), b.name(b.Request.Beneficiary), blocks.News)
}

// titleMarkup is the same, which leads to whoever asks. In a conversation with somebody else
// Slack tells nobody of being mentioned.
func (b approverCard) titleMarkup() string {
	who, mentioned := b.mention(b.Requester)
	if !mentioned {
		return "*" + blocks.Escape(b.title(), blocks.MaxHeader) + "*"
	}
	whom, _ := b.mention(b.Beneficiary)
	return "*" + b.sentence(who, blocks.Escape(b.brief(), blocks.MaxName), whom, blocks.Filled) + "*"
}

// sentence is who asks for what and whom, put together by say.
func (b approverCard) sentence(who, what, whom string, say func(sentence string, words ...string) string) string {
	length := ""
	if b.Request.Unlisted == "" {
		length = " " + blocks.ForHow(b.Request.Wanted)
	}
	if b.proxied() && length != "" {
		length = "," + length
	}
	switch {
	case b.proxied() && b.Request.Extends != "":
		return say("%s asks for more time for %s for %s", who, what, whom)
	case b.proxied():
		return say("%s asks for %s for %s"+length, who, what, whom)
	case b.Request.Extends != "":
		return say("%s asks for more time for %s", who, what)
	}
	return say("%s asks for %s"+length, who, what)
}

// mayAnswer tells whether the reader is being asked at this moment.
func (b approverCard) mayAnswer() bool {
	_, kept := b.Request.Kept(b.reader.ID)
	return !kept && b.Phase() == access.PhasePending && slices.Contains(b.waitingFor(), b.reader.ID)
}

// status is what has to be known beside the request itself.
func (b approverCard) status() string {
	said := blocks.Lines(b.decisions(), b.keptLines(), b.standInLine(), lacksLine(b.builder))
	if b.mayAnswer() {
		return blocks.Lines(said, b.forLine(), b.whyAlso(), b.needLine())
	}
	return blocks.Lines(said, b.othersLine())
}

// forLine says in whose place somebody is asked.
func (b approverCard) forLine() string {
	var places []access.PersonID
	for _, d := range b.stage().Delegates {
		if d.Who == b.reader.ID {
			places = append(places, d.For)
		}
	}
	if len(places) == 0 {
		return ""
	}
	return "You are asked for " + escapedNames(b.builder, places) + ", who is away: the record names both of you."
}

// whyAlso says why somebody is asked who wasn't at first.
func (b approverCard) whyAlso() string {
	if !slices.Contains(b.stage().Also, b.reader.ID) {
		return ""
	}
	if e, ok := b.Last(access.EventEscalated); ok && e.Note != "" {
		return "You are asked as well because nobody has answered: " + blocks.Told(e.Note, blocks.MaxField) + "."
	}
	return "You are asked as well because nobody has answered so far."
}

// needLine says what an answer here counts for, where that isn't plain.
func (b approverCard) needLine() string {
	others := escapedNames(b.builder, without(b.waitingFor(), b.reader.ID))
	switch {
	case b.Request.Issue.Gone:
		return "The ticket was deleted in Jira, or is hidden: unless it comes back, a yes gives nothing."
	case b.JiraOnly:
		return b.PleaseDecide(b.Request.Issue)
	case others == "":
		return ""
	case b.stage().Need.All:
		return "Everybody who was asked has to say yes; also asked: " + others + "."
	case b.stage().Need.Several():
		return enough(b.stage().Need) + "; also asked: " + others + "."
	}
	return "Also asked: " + others + "."
}

func escapedNames(b builder, list []access.PersonID) string {
	return blocks.Escape(b.names(list), blocks.MaxField)
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
