package modals

import (
	"context"
	"log/slog"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/catalog"
	"latchkey/workflow/query"
)

// Usage says what a department uses.
type Usage interface {
	UsedBy(ctx context.Context, department string) ([]string, error)
}

// Holdings finds what somebody has.
type Holdings interface {
	Held(ctx context.Context, who access.PersonID, from, size int) (query.List[query.Holding], error)
}

// surroundings is what the catalogue shows differently to everybody.
type surroundings struct {
	department string
	used       []string            // the apps that the department uses
	held       map[string][]string // by app: the roles that the reader has, by name, not escaped
	usual      map[string]string   // by app: how long it usually takes, in a few words
}

// mostHeld is how much of what somebody has the catalogue looks at.
const mostHeld = 500

// surroundings finds them out. The catalogue does without what can't be told soon.
func (d departments) surroundings(ctx context.Context, user string) (s surroundings) {
	p, err := d.people.Who(ctx, user)
	if err != nil {
		return s
	}
	s.department, s.used = d.around(ctx, user)
	list, err := d.own.Held(ctx, p.ID, 0, mostHeld)
	if err != nil {
		d.log.WarnContext(ctx, "Couldn't tell what somebody has", "error", err)
	}
	s.held = map[string][]string{}
	for _, h := range list.Items {
		if h.Grant.State == access.GrantActive {
			s.held[h.Grant.App] = append(s.held[h.Grant.App], blocks.Or(h.Role.Name, h.Grant.Role)+comesWith(d.catalog(), h.Grant))
		}
	}
	return s
}

// departments finds what people around somebody use, because it is what they most
// likely look for.
type departments struct {
	people  People
	usage   Usage
	own     Holdings
	catalog func() *catalog.Catalog
	log     *slog.Logger
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
