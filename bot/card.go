package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/slack-go/slack"
)

// card is a message: the blocks people see, and the text that tells the same to
// notifications and screen readers.
type card struct {
	Text   string
	Blocks []slack.Block
}

// digest tells renderings apart.
func (c card) digest() (string, error) {
	b, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("encode card: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16]), nil
}

// sheet builds a card. Whatever is put on it goes into blocks and text alike,
// so that the two can't tell different stories.
type sheet struct {
	lines  []string
	blocks []slack.Block
}

// title is the headline, in plain words that are not escaped yet.
func (s *sheet) title(words string) {
	s.lines = append(s.lines, esc(words, 2*maxHeader))
	s.blocks = append(s.blocks, slack.NewHeaderBlock(plain(words, maxHeader)))
}

// fact is a labelled value, escaped already; facts without a value are left out.
type fact struct{ label, value string }

// facts puts labelled values side by side.
func (s *sheet) facts(list ...fact) {
	var fields []*slack.TextBlockObject
	for _, f := range list {
		if f.value == "" || len(fields) == maxFields {
			continue
		}
		s.lines = append(s.lines, f.label+": "+f.value)
		fields = append(fields, markup("*"+f.label+"*\n"+f.value))
	}
	if len(fields) > 0 {
		s.blocks = append(s.blocks, slack.NewSectionBlock(nil, fields, nil))
	}
}

// words quotes what a person wrote.
func (s *sheet) words(label, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	q := quote(text, maxQuote)
	s.lines = append(s.lines, label+":\n"+q)
	s.blocks = append(s.blocks, section("*"+label+"*\n"+q))
}

// say is a paragraph of escaped text.
func (s *sheet) say(text string) {
	if text == "" {
		return
	}
	s.lines = append(s.lines, text)
	s.blocks = append(s.blocks, section(text))
}

// note is small print of escaped text.
func (s *sheet) note(parts ...string) {
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
	s.lines = append(s.lines, text)
	s.blocks = append(s.blocks, small(text))
}

// buttons are not told in the text: they can't be pressed there.
func (s *sheet) buttons(list ...slack.BlockElement) {
	s.blocks = append(s.blocks, slack.NewActionBlock("", list...))
}

// card is the finished message.
func (s *sheet) card() card {
	return card{Text: fallback(s.lines), Blocks: s.blocks}
}

// fallback joins lines that are escaped already. What doesn't fit is left out
// line by line, so that no entity is cut in two.
func fallback(lines []string) string {
	var kept []string
	room := maxFallback
	for _, l := range lines {
		if room -= units(l) + 1; room < 0 {
			kept = append(kept, "…")
			break
		}
		kept = append(kept, l)
	}
	return strings.Join(kept, "\n")
}
