package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"latchkey/bot"
	"latchkey/bot/socket"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/idp"
	"latchkey/jira"
)

// groupCheckTime bounds how long one group is looked at.
const groupCheckTime = time.Minute

func checkCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "check", Short: "Check the configuration and, with --online, the services", Args: noArgs,
		Long: `Check the configuration and, with --online, everything Latchkey needs of Slack, Jira and the directories.

--first-contact finds out how this Jira behaves where Atlassian's documentation leaves it open. It
opens a test issue and walks it through the workflow, so it also needs --write.`,
	}
	path := configFlag(c)
	online := c.Flags().Bool("online", false, "also look at the services; one line for each finding")
	contact := c.Flags().Bool("first-contact", false, "find out how this Jira behaves, on a test issue; needs --write")
	write := c.Flags().Bool("write", false, "with --first-contact: yes, open the test issue")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if *contact != *write {
			return usageError{errors.New("--first-contact opens a test issue in Jira: add --write if that is wanted; --write means nothing else")}
		}
		config, err := LoadConfig(*path, os.LookupEnv, withBackends())
		if err != nil {
			return err
		}
		if *online || *contact {
			if err := checkServices(c.Context(), config, *online, *contact, c.OutOrStdout()); err != nil {
				return err
			}
		}
		return praise(config, c.OutOrStdout())
	}
	return c
}

// praise says what a good configuration holds.
func praise(config *Config, out io.Writer) error {
	apps := config.Catalog.Apps()
	roles := 0
	for _, a := range apps {
		roles += len(a.Roles)
	}
	if _, err := fmt.Fprintf(out, "%s is fine: %d apps, %d roles, %d governed groups.\n", config.Path, len(apps), roles, len(config.Catalog.Groups())); err != nil {
		return err
	}
	for _, m := range config.MissingSecrets {
		if _, err := fmt.Fprintf(out, "note: %s\n", m.Problem); err != nil {
			return err
		}
	}
	return nil
}

// inspection looks at the services and counts what is wrong.
type inspection struct {
	app    *App
	out    io.Writer
	faults int
}

func checkServices(ctx context.Context, config *Config, online, contact bool, out io.Writer) error {
	if err := config.RequireSecrets(); err != nil {
		return err
	}
	a := &App{config: config, log: newLogger(config, os.Stderr)}
	if err := a.connect(ctx, clock.System{}); err != nil {
		return err
	}
	i := &inspection{app: a, out: out}
	if online {
		i.slack(ctx)
		i.jira(a.ledger.Check(ctx))
		i.directories(ctx)
	}
	if contact {
		i.jira(a.ledger.FirstContact(ctx))
	}
	if i.faults > 0 {
		return fmt.Errorf("%d of these need to be put right first", i.faults)
	}
	return nil
}

// say prints one finding.
func (i *inspection) say(level jira.Level, service, check, detail string) {
	if level == jira.Fault {
		i.faults++
	}
	fmt.Fprintf(i.out, "%-5s  %-8s %s: %s\n", level, service, check, detail)
}

func level(ok bool) jira.Level {
	if ok {
		return jira.Good
	}
	return jira.Fault
}

func (i *inspection) slack(ctx context.Context) {
	c := i.app.config.Slack
	for _, f := range bot.Check(ctx, i.app.slack, c.ITChannel) {
		i.say(level(f.OK), "slack", f.Check, f.Detail)
	}
	open := socket.OpenWith(through(transport()), c.APIURL, c.AppToken.Reveal())
	if _, err := open(ctx); err != nil {
		i.say(jira.Fault, "slack", "app token", err.Error())
		return
	}
	i.say(jira.Good, "slack", "app token", "Socket Mode can be opened")
}

func (i *inspection) jira(findings []jira.Finding) {
	for _, f := range findings {
		i.say(f.Level, "jira", f.Check, f.Detail)
	}
}

func (i *inspection) directories(ctx context.Context) {
	byID := map[string]idp.Directory{}
	for _, d := range i.app.dirs {
		byID[d.ID()] = d
		i.probe(ctx, d)
	}
	good := 0
	for _, ref := range i.app.config.Catalog.Groups() {
		d, ok := byID[ref.Directory]
		if !ok {
			continue // the configuration's own check says so
		}
		if problem := groupProblem(ctx, d, ref); problem != "" {
			i.say(jira.Fault, d.ID(), "group "+ref.Group, problem)
			continue
		}
		good++
	}
	i.say(jira.Good, "groups", "catalogue", fmt.Sprintf("%d of its groups exist and can be governed", good))
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
		i.say(jira.Fault, d.ID(), "directory", sentence(directoryError(d, err)))
	}
	for _, f := range findings {
		i.say(level(f.OK), d.ID(), f.Check, f.Detail)
	}
}

// groupProblem says why a group can't be governed, and what to do; "" if it can.
func groupProblem(ctx context.Context, d idp.Directory, ref catalog.GroupRef) string {
	ctx, cancel := context.WithTimeout(ctx, groupCheckTime)
	defer cancel()
	look := d.FindGroup
	if ref.ByID {
		look = d.Group
	}
	g, err := look(ctx, ref.Group)
	switch {
	case errors.Is(err, idp.ErrNotFound):
		return "there is none: create it in " + d.ID() + ", or correct the role's groups"
	case errors.Is(err, idp.ErrAmbiguous):
		return "there are several of that name: write the group's id, as in " + d.ID() + ":id:ID, or rename the others"
	case err != nil:
		return "it could not be looked at: " + err.Error()
	case !g.Governable:
		return g.Why
	}
	return ""
}
