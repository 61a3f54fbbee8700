package bot

import (
	"context"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/workflow/requests"
)

// onActions carries out what was clicked or chosen.
func (b *Bot) onActions(ctx context.Context, in payload.Interaction) error {
	for _, a := range in.Actions {
		if err := b.onAction(ctx, in, a); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bot) onAction(ctx context.Context, in payload.Interaction, a payload.Action) error {
	if do, ok := b.verbs()[a.ID]; ok {
		return do(ctx, in, cards.TargetOf(a.Value))
	}
	switch a.ID {
	case cards.ActionRetryTask:
		return b.unstick(ctx, in, a.Value)
	case actionApp, actionRole, actionPerson, actionMore, actionLess, actionOther:
		b.reshape(in, a)
	case actionAbout, actionBrowse, actionCategory, blocks.ActionBefore, blocks.ActionAfter, actionList, actionUnlisted, actionRequest:
		b.wander(in, a)
	}
	return nil
}

// verb carries out a button of a card.
type verb func(context.Context, payload.Interaction, cards.Target) error

// verbs are the buttons of cards.
func (b *Bot) verbs() map[string]verb {
	do := b.cfg.Requests
	return map[string]verb{
		cards.ActionApprove:      b.approve,
		cards.ActionApproveTyped: b.openConfirm,
		cards.ActionShorter:      b.openShorter,
		cards.ActionDeny:         b.openDenial,
		cards.ActionAsk:          b.openAsk,
		cards.ActionAnswer:       b.openReply,
		cards.ActionClaim:        b.press("claim", do.Claim),
		cards.ActionWithdraw:     b.press("withdraw", do.Cancel),
		cards.ActionReturn:       b.press("give back", do.Return),
		cards.ActionExtend:       b.openExtension,
		cards.ActionDone:         b.press("confirm a change by hand", do.Fulfil),
		cards.ActionRetry:        b.press("retry", do.Retry),
		cards.ActionJustified:    b.justify,
		cards.ActionUnjustified:  b.openUnjustified,
	}
}

// press commits a click that needs nothing but who and which request.
func (b *Bot) press(what string, do func(context.Context, string, access.Actor) error) verb {
	return func(ctx context.Context, in payload.Interaction, t cards.Target) error {
		by, err := b.actor(ctx, in, t.Request, what)
		if err == nil {
			err = do(ctx, t.Request, by)
		}
		return b.settle(in, err)
	}
}

// unstick has stuck work that belongs to no request tried again.
func (b *Bot) unstick(ctx context.Context, in payload.Interaction, work string) error {
	by, err := b.actor(ctx, in, "", "retry")
	if err == nil {
		_, err = b.cfg.Requests.Unstick(ctx, work, by)
	}
	return b.settle(in, err)
}

// approve commits a yes.
func (b *Bot) approve(ctx context.Context, in payload.Interaction, t cards.Target) error {
	by, err := b.actor(ctx, in, t.Request, "approve")
	if err == nil {
		_, err = b.cfg.Requests.Decide(ctx, requests.Decision{Request: t.Request, Seen: t.Seen, By: by, Yes: true})
	}
	if b.counted(ctx, t.Request, by, true, err) {
		b.tell(in, alreadyText(true))
		return nil
	}
	return b.settle(in, err)
}

// settle makes sure that a click is never met with silence. What wasn't
// committed isn't acknowledged either.
func (b *Bot) settle(in payload.Interaction, err error) error {
	if err == nil {
		return nil
	}
	if refusal, ok := access.AsRefusal(err); ok {
		b.tell(in, refusal.Sentence)
		return nil
	}
	b.tell(in, unsaved)
	return err
}

// counted tells whether a refused answer is only the repetition of one that
// counts already.
func (b *Bot) counted(ctx context.Context, request string, by access.Actor, yes bool, err error) bool {
	refusal, ok := access.AsRefusal(err)
	if !ok || by.Person == "" || refusal.Reason != access.TooLate && refusal.Reason != access.Duplicate {
		return false
	}
	c, err := b.cfg.Query.Case(ctx, request)
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
