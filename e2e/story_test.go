package e2e

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"latchkey/app"
	"latchkey/config"
	"latchkey/config/value"
	"latchkey/sandbox"
	"latchkey/sandbox/harness"
	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/store/postgres"
)

func TestMain(m *testing.M) {
	testscript.Main(leakChecked{m}, map[string]func(){
		"latchkey": func() { os.Exit(beLatchkey()) },
		victimName: func() { os.Exit(beVictim()) },
	})
}

// storiesAtOnce is how many stories are played side by side, unless the command line says
// otherwise. They wait most of the time: for the pace that a service asks for, for a disk.
const storiesAtOnce = "16"

// garbage is how much of it there may be, in percent of what lives: a world lives for seconds, so that collecting is mostly
// for nothing.
const garbage = 400

// given tells whether a flag was on the command line.
func given(name string) (found bool) {
	flag.Visit(func(f *flag.Flag) { found = found || f.Name == name })
	return found
}

// leakChecked fails a run that leaves goroutines behind.
type leakChecked struct{ m *testing.M }

func (l leakChecked) Run() int {
	flag.Parse()
	if !given("test.parallel") {
		_ = flag.Set("test.parallel", storiesAtOnce)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	code := l.m.Run()
	for range 3 { // Okta's SDK ends its cache's goroutine when the client is collected, which may take a few rounds
		runtime.GC()
		<-time.After(10 * time.Millisecond)
	}
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return code
}

// timeout is how long a story waits for what it expects. A wait that succeeds costs
// nothing, and on a busy machine everything comes late.
const timeout = 2 * time.Minute

// slackWaits is how long Slack waits for an acknowledgement, and for a modal. In life it
// is three seconds; here the machine may do nothing at all for as long. That Latchkey keeps
// within them is what stories with slow services are for, which say so in before.txt.
const slackWaits = 15 * time.Second

// together is for how long what happens to a request is one edit of its cards: in life it is two
// seconds, and people in stories don't wait.
const together = 100 * time.Millisecond

// jiraPace is how many calls a second Jira gets, the most that a configuration may say: the work of days comes at once where a
// clock is moved on, and waiting for its turn would be most of a story.
const jiraPace = 45

// storyStart is when a story begins: in the morning of the next Tuesday, so that none depends
// on the hour or the day of the week it is played at. It is a few days off at most, since the
// command line goes by the machine's own clock. STORY_START, in RFC 3339, moves all stories.
func storyStart() time.Time {
	if at, err := time.Parse(time.RFC3339, os.Getenv("STORY_START")); err == nil {
		return at
	}
	at := time.Now().UTC().Truncate(24 * time.Hour).Add(24*time.Hour + 9*time.Hour + 7*time.Minute)
	for at.Weekday() != time.Tuesday {
		at = at.Add(24 * time.Hour)
	}
	return at
}

// company is one world with a bot in it, as a story needs it.
type company struct {
	world     *sandbox.World
	tell      *harness.Harness
	dir       string
	path      string // of the configuration
	jira      string // where the bot finds Jira, if not at the world's own address
	config    *config.Config
	log       io.Writer
	hooks     []func(*app.Hooks)
	store     atomic.Pointer[store.Store] // of the bot that was started last
	stop      func() error
	hangup    chan struct{}  // has the bot read its configuration again
	twin      func() error   // stops the second bot; nil: there is none
	dsn       string         // of the database that its store is in; "": it is a file
	elsewhere string         // of the database that its store can be moved into
	beside    []func() error // stop the replicas that were started beside the bot

	gallery gallery
}

// found opens a sandbox and boots the bot against it.
func found(dir string, log io.Writer, hooks ...func(*app.Hooks)) (*company, error) {
	return foundIn(nil, dir, log, hooks...)
}

// foundIn is found in a world that differs from the usual one.
func foundIn(change []func(*sandbox.Config), dir string, log io.Writer, hooks ...func(*app.Hooks)) (*company, error) {
	return foundOn("", change, dir, log, hooks...)
}

// foundOn is foundIn with a bot that keeps its state in a database, unless dsn is empty.
func foundOn(dsn string, change []func(*sandbox.Config), dir string, log io.Writer, hooks ...func(*app.Hooks)) (*company, error) {
	path, err := storyConfig(dir)
	if err != nil {
		return nil, err
	}
	config, err := loadConfig(path)
	if err != nil {
		return nil, err
	}
	delays, err := storyDelays(log)
	if err != nil {
		return nil, err
	}
	world, err := app.StartWorld(config, sandbox.NewClockAt(storyStart()), func(format string, args ...any) { fmt.Fprintf(log, "sandbox: "+format+"\n", args...) }, change...)
	if err != nil {
		return nil, err
	}
	world.Slack.Waits(slackWaits)
	if delays != nil {
		world.Delays(delays)
	}
	c := &company{world: world, tell: &harness.Harness{World: world, Timeout: timeout}, dir: dir, path: path, log: log, hooks: hooks, hangup: make(chan struct{}, 1), dsn: dsn}
	c.configure(config)
	if err := prepare(dir, c.tell); err != nil {
		return nil, errors.Join(err, world.Close())
	}
	c.boot()
	return c, nil
}

// loadConfig reads a configuration.
func loadConfig(path string) (*config.Config, error) {
	if path == exampleFile {
		return example()
	}
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parseConfig(path, source)
}

// example is the configuration that most stories are played with, each with secrets of its own. It is read once, since
// hundreds of companies are founded with it.
func example() (*config.Config, error) {
	read, err := readExample()
	if err != nil {
		return nil, err
	}
	own := *read
	own.Secrets = new(value.Secrets)
	return &own, nil
}

var readExample = sync.OnceValues(func() (*config.Config, error) {
	source, err := os.ReadFile(exampleFile)
	if err != nil {
		return nil, err
	}
	return parseConfig(exampleFile, source)
})

func parseConfig(path string, source []byte) (*config.Config, error) {
	return config.Parse(path, source, func(string) (string, bool) { return "", false }, app.Backends())
}

// configure points the bot at the world under a configuration.
func (c *company) configure(said *config.Config) { c.config = c.sandboxed(said) }

// sandboxed is a configuration that leads to the world.
func (c *company) sandboxed(said *config.Config) *config.Config {
	there := app.Sandboxed(*said, c.world.Addresses(), filepath.Join(c.dir, "company.db"))
	if c.jira != "" {
		there.Jira.URL = c.jira
	}
	there.Limits.Jira.PerSecond = max(there.Limits.Jira.PerSecond, jiraPace)
	if c.dsn != "" {
		there.Store = onDatabase(there, c.dsn)
	}
	return there
}

// onDatabase are the settings of a store in a database.
func onDatabase(c *config.Config, dsn string) config.Store {
	return config.Store{Type: "postgres", Settings: postgres.Settings{DSN: c.Secrets.Keep(dsn), Connections: 6}}
}

// parse reads what the bot's file says by now.
func (c *company) parse(source []byte) (*config.Config, error) {
	said, err := parseConfig(c.path, source)
	if err != nil {
		return nil, err
	}
	return c.sandboxed(said), nil
}

// edit changes the file the bot is configured by: "old => new".
func (c *company) edit(edits []string) (err error) {
	if c.path, err = editedConfig(c.dir, c.path, edits); err != nil {
		return err
	}
	said, err := loadConfig(c.path)
	if err != nil {
		return err
	}
	c.configure(said)
	return nil
}

// boot starts the bot. Its store doesn't wait for the disk: no machine dies in a story (see
// TestTorture), and a disk that many write to may hold up everything for seconds.
func (c *company) boot() { c.stop = c.run(c.config) }

// bootTwin starts a second bot with the same key and the same tokens, on a copy of the
// store in a folder, and waits until it answers commands.
func (c *company) bootTwin(folder string) error {
	there, file := *c.config, filepath.Join(c.dir, folder, "company.db")
	there.Store.Settings = bolt.Settings{Path: file}
	c.twin = c.run(&there)
	late := time.After(timeout)
	for {
		conn, err := net.Dial("unix", file+".sock")
		if err == nil {
			return conn.Close()
		}
		select {
		case <-time.After(lookAgain): // that it listens is no change of the world
		case <-late:
			return err
		}
	}
}

// run runs a bot until the returned function is called.
func (c *company) run(config *config.Config) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	hooks := app.Hooks{Clock: c.world.Clock, Unflushed: true, Together: together, SlackWaits: c.world.Slack.Config().AckTimeout, Store: c.opened(config), Logger: slog.New(slog.NewTextHandler(c.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	hooks.Listen = c.listen(config)
	hooks.Reload = app.Reload{Parse: c.parse, Now: c.hangup}
	for _, change := range c.hooks {
		change(&hooks)
	}
	go func() { done <- app.Serve(ctx, config, hooks) }()
	return sync.OnceValue(func() error { cancel(); return <-done })
}

// listen serves people's browsers at a free address, under the name that they know it by.
func (c *company) listen(config *config.Config) func(network, address string) (net.Listener, error) {
	return func(network, _ string) (net.Listener, error) {
		l, err := net.Listen(network, "127.0.0.1:0")
		if err == nil {
			c.tell.Network.Name(strings.TrimPrefix(config.SignIn.URL, "https://"), l.Addr().String())
		}
		return l, err
	}
}

// opened keeps hold of a bot's store, but for the second one's.
func (c *company) opened(config *config.Config) func(store.Store) store.Store {
	return func(s store.Store) store.Store {
		if config == c.config {
			c.store.Store(&s)
		}
		return s
	}
}

// close ends bots and world and reports what the services held against them.
func (c *company) close() error {
	err := c.alone()
	if c.twin != nil {
		err = errors.Join(err, c.twin())
	}
	return errors.Join(err, c.stop(), c.end())
}

// end ends the world and reports what the services held against the bot.
func (c *company) end() (err error) {
	if v := c.violations(); len(v) > 0 {
		err = errors.Join(err, fmt.Errorf("the services complain:\n%s", strings.Join(v, "\n")))
	}
	if shown := slices.Concat(shownIDs(c.world), notForPhones(c.world), badlyShown(c.world)); len(shown) > 0 {
		err = errors.Join(err, errors.New(strings.Join(shown, "\n")))
	}
	return errors.Join(err, c.gallery.close(), c.world.Close())
}

// violations are what the services held against the bot. Of two that don't know of one
// another neither hears that the other was asked to pause.
func (c *company) violations() []string {
	all := c.tell.Violations()
	if c.twin == nil {
		return all
	}
	return slices.DeleteFunc(all, func(v string) bool { return strings.HasSuffix(v, "called again before Retry-After had passed") })
}

type companyKey struct{}

// TestStories plays testdata/script/*.txtar: people act, the emulated services
// are looked at.
func TestStories(t *testing.T) {
	stories, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(stories) == 0 {
		t.Fatal("there are no stories: ", err)
	}
	tell(t, stories, setUp)
}

// tell plays stories.
func tell(t *testing.T, stories []string, setUp func(*testscript.Env) error) {
	deadline, _ := t.Deadline()
	again := &replays{}
	for _, story := range stories {
		t.Run(strings.TrimSuffix(filepath.Base(story), ".txtar"), func(t *testing.T) {
			t.Parallel()
			again.play(t.Name(), func(stage testscript.T) {
				testscript.RunT(stage, testscript.Params{Files: []string{story}, Cmds: storyCommands(), Setup: setUp, Deadline: deadline})
			}).report(t)
		})
	}
}

// storyCommands are the words of stories beside those of testscript.
func storyCommands() map[string]func(*testscript.TestScript, bool, []string) {
	commands := map[string]func(*testscript.TestScript, bool, []string){}
	for _, verb := range []string{"slack", "dm", "channel", "thread", "whisper", "pinned", "view", "offers", "home", "browser", "okta", "directory", "jira", "company", "clock", "both"} {
		commands[verb] = func(ts *testscript.TestScript, neg bool, args []string) { act(ts, neg, verb, args) }
	}
	commands["bot"], commands["shows"], commands["picture"] = botCommand, showsCommand, pictureCommand
	return commands
}

// setUp founds a company of its own for a story.
func setUp(env *testscript.Env) error { return setUpOn(env, "") }

// setUpOn is setUp with a store in a database, unless dsn is empty.
func setUpOn(env *testscript.Env, dsn string) error {
	log, err := os.Create(filepath.Join(env.WorkDir, "bot.log"))
	if err != nil {
		return err
	}
	c, err := foundOn(dsn, nil, env.WorkDir, log)
	if err != nil {
		return err
	}
	env.Values[companyKey{}] = c
	env.Vars = append(env.Vars, surroundings(c)...)
	env.Defer(func() {
		err := errors.Join(c.close(), log.Close())
		text, _ := os.ReadFile(log.Name())
		if t, ok := env.T().(interface{ Failed() bool }); err != nil || ok && t.Failed() || os.Getenv("STORY_LOG") != "" {
			env.T().Log(notable(string(text)))
		}
		if err != nil {
			env.T().Fatal(err)
		}
	})
	return nil
}

// notable is what of a bot's log somebody looks for first in a story that failed: what went
// as it should is left out, unless STORY_LOG is set.
func notable(log string) string {
	if os.Getenv("STORY_LOG") != "" {
		return log
	}
	lines := slices.DeleteFunc(strings.SplitAfter(log, "\n"), func(line string) bool {
		return strings.Contains(line, "level=DEBUG") && !strings.Contains(line, "error=") && !strings.Contains(line, "status=4") && !strings.Contains(line, "status=5")
	})
	return strings.Join(lines, "")
}

// surroundings are the variables a story can use for commands of its own.
func surroundings(c *company) []string {
	repo, err := filepath.Abs("..")
	if err != nil {
		repo = ".."
	}
	at := c.world.Addresses()
	return []string{
		repoEnv + "=" + repo, "SLACK_API_URL=" + at.SlackAPI, "JIRA_URL=" + at.Jira, "OKTA_URL=" + at.Okta,
		"GOOD_APP_TOKEN=" + at.AppToken, "GOOD_BOT_TOKEN=" + at.BotToken, "GOOD_JIRA_TOKEN=" + at.JiraToken, "GOOD_OKTA_TOKEN=" + at.OktaToken,
	}
}

// act carries out one line of a story. A negated action is one that must be refused; one that can't be played as it is
// written, because an input or a person isn't there, is a mistake in the story.
func act(ts *testscript.TestScript, neg bool, verb string, args []string) {
	c := ts.Value(companyKey{}).(*company)
	words := append([]string{verb}, args...)
	if neg && harness.Expects(words) {
		words = append([]string{"!"}, words...)
		neg = false
	}
	switch {
	case verb == "clock" && len(args) > 0:
		c.restsBefore(context.Background(), args[0])
	case verb == "slack" && slices.Contains(args, "click"):
		c.showsAll(context.Background())
	}
	saw, err := c.tell.Do(context.Background(), words...)
	switch {
	case errors.Is(err, harness.ErrUnplayable):
		ts.Fatalf("%v", err)
	case err != nil && neg:
		ts.Logf("refused: %v", err)
	case err != nil:
		ts.Fatalf("%v", err)
	case neg:
		ts.Fatalf("it worked: %s", saw)
	default:
		ts.Logf("%s", saw)
	}
}
