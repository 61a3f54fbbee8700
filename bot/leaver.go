package bot

import (
	"context"
	"encoding/json"

	"latchkey/access"
)

// Leaving is what follows when somebody's account is deactivated.
type Leaving interface {
	// LeftSlack cancels what a person asked for, ends what they hold and has
	// somebody else asked where they were to decide. The e-mail may be empty.
	LeftSlack(ctx context.Context, slackID string, email access.Email) error
}

// changed takes news of a member. What follows when they left is committed
// before Slack is told that the news has arrived.
func (b *Bot) changed(ctx context.Context, c callback) error {
	b.forget(c.user())
	var u struct {
		ID      string `json:"id"`
		Deleted bool   `json:"deleted"`
		Bot     bool   `json:"is_bot"`
		Profile struct {
			Email string `json:"email"`
		} `json:"profile"`
	}
	if json.Unmarshal(c.Event.User, &u) != nil || !u.Deleted || u.Bot || u.ID == "" || b.cfg.Desk.Leaving == nil {
		return nil
	}
	return b.cfg.Desk.LeftSlack(ctx, u.ID, access.NewEmail(u.Profile.Email))
}
