package lists

import (
	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
)

// Accounts are what is known of a person's accounts, besides the one in Slack by which
// they read it. What isn't theirs they can say.
func (l *Lists) Accounts(p access.Person) []Row {
	var rows []Row
	for _, b := range access.AccountsOf(p) {
		if b.System == access.SystemSlack {
			continue
		}
		where := b.System
		if where == access.SystemJira {
			where = "Jira"
		}
		name := "*" + blocks.Escape(where, blocks.MaxName) + "*"
		if a := p.Shows(b.System); a != "" {
			name += " " + blocks.Escape(string(a), 2*blocks.MaxName)
		}
		rows = append(rows, Row{
			Text: name + "\nKnown as yours since " + blocks.Day(b.Since) + ": " + blocks.Escape(b.How, 150) + ".",
			Buttons: []slack.BlockElement{blocks.Confirmed(blocks.Button(cards.ActionNotMine, b.System+":"+b.ID, "That isn't mine", ""),
				"Not your account?", "Nothing new is given to it in your name, what is done by it doesn't count as yours, and IT is alarmed. Only IT can make it known as yours again.", "It isn't mine")},
		})
	}
	return rows
}
