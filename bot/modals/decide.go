package modals

import (
	"context"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/workflow/requests"
)

// Decider commits what an approver answers.
type Decider interface {
	Decide(ctx context.Context, d requests.Decision) (access.Request, error)
}

// Cases reads how a request stands.
type Cases interface {
	// Remembered asks nobody outside: forms and clicks don't wait for a directory.
	Remembered(ctx context.Context, request string) (access.Case, error)
}

// Ahead looks at what has to be known before access is given, while it is found out whether a
// yes counts.
type Ahead interface {
	// Prepare does that beside what is done in the context of the click.
	Prepare(ctx, click context.Context, request, slackAccount string) error
}

// decisions commits what approvers answer: a yes with one click, everything else
// from a modal.
type decisions struct {
	respond *respond.Responder
	decide  Decider
	cases   Cases
	ahead   Ahead // nil: nobody does
}

// prepare begins to look at what a yes needs.
func (d decisions) prepare(click context.Context, in payload.Interaction, request string) {
	if d.ahead == nil {
		return
	}
	d.respond.Later("look ahead", func(ctx context.Context) error { return d.ahead.Prepare(ctx, click, request, in.User.ID) })
}

func (d decisions) routes() route.Table {
	return route.Table{Clicks: map[route.Key]route.Click{route.Anywhere(cards.ActionApprove): d.approve}}
}

// approve commits a yes.
func (d decisions) approve(ctx context.Context, in payload.Interaction, a payload.Action) error {
	t := targetOf(in, a)
	d.prepare(ctx, in, t.Request)
	by, err := actor(ctx, d.respond, in, t, "approve")
	var r access.Request
	if err == nil {
		r, err = d.decide.Decide(ctx, requests.Decision{Request: t.Request, Seen: t.Seen, By: by, Yes: true})
	}
	if said := cards.Kept(r, by.Person); err == nil && said != "" {
		d.respond.Tell(in, said)
		return nil
	}
	if d.alreadyCounts(ctx, t.Request, by, true, err) {
		d.respond.Tell(in, alreadyText(true))
		return nil
	}
	return d.respond.Explain(in, d.overtaken(ctx, t.Request, by, err))
}

// overtaken adds to a refusal that came too late who was first, and when.
func (d decisions) overtaken(ctx context.Context, request string, by access.Actor, err error) error {
	return cards.Overtaken(ctx, d.cases, request, by.Person, err)
}

// submit commits an answer given in a modal. What can be put right is shown under
// the field; any other refusal takes the modal's place.
func (d decisions) submit(ctx context.Context, in payload.Interaction, field string, answer requests.Decision) ([]byte, error) {
	t := cards.TargetOf(in.View.Metadata)
	answer.Request, answer.Seen = t.Request, t.Seen
	if answer.Yes {
		d.prepare(ctx, in, t.Request)
	}
	by, err := actor(ctx, d.respond, in, t, "answer")
	var r access.Request
	if err == nil {
		answer.By = by
		r, err = d.decide.Decide(ctx, answer)
	}
	if said := cards.Kept(r, by.Person); err == nil && said != "" {
		return payload.ReplaceView(blocks.Notice("Latchkey", said))
	}
	if d.alreadyCounts(ctx, answer.Request, by, answer.Yes, err) {
		return payload.ReplaceView(blocks.Notice("Latchkey", alreadyText(answer.Yes)))
	}
	return d.respond.Committed(ctx, t.Request, field, d.overtaken(ctx, t.Request, by, err))
}

// alreadyCounts tells whether a refused answer is only the repetition of one that
// counts already.
func (d decisions) alreadyCounts(ctx context.Context, request string, by access.Actor, yes bool, err error) bool {
	refusal, ok := access.AsRefusal(err)
	if !ok || by.Person == "" || refusal.Reason != access.TooLate && refusal.Reason != access.Duplicate {
		return false
	}
	c, err := d.cases.Remembered(ctx, request)
	if err != nil {
		return false
	}
	for _, st := range c.Request.Stages {
		if a, answered := cards.AnswerOf(st, by.Person); answered && a.Yes == yes {
			return true
		}
	}
	return false
}

func alreadyText(yes bool) string {
	if yes {
		return "Your approval already counts. There is nothing more to do."
	}
	return "Your answer already counts. There is nothing more to do."
}
