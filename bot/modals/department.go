package modals

import (
	"context"
	"log/slog"

	"latchkey/access"
)

// Usage says what a department uses.
type Usage interface {
	UsedBy(ctx context.Context, department string) ([]string, error)
}

// departments finds what people around somebody use, because it is what they most
// likely look for.
type departments struct {
	people People
	usage  Usage
	log    *slog.Logger
}

// around is what a person's department uses. The catalogue does without it when it
// can't be told soon.
func (d departments) around(ctx context.Context, user string) (department string, used []string) {
	p, err := d.people.Who(ctx, user)
	if _, refused := access.AsRefusal(err); refused || p.Department == "" {
		return "", nil
	}
	if err == nil {
		used, err = d.usage.UsedBy(ctx, p.Department)
	}
	if err != nil {
		d.log.WarnContext(ctx, "Couldn't tell what a department uses", "error", err)
	}
	return p.Department, used[:min(len(used), 20)]
}
