package cards

import (
	"latchkey/access"
	"latchkey/bot/blocks"
)

// Config is what the cards of one company have in common.
type Config struct {
	Command  string // the slash command that hints name
	JiraOnly bool   // decisions made in Slack don't count
	Home     string // leads to where its readers choose how much they are told; may be empty
}

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
