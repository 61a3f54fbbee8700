package bot

import (
	"context"

	"latchkey/access"
)

// actor is the person behind a Slack id, as somebody who does something.
func (b *Bot) actor(ctx context.Context, user string) (access.Actor, error) {
	p, err := b.cfg.Desk.Who(ctx, user)
	if err != nil {
		return access.Actor{}, err
	}
	return access.Actor{Email: p.Email, Via: access.ViaSlack, Account: user}, nil
}
