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
	ActionMore         = "more"
	ActionAnswer       = "answer"
	ActionClaim        = "claim"
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

// DecisionButtons are what those who decide a request can do here: in one row on a phone. A
// role that can do harm is approved in a modal of its own, and so is what is behind More.
func (cfg Config) DecisionButtons(r access.Request, role catalog.Role) []slack.BlockElement {
	more := blocks.Button(ActionMore, here(r), "More…", "")
	if cfg.JiraOnly {
		return []slack.BlockElement{blocks.Button(ActionAsk, here(r), "Ask a question…", ""), more}
	}
	yes := ActionApprove
	if role.Assurance == catalog.Confirm {
		yes = ActionApproveTyped
	}
	return []slack.BlockElement{
		blocks.Button(yes, here(r), approveLabel(r, role), slack.StylePrimary),
		blocks.Button(ActionDeny, here(r), "Deny…", ""), more,
	}
}

// approveRoom is what is left for the first of three buttons that stand in one row on a phone.
const approveRoom = 15

// approveLabel says what a yes gives, as long as there is room for it.
func approveLabel(r access.Request, role catalog.Role) string {
	label := "Approve " + catalog.FormatDuration(r.Allowed)
	switch {
	case role.Assurance == catalog.Confirm:
		return "Approve…"
	case r.Allowed == catalog.Forever && r.Unlisted == "":
		label = "Approve, no end"
	}
	if r.Unlisted != "" || blocks.Units(label) > approveRoom {
		return "Approve"
	}
	return label
}

// MoreButtons are what else those who decide a request can do.
func (cfg Config) MoreButtons(r access.Request, role catalog.Role) []slack.BlockElement {
	var out []slack.BlockElement
	if !cfg.JiraOnly && len(r.Shorter(role)) > 0 {
		out = append(out, blocks.Button(ActionShorter, here(r), "Approve for less…", ""))
	}
	return append(out, blocks.Button(ActionAsk, here(r), "Ask a question…", ""))
}

// holderButtons are what somebody who has access can do with it.
func holderButtons(b builder) []slack.BlockElement {
	var out []slack.BlockElement
	if !b.Grant.Ends.IsZero() {
		out = append(out, blocks.Button(ActionExtend, b.Request.ID, "Extend", ""))
	}
	return blocks.Spoken(b.brief(), append(out, ReturnButton(b.Request.ID))...)
}

// CancelButton takes a request back.
func CancelButton(request string) *slack.ButtonBlockElement {
	return blocks.Confirmed(blocks.Button(ActionCancel, request, "Cancel request", ""),
		"Cancel this request?", "Those who were asked won't have to answer any more.", "Cancel request")
}

// ReturnButton gives access back.
func ReturnButton(request string) *slack.ButtonBlockElement {
	return blocks.Confirmed(blocks.Button(ActionReturn, request, "Give it back", ""),
		"Give it back?", "Your access is removed now. You can ask for it again at any time.", "Give it back")
}
