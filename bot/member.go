package bot

import (
	"context"
	"encoding/json"

	"latchkey/access"
	"latchkey/bot/payload"
	"latchkey/bot/roster"
	"latchkey/workflow/people"
)

// leaver ends what somebody has who left.
type leaver interface {
	LeftSlack(ctx context.Context, slackID string) error
}

// members takes changes of members of the workspace.
type members struct {
	roster *roster.Roster // may be nil
	people *people.Service
	leave  leaver
}

// changed takes a change in. What follows when somebody left is committed before
// Slack is told that the event has arrived.
func (m members) changed(ctx context.Context, e payload.Event) error {
	m.forget(e.Person())
	var u struct {
		ID      string `json:"id"`
		Deleted bool   `json:"deleted"`
		Bot     bool   `json:"is_bot"`
		Org     struct {
			Teams []string `json:"teams"`
		} `json:"enterprise_user"`
	}
	if json.Unmarshal(e.Event.User, &u) != nil || !u.Deleted || u.Bot || u.ID == "" {
		return nil
	}
	if len(u.Org.Teams) > 0 { // deactivated in one workspace of an organisation is not gone
		if gone, err := m.gone(ctx, u.ID); err != nil || !gone {
			return err
		}
	}
	return m.leave.LeftSlack(ctx, u.ID)
}

// gone tells whether the roster shows an account as that of somebody who has left. Not
// to be found is no word about that. Where Slack doesn't answer, it tells of the change
// again, and whoever holds something is looked at now and then besides.
func (m members) gone(ctx context.Context, user string) (bool, error) {
	if m.roster == nil {
		return true, nil
	}
	p, err := m.roster.Member(ctx, user)
	if err != nil {
		return false, people.Softly(err)
	}
	return p.Standing == access.Left, nil
}

// forget drops what is cached of a member, because it changed.
func (m members) forget(user string) {
	if m.roster != nil {
		m.roster.ForgetMember(user)
	}
	m.people.ForgetAccount("slack", user)
}
