package app

import (
	"context"
	"fmt"
	"log/slog"

	"latchkey/bot/messenger"
	"latchkey/bot/roster"
	"latchkey/clock"
	"latchkey/config"
	"latchkey/evidence/note"
	"latchkey/store"
	"latchkey/workflow"
	"latchkey/workflow/anchor"
)

// What follows makes the servers of commands to which no bot answers.

// looking is of a command that looks into the store and writes there.
func looking(_ context.Context, c *config.Config, s store.Store) (*adminServer, error) {
	return ownServer(c, ownWorkflow(c, s), workflow.Ports{})
}

// auditing is of one that also asks where the log is anchored.
func auditing(ctx context.Context, c *config.Config, s store.Store) (*adminServer, error) {
	places, blind := auditPlaces(ctx, c)
	server, err := ownServer(c, ownWorkflow(c, s), workflow.Ports{Anchors: places})
	if err == nil {
		server.blind = blind
	}
	return server, err
}

// asking is of one that asks the directories, and Slack who somebody is. It is refused where it couldn't: nobody is to read that
// there is nothing where nobody looked.
func asking(ctx context.Context, c *config.Config, s store.Store) (*adminServer, error) {
	if err := c.RequireSecrets(); err != nil {
		return nil, fmt.Errorf("no bot answers here, and without its secrets this command can't ask the directories or Slack itself: run it on the machine of a bot, as its user (%w)", err)
	}
	log, replicas := slog.New(slog.DiscardHandler), 0
	replicas, err := replicasOf(ctx, s)
	if err != nil {
		return nil, err
	}
	among := func() int { return replicas + 1 }
	reached, err := connect(ctx, c, environment{backends: backends(), among: among, started: true, metrics: newMetrics(), clock: clock.System{}, log: log})
	if err != nil {
		return nil, err
	}
	members := roster.New(reached.slack, clock.System{}.Now)
	members.TakeStatus(c.Slack.Away)
	working := workflowConfig(c)
	working.Store, working.Directories = s, reached.directories
	server, err := ownServer(c, working, workflow.Ports{Roster: members, Groups: members, OnCalls: reached.onCall})
	if err == nil {
		server.outside = outside{reached.directories, members, reached.onCall}
	}
	return server, err
}

// ownWorkflow is for commands that ask nobody.
func ownWorkflow(c *config.Config, s store.Store) workflow.Config {
	return workflow.Config{Store: s, Catalog: catalogOf(c), Version: buildVersion()}
}

// ownServer answers from a store that the command opened.
func ownServer(c *config.Config, working workflow.Config, with workflow.Ports) (*adminServer, error) {
	keys := note.Load(keySource(c), clock.System{}.Now)
	working.Trust = func() note.Trust { return keys.Trust }
	working.Clock, working.Logger, working.Owner = clock.System{}, slog.New(slog.DiscardHandler), processName()
	flow, err := workflow.New(working, with)
	if err != nil {
		return nil, err
	}
	return &adminServer{store: working.Store, workflow: flow, now: clock.System{}.Now, seal: sealOf(keys)}, nil
}

// auditPlaces are where a command asks what is anchored, or why it can't.
func auditPlaces(ctx context.Context, c *config.Config) (anchor.Places, string) {
	if err := c.RequireSecrets(); err != nil {
		return anchor.Places{Files: anchorFiles(c), Witnesses: witnesses(c)}, "Jira and Slack can't be asked: " + err.Error() + "."
	}
	log := slog.New(slog.DiscardHandler)
	s, err := connect(ctx, c, environment{backends: backends(), started: true, metrics: newMetrics(), clock: clock.System{}, log: log})
	if err != nil {
		return anchor.Places{Files: anchorFiles(c), Witnesses: witnesses(c)}, "Jira and Slack can't be asked: " + err.Error() + "."
	}
	telling := messengerConfig(c)
	telling.API, telling.Logger = s.slack, log
	return anchorPlaces(c, s, messenger.New(telling)), ""
}
