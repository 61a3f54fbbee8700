package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"

	"latchkey/app"
	"latchkey/cli/ask"
	"latchkey/cli/setup"
	"latchkey/config"
)

func initCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "init", Short: "Ask what is needed, check it as it goes, and write a configuration", Args: noArgs,
		Long: `Ask what a first configuration needs, check each answer with the service that it is about, propose the applications
of the directory, and write:

  slack-manifest.yaml   the Slack app, to paste at api.slack.com/apps
  config.yaml           the shortest configuration that works, with a comment for each choice and no secret in it
  .env.example          which secrets it reads from the environment; .env with the secrets themselves, if you say so
  keys/evidence.key     the key that the record in Jira is signed with

Then the services look at what was written, as check --online has them. Nothing is written over without asking. For
scripts, answers come by --set KEY=VALUE or from a YAML file, and secrets from the environment (SLACK_BOT_TOKEN,
SLACK_APP_TOKEN, JIRA_TOKEN, and the directory's).`,
		Example: `  latchkey init
  latchkey init --answers answers.yaml --set jira.project=IT`,
	}
	dir := c.Flags().String("dir", ".", "the folder to write to")
	answers := c.Flags().String("answers", "", "a YAML file with answers, by their keys, such as jira: {project: IT}")
	set := c.Flags().StringArray("set", nil, "one answer, such as --set jira.project=IT; goes before the file")
	offline := c.Flags().Bool("offline", false, "ask no service; what is answered is taken as it is")
	c.RunE = func(c *cobra.Command, _ []string) error {
		given, err := givenAnswers(*answers, *set)
		if err != nil {
			return usageError{err}
		}
		b := &beginning{ask: ask.New(c.InOrStdin(), c.OutOrStdout(), given), dir: *dir, offline: *offline, values: map[string]string{}}
		err = b.run(c.Context())
		return errors.Join(err, b.ask.Close())
	}
	return c
}

// givenAnswers are those of a file and of --set, by their keys.
func givenAnswers(file string, set []string) (map[string]string, error) {
	given := map[string]string{}
	if file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("the answers can't be read: %w", err)
		}
		var all map[string]any
		if err := yaml.Unmarshal(text, &all); err != nil {
			return nil, fmt.Errorf("%s isn't YAML: %w", file, err)
		}
		if err := flatten("", all, given); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	for _, s := range set {
		key, value, ok := strings.Cut(s, "=")
		if !ok {
			return nil, fmt.Errorf("--set takes KEY=VALUE, not %q, for example --set jira.project=IT", s)
		}
		given[key] = value
	}
	for key := range given {
		if last := key[strings.LastIndex(key, ".")+1:]; strings.HasSuffix(last, "token") || strings.Contains(last, "secret") || strings.Contains(last, "password") {
			return nil, fmt.Errorf("%s would be a secret in a file or on a command line: give it through the environment instead (latchkey init --help names the variables)", key)
		}
	}
	return given, nil
}

func flatten(prefix string, v any, into map[string]string) error {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if err := flatten(strings.TrimPrefix(prefix+"."+key, "."), value, into); err != nil {
				return err
			}
		}
	case []any:
		var all []string
		for _, item := range v {
			all = append(all, fmt.Sprint(item))
		}
		into[prefix] = strings.Join(all, ", ")
	case nil:
		return fmt.Errorf("%s has no answer: write one, or leave the key out", prefix)
	default:
		into[prefix] = fmt.Sprint(v)
	}
	return nil
}

// beginning is one run of init.
type beginning struct {
	ask     *ask.Asker
	dir     string
	offline bool
	answers setup.Answers
	secrets []setup.Secret
	values  map[string]string // of the secrets, by the names of their variables
}

func (b *beginning) run(ctx context.Context) error {
	for _, section := range []func(context.Context) error{b.slack, b.jira, b.directory, b.people} {
		if err := section(ctx); err != nil {
			return err
		}
	}
	text, err := b.withApps(ctx)
	if err != nil {
		return err
	}
	c, err := b.write(ctx, text)
	if err != nil {
		return err
	}
	if err := printSummary(c, b.ask.Out); err != nil {
		return err
	}
	if unused := b.ask.Unused(); len(unused) > 0 {
		b.ask.Say("note: nothing was asked by the name of %s, so that wasn't used.", strings.Join(unused, ", "))
	}
	faults, err := b.prove(ctx, c)
	b.next(faults)
	return err
}

