package cards

import (
	"strings"

	"latchkey/access"
	"latchkey/bot/blocks"
)

// Config is what the cards of one company have in common.
type Config struct {
	Command  string // the slash command that hints name
	JiraOnly bool   // decisions made in Slack don't count
	ITGroup  ITGroup
	Home     string // leads to where its readers choose how much they are told; may be empty
}

// ITGroup is the user group in Slack of those of IT who have to act; the zero one if none is
// configured.
type ITGroup struct {
	ID     string // empty: it couldn't be found
	Handle string // without the @; may be empty
}

// Loud calls them, wherever they are.
func (g ITGroup) Loud() string {
	if g.ID == "" || !isGroupID(g.ID) {
		return g.Quiet()
	}
	return "<!subteam^" + g.ID + ">, please look at this now."
}

// Quiet names them, and calls nobody.
func (g ITGroup) Quiet() string {
	if g.Handle == "" {
		return ""
	}
	return "@" + blocks.Escape(g.Handle, blocks.MaxName)
}

// isGroupID guards what is written as markup.
func isGroupID(id string) bool { return strings.HasPrefix(id, "S") && isUserID(id) }

// PleaseDecide asks for a decision, and says where it counts if that isn't here.
func (cfg Config) PleaseDecide(issue access.Issue) string {
	switch {
	case !cfg.JiraOnly:
		return "Please decide."
	case issue.Key == "":
		return "Please decide in Jira, once the issue is there: an answer here doesn't count."
	}
	return "Please decide in Jira, in " + blocks.Link(issue.URL, issue.Key) + ": an answer here doesn't count."
}
