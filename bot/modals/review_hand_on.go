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
	"latchkey/bot/route"
	"latchkey/workflow/campaigns"
	"latchkey/workflow/people"
)

// Names of what comes back from Slack. Never changed.
const (
	actionHandOn   = "review_hand_on"
	callbackHandOn = "review_hand_on"
	blockRows      = "rows"
	actionRows     = "rows"

	handOnTitle = "Hand on"
)

// RowMoves have somebody else answer at an access review.
type RowMoves interface {
	// Reassign has somebody answer some rows, whoever was asked about them.
	Reassign(ctx context.Context, by access.Actor, campaign string, rows []int, to access.PersonID, why string) error
	// MoveReviewer has somebody answer in another one's place, all that waits for that one.
	MoveReviewer(ctx context.Context, by access.Actor, campaign string, from, to access.PersonID, why string) error
}

// handingOn asks who is to answer at an access review in another one's place.
type handingOn struct {
	runs *CampaignRuns
	move RowMoves
	who  Deciders
}

func (m handingOn) routes() route.Table {
	return route.Table{
		Clicks:      map[route.Key]route.Click{route.In(callbackCampaign, actionHandOn): m.open},
		Submissions: map[string]route.Submission{callbackHandOn: m.submitted},
	}
}

func (m handingOn) open(ctx context.Context, in payload.Interaction, a payload.Action) error {
	by, err := m.runs.respond.Actor(ctx, in, "", "have somebody else answer a review")
	if err == nil {
		err = m.who.Allow(ctx, by, people.ActReview, people.Matter{})
	}
	var st campaigns.Status
	if err == nil {
		st, err = m.runs.views.Status(ctx, a.Value)
	}
	if err != nil {
		return m.runs.respond.Explain(in, err)
	}
	return m.runs.respond.Push(ctx, in, handOnView(st))
}

// handOnView asks in whose place, or about which rows, somebody is to answer; those of whom most is waited for first.
func handOnView(st campaigns.Status) slack.ModalViewRequest {
	menu := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: actionInstead, Placeholder: blocks.Plain("Choose", blocks.MaxPlaceholder)}
	var options []*slack.OptionBlockObject
	for _, a := range st.Asked() {
		options = append(options, blocks.Option(string(a.Who), a.Name, blocks.Count(a.Left, "row")+" left"))
	}
	if len(options) == 0 {
		return blocks.Notice(handOnTitle, "Nothing of this review waits for anybody.")
	}
	blocks.Offer(menu, options)
	from := slack.NewInputBlock(blockInstead, blocks.Plain("In whose place", blocks.MaxHint), nil, menu)
	from.Optional = true
	numbers := slack.NewPlainTextInputBlockElement(blocks.Plain("3, 17, 18", blocks.MaxPlaceholder), actionRows)
	only := slack.NewInputBlock(blockRows, blocks.Plain("Or only these rows", blocks.MaxHint), blocks.Plain("By their numbers, whoever is asked about them.", blocks.MaxHint), numbers)
	only.Optional = true
	who := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, blocks.Plain("Choose a person", blocks.MaxPlaceholder), actionTo)
	to := slack.NewInputBlock(blockTo, blocks.Plain("Who answers from now on", blocks.MaxHint), blocks.Plain("They are told at once. Nobody answers about their own access.", blocks.MaxHint), who)
	v := blocks.Modal(handOnTitle, "Hand on", "Back", from, only, to, reasonInput("Why?", "It stands in the evidence of the review.", "Noor is on leave until the end of the review"))
	v.CallbackID, v.PrivateMetadata = callbackHandOn, st.Campaign.ID
	return v
}

// submitted has them asked.
func (m handingOn) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	by, err := m.runs.respond.Actor(ctx, in, "", "have somebody else answer a review")
	if err == nil {
		err = m.handOn(ctx, in, by)
	}
	field := blockReason
	if r, refused := access.AsRefusal(err); refused && slices.Contains([]string{blockTo, blockInstead, blockRows}, r.Field) {
		field = r.Field
	}
	return payload.Finished(m.runs.respond.Committed(ctx, "", field, err))
}

func (m handingOn) handOn(ctx context.Context, in payload.Interaction, by access.Actor) error {
	said := in.View.State.Values
	from := access.PersonID(said.Choice(blockInstead, actionInstead))
	numbers, err := rowNumbers(said.Text(blockRows, actionRows))
	if err != nil {
		return err
	}
	if (from == "") == (len(numbers) == 0) {
		return access.Refuse(access.Invalid, blockRows, "Please choose in whose place, or name the rows: one of the two.")
	}
	to, err := m.who.Member(ctx, said.User(blockTo, actionTo))
	if err != nil {
		return err
	}
	why := strings.TrimSpace(reasonIn(in))
	if len(numbers) > 0 {
		return m.move.Reassign(ctx, by, in.View.Metadata, numbers, to.ID, why)
	}
	return m.move.MoveReviewer(ctx, by, in.View.Metadata, from, to.ID, why)
}

// rowNumbers reads numbers of rows that somebody has typed.
func rowNumbers(text string) (out []int, err error) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' }) {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 {
			return nil, access.Refuse(access.Invalid, blockRows, "Please name rows by their numbers, as in 3, 17: "+blocks.Clip(word, 20)+" is none.")
		}
		out = append(out, n)
	}
	return out, nil
}
