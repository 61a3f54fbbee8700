package blocks

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/slack-go/slack"
)

// Message is a message: the blocks people see, and the text that tells the same to
// notifications and screen readers.
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

// MessageBuilder builds a message. Whatever is put on it goes into blocks and text alike,
// so that the two can't tell different stories.
type MessageBuilder struct {
	lines []string
	list  []slack.Block
}

// Title is the headline, in plain words that are not escaped yet.
func (b *MessageBuilder) Title(words string) {
	b.lines = append(b.lines, Escape(words, 2*MaxHeader))
	b.list = append(b.list, slack.NewHeaderBlock(Plain(words, MaxHeader)))
}

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
		b.lines = append(b.lines, f.label+": "+f.value)
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
	b.lines = append(b.lines, label+":\n"+q)
	b.list = append(b.list, Section("*"+label+"*\n"+q))
}

// Say is a paragraph of escaped text.
func (b *MessageBuilder) Say(text string) {
	if text == "" {
		return
	}
	b.lines = append(b.lines, text)
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
	b.lines = append(b.lines, text)
	b.list = append(b.list, SmallPrint(text))
}

// Buttons are not told in the text: they can't be pressed there.
func (b *MessageBuilder) Buttons(list ...slack.BlockElement) {
	b.list = append(b.list, slack.NewActionBlock("", list...))
}

// Blocks are the blocks so far, for a view.
func (b *MessageBuilder) Blocks() []slack.Block { return b.list }

// Message is the finished message.
func (b *MessageBuilder) Message() Message {
	return Message{Text: fallback(b.lines), Blocks: b.list}
}

// fallback joins lines that are escaped already. What doesn't fit is left out
// line by line, so that no entity is cut in two.
func fallback(lines []string) string {
	var kept []string
	room := maxFallback
	for _, l := range lines {
		if room -= Units(l) + 1; room < 0 {
			kept = append(kept, "…")
			break
		}
		kept = append(kept, l)
	}
	return strings.Join(kept, "\n")
}
