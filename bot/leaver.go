package bot

import (
	"context"
	"encoding/json"

	"latchkey/access"
	"latchkey/bot/payload"
)

// changed takes news of a member. What follows when they left is committed
// before Slack is told that the news has arrived.
func (b *Bot) changed(ctx context.Context, c payload.Event) error {
	b.forget(c.Person())
	var u struct {
		ID      string `json:"id"`
		Deleted bool   `json:"deleted"`
		Bot     bool   `json:"is_bot"`
		Profile struct {
			Email string `json:"email"`
		} `json:"profile"`
	}
	if json.Unmarshal(c.Event.User, &u) != nil || !u.Deleted || u.Bot || u.ID == "" {
		return nil
	}
	return b.cfg.Requests.LeftSlack(ctx, u.ID, access.NewEmail(u.Profile.Email))
}
