package workflow

import (
	"context"
	"strings"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
)

// Alarm is something that IT has to know and that is about no request.
type Alarm struct {
	ID         string // of what it is about: the same again, on the same day, is told once
	Title      string
	Lines      []string
	InJira     bool // it is told in an issue
	NotInSlack bool // it is not told in the IT channel, because it would come too late there
}

// Resume has what a service denied tried again now: it is known to work again.
func (s *Service) Resume(queue string) { s.engine.Resume(queue) }

// Unserved counts, by directory, the live grants in directories that are not
// configured any more.
func (s *Service) Unserved(ctx context.Context) (map[string]int, error) {
	return s.provision.Unserved(ctx)
}

// Alarm tells IT, as soon as it can be told where it is to be told.
func (s *Service) Alarm(ctx context.Context, a Alarm) error {
	return s.units.Update(ctx, func(u *engine.Unit) error {
		if !a.NotInSlack {
			if err := notify.Announce(u, a.ID, "", a.Title, a.Lines...); err != nil {
				return err
			}
		}
		if !a.InJira {
			return nil
		}
		return ledger.ReportDaily(u, access.IssueReport{
			ID: "LK-" + strings.ToUpper(strings.ReplaceAll(a.ID, "/", "-")), At: u.At, Title: a.Title, Lines: a.Lines,
		})
	})
}