// prove has the services look at what was written, as whoever runs check --online does, and says what they find fault with.
func (b *beginning) prove(ctx context.Context, c *config.Config) (faults int, err error) {
	if b.offline {
		return 0, nil
	}
	b.ask.Say("\nLooking at what the bot will need…")
	looked := 0
	faults, err = app.Check(ctx, c, app.Checks{Online: true}, func(f app.Finding) {
		if looked++; f.Level == "fault" {
			b.ask.Say("%s", findingLine(f))
		}
	})
	switch {
	case err != nil:
		return faults, fmt.Errorf("everything is written, but the services couldn't be looked at: %w", err)
	case faults == 0:
		b.ask.Say("No fault in any of %d things.", looked)
	default:
		b.ask.Say("%d of these need to be put right first.", faults)
	}
	return faults, nil
}

// next says how to go on.
func (b *beginning) next(faults int) {
	online := "latchkey check --online                    # says that again, with what you should know"
	switch {
	case b.offline:
		online = "latchkey check --online                    # proves what the bot will need"
	case faults > 0:
		online = "latchkey check --online                    # when that is put right"
	}
	lines := []string{"set -a; . ./.env; set +a", online, "latchkey check --first-contact --write     # how this Jira behaves, on test issues", "latchkey run"}
	if b.dir != "." {
		lines = append([]string{"cd " + b.dir}, lines...)
	}
	if _, err := os.Stat(filepath.Join(b.dir, ".env")); err != nil {
		lines = slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "set -a") })
	}
	b.ask.Say("\nNext:\n  %s", strings.Join(lines, "\n  "))
}

// env is the environment with the secrets that were typed.
func (b *beginning) env(name string) (string, bool) {
	if v, typed := b.values[name]; typed {
		return v, true
	}
	return b.ask.Env(name)
}

// write puts everything where it belongs, after the configuration was found to load.
func (b *beginning) write(ctx context.Context, text []byte) (*config.Config, error) {
	path := filepath.Join(b.dir, "config.yaml")
	c, err := config.Parse(path, text, b.env, app.Backends())
	if err != nil {
		return nil, fmt.Errorf("what was answered makes no configuration: %w", err)
	}
	if err := b.place("config.yaml", text, 0o644); err != nil {
		return nil, err
	}
	if err := b.place(".env.example", setup.Example(b.secrets), 0o644); err != nil {
		return nil, err
	}
	save, err := b.ask.Yes("env.write", "Write the secrets to .env, which only you can read?", b.ask.Prompt)
	if err == nil && save {
		err = b.place(".env", setup.Env(b.secrets, func(name string) string { v, _ := b.env(name); return v }), 0o600)
	}
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(b.dir, "data"), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the store: %w", err)
	}
	return c, b.key(ctx, c)
}

// key makes the signing key, unless one is there.
func (b *beginning) key(ctx context.Context, c *config.Config) error {
	at := c.Evidence.KeyFile
	if _, err := os.Lstat(at); err == nil {
		b.ask.Say("%s is there already and stays as it is.", at)
		return nil
	}
	public, err := app.CreateKey(ctx, c, at)
	if err != nil {
		return err
	}
	b.ask.Say("Made %s: keep a copy in a safe. Its public key, for your auditor, is %s", at, public)
	return nil
}

// place writes a file, in one step, and asks before it writes over another.
func (b *beginning) place(name string, text []byte, mode os.FileMode) error {
	path := filepath.Join(b.dir, name)
	if old, err := os.ReadFile(path); err == nil {
		if string(old) == string(text) {
			return nil
		}
		over, err := b.ask.Yes("overwrite", path+" is there already. Write over it?", false)
		if err != nil {
			return err
		}
		if !over {
			return usageError{fmt.Errorf("%s is there already, so nothing was written over: move it away, name another folder with --dir, or say --set overwrite=yes", path)}
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("make the folder %s: %w", filepath.Dir(path), err)
	}
	if err := replaceFile(path, mode, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	b.ask.Say("Written: %s", path)
	return nil
}
