package blocks

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"
)

// Spoken makes screen readers say of buttons what they are about. What a button says stands
// before it, because it is read instead of that.
func Spoken(about string, buttons ...slack.BlockElement) []slack.BlockElement {
	for _, e := range buttons {
		if b, ok := e.(*slack.ButtonBlockElement); ok && about != "" {
			b.AccessibilityLabel = spoken(strings.TrimSuffix(b.Text.Text, "…")+": "+about, "")
		}
	}
	return buttons
}

// Distinct makes sure that no two buttons of a message or view sound alike: where they would,
// they are counted. It returns the blocks that it was given.
func Distinct(list []slack.Block) []slack.Block {
	said := map[string]bool{}
	for _, b := range buttonsIn(list) {
		label := Or(b.AccessibilityLabel, spoken(b.Text.Text, ""))
		b.AccessibilityLabel = label
		for n := 2; said[b.AccessibilityLabel]; n++ {
			b.AccessibilityLabel = spoken(label, ", "+strconv.Itoa(n))
		}
		said[b.AccessibilityLabel] = true
	}
	return list
}

// spoken is a label with an end that isn't cut off.
func spoken(label, end string) string {
	return Clip(OneLine(label), MaxButton-Units(end)) + end
}

// buttonsIn are the buttons in blocks, in reading order.
func buttonsIn(list []slack.Block) []*slack.ButtonBlockElement {
	var out []*slack.ButtonBlockElement
	for _, block := range list {
		switch block := block.(type) {
		case *slack.ActionBlock:
			for _, e := range block.Elements.ElementSet {
				if b, ok := e.(*slack.ButtonBlockElement); ok {
					out = append(out, b)
				}
			}
		case *slack.SectionBlock:
			if block.Accessory != nil && block.Accessory.ButtonElement != nil {
				out = append(out, block.Accessory.ButtonElement)
			}
		}
	}
	return out
}
