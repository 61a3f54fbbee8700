package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"latchkey/app"
	"latchkey/config"
	"latchkey/sandbox"
	"latchkey/sandbox/harness"
)

func demoCommand(example []byte) *cobra.Command {
	c := &cobra.Command{Use: "demo", Short: "Run the bot and an emulated company in one process: no tokens, no network", Args: noArgs}
	path := exampleFlag(c)
	tour := c.Flags().Bool("tour", false, "play the whole story without a human; exit 0 only if every step was seen to happen")
	asJSON := c.Flags().Bool("json", false, "one JSON object a line")
	verbose := c.Flags().Bool("verbose", false, "with --tour: also write the bot's log to stderr")
	listen := c.Flags().String("listen", "127.0.0.1:8080", "address to act at")
	c.RunE = func(c *cobra.Command, _ []string) error {
		config, err := loadOr(example, *path)
		if err != nil {
			return err
		}
		d := demo{config: config, out: c.OutOrStdout(), log: io.Discard, json: *asJSON}
		if !*tour || *verbose {
			d.log = c.ErrOrStderr()
		}
		if *tour {
			return d.tour(c.Context())
		}
		return d.stay(c.Context(), *listen)
	}
	return c
}

// demo is bot and world in one process.
type demo struct {
	config *config.Config
	out    io.Writer
	log    io.Writer
	json   bool

	timeout time.Duration                        // how long an expectation waits; zero: the harness's own
	spoil   func(*sandbox.World, *config.Config) // for tests: breaks something before the tour begins
}

// with opens the world, boots the bot against it and calls fn. Everything is
// gone afterwards.
func (d demo) with(ctx context.Context, fn func(context.Context, *harness.Harness) error) (err error) {
	if real := app.Unemulated(d.config); len(real) > 0 {
		return fmt.Errorf("the sandbox has no directory of the kind of %s, so the demo would change a real one: take it and its roles out of the file that the demo is given", strings.Join(real, ", "))
	}
	dir, err := os.MkdirTemp("", "latchkey-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo's state: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	world, err := app.StartWorld(d.config, nil, func(format string, args ...any) { fmt.Fprintf(d.log, "sandbox: "+format+"\n", args...) })
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, world.Close()) }()

	sandboxed := app.Sandboxed(*d.config, world.Addresses(), filepath.Join(dir, "latchkey.db"))
	if d.spoil != nil {
		d.spoil(world, sandboxed)
	}
	running, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() {
		served <- app.Serve(running, sandboxed, app.Hooks{Clock: world.Clock, Logger: app.NewLogger(sandboxed, d.log)})
		stop() // a bot that fails ends the demo
	}()
	err = fn(running, &harness.Harness{World: world, Timeout: d.timeout})
	stop()
	return errors.Join(err, <-served)
}

// stay runs until ctx ends.
func (d demo) stay(ctx context.Context, listen string) error {
	l, err := listenLoopback(listen)
	if err != nil {
		return err
	}
	return d.with(ctx, func(ctx context.Context, h *harness.Harness) error {
		at := "http://" + l.Addr().String()
		control := &http.Server{Handler: harness.Handler(h), ReadHeaderTimeout: 10 * time.Second}
		stop := context.AfterFunc(ctx, func() { _ = control.Close() })
		defer stop()
		d.welcome(at, h.World.Addresses())
		if err := control.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve %s: %w", at, err)
		}
		return nil
	})
}

func (d demo) welcome(at string, where sandbox.Addresses) {
	var directories strings.Builder
	for _, dir := range where.Directories {
		fmt.Fprintf(&directories, "  %-9s  %s\n", dir.ID, dir.URL)
	}
	fmt.Fprintf(d.out, `Latchkey is running against an emulated Slack and Jira, and the directories below them.

  Slack API  %s
  Jira       %s
%s
Act as the people of Acme, one line at a time. What is seen comes back as JSON:

  act() { curl -s -d "$*" %[4]s/do; }
  act "slack maya '/access'"
  act "slack maya submit app=figma role=editor for=6h reason='Launch assets'"
  act "dm noor 'Maya'"
  act "slack noor click Approve"
  act "directory %[5]s has figma-editors maya"
  act "jira IT-1 comment 'Noor'"
  act "clock +6h"
  act "! directory %[5]s has figma-editors maya"

What else can be said: act help, or open %[4]s/ in a browser.
The people are maya, noor, tom, priya, sam, lena, ines (IT), omar (security) and grace.
Stop with Ctrl-C; nothing is kept.
`, where.SlackAPI, where.Jira, directories.String(), at, where.Directories[0].ID)
}
