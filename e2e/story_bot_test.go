package e2e

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"latchkey/app"
	"latchkey/evidence/note"
)

// set changes the bot's configuration: jira.fields.approvers=Approvers,
// jira.decisions=jira, or evidence.trust=FILE with the public key that is in a file.
func (c *company) set(words []string) error {
	for _, word := range words {
		key, value, _ := strings.Cut(word, "=")
		if key == "jira.decisions" {
			c.config.Jira.Decisions = strings.Split(value, ",")
			continue
		}
		if key == "evidence.trust" {
			if err := c.trusts(value); err != nil {
				return err
			}
			continue
		}
		name, ok := strings.CutPrefix(key, "jira.fields.")
		if !ok {
			return fmt.Errorf("bot config: %q can't be changed by a story", key)
		}
		fields := maps.Clone(c.config.Jira.Fields)
		fields[name] = value
		c.config.Jira.Fields = fields
	}
	return nil
}

// trusts has the bot trust the public key in a file.
func (c *company) trusts(file string) error {
	text, err := os.ReadFile(filepath.Join(c.dir, file))
	if err != nil {
		return err
	}
	public, err := note.ParsePublic(strings.TrimSpace(string(text)))
	c.config.Evidence.Trust = []note.Trusted{{Public: public}}
	return err
}

// moves copies the store from the file into the database, or back, as latchkey store copy
// does. From then on the bot works there.
func (c *company) moves() error {
	from := c.config
	if c.dsn, c.elsewhere = c.elsewhere, c.dsn; c.dsn == "" {
		if err := os.RemoveAll(filepath.Join(c.dir, "company.db")); err != nil {
			return err
		}
		if err := os.RemoveAll(filepath.Join(c.dir, "company.db.events")); err != nil {
			return err
		}
	}
	said, err := loadConfig(c.path)
	if err != nil {
		return err
	}
	c.configure(said)
	_, err = app.CopyStore(context.Background(), from, c.config, func(app.CopyProgress) {})
	return err
}

// answers waits until a bot whose store is in a database can hear what people do: to open
// one takes longer than a file.
func (c *company) answers() error {
	late := time.After(timeout)
	for c.dsn != "" && c.world.Slack.Connections() == 0 {
		select {
		case <-time.After(lookAgain): // that a line is there is no change of the world
		case <-late:
			return errors.New("the bot does not connect to Slack")
		}
	}
	return nil
}

// alone stops the replicas beside the bot.
func (c *company) alone() (err error) {
	for _, stop := range c.beside {
		err = errors.Join(err, stop())
	}
	c.beside = nil
	return err
}

// hungUp waits until Slack has noticed that the bot is gone: what somebody does before that
// goes to nobody. A second bot stays connected.
func (c *company) hungUp() error {
	late := time.After(timeout)
	for c.twin == nil && len(c.beside) == 0 && c.world.Slack.Connections() > 0 {
		select {
		case <-time.After(lookAgain): // that a line ends is no change of the world
		case <-late:
			return errors.New("Slack still counts connections of a bot that has stopped")
		}
	}
	return nil
}

// botCommand stops and starts the bot: bot stop, bot start, bot restart, and to
// restart it with something changed bot config, or bot edit for its file. bot twin FOLDER
// starts a second one on the copy of the store there, which bot untwin stops. bot beside
// starts a further replica on the database of the first (bot beside unheard: one without sockets), bot alone stops those; bot moves copies the store
// of a bot that has stopped from its file into the story's database, or back. bot hangup has it read its file again.
func botCommand(ts *testscript.TestScript, _ bool, args []string) {
	c := ts.Value(companyKey{}).(*company)
	switch args[0] {
	case "twin":
		ts.Check(c.bootTwin(args[1]))
		return
	case "hangup":
		c.hangup <- struct{}{}
		return
	case "untwin":
		ts.Check(c.twin())
		return
	case "beside":
		ts.Check(c.answers())
		c.hooks = append(c.hooks, func(h *app.Hooks) { h.NoSockets = len(args) > 1 && args[1] == "unheard" })
		c.beside = append(c.beside, c.run(c.config))
		c.hooks = c.hooks[:len(c.hooks)-1]
		return
	case "alone":
		ts.Check(c.alone())
		return
	case "moves":
		ts.Check(c.moves())
		return
	}
	if args[0] != "start" {
		err := c.stop()
		c.stop = func() error { return nil }
		if err == nil {
			err = c.hungUp()
		}
		if err != nil {
			ts.Fatalf("stop: %v", err)
		}
	}
	switch args[0] {
	case "config":
		ts.Check(c.set(args[1:]))
	case "edit":
		ts.Check(c.edit(args[1:]))
	}
	if args[0] != "stop" {
		c.boot()
		ts.Check(c.answers())
	}
}
