package modals

import (
	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"

	"latchkey/workflow/campaigns/rows"
)

// reviewDetailsView shows all that is known of a row, word for word as it is frozen, and what was said of it.
func reviewDetailsView(r rows.Row) slack.ModalViewRequest {
	list := []slack.Block{blocks.Section(reviewRowText(r)), blocks.Section(reviewFactLines(r))}
	if said := reviewAnswerLines(r); said != "" {
		list = append(list, blocks.Section(said))
	}
	return blocks.Modal(reviewTitle, "", "Back", list...)
}

func reviewFactLines(r rows.Row) string {
	fact := func(label, value string) string {
		if value == "" {
			return ""
		}
		return "*" + label + "*: " + blocks.Escape(value, 300)
	}
	signedIn := "not known"
	if !r.SignedIn.IsZero() {
		signedIn = ""
	}
	lines := []string{
		fact("Account", blocks.Or(r.Address, r.Account)), fact("Title", r.Title), fact("Department", r.Department), fact("Location", r.Location),
		fact("Work relation", r.Type), fact("Manager", r.Manager), fact("Group", reviewPlace(r)),
		fact("Last sign-in to the directory", signedIn),
	}
	if signedIn == "" {
		lines[len(lines)-1] = "*Last sign-in to the directory*: " + blocks.Day(r.SignedIn)
	}
	return blocks.Lines(lines...)
}

// reviewPlace is where a row's access stands: in a directory, or on a list that was imported.
func reviewPlace(r rows.Row) string {
	if r.Group.Directory == access.ImportedDirectory {
		return blocks.Or(r.GroupName, r.Group.Group) + ", on an imported list, as the account " + r.Account
	}
	return blocks.Or(r.GroupName, r.Group.Group) + " in " + r.Group.Directory
}

// reviewAnswerLines are what was said of a row, of all stages.
func reviewAnswerLines(r rows.Row) string {
	var lines []string
	for _, a := range r.Item.Answers {
		words := map[access.ReviewDecision]string{access.DecisionKeep: "Kept", access.DecisionRevoke: "Revoked", access.DecisionNotMine: "Said not to be theirs"}[a.Decision]
		line := "• " + words + " " + blocks.When(a.At)
		if a.Reason != "" {
			line += ": " + blocks.Quote(a.Reason, 300)
		}
		lines = append(lines, line)
	}
	return blocks.Lines(lines...)
}
