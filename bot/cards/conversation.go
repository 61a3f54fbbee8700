package cards

import (
	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/workflow/notify"
)

// dialogue is what is asked and answered about a request.
type dialogue struct{ builder }

// speaker is who said something, not escaped. Somebody whom only Jira knows has
// no address; then the note of the event is their name.
func (b dialogue) speaker(e access.Event) string {
	if e.Actor.Person == "" {
		return blocks.Or(e.Note, "Somebody in Jira")
	}
	return b.name(e.Actor.Person)
}

// verb is what they do, and where if not in Slack.
func (b dialogue) verb(e access.Event) string {
	where := ""
	if e.Actor.Via == access.ViaJira {
		where = " in Jira"
	}
	if e.Kind == access.EventQuestioned {
		return "asks" + where + ":"
	}
	return "says" + where + ":"
}

// wholeMessage is how much of a message is shown where there is room.
const wholeMessage = 600

// conversation shows the latest messages of the conversation.
func (b dialogue) conversation(m *blocks.MessageBuilder) {
	for _, e := range b.latest() {
		m.Quote(b.introduced(e), blocks.Clip(e.Reason, wholeMessage))
	}
}

// conversationGist is the same in short, for a card.
func (b dialogue) conversationGist(m *blocks.MessageBuilder) {
	for _, e := range b.latest() {
		m.GistOf(b.introduced(e), e.Reason)
	}
}

// introduced says who says something, escaped.
func (b dialogue) introduced(e access.Event) string {
	return blocks.Escape(blocks.Capital(b.speaker(e)), blocks.MaxName) + " " + b.verb(e)
}

// latest are the latest messages of the conversation.
func (b dialogue) latest() []access.Event {
	var said []access.Event
	for _, e := range b.Story {
		if e.Kind == access.EventQuestioned || e.Kind == access.EventReplied {
			said = append(said, e)
		}
	}
	if skipped := len(said) - 2; skipped > 0 {
		said = said[skipped:]
	}
	return said
}

// openQuestion tells whether the latest message is a question that waits for the reader.
func (b dialogue) openQuestion() bool {
	for i := len(b.Story) - 1; i >= 0; i-- {
		switch e := b.Story[i]; e.Kind {
		case access.EventQuestioned:
			return b.Request.State == access.RequestPending
		case access.EventReplied:
			return false
		}
	}
	return false
}

// Conversation is what was asked and answered about a case lately.
func Conversation(c access.Case) []slack.Block {
	var m blocks.MessageBuilder
	dialogue{builder{naming: naming{Case: c}}}.conversation(&m)
	return m.Blocks()
}

// ThreadReply is what somebody said about a request, for the thread of its card.
func ThreadReply(r notify.ThreadReply) blocks.Message {
	b := dialogue{builder{naming: naming{reader: r.By}}}
	var m blocks.MessageBuilder
	m.News(blocks.News("%s "+b.verb(r.Event)+" %s", b.speaker(r.Event), r.Event.Reason))
	m.Say("*" + blocks.Escape(b.speaker(r.Event), 2*blocks.MaxName) + "* " + b.verb(r.Event) + "\n" + blocks.Quote(r.Event.Reason, blocks.MaxQuote))
	return m.Message()
}
