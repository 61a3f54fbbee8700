package bot

import (
	"context"

	"latchkey/access"
	"latchkey/workflow"
)

// onActions carries out what was clicked or chosen.
func (b *Bot) onActions(ctx context.Context, in interaction) error {
	for _, a := range in.Actions {
		if err := b.onAction(ctx, in, a); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bot) onAction(ctx context.Context, in interaction, a action) error {
	desk := b.cfg.Desk
	switch a.ID {
	case actionApp, actionRole:
		b.reshape(in, a)
	case actionApprove:
		return b.approve(ctx, in, a.Value)
	case actionConfirm:
		b.openConfirm(in, a.Value)
	case actionDeny:
		b.openDenial(in, a.Value)
	case actionWithdraw:
		return b.press(ctx, in, a.Value, desk.Cancel)
	case actionReturn:
		return b.press(ctx, in, a.Value, desk.Return)
	case actionDone:
		return b.press(ctx, in, a.Value, desk.Done)
	case actionRetry:
		return b.press(ctx, in, a.Value, desk.Retry)
	}
	return nil
}

// press commits a click that needs nothing but who and which request.
func (b *Bot) press(ctx context.Context, in interaction, request string, do func(context.Context, string, access.Actor) error) error {
	by, err := b.actor(ctx, in.User.ID)
	if err == nil {
		err = do(ctx, request, by)
	}
	return b.settle(in, err)
}

// approve commits a yes.
func (b *Bot) approve(ctx context.Context, in interaction, request string) error {
	by, err := b.actor(ctx, in.User.ID)
	if err == nil {
		_, err = b.cfg.Desk.Decide(ctx, workflow.Decision{Request: request, By: by, Yes: true})
	}
	if b.counted(ctx, request, by, true, err) {
		b.tell(in, alreadyText(true))
		return nil
	}
	return b.settle(in, err)
}

// settle makes sure that a click is never met with silence. What wasn't
// committed isn't acknowledged either.
func (b *Bot) settle(in interaction, err error) error {
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
	if !ok || by.Email == "" || refusal.Reason != access.TooLate && refusal.Reason != access.Duplicate {
		return false
	}
	c, err := b.cfg.Desk.Case(ctx, request)
	if err != nil {
		return false
	}
	for _, st := range c.Request.Stages {
		if a, answered := answerOf(st, by.Email); answered && a.Yes == yes {
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
