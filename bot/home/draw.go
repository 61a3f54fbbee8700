package home

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/bot/blocks"
	"latchkey/bot/manifest"
	"latchkey/bot/modals"
)

// blocks draws the tab: what waits for the reader first, for IT then what it looks after, and
// what the reader has behind that.
func (v content) blocks() []slack.Block {
	if v.refusal != "" {
		return []slack.Block{blocks.Section(blocks.Told(v.refusal, blocks.MaxSection))}
	}
	var body []slack.Block
	if v.pause != "" {
		body = append(body, blocks.Section(v.pause))
	}
	if waiting := drawn(v.waiting); len(waiting) > 0 {
		body = append(body, waiting...)
		body = append(body, slack.NewDividerBlock()) // its buttons aren't the reader's own
	}
	body = append(body, slack.NewActionBlock("home.start",
		blocks.Button(modals.ActionRequest, "-", manifest.RequestTitle, slack.StylePrimary), blocks.Button(modals.ActionBrowse, "-", "Browse apps", ""), blocks.Button(modals.ActionUnlisted, "-", "It isn't listed", "")))
	if v.it {
		body = append(body, drawn(v.overseen)...)
		body = append(body, slack.NewHeaderBlock(blocks.Plain("The last seven days", blocks.MaxHeader)), blocks.Section(strings.Join(v.week, "\n")))
	}
	body = append(body, drawn(v.own)...)
	body = append(body, v.absence.blocks()...)
	body = append(body, noticesBlocks(v.notices, v.absence.button()...)...)
	return blocks.Distinct(body)
}

// drawn draws lists that stand together, in their order. What is empty is said in one line for
// all that follow each other.
func drawn(all []list) []slack.Block {
	var body []slack.Block
	var empty []string
	flush := func() {
		if line := strings.Join(blocks.NonBlank(empty...), " "); line != "" {
			body = append(body, blocks.SmallPrint(line))
		}
		empty = nil
	}
	for _, l := range all {
		if l.total == 0 {
			empty = append(empty, l.empty, l.note)
			continue
		}
		flush()
		body = append(body, l.blocks()...)
	}
	flush()
	return body
}

func (l list) blocks() []slack.Block {
	body := []slack.Block{slack.NewHeaderBlock(blocks.Plain(l.title+" ("+strconv.Itoa(l.total)+")", blocks.MaxHeader))}
	for _, r := range l.rows {
		body = append(body, r.Blocks()...)
	}
	if l.note != "" {
		body = append(body, blocks.SmallPrint(l.note))
	}
	turns := blocks.PageButtons(l.from, l.size, l.total)
	if len(turns) > 0 {
		turns[0].(*slack.ActionBlock).BlockID = l.name
	}
	return append(body, turns...)
}
