package modals

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/catalog"

	"latchkey/workflow/campaigns/rows"
)

// Names of what comes back from Slack. Never changed.
const (
	reviewRowBlock = "row-" // before the number of the row: an answer belongs to a row and not to a place in the view

	actionReviewAnswer = "review_answer"
	actionReviewMore   = "review_more"

	reviewTakeBack = "take_back"
	reviewDetails  = "details"
)

// reviewRowBlocks are a row: what there is to know, and the question. Nothing is chosen before the reviewer chooses.
func reviewRowBlocks(r rows.Row, mine access.ReviewDecision) []slack.Block {
	text := slack.NewSectionBlock(blocks.Markup(reviewRowText(r)), nil, slack.NewAccessory(reviewMenu(r, mine)))
	text.BlockID = "about-" + strconv.Itoa(r.Number)
	return []slack.Block{text, reviewQuestion(r, mine)}
}

// reviewQuestion is where a row is answered. What is chosen is sent at once, so that closing the view loses nothing.
func reviewQuestion(r rows.Row, mine access.ReviewDecision) *slack.InputBlock {
	choice := slack.NewRadioButtonsBlockElement(actionReviewAnswer,
		blocks.Option(string(access.DecisionKeep), "Keep", ""),
		blocks.Option(string(access.DecisionRevoke), "Revoke", ""),
		blocks.Option(string(access.DecisionNotMine), "Not mine to say", ""))
	for _, o := range choice.Options {
		if o.Value == string(mine) {
			choice.InitialOption = o
		}
	}
	in := slack.NewInputBlock(reviewRowBlock+strconv.Itoa(r.Number), blocks.Plain(reviewRowName(r), blocks.MaxHint), nil, choice)
	in.Optional, in.DispatchAction = true, true
	return in
}

// reviewRowName names a row in plain words.
func reviewRowName(r rows.Row) string {
	return blocks.Clip(reviewWho(r), blocks.MaxName) + ": " + blocks.Clip(reviewWhat(r), 2*blocks.MaxName)
}

func reviewWho(r rows.Row) string { return blocks.Or(r.Name, blocks.Or(r.Address, r.Account)) }

func reviewWhat(r rows.Row) string {
	if r.AppName == "" {
		return blocks.Or(r.GroupName, r.Group.String())
	}
	return r.AppName + " " + r.RoleName
}

// reviewRowText is what a reviewer needs to know of a row: who it is, what it opens, since when and why, when it was
// used, and what the row proposes.
func reviewRowText(r rows.Row) string {
	e := func(s string) string { return blocks.Escape(s, blocks.MaxName) }
	who := "*" + e(reviewWho(r)) + "*"
	for _, more := range []string{r.Title, r.Department, r.Type} {
		if more != "" {
			who += ", " + e(more)
		}
	}
	if r.Person == "" {
		who += " – whose the account is isn't known"
		if r.Address != "" && r.Name != "" {
			who += " (" + e(r.Address) + ")"
		}
	}
	what := "*" + blocks.Escape(reviewWhat(r), 2*blocks.MaxName) + "*"
	if opens := strings.TrimPrefix(r.Opens, r.AppName+" · "+r.RoleName+": "); opens != "" {
		what += " – " + blocks.Escape(opens, 200)
	}
	return blocks.Lines(who, what, blocks.Dotted(reviewStands(r)...), blocks.Dotted(reviewUse(r), reviewPeers(r)), reviewWarning(r), reviewProposal(r))
}

// reviewStands says how and when access came, and until when it lasts.
func reviewStands(r rows.Row) []string {
	out := []string{reviewSource(r)}
	if r.Since.IsZero() {
		out = append(out, "since when isn't known")
	} else {
		out = append(out, "since "+blocks.Day(r.Since))
	}
	if !r.Until.IsZero() {
		out = append(out, "ends "+blocks.Day(r.Until))
	}
	if r.Privileged {
		out = append(out, "*privileged*")
	} else if r.Risk == catalog.High {
		out = append(out, "*high risk*")
	}
	return out
}

func reviewSource(r rows.Row) string {
	request := blocks.Escape(r.Request, 40)
	switch r.Source {
	case catalog.BySomeRequest:
		return "Asked for in " + blocks.Or(request, "a request")
	case catalog.ByEmergency:
		return "Taken in an emergency, " + blocks.Or(request, "by a request")
	case catalog.ByBirthright:
		return "Came with the position"
	case catalog.ByAdoption:
		return "Found in the directory and taken over"
	}
	return "Nobody asked for it here"
}

// reviewUse says when it was used last, as far as is known: not known, and not seen, are two things.
func reviewUse(r rows.Row) string {
	switch {
	case r.UsageOff:
		return "Sign-ins say nothing of its use"
	case !r.Used.IsZero():
		return "Last used " + blocks.Day(r.Used) + from(r.UsedBy)
	case !r.UsedReach.IsZero():
		return "No use seen since " + blocks.Day(r.UsedReach) + from(r.UsedBy)
	case !r.SignedIn.IsZero():
		return "Last signed in to the directory " + blocks.Day(r.SignedIn) + "; use of the app isn't known"
	}
	return "Use isn't known"
}

func from(source string) string {
	if source == "" {
		return ""
	}
	return " (" + blocks.Escape(source, 80) + ")"
}

func reviewPeers(r rows.Row) string {
	if r.Peers < 0 {
		return ""
	}
	return strconv.Itoa(r.Peers) + " % of their department has it"
}

// reviewWarning is what speaks against the row, or has changed since it was read.
func reviewWarning(r rows.Row) string {
	var out []string
	if r.Left {
		out = append(out, "has left")
	}
	for _, c := range r.Conflicts {
		out = append(out, "goes against "+blocks.Escape(c, blocks.MaxName))
	}
	if r.Earlier == access.DecisionRevoke {
		out = append(out, "was revoked at the review before")
	}
	if r.Changed != "" {
		out = append(out, blocks.Escape(r.Changed, 200))
	}
	if len(out) == 0 {
		return ""
	}
	return ":warning: " + blocks.Capital(blocks.Dotted(out...))
}

func reviewProposal(r rows.Row) string {
	why := r.Because.Words()
	switch r.Recommended {
	case access.RecommendKeep:
		return "_Suggested: keep – " + why + "_"
	case access.RecommendRevoke:
		return "_Suggested: revoke – " + why + "_"
	case access.RecommendLook:
		return "_Please look yourself: " + why + "_"
	}
	return "_No suggestion: " + why + "_"
}

// reviewMenu is what else can be done with a row.
func reviewMenu(r rows.Row, mine access.ReviewDecision) *slack.OverflowBlockElement {
	n := strconv.Itoa(r.Number)
	options := []*slack.OptionBlockObject{blocks.Option(reviewDetails+"/"+n, "All that is known", "")}
	if mine != access.DecisionNone {
		options = append(options, blocks.Option(reviewTakeBack+"/"+n, "Take my answer back", ""))
	}
	return slack.NewOverflowBlockElement(actionReviewMore, options...)
}
