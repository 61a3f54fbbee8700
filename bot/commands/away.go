package commands

import (
	"context"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/catalog"
	"latchkey/clock"
)

// away takes somebody's word that they are on leave until a day, or back; where they say neither,
// it opens the form.
func (c *Commands) away(ctx context.Context, s invocation) ([]byte, error) {
	if s.rest == "" {
		c.modals.Absence.Open(payload.Interaction{User: payload.Ref{ID: s.user}, Trigger: s.trigger})
		return nil, nil
	}
	day := strings.TrimSpace(strings.TrimPrefix(strings.ToLower(s.rest), "until"))
	if day == "off" || day == "back" {
		if err := c.people.Away(ctx, s.person.ID, time.Time{}); err != nil {
			return nil, err
		}
		return payload.Ack(payload.Ephemeral("Welcome back. What waits for you is told to you again."))
	}
	zone := clock.Zone(s.person.TimeZone)
	until, err := time.ParseInLocation(time.DateOnly, day, zone)
	if d, isLength := catalog.ParseDuration(day); isLength == nil && d != catalog.Forever {
		until, err = c.now().Add(d).In(zone), nil
	}
	if err != nil {
		return nil, access.Refuse(access.Invalid, "", "Write the day on which you are back, like “"+c.command+" away 2026-12-24”, or “"+c.command+" away off” once you are.")
	}
	if err := c.people.Away(ctx, s.person.ID, until); err != nil {
		return nil, err
	}
	return payload.Ack(payload.Ephemeral("You are on leave until " + blocks.Escape(until.Format("2 January 2006"), 40) + ". You aren't reminded until then, and others are asked as well. Type `" + c.command + " away off` if you are back sooner."))
}
