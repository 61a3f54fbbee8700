package app

import (
	"context"
	"net/http"
	"os"

	"latchkey/bot/webapi"
	"latchkey/clock"
	"latchkey/config"
	jiracheck "latchkey/jira/check"
	"latchkey/jira/site"
)

// Checks say where to look.
type Checks struct {
	Online       bool // at everything that is needed of the services
	FirstContact bool // at how this Jira behaves, on test issues
}

// Check looks at the services, hands every finding to say, and counts what is
// wrong.
func Check(ctx context.Context, c *config.Config, what Checks, say func(Finding)) (faults int, err error) {
	if err := c.RequireSecrets(); err != nil {
		return 0, err
	}
	ctx = webapi.Interactive(ctx)
	return inspect(ctx, c, what, environment{backends: backends(), metrics: newMetrics(), clock: clock.System{}, log: NewLogger(c, os.Stderr)}, say)
}

func inspect(ctx context.Context, c *config.Config, what Checks, with environment, say func(Finding)) (faults int, err error) {
	i := &inspection{config: c, tell: say, silent: map[string]bool{}, lacking: map[string]bool{}, said: map[Finding]bool{}, clocks: newClocks(with.clock)}
	with.hooks.Calls = i.clocks.watching(with.hooks.Calls)
	if i.services, err = connect(ctx, c, with); err != nil {
		return 0, err
	}
	if what.Online {
		i.here(ctx)
		i.inSlack(ctx)
		i.inJira(i.services.jira.Checks.Check(ctx))
		i.inDirectories(ctx)
		i.ofApprovers(ctx)
		i.ofPeople(ctx)
		i.ofClocks()
	}
	if what.FirstContact {
		i.inJira(i.services.jira.Checks.FirstContact(ctx))
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

func (i *inspection) inJira(findings []jiracheck.Finding) {
	for _, f := range findings {
		i.silent["jira"] = i.silent["jira"] || f.Level == jiracheck.Fault && f.Check == site.SignIn
		i.say(f.Level, "jira", f.Check, f.Detail)
	}
}
