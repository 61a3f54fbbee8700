package people

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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

// warnings tell IT what keeps somebody from being known.
type warnings struct {
	notifier notifier
	alarms   *alarms
	log      *slog.Logger
	update   func(context.Context, func(*engine.Unit) error) error
}

// warn writes into the log what did not fit together, and tells IT what keeps
// somebody from being known.
func (w warnings) warn(ctx context.Context, id access.Identification) {
	for _, c := range id.Conflicts {
		w.log.Warn("what is known of a person doesn't fit together", "person", id.Person, "error", c.Error())
		marker := fmt.Sprintf("identity/%s/%s", c.Binding.System, c.Binding.ID)
		if c.Several {
			w.warnOf(ctx, notice{marker, "Several accounts have one address", []string{
				fmt.Sprintf("In %s several accounts have the address %s. It can't be told which is whose, so nothing can be set up there for whoever goes by it in Slack, and who their manager is isn't known.", c.Binding.System, c.Binding.ID),
				"Make the address unique there.",
			}})
			continue
		}
		if id.Verdict != access.IdentityContradiction || w.notifier.alarm == nil || !w.alarms.news(marker) {
			continue
		}
		w.tell(ctx, func(u *engine.Unit) error {
			lines, err := contradiction(u, c)
			if err != nil {
				return err
			}
			return w.notifier.alarm(u, marker, "Latchkey can't tell whose account this is", lines...)
		})
	}
}

// warnOf tells IT something, once in a while.
func (w warnings) warnOf(ctx context.Context, n notice) {
	w.log.Warn(n.title, "detail", strings.Join(n.lines, " "))
	if w.notifier.alarm == nil || !w.alarms.news(n.marker) {
		return
	}
	w.tell(ctx, func(u *engine.Unit) error { return w.notifier.it(u, n) })
}

func (w warnings) tell(ctx context.Context, say func(*engine.Unit) error) {
	if err := w.update(ctx, say); err != nil {
		w.log.Warn("IT can't be told of what is amiss with an account", "error", err)
	}
}

// unshown tells IT that Slack shows no address of somebody any more. It is told once for
// all: where the app loses the right to read addresses, they are gone for everybody.
func (w warnings) unshown(ctx context.Context, p access.Person) {
	if p.Shows(access.SystemSlack) == "" {
		return
	}
	w.warnOf(ctx, notice{"unshown/" + access.SystemSlack, "Slack shows no e-mail address any more", []string{
		fmt.Sprintf("Slack shows no address of %s, where it showed one before. If it is so for everybody, the app has lost the scope users:read.email: reinstall it with what latchkey manifest writes.", p.Contact()),
		"Whoever is known stays who they are, with what they hold and decide: they are known by their accounts. Nobody is met for the first time without an address.",
	}})
}

// contradicted tells IT of a contradiction.
func (w warnings) contradicted(ctx context.Context, err error) {
	var c *access.Contradiction
	if errors.As(err, &c) {
		w.warn(ctx, access.Identification{Verdict: access.IdentityContradiction, Person: c.Person, Conflicts: []*access.Contradiction{c}})
	}
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
