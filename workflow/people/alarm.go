package people

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
)

// quiet is how long IT is not told the same again.
const quiet = catalog.Day

// alarms remember what IT was told.
type alarms struct {
	now func() time.Time

	mu   sync.Mutex
	told map[string]time.Time
}

func newAlarms(now func() time.Time) *alarms {
	return &alarms{now: now, told: map[string]time.Time{}}
}

// news tells whether something was not told lately, and counts it as told.
func (a *alarms) news(marker string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	last, before := a.told[marker]
	if before && a.now().Sub(last) < quiet {
		return false
	}
	a.told[marker] = a.now()
	return true
}

// warn writes into the log what did not fit together, and tells IT what keeps
// somebody from being known.
func (s *identities) warn(ctx context.Context, id access.Identification) {
	for _, c := range id.Conflicts {
		s.log.Warn("what is known of a person doesn't fit together", "person", id.Person, "error", c.Error())
		marker := fmt.Sprintf("identity/%s/%s", c.Binding.System, c.Binding.ID)
		if c.Several {
			s.warnOf(ctx, notice{marker, "Several accounts have one address", []string{
				fmt.Sprintf("In %s several accounts have the address %s. It can't be told which is whose, so nothing can be set up there for whoever goes by it in Slack, and who their manager is isn't known.", c.Binding.System, c.Binding.ID),
				"Make the address unique there.",
			}})
			continue
		}
		if id.Verdict != access.IdentityContradiction || s.notifier.alarm == nil || !s.alarms.news(marker) {
			continue
		}
		s.tell(ctx, func(u *engine.Unit) error {
			lines, err := contradiction(u, c)
			if err != nil {
				return err
			}
			return s.notifier.alarm(u, marker, "Latchkey can't tell whose account this is", lines...)
		})
	}
}

// warnOf tells IT something, once in a while.
func (s *identities) warnOf(ctx context.Context, n notice) {
	s.log.Warn(n.title, "detail", strings.Join(n.lines, " "))
	if s.notifier.alarm == nil || !s.alarms.news(n.marker) {
		return
	}
	s.tell(ctx, func(u *engine.Unit) error { return s.notifier.it(u, n) })
}

func (s *identities) tell(ctx context.Context, say func(*engine.Unit) error) {
	if err := s.units.Update(ctx, say); err != nil {
		s.log.Warn("IT can't be told of what is amiss with an account", "error", err)
	}
}

// unshown tells IT that Slack shows no address of somebody any more. It is told once for
// all: where the app loses the right to read addresses, they are gone for everybody.
func (s *identities) unshown(ctx context.Context, p access.Person) {
	if p.Shows(access.SystemSlack) == "" {
		return
	}
	s.warnOf(ctx, notice{"unshown/" + access.SystemSlack, "Slack shows no e-mail address any more", []string{
		fmt.Sprintf("Slack shows no address of %s, where it showed one before. If it is so for everybody, the app has lost the scope users:read.email: reinstall it with what latchkey manifest writes.", p.Contact()),
		"Whoever is known stays who they are, with what they hold and decide: they are known by their accounts. Nobody is met for the first time without an address.",
	}})
}

// contradiction says for IT what contradicts what.
func contradiction(u *engine.Unit, c *access.Contradiction) ([]string, error) {
	var names []string
	for _, who := range c.Holders {
		p, err := In(u.Tx, who)
		if err != nil {
			return nil, err
		}
		name := p.Display()
		if p.Email != "" && name != string(p.Email) {
			name += " (" + string(p.Email) + ")"
		}
		names = append(names, name)
	}
	line := fmt.Sprintf("The account %s in %s is bound to nobody: %s", c.Binding.ID, c.Binding.System, c.Why)
	if len(names) > 0 {
		line += ": " + strings.Join(names, ", ")
	}
	if c.Has != "" {
		line += fmt.Sprintf(", by the account %s", c.Has)
	}
	return []string{line + ".", "Its owner can neither ask nor decide, and inherits nothing. Find out whose it is, and correct the address or the account where it is wrong."}, nil
}

// cameBack tells IT that somebody is here again whose account was deactivated for
// long, or whose account seems to have been handed over.
func (s *identities) cameBack(ctx context.Context, was, is access.Person) {
	switch {
	case was.Doubted.IsZero() && !is.Doubted.IsZero() && s.renames.asked(ctx, was, is):
		s.log.Warn("somebody's account may be another's; it is part of what IT was asked", "person", is.ID)
	case was.Doubted.IsZero() && !is.Doubted.IsZero():
		s.warnOf(ctx, notice{"returned/" + string(is.ID), "Is this still the same person?", []string{
			fmt.Sprintf("The account of %s is in use again after it was deactivated, or shows another address and another number of the HR file at once. It may have been given to somebody else.", is.Contact()),
			"They can neither ask nor decide until it is clear. What they hold ends as it should.",
			fmt.Sprintf("If it is the same person: latchkey people same %s. If it is somebody else: latchkey people other %s.", is.Contact(), is.Contact()),
		}})
	case !was.Away.IsZero() && is.Away.IsZero() && is.Doubted.IsZero() && is.Standing == access.Active && s.units.Now().Sub(was.Away) > quiet:
		s.warnOf(ctx, notice{"returned/" + string(is.ID), "Somebody is back", []string{
			fmt.Sprintf("The account of %s is in use again after it was deactivated. The HR file has the same number for it, so it is taken for the same person. What they had before is not given back.", is.Contact()),
		}})
	}
}
