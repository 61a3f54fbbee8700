package blocks

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/slack-go/slack"
)

// Message is a message: the blocks people see, and the news in them as plain text, which is
// all that a phone's alert shows (docs.slack.dev, changelog of 13 July 2026).
type Message struct {
	Text   string
	Blocks []slack.Block
}

// Digest tells renderings apart.
func (c Message) Digest() (string, error) {
	b, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("encode card: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16]), nil
}

// MessageBuilder builds a message.
type MessageBuilder struct {
	news string
	list []slack.Block
}

// Title is the headline, in plain words that are not escaped yet: who, what and what is new,
// see News. Alerts on a computer read the first block, those on a phone the text.
func (b *MessageBuilder) Title(words string) {
	b.News(words)
	b.list = append(b.list, slack.NewHeaderBlock(Plain(words, MaxHeader)))
}

// TitleOf is Title with a headline that is marked up, and escaped, already.
func (b *MessageBuilder) TitleOf(words, markup string) {
	b.News(words)
	b.list = append(b.list, unfolded(markup))
}

// Outcome is all that is left of what is over: the headline, and what else there is to say in
// small print that is escaped already, together as short as can be.
func (b *MessageBuilder) Outcome(words string, parts ...string) {
	b.News(words)
	b.Note(append([]string{"*" + Escape(words, MaxSection/2) + "*"}, parts...)...)
}

// News is what a message says where its first block says it in other words.
func (b *MessageBuilder) News(words string) { b.news = newsText(words) }

// Fact is a labelled value, escaped already; facts without a value are left out.
type Fact struct{ label, value string }

// Labelled makes a fact.
func Labelled(label, value string) Fact { return Fact{label, value} }

// Facts puts labelled values side by side.
func (b *MessageBuilder) Facts(list ...Fact) {
	var fields []*slack.TextBlockObject
	for _, f := range list {
		if f.value == "" || len(fields) == maxFields {
			continue
		}
		fields = append(fields, Markup("*"+f.label+"*\n"+f.value))
	}
	if len(fields) > 0 {
		b.list = append(b.list, slack.NewSectionBlock(nil, fields, nil))
	}
}

// Quote quotes what a person wrote.
func (b *MessageBuilder) Quote(label, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	q := Quote(text, MaxQuote)
	b.list = append(b.list, Section("*"+label+"*\n"+q))
}

// Gist quotes the beginning of what a person wrote, in one paragraph of three lines on a phone.
func (b *MessageBuilder) Gist(text string) {
	if text = OneLine(Clean(text)); text != "" {
		b.list = append(b.list, unfolded(Quote(text, MaxGist)))
	}
}

// GistOf is Gist under a label.
func (b *MessageBuilder) GistOf(label, text string) {
	if text = OneLine(Clean(text)); text != "" {
		b.list = append(b.list, unfolded("*"+label+"*\n"+Quote(text, MaxGist)))
	}
}

// unfolded is a paragraph of which Slack folds away nothing, however narrow its window.
func unfolded(text string) *slack.SectionBlock {
	s := Section(text)
	s.Expand = true
	return s
}

// Say is a paragraph of escaped text.
func (b *MessageBuilder) Say(text string) {
	if text == "" {
		return
	}
	b.list = append(b.list, Section(text))
}

// Note is small print of escaped text.
func (b *MessageBuilder) Note(parts ...string) {
	if text := Dotted(parts...); text != "" {
		b.list = append(b.list, SmallPrint(text))
	}
}

// Buttons stand side by side.
func (b *MessageBuilder) Buttons(list ...slack.BlockElement) {
	b.list = append(b.list, slack.NewActionBlock("", list...))
}

// Blocks are the blocks so far, for a view.
func (b *MessageBuilder) Blocks() []slack.Block { return b.list }

// Message is the finished message.
func (b *MessageBuilder) Message() Message {
	return Message{Text: b.news, Blocks: Distinct(b.list)}
}
