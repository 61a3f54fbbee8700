package modals

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/payload"

	"latchkey/workflow/campaigns/deciding"
	"latchkey/workflow/campaigns/rows"
)

// mostReasons is of how many rows the second view asks the reasons one by one: an answer that goes with an ack has
// little room. A reason for all counts for the others, too.
const mostReasons = 15

const (
	reviewWhyBlock = "why-" // before the number of the row
	reviewWhyAll   = "why-all"
)

// chosenAnswers are the answers that stand in a submitted view, by row.
func chosenAnswers(values payload.Values) []deciding.Answer {
	var out []deciding.Answer
	for block := range values {
		if row, ok := rowOf(block); ok {
			if d := access.ReviewDecision(values.Choice(block, actionReviewAnswer)); d != access.DecisionNone {
				out = append(out, deciding.Answer{Row: row, Decision: d})
			}
		}
	}
	slices.SortFunc(out, func(a, b deciding.Answer) int { return a.Row - b.Row })
	return out
}

// submitted keeps what was chosen and wasn't kept yet, and asks for reasons, or goes on.
func (m *Reviewing) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	answers := chosenAnswers(in.View.State.Values)
	for i := range answers {
		answers[i].Took = m.took(in)
	}
	field := firstRow(in.View.State.Values)
	done, err := m.take(ctx, in, answers)
	if err != nil {
		return m.respond.Committed(ctx, "", field, err)
	}
	s, _ := reviewingOf(in.View.Metadata) // take has read it
	by, p, err := m.stand(ctx, in, s, rowsOf(answers))
	if err != nil {
		return m.respond.Committed(ctx, "", field, err)
	}
	if open := unexplained(p, by); len(open) > 0 {
		return payload.ReplaceView(reviewReasonsView(p, s, open, by))
	}
	return m.further(ctx, by, s, done.Worklist)
}

// stand is who acts, and how rows stand now.
func (m *Reviewing) stand(ctx context.Context, in payload.Interaction, s reviewing, rows []int) (access.PersonID, deciding.Page, error) {
	by, err := m.respond.Actor(ctx, in, "", "review")
	if err != nil {
		return "", deciding.Page{}, err
	}
	p, err := m.reviews.Rows(ctx, by.Person, s.Campaign, rows)
	return by.Person, p, err
}

func rowsOf(answers []deciding.Answer) []int {
	out := make([]int, len(answers))
	for i, a := range answers {
		out[i] = a.Row
	}
	return out
}

// firstRow is the block of the first row in a view, where what is wrong with all of it is said.
func firstRow(values payload.Values) string {
	first := ""
	for block := range values {
		if _, ok := rowOf(block); ok && (first == "" || block < first) {
			first = block
		}
	}
	return first
}

// unexplained are the rows that need a reason and have none: those that are revoked, and privileged ones that are kept.
func unexplained(p deciding.Page, me access.PersonID) []rows.Row {
	return slices.DeleteFunc(slices.Clone(p.Rows), func(r rows.Row) bool {
		a := answerOf(r, p, me)
		needs := a.Decision == access.DecisionRevoke || a.Decision == access.DecisionKeep && r.Privileged
		return !needs || a.Reason != ""
	})
}

// further shows the next rows where they fit into an ack, or a button that leads to them.
func (m *Reviewing) further(ctx context.Context, who access.PersonID, s reviewing, w access.Worklist) ([]byte, error) {
	p, err := m.reviews.Page(ctx, who, s.Campaign, deciding.Filter{OnlyOpen: true}, 0, 1)
	if err != nil || len(p.Rows) == 0 {
		return payload.ReplaceView(reviewDoneView(s, w, false)) // what was said is kept, whatever comes next
	}
	s.After = 0
	next, err := m.page(ctx, who, s)
	if err == nil {
		if out, err := payload.ReplaceView(next); err == nil && len(out) <= payload.MaxAck {
			return out, nil
		}
	}
	return payload.ReplaceView(reviewDoneView(s, w, true))
}

// reviewReasonsView asks somebody why they answered rows as they did. What others said of them meanwhile is not theirs to explain.
func reviewReasonsView(p deciding.Page, s reviewing, rows []rows.Row, me access.PersonID) slack.ModalViewRequest {
	head := "The answers are kept. Why? What you write stands in the record and on the ticket of each removal; privileged access is only kept with a reason."
	list := []slack.Block{blocks.Section(head)}
	if len(rows) > 1 {
		list = append(list, whyInput(reviewWhyAll, "One reason for all of them"))
	}
	for _, r := range rows[:min(len(rows), mostReasons)] {
		said := map[access.ReviewDecision]string{access.DecisionRevoke: "Revoke ", access.DecisionKeep: "Keep "}[answerOf(r, p, me).Decision]
		list = append(list, whyInput(reviewWhyBlock+strconv.Itoa(r.Number), said+reviewRowName(r)))
	}
	s.Rows = nil
	for _, r := range rows {
		s.Rows = append(s.Rows, r.Number)
	}
	v := blocks.Modal(reviewTitle, "Send", "Close", list...)
	v.CallbackID, v.PrivateMetadata = callbackReviewReasons, blocks.Metadata(s)
	return v
}

func whyInput(block, label string) *slack.InputBlock {
	ask := slack.NewPlainTextInputBlockElement(nil, actionReviewReason)
	ask.MaxLength = access.MaxReason
	in := slack.NewInputBlock(block, blocks.Plain(label, blocks.MaxHint), nil, ask)
	in.Optional = true
	return in
}

// explained keeps the reasons, and goes on. A row without one stays as it was answered, except that privileged access
// isn't kept without.
func (m *Reviewing) explained(ctx context.Context, in payload.Interaction) ([]byte, error) {
	s, err := reviewingOf(in.View.Metadata)
	if err != nil {
		return payload.ReplaceView(blocks.Notice(reviewTitle, "This form is too old. Please open the review again."))
	}
	field := reviewWhyAll
	if len(s.Rows) == 1 {
		field = reviewWhyBlock + strconv.Itoa(s.Rows[0])
	}
	by, p, err := m.stand(ctx, in, s, s.Rows)
	var done deciding.Answered
	if err == nil {
		done, err = m.take(ctx, in, explanations(p, by, in.View.State.Values))
	}
	if err != nil {
		return m.respond.Committed(ctx, "", field, err)
	}
	s.Rows = nil
	return m.further(ctx, by, s, done.Worklist)
}

// explanations are the answers of rows once more, with the reasons that were written.
func explanations(p deciding.Page, me access.PersonID, values payload.Values) []deciding.Answer {
	all := strings.TrimSpace(values.Text(reviewWhyAll, actionReviewReason))
	var out []deciding.Answer
	for _, r := range p.Rows {
		why := strings.TrimSpace(values.Text(reviewWhyBlock+strconv.Itoa(r.Number), actionReviewReason))
		a := answerOf(r, p, me)
		if why = blocks.Or(why, all); why != "" && a.Decision != access.DecisionNone {
			out = append(out, deciding.Answer{Row: r.Number, Decision: a.Decision, Reason: why, Bulk: a.Bulk, Took: a.Took})
		}
	}
	return out
}
