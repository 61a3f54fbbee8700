package workflow

import (
	"context"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
)

// noteEvery is how long IT is not told again what works and should be looked at.
const noteEvery = 7 * 24 * time.Hour

// Alarm is something that IT has to know and that is about no request. An outage is
// told once until it is over, and that it is over only where it was told; whichever
// process sees it, and however often it is started meanwhile. Anything else is told
// once a week.
type Alarm struct {
	ID         string // of this time
	Outage     string // the service that doesn't work
	Over       bool   // it works again
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

// Renew has what is open signed anew, because another key signs from now on.
func (s *Service) Renew(ctx context.Context, mark string) error {
	return s.units.Update(ctx, func(u *engine.Unit) error { return ledger.Renew(u, mark) })
}

// Alarm tells IT, as soon as it can be told where it is to be told, unless they know.
func (s *Service) Alarm(ctx context.Context, a Alarm) error {
	return s.units.Update(ctx, func(u *engine.Unit) error {
		if news, err := a.news(u); err != nil || !news {
			return err
		}
		if !a.NotInSlack {
			if err := notify.Announce(u, a.ID, "", a.Title, a.Lines...); err != nil {
				return err
			}
		}
		if !a.InJira {
			return nil
		}
		return ledger.ReportDaily(u, access.IssueReport{
			ID: "LK-" + strings.ToUpper(strings.ReplaceAll(a.ID, "/", "-")), At: u.At, Title: a.Title, Lines: a.Lines, Standing: access.IssueStuck,
		}, ledger.ThenFollow, ledger.Followed{ID: a.ID, Outage: a.Outage, Done: "It works again."})
	})
}

// news tells whether IT doesn't know it yet.
func (a Alarm) news(u *engine.Unit) (bool, error) {
	if a.Outage != "" {
		return u.Becomes(ledger.Outage(a.Outage), !a.Over)
	}
	n, _, err := u.Counts("alarm|"+a.ID+"|"+strings.Join(a.Lines, "|"), noteEvery)
	return n == 1, err
}
