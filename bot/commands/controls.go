package commands

import (
	"context"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/catalog"
	"latchkey/workflow/requests"
)

// Controls are what IT can do about all access at once.
type Controls interface {
	Pause(ctx context.Context, wanted time.Duration, reason string, by access.Actor) (access.Pause, error)
	ConfirmPause(ctx context.Context, by access.Actor) (access.Pause, error)
	Resume(ctx context.Context, by access.Actor) (access.Pause, error)
}

// offboard shows everything that would end, and asks for the reason.
func (c *Commands) offboard(_ context.Context, s invocation) ([]byte, error) {
	named, _, err := personNamed(s.rest)
	if err != nil {
		return nil, err
	}
	c.modals.Offboarding.Open(s.user, s.trigger, func(ctx context.Context) (access.Person, error) { return c.personOf(ctx, named) })
	return nil, nil
}

// pause stops new access, or confirms that somebody else did.
func (c *Commands) pause(ctx context.Context, s invocation) ([]byte, error) {
	if strings.EqualFold(strings.TrimSpace(s.rest), "confirm") {
		p, err := c.controls.ConfirmPause(ctx, s.actor())
		if err != nil {
			return nil, err
		}
		return payload.Ack(payload.Ephemeral(blocks.Paused(p.Until, p.Reason)))
	}
	wanted, reason := pauseOf(s.rest)
	p, err := c.controls.Pause(ctx, wanted, reason, s.actor())
	if err != nil {
		return nil, err
	}
	return payload.Ack(payload.Ephemeral(c.paused(p)))
}

func (c *Commands) paused(p access.Pause) string {
	command := blocks.Escape(c.command, blocks.MaxName)
	switch {
	case p.Since.IsZero():
		return "It was paused for an hour already, so this begins when somebody else of IT says *" + command + " pause confirm*. They are being told."
	case p.NeedsSecond(p.Since):
		return blocks.Paused(p.Until, p.Reason) + " For " + catalog.FormatDuration(p.Wanted) + " somebody else of IT has to say *" + command + " pause confirm*; they are being told. Removals go on."
	}
	return blocks.Paused(p.Until, p.Reason) + " Removals go on. *" + command + " resume* ends it."
}

// confirm is the second word of IT about who somebody is.
func (c *Commands) confirm(ctx context.Context, s invocation) ([]byte, error) {
	says, err := c.may.Confirm(ctx, s.rest, s.actor())
	if err != nil {
		return nil, err
	}
	return payload.Ack(payload.Ephemeral("Confirmed: " + blocks.Escape(says, blocks.MaxField) + ". It counts as soon as whoever said it first does so once more."))
}

// pauseOf reads "for 2h an incident", "2h an incident" or "an incident".
func pauseOf(text string) (wanted time.Duration, reason string) {
	fields := strings.Fields(text)
	if len(fields) > 1 && strings.EqualFold(fields[0], "for") {
		if d, err := catalog.ParseDuration(fields[1]); err == nil {
			return d, strings.Join(fields[2:], " ")
		}
	}
	if len(fields) > 0 {
		if d, err := catalog.ParseDuration(fields[0]); err == nil {
			return d, strings.Join(fields[1:], " ")
		}
	}
	return requests.PauseDefault, text
}

func (c *Commands) resume(ctx context.Context, s invocation) ([]byte, error) {
	if _, err := c.controls.Resume(ctx, s.actor()); err != nil {
		return nil, err
	}
	return payload.Ack(payload.Ephemeral("New access is given again."))
}

// pauseLine says, above what somebody asked to see, that new access is paused; "" if it
// isn't.
func (c *Commands) pauseLine(ctx context.Context) string {
	p, err := c.query.Paused(ctx)
	if err != nil {
		c.log.WarnContext(ctx, "Couldn't look whether new access is paused", "error", err)
	}
	if err != nil || p.ID == "" {
		return ""
	}
	return blocks.Paused(p.Until, p.Reason) + "\n"
}
