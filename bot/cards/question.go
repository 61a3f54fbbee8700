package cards

import (
	"github.com/slack-go/slack"

	"latchkey/bot/blocks"
	"latchkey/workflow/notify"
)

// questionButtons answer what IT is asked in a message.
func questionButtons(q notify.Question) []slack.BlockElement {
	if q.Kind != notify.AskBirthrights {
		return nil
	}
	return []slack.BlockElement{
		blocks.Confirmed(blocks.Button(ActionBirthrights, q.ID, "Go ahead", slack.StylePrimary),
			"Let it happen?", "What this message says is done, each after another look at whom it is about.", "Go ahead"),
		blocks.Button(ActionLeaveBirthrights, q.ID, "Leave it", ""),
	}
}
