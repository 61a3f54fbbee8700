package cards

import (
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/catalog"
)

// The buttons of cards, by the names under which Slack tells of them. They stand in
// messages that outlive a release, so they are never changed.
const (
	ActionApprove       = "approve"
	ActionApproveTyped  = "approve_typed"   // for roles that can do harm
	ActionApproveSignIn = "approve_sign_in" // for roles to which a click can't say yes
	ActionShorter       = "approve_shorter"
	ActionDeny          = "deny"
	ActionAsk           = "ask"
	ActionMore          = "details"
	ActionOpenApp       = "open_app" // leads to the app; Slack tells of it all the same
	ActionAnswer        = "answer"
	ActionClaim         = "claim"
	ActionNudge         = "nudge"
	ActionReassign      = "reassign"
	ActionCancel        = "cancel"
	ActionReturn        = "return"
	ActionExtend        = "extend"
	ActionAskAgain      = "ask_again"
	ActionDone          = "done"
	ActionTake          = "take" // a change by hand
	ActionCantBeDone    = "cant_be_done"
	ActionRevoke        = "revoke"
	ActionRetry         = "retry"
	ActionRetryTask     = "unstick" // the same, named by the stuck task's own id
	ActionJustified     = "justified"
	ActionUnjustified   = "unjustified"
	ActionEndDelegation = "end_delegation" // that somebody decides for another one
	ActionNotMine       = "not_mine"       // an account that is known as the reader's

	ActionBirthrights      = "birthrights"       // what they would change at once happens
	ActionLeaveBirthrights = "leave_birthrights" // or doesn't
)

// DecisionButtons are what those who decide a request can do here: in one row on a phone. A
// role that can do harm is approved in a modal of its own, and so is what is behind More.
func (cfg Config) DecisionButtons(r access.Request, role catalog.Role) []slack.BlockElement {
	more := blocks.Button(ActionMore, here(r), "More…", "")
	if cfg.JiraOnly {
		return []slack.BlockElement{blocks.Button(ActionAsk, here(r), "Ask a question…", ""), more}
	}
	yes := ActionApprove
	switch {
	case r.NeedsStepUp(role):
		yes = ActionApproveSignIn
	case role.Assurance == catalog.Confirm:
		yes = ActionApproveTyped
	}
	return []slack.BlockElement{
		blocks.Button(yes, here(r), approveLabel(r, role), slack.StylePrimary),
		blocks.Button(ActionDeny, here(r), "Deny…", ""), more,
	}
}

// approveLabel says what a yes gives, as short as three buttons need to stand in one row on a
// phone.
func approveLabel(r access.Request, role catalog.Role) string {
	switch {
	case role.Assurance == catalog.Confirm, r.NeedsStepUp(role):
		return "Approve…"
	case r.Unlisted != "":
		return "Approve"
	case r.Allowed == catalog.Forever:
		return "Approve, no end"
	case r.Allowed < 10*time.Hour && r.Allowed%time.Hour == 0, r.Allowed < 10*catalog.Day && r.Allowed%catalog.Day == 0:
		return "Approve " + catalog.FormatDuration(r.Allowed)
	case r.Allowed%catalog.Day == 0:
		return "Approve " + strconv.FormatInt(int64(r.Allowed/catalog.Day), 10) + " d"
	case r.Allowed%time.Hour == 0 && r.Allowed < catalog.Day:
		return "Approve " + strconv.FormatInt(int64(r.Allowed/time.Hour), 10) + " h"
	case r.Allowed%time.Minute == 0 && r.Allowed < time.Hour:
		return "Approve " + strconv.FormatInt(int64(r.Allowed/time.Minute), 10) + " min"
	}
	return "Approve"
}

// MoreButtons are what else those who decide a request can do.
func (cfg Config) MoreButtons(r access.Request, role catalog.Role) []slack.BlockElement {
	var out []slack.BlockElement
	if !cfg.JiraOnly && len(r.Shorter(role)) > 0 {
		out = append(out, blocks.Button(ActionShorter, here(r), "Approve for less…", ""))
	}
	return append(out, blocks.Button(ActionAsk, here(r), "Ask a question…", ""))
}

// ReassignButton leads to the form by which IT, or an owner of the app, has somebody else
// decide.
func ReassignButton(r access.Request) *slack.ButtonBlockElement {
	return blocks.Button(ActionReassign, here(r), "Have somebody else decide…", "")
}

// openButton leads to the app, if it is known where that is.
func (b requesterCard) openButton() []slack.BlockElement {
	address := b.App.Opening(b.Role).URL
	if address == "" {
		return nil
	}
	open := blocks.Button(ActionOpenApp, b.Request.ID, "Open "+blocks.Clip(b.appName(), openRoom), slack.StylePrimary)
	open.URL = address
	return []slack.BlockElement{open}
}

// openRoom is how much of an app's name stands on the button that opens it.
const openRoom = 24

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

// AskAgainButton leads to the form, filled in with what was asked for.
func AskAgainButton(request string) *slack.ButtonBlockElement {
	return blocks.Button(ActionAskAgain, request, "Ask again", "")
}

// AnswerButton leads to the answer to a question about a request.
func AnswerButton(r access.Request) *slack.ButtonBlockElement {
	return blocks.Button(ActionAnswer, here(r), "Answer…", slack.StylePrimary)
}

// ReviewButtons say whether an emergency was one.
func ReviewButtons(request string) []slack.BlockElement {
	return []slack.BlockElement{
		blocks.Button(ActionJustified, request, "Justified", slack.StylePrimary),
		blocks.Button(ActionUnjustified, request, "Not justified…", slack.StyleDanger),
	}
}

// ReturnButton gives access back.
func ReturnButton(request string) *slack.ButtonBlockElement {
	return blocks.Confirmed(blocks.Button(ActionReturn, request, "Give it back", ""),
		"Give it back?", "Your access is removed now. You can ask for it again at any time.", "Give it back")
}
