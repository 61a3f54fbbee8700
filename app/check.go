package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"time"

	"latchkey/bot"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/config"
	"latchkey/idp"
	jiracheck "latchkey/jira/check"
)

// groupCheckTime bounds how long one group is looked at.
const groupCheckTime = time.Minute

// Finding is one thing that was looked at, in one of the services.
type Finding struct {
	Service string
	Level   string // ok, note or fault
	Check   string
	Detail  string // what was seen; for a fault, the cause and the remedy
}

// Checks say where to look.
type Checks struct {
	Online       bool // at everything that is needed of the services
	FirstContact bool // at how this Jira behaves, on a test issue
}

// Check looks at the services, hands every finding to say, and counts what is
// wrong.
func Check(ctx context.Context, c *config.Config, what Checks, say func(Finding)) (faults int, err error) {
	if err := c.RequireSecrets(); err != nil {
		return 0, err
	}
	s, err := connect(ctx, c, environment{backends: backends(), metrics: newMetrics(), clock: clock.System{}, log: NewLogger(c, os.Stderr)})
	if err != nil {
		return 0, err
	}
	i := &inspection{services: s, config: c, tell: say}
	if what.Online {
		i.inSlack(ctx)
		i.inJira(s.jira.Checks.Check(ctx))
		i.inDirectories(ctx)
	}
	if what.Online {
		i.ofApprovers(ctx)
	}
	if what.FirstContact {
		i.inJira(s.jira.Checks.FirstContact(ctx))
	}
	return i.faults, nil
}

// RunningCatalogue is which catalogue the bot goes by that runs here; nothing if none answers.
func RunningCatalogue(ctx context.Context, c *config.Config) (f InForce, running bool) {
	client := askBot(ctx, c)
	if client == nil {
		return f, false
	}
	defer func() { _ = client.Close() }()
	err := client.ask(ctx, http.MethodGet, "/catalogue", nil, &f)
	return f, err == nil && f.Catalog != ""
}

// inspection looks at the services and counts what is wrong.
type inspection struct {
	services *services
	config   *config.Config
	tell     func(Finding)
	faults   int
}

func (i *inspection) say(level jiracheck.Level, service, check, detail string) {
	if level == jiracheck.Fault {
		i.faults++
	}
	i.tell(Finding{Service: service, Level: string(level), Check: check, Detail: detail})
}

func level(ok bool) jiracheck.Level {
	if ok {
		return jiracheck.Good
	}
	return jiracheck.Fault
}

func (i *inspection) inSlack(ctx context.Context) {
	for _, f := range bot.Check(ctx, i.services.slack, i.config.Slack.ITChannel, i.config.Slack.ITGroup) {
		i.say(level(f.OK), "slack", f.Check, f.Detail)
	}
	if _, err := i.services.openSocket(ctx); err != nil {
		i.say(jiracheck.Fault, "slack", "app token", err.Error())
		return
	}
	i.say(jiracheck.Good, "slack", "app token", "Socket Mode can be opened")
}

func (i *inspection) inJira(findings []jiracheck.Finding) {
	for _, f := range findings {
		i.say(f.Level, "jira", f.Check, f.Detail)
	}
}

func (i *inspection) inDirectories(ctx context.Context) {
	byID := map[string]idp.Directory{}
	for _, d := range i.services.directories {
		byID[d.ID()] = d
		i.probe(ctx, d)
	}
	good, there := 0, map[catalog.GroupRef]string{}
	for _, ref := range i.config.Catalog.Groups() {
		d, ok := byID[ref.Directory]
		if !ok {
			continue // the configuration's own check says so
		}
		id, problem := groupProblem(ctx, d, ref)
		there[ref] = id
		if problem != "" {
			i.say(jiracheck.Fault, d.ID(), "group "+ref.Group, problem)
			continue
		}
		good++
	}
	i.watched(ctx, byID)
	i.rights(ctx, byID, there)
	i.say(jiracheck.Good, "groups", "catalogue", fmt.Sprintf("%d of its groups exist and can be governed", good))
}

// watched finds the groups that conflicts and prerequisites are about and that no role opens: they are only looked at.
func (i *inspection) watched(ctx context.Context, byID map[string]idp.Directory) {
	governed := i.config.Catalog.Groups()
	for _, ref := range i.config.Catalog.Asks(catalog.RoleRef{}).Beside {
		d, ok := byID[ref.Directory]
		if !ok || slices.Contains(governed, ref) {
			continue
		}
		if err := found(ctx, d, ref); err != nil {
			i.say(jiracheck.Fault, d.ID(), "group "+ref.Group, Sentence(directoryError(d, err))+" A conflict or a role's needs name it, and as long as it can't be read, nobody gets what depends on it.")
		}
	}
}

func found(ctx context.Context, d idp.Directory, ref catalog.GroupRef) (err error) {
	ctx, cancel := context.WithTimeout(ctx, groupCheckTime)
	defer cancel()
	if ref.ByID {
		_, err = d.Group(ctx, ref.Group)
		return err
	}
	_, err = d.FindGroup(ctx, ref.Group)
	return err
}

func (i *inspection) probe(ctx context.Context, d idp.Directory) {
	p, ok := idp.As[idp.Prober](d)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, groupCheckTime)
	defer cancel()
	findings, err := p.Probe(ctx)
	if err != nil {
		i.say(jiracheck.Fault, d.ID(), "directory", Sentence(directoryError(d, err)))
	}
	for _, f := range findings {
		i.say(level(f.OK), d.ID(), f.Check, f.Detail)
	}
}

// groupProblem says which group it is, if it is there, and why it can't be governed, and what to do; "" if it can.
func groupProblem(ctx context.Context, d idp.Directory, ref catalog.GroupRef) (id, problem string) {
	ctx, cancel := context.WithTimeout(ctx, groupCheckTime)
	defer cancel()
	look := d.FindGroup
	if ref.ByID {
		look = d.Group
	}
	g, err := look(ctx, ref.Group)
	switch {
	case errors.Is(err, idp.ErrNotFound) && ref.ByID:
		return "", "no group has this id: it was deleted, or is of another organisation. Correct the role's groups"
	case errors.Is(err, idp.ErrNotFound):
		return "", "there is none: create it in " + d.ID() + ", or correct the role's groups"
	case errors.Is(err, idp.ErrAmbiguous):
		return "", "there are several of that name: write the group's id, as in " + d.ID() + ":id:ID, or rename the others"
	case err != nil:
		return "", "it could not be looked at: " + err.Error()
	case !g.Governable:
		return g.ID, g.Why
	}
	return g.ID, ""
}
