package cards

import (
	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/catalog"
)

// The buttons of cards, by the names under which Slack tells of them. They stand in
// messages that outlive a release, so they are never changed.
const (
	ActionApprove      = "approve"
	ActionApproveTyped = "approve_typed" // for roles that can do harm
	ActionShorter      = "approve_shorter"
	ActionDeny         = "deny"
	ActionAsk          = "ask"
	ActionAnswer       = "answer"
	ActionClaim        = "claim"
	ActionNudge        = "nudge"
	ActionCancel       = "cancel"
	ActionReturn       = "return"
	ActionExtend       = "extend"
	ActionDone         = "done"
	ActionRetry        = "retry"
	ActionRetryTask    = "unstick" // the same, named by the stuck task's own id
	ActionJustified    = "justified"
	ActionUnjustified  = "unjustified"
	ActionNotMine      = "not_mine" // an account that is known as the reader's
)

// DecisionButtons are what those who decide a request can do here. A role that can do
// harm is approved in a modal of its own.
func (cfg Config) DecisionButtons(r access.Request, role catalog.Role) []slack.BlockElement {
	if cfg.JiraOnly {
		return []slack.BlockElement{blocks.Button(ActionAsk, here(r), "Ask a question", "")}
	}
	yes := ActionApprove
	if role.Assurance == catalog.Confirm {
		yes = ActionApproveTyped
	}
	out := []slack.BlockElement{blocks.Button(yes, here(r), "Approve", slack.StylePrimary)}
	if len(r.Shorter(role)) > 0 {
		out = append(out, blocks.Button(ActionShorter, here(r), "Approve for less", ""))
	}
	return append(out,
		blocks.Button(ActionDeny, here(r), "Deny", slack.StyleDanger),
		blocks.Button(ActionAsk, here(r), "Ask a question", ""))
}

// holderButtons are what somebody who has access can do with it.
func holderButtons(c access.Case) []slack.BlockElement {
	var out []slack.BlockElement
	if !c.Grant.Ends.IsZero() {
		out = append(out, blocks.Button(ActionExtend, c.Request.ID, "Extend", slack.StylePrimary))
	}
	return append(out, blocks.Confirmed(blocks.Button(ActionReturn, c.Request.ID, "I'm done", ""),
		"Give it back?", "Your access is removed now. You can ask for it again at any time.", "Give it back"))
}
