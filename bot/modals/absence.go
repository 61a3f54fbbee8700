package modals

import (
	"context"
	"log/slog"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/clock"
)

// Names of what comes back from Slack. Never changed.
const (
	ActionAway = "away" // opens the form

	callbackAway  = "away"
	blockDelegate = "delegate"
	blockFrom     = "from"
	blockUntil    = "until"
	actionDay     = "day"
)

const awayTitle = "While you are away"

// Delegations keep who decides for whom.
type Delegations interface {
	Set(ctx context.Context, by access.Actor, delegate access.PersonID, from, until time.Time) (access.Delegation, error)
	End(ctx context.Context, id string, by access.Actor) (access.Delegation, error)
	Of(ctx context.Context, who access.PersonID) ([]access.Delegation, error)
}

// Absentees know who is on leave, and who is who.
type Absentees interface {
	Away(ctx context.Context, who access.PersonID, until time.Time) error
	Member(ctx context.Context, slackID string) (access.Person, error)
}

// Absence asks from when until when somebody is away, and who decides for them meanwhile.
type Absence struct {
	respond  *respond.Responder
	people   Absentees
	delegate Delegations
	log      *slog.Logger
	now      func() time.Time
}

func (m *Absence) routes() route.Table {
	return route.Table{
		Clicks: map[route.Key]route.Click{route.Anywhere(ActionAway): func(_ context.Context, in payload.Interaction, _ payload.Action) error {
			m.Open(in)
			return nil
		}},
		Submissions: map[string]route.Submission{callbackAway: m.submitted},
	}
}

// Open opens the form, for whoever did something.
func (m *Absence) Open(in payload.Interaction) {
	m.respond.Fill(in, "open the form about being away", awayTitle, func(ctx context.Context) (slack.ModalViewRequest, error) {
		p, err := m.respond.Person(ctx, in, "", "say that they are away")
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		return awayView(m.now().In(clock.Zone(p.TimeZone))), nil
	})
}

// awayView is the form; today is the day on which whoever reads it does.
func awayView(today time.Time) slack.ModalViewRequest {
	who := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, blocks.Plain("Choose a person", blocks.MaxPlaceholder), blockDelegate)
	from, until := slack.NewDatePickerBlockElement(actionDay), slack.NewDatePickerBlockElement(actionDay)
	from.InitialDate = today.Format(time.DateOnly)
	delegate := slack.NewInputBlock(blockDelegate, blocks.Plain("Who decides for you", blocks.MaxHint),
		blocks.Plain("They are asked what you would be asked, and the record names both of you. They never decide on what either of you asks for. Nobody: others are asked as well.", blocks.MaxHint), who)
	delegate.Optional = true
	v := blocks.Modal(awayTitle, "Save", "Cancel", delegate,
		slack.NewInputBlock(blockFrom, blocks.Plain("First day", blocks.MaxHint), nil, from),
		slack.NewInputBlock(blockUntil, blocks.Plain("Back on", blocks.MaxHint), blocks.Plain("It ends when that day begins, or when either of you ends it in the Home tab.", blocks.MaxHint), until))
	v.CallbackID = callbackAway
	return v
}

// submitted keeps what was said. A refusal stands at the field that it is about.
func (m *Absence) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	p, err := m.respond.Person(ctx, in, "", "say that they are away")
	if err == nil {
		by := respond.Clicker(in)
		by.Person = p.ID
		err = m.keep(ctx, by, p, in.View.State.Values)
	}
	if refusal, ok := access.AsRefusal(err); ok {
		field := blockUntil
		if refusal.Field == blockDelegate || refusal.Field == blockFrom {
			field = refusal.Field
		}
		return payload.FieldError(field, refusal.Sentence)
	}
	if err != nil {
		m.log.ErrorContext(ctx, "It couldn't be kept that somebody is away", "error", err)
		return payload.FieldError(blockUntil, respond.NotSaved(err))
	}
	return payload.Finished(nil, nil)
}

func (m *Absence) keep(ctx context.Context, by access.Actor, p access.Person, v payload.Values) error {
	zone := clock.Zone(p.TimeZone)
	from, err := time.ParseInLocation(time.DateOnly, v.Date(blockFrom, actionDay), zone)
	if err != nil {
		return access.Refuse(access.Invalid, blockFrom, "Please choose the first day.")
	}
	until, err := time.ParseInLocation(time.DateOnly, v.Date(blockUntil, actionDay), zone)
	if err != nil {
		return access.Refuse(access.Invalid, blockUntil, "Please choose the day on which you are back.")
	}
	user := v.User(blockDelegate, blockDelegate)
	if user == "" && from.After(m.now()) {
		return access.Refuse(access.Invalid, blockDelegate, "Please choose who decides for you, or say it on the first day: then others are asked as well.")
	}
	if user == "" {
		return m.people.Away(ctx, p.ID, until)
	}
	who, err := m.people.Member(ctx, user)
	if err == nil {
		err = who.MayAct()
	}
	if _, refused := access.AsRefusal(err); refused {
		return access.Refuse(access.NotAllowed, blockDelegate, who.Display()+" can't decide on access: it takes an account of this company that is in use. Please choose somebody else.")
	}
	if err == nil {
		_, err = m.delegate.Set(ctx, by, who.ID, from, until)
	}
	return err
}
