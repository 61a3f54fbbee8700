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
	"latchkey/sandbox/site"
)

func demoCommand(example []byte) *cobra.Command {
	c := &cobra.Command{Use: "demo", Short: "Run the bot and an emulated company in one process: no tokens, no network", Args: noArgs}
	path := exampleFlag(c)
	tour := c.Flags().Bool("tour", false, "play the whole story without a human; exit 0 only if every step was seen to happen")
	asJSON := c.Flags().Bool("json", false, "one JSON object a line")
	verbose := c.Flags().Bool("verbose", false, "with --tour: also write the bot's log to stderr")
	more := c.Flags().Int("seed-people", 0, "how many people to make up, besides those of Acme and those whom the configuration names")
	export := c.Flags().String("people", "", "CSV export of a directory with people to add: email, name, title, department, manager")
	listen := c.Flags().String("listen", "127.0.0.1:8080", "address of the page to play on, of this machine alone")
	c.RunE = func(c *cobra.Command, _ []string) error {
		config, err := loadOr(example, *path)
		if err != nil {
			return err
		}
		d := demo{config: config, out: c.OutOrStdout(), log: io.Discard, json: *asJSON}
		if d.people, err = peopled(*more, *export); err != nil {
			return err
		}
		if d.foreign = *path != ""; !d.foreign {
			d.steps = guided()
		}
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

// peopled are people who are made up, and those of a directory's export.
func peopled(invent int, export string) ([]sandbox.Person, error) {
	const most = 5000
	if invent < 0 || invent > most {
		return nil, usageError{fmt.Errorf("--seed-people %d: give a number from 0 to %d", invent, most)}
	}
	all := sandbox.Invented(invent)
	if export == "" {
		return all, nil
	}
	file, err := os.Open(export)
	if err != nil {
		return nil, fmt.Errorf("read --people: %w", err)
	}
	defer file.Close()
	read, err := sandbox.ReadPeople(file)
	if err != nil {
		return nil, usageError{fmt.Errorf("--people %s: %w", export, err)}
	}
	return append(all, read...), nil
}

// demo is bot and world in one process.
type demo struct {
	config *config.Config
	out    io.Writer
	log    io.Writer
	json   bool
	people []sandbox.Person
	steps  []site.Step // of the page's tour; none where its people and roles aren't there

	foreign bool // the configuration is somebody's own: its catalogue isn't the one that is built in

	timeout time.Duration                        // how long an expectation waits; zero: the harness's own
	spoil   func(*sandbox.World, *config.Config) // for tests: breaks something before the tour begins
}

// withBot opens the world, boots the bot against it and calls fn. Everything is
// gone afterwards.
func (d demo) withBot(ctx context.Context, fn func(context.Context, *harness.Harness, *demoBot) error) (err error) {
	if real := app.Unemulated(d.config); len(real) > 0 {
		return fmt.Errorf("the sandbox has no directory of the kind of %s, so the demo would change a real one: take it and its roles out of the file that the demo is given", strings.Join(real, ", "))
	}
	dir, err := os.MkdirTemp("", "latchkey-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo's state: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	world, err := app.StartWorld(d.config, nil, func(format string, args ...any) { fmt.Fprintf(d.log, "sandbox: "+format+"\n", args...) },
		app.ForPlay(d.config), func(w *sandbox.Config) { w.People = append(w.People, d.people...) })
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, world.Close()) }()

	sandboxed := app.Sandboxed(*app.Apart(d.config), world.Addresses(), filepath.Join(dir, "latchkey.db"))
	if d.spoil != nil {
		d.spoil(world, sandboxed)
	}
	running, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	hooks := app.Hooks{Clock: world.Clock, Logger: app.NewLogger(sandboxed, d.log)}
	bot := &demoBot{
		config: sandboxed, hooks: hooks, dir: dir,
		ended: func(err error) { stop(err) }, // a bot that fails ends the demo
	}
	bot.Start()
	err = fn(running, &harness.Harness{World: world, Timeout: d.timeout}, bot)
	return errors.Join(err, bot.end(false))
}

// stay runs until ctx ends.
func (d demo) stay(ctx context.Context, listen string) error {
	l, err := listenLoopback(listen)
	if err != nil {
		return err
	}
	return d.withBot(ctx, func(ctx context.Context, h *harness.Harness, bot *demoBot) error {
		at := "http://" + l.Addr().String()
		control := &http.Server{Handler: d.page(ctx, h, bot), ReadHeaderTimeout: 10 * time.Second}
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
	fmt.Fprintf(d.out, `Open %[4]s in a browser and play: be somebody and ask, be who is asked and approve, move the clock.

Latchkey is running against an emulated Slack and Jira, and the directories below them.

  Slack API  %[1]s
  Jira       %[2]s
%[3]s
Or act as the people from a shell, one line at a time. What is seen comes back as JSON:

  act() { curl -s -d "$*" %[4]s/do; }
%[5]s
What else can be said: act help, or %[4]s/help.
The people are maya, noor, tom, priya, sam, lena, ines (IT), omar (security) and grace%[6]s.
Stop with Ctrl-C; nothing is kept.
`, where.SlackAPI, where.Jira, directories.String(), at, d.examples(where.Directories[0].ID), d.besides())
}

// examples are lines that can be pasted; where the catalogue is somebody's own, the one that begins all.
func (d demo) examples(directory string) string {
	if d.foreign {
		return fmt.Sprintf("  act \"slack maya '%s'\"\n", d.config.Slack.Command)
	}
	return fmt.Sprintf(`  act "slack maya '/access'"
  act "slack maya submit app=figma role=editor for=6h reason='Launch assets'"
  act "dm noor 'Maya'"
  act "slack noor click Approve"
  act "directory %[1]s has figma-editors maya"
  act "jira IT-1 comment 'Noor'"
  act "clock +6h"
  act "! directory %[1]s has figma-editors maya"
`, directory)
}

// mostNamed is how many people are named beside those of Acme.
const mostNamed = 12

// besides are the people whom somebody's own configuration names.
func (d demo) besides() string {
	if !d.foreign {
		return ""
	}
	named := app.Named(d.config)
	if len(named) == 0 {
		return ""
	}
	said := "; your configuration names " + strings.Join(named[:min(len(named), mostNamed)], ", ")
	if more := len(named) - mostNamed; more > 0 {
		said += fmt.Sprintf(" and %d more", more)
	}
	return said
}
