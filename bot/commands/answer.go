package commands

import (
	"strconv"

	"github.com/slack-go/slack"

	"latchkey/bot/blocks"
	"latchkey/bot/lists"
	"latchkey/bot/payload"
)

// answerLimit is how large an answer in an ack may be, in bytes: Slack drops
// larger ones without a word, and the envelope needs room too.
const answerLimit = 19_000

// ephemeral is an answer that only the person sees.
type ephemeral struct {
	Type   string        `json:"response_type"`
	Text   string        `json:"text"`
	Blocks []slack.Block `json:"blocks"`
}

// answerRows is a list of rows under a title. Rows that don't fit are counted; the
// Home tab shows them all.
func answerRows(title string, rows []lists.Row, total int) ([]byte, error) {
	for shown := readable(rows); ; shown-- {
		body := []slack.Block{blocks.Section(title)}
		for _, r := range rows[:shown] {
			body = append(body, r.Blocks()...)
		}
		if left := total - shown; left > 0 {
			body = append(body, blocks.SmallPrint("and "+strconv.Itoa(left)+" more. The Home tab of this app shows them all."))
		}
		out, err := payload.Ack(ephemeral{"ephemeral", title, blocks.Distinct(body)})
		if err != nil || len(out) <= answerLimit && len(body) <= 50 || shown == 0 {
			return out, err
		}
	}
}

// readable is how many rows stay within what the blocks of one message may say
// together.
func readable(rows []lists.Row) int {
	room := blocks.MaxTogether
	for i, r := range rows {
		if room -= blocks.Units(r.Text); room < 0 {
			return i
		}
	}
	return len(rows)
}

// answerLines is a list of lines under a title, both escaped already.
func answerLines(title string, lines []string, total int) ([]byte, error) {
	var rows []lists.Row
	part := ""
	for _, l := range lines {
		if blocks.Units(part)+blocks.Units(l) > blocks.MaxSection-200 {
			rows, part = append(rows, lists.Row{Text: part}), ""
		}
		part += l + "\n"
	}
	if part != "" {
		rows = append(rows, lists.Row{Text: part})
	}
	if left := total - len(lines); left > 0 {
		rows = append(rows, lists.Row{Text: "and " + strconv.Itoa(left) + " more"})
	}
	return answerRows("*"+title+"*", rows, len(rows))
}
