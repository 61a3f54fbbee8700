package modals

import (
	"context"
	"log/slog"

	"latchkey/bot/blocks"
	"latchkey/workflow/query"
)

// Pace tells how long requests for an app usually take.
type Pace interface {
	Pace(ctx context.Context, app string) (query.Paces, error)
}

// usual tells what is usual, as far as that can be told soon.
type usual struct {
	pace Pace
	log  *slog.Logger
}

func (u usual) of(ctx context.Context, app string) query.Paces {
	all, err := u.pace.Pace(ctx, app)
	if err != nil {
		u.log.WarnContext(ctx, "Couldn't tell how long an app usually takes", "app", app, "error", err)
	}
	return all
}

// role says it of a role, as a sentence.
func (u usual) role(ctx context.Context, app, role string) string {
	if app == "" || role == "" {
		return ""
	}
	return usualSentence(u.of(ctx, app).Roles[role])
}

// usually is how long it usually takes, in a few words; "" where too little is known.
func usually(p query.Pace) string {
	if !p.Known() {
		return ""
	}
	return "usually " + blocks.Roughly(p.There)
}

func usualSentence(p query.Pace) string {
	if said := usually(p); said != "" {
		return blocks.Capital(said) + ", from asking to having it (from " + blocks.Count(p.Of, "request") + ")."
	}
	return ""
}
