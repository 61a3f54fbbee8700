package blocks

import (
	"strconv"

	"github.com/slack-go/slack"
)

// The buttons that turn the pages of a list. Their names stand in messages that outlive a release, so they are never
// changed; their value is the number of the first row of the page.
const (
	ActionBefore = "before"
	ActionAfter  = "after"
)

// PageButtons are the buttons that turn the pages of a list.
func PageButtons(from, size, total int) []slack.Block {
	var list []slack.BlockElement
	turn := func(action, label string, to int) {
		list = append(list, slack.NewButtonBlockElement(action, strconv.Itoa(to), Plain(label, MaxButton)))
	}
	if from > 0 {
		turn(ActionBefore, "Earlier", max(0, from-size))
	}
	if from+size < total {
		turn(ActionAfter, "More", from+size)
	}
	if len(list) == 0 {
		return nil
	}
	said := strconv.Itoa(from+1) + "–" + strconv.Itoa(min(from+size, total)) + " of " + strconv.Itoa(total)
	return []slack.Block{slack.NewActionBlock("", list...), SmallPrint(said)}
}
