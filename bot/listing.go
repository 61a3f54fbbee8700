package bot

import (
	"strconv"

	"latchkey/bot/blocks"
	"latchkey/bot/payload"

	"github.com/slack-go/slack"
)

// answerLimit is how large an answer in an ack may be, in bytes: Slack drops
// larger ones without a word, and the envelope needs room too.
const answerLimit = 19_000

// told is an answer that only the person sees.
type told struct {
	Type   string        `json:"response_type"`
	Text   string        `json:"text"`
	Blocks []slack.Block `json:"blocks"`
}

// answer is a list of rows under a title. Rows that don't fit are counted; the
// Home tab shows them all.
func answer(title string, rows []row, total int) ([]byte, error) {
	for shown := readable(rows); ; shown-- {
		body := []slack.Block{blocks.Section(title)}
		for _, r := range rows[:shown] {
			body = append(body, r.blocks()...)
		}
		if left := total - shown; left > 0 {
			body = append(body, blocks.SmallPrint("and "+strconv.Itoa(left)+" more. The Home tab of this app shows them all."))
		}
		out, err := payload.Ack(told{"ephemeral", title, body})
		if err != nil || len(out) <= answerLimit && len(body) <= 50 || shown == 0 {
			return out, err
		}
	}
}

// readable is how many rows stay within what the blocks of one message may say
// together.
func readable(rows []row) int {
	room := blocks.MaxTogether
	for i, r := range rows {
		if room -= blocks.Units(r.text); room < 0 {
			return i
		}
	}
	return len(rows)
}

// answerLines is a list of lines under a title, both escaped already.
func answerLines(title string, lines []string, total int) ([]byte, error) {
	var rows []row
	part := ""
	for _, l := range lines {
		if blocks.Units(part)+blocks.Units(l) > blocks.MaxSection-200 {
			rows, part = append(rows, row{text: part}), ""
		}
		part += l + "\n"
	}
	if part != "" {
		rows = append(rows, row{text: part})
	}
	if left := total - len(lines); left > 0 {
		rows = append(rows, row{text: "and " + strconv.Itoa(left) + " more"})
	}
	return answer("*"+title+"*", rows, len(rows))
}
