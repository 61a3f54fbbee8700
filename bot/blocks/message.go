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

// Line is the headline of what is over: it takes no more room than it must.
func (b *MessageBuilder) Line(words string) {
	b.News(words)
	b.Say(Escape(words, MaxSection))
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

// Say is a paragraph of escaped text.
func (b *MessageBuilder) Say(text string) {
	if text == "" {
		return
	}
	b.list = append(b.list, Section(text))
}

// Note is small print of escaped text.
func (b *MessageBuilder) Note(parts ...string) {
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	if len(said) == 0 {
		return
	}
	text := strings.Join(said, "  ·  ")
	b.list = append(b.list, SmallPrint(text))
}

// Buttons stand side by side.
func (b *MessageBuilder) Buttons(list ...slack.BlockElement) {
	b.list = append(b.list, slack.NewActionBlock("", list...))
}

// Blocks are the blocks so far, for a view.
func (b *MessageBuilder) Blocks() []slack.Block { return b.list }

// Message is the finished message.
func (b *MessageBuilder) Message() Message {
	return Message{Text: b.news, Blocks: b.list}
}
