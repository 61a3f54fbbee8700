package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"latchkey/app"
	"latchkey/cli/ask"
	"latchkey/cli/setup"
)

// tries is how often a section is asked again after a service said no to somebody who is there.
const tries = 5

// checked asks a section, and asks it again while whoever is there can answer otherwise.
func (b *beginning) checked(section func() error) error {
	for try := 1; ; try++ {
		err := section()
		if err == nil || !b.ask.Prompt || try == tries || errors.Is(err, ask.ErrUnanswered) || errors.Is(err, context.Canceled) {
			return err
		}
		b.ask.Say("  %v\n  Once more:", err)
	}
}

// secret asks for one and keeps it out of all that is written.
func (b *beginning) secret(name, text, from string) (string, error) {
	value, err := b.ask.Ask(ask.Question{Key: name, Text: text, Secret: name})
	if err != nil {
		return "", err
	}
	if _, known := b.values[name]; !known {
		b.secrets = append(b.secrets, setup.Secret{Name: name, From: from})
	}
	b.values[name] = value
	return value, nil
}

var commandPattern = regexp.MustCompile(`^/[a-z0-9_-]{1,31}$`)

func (b *beginning) slack(ctx context.Context) (err error) {
	b.ask.Say("1. Slack")
	b.answers.Command, err = b.ask.Ask(ask.Question{Key: "slack.command", Text: "What people type (Okta's own Slack app has /access, too)", Usual: app.DefaultCommand, Check: func(s string) error {
		if !commandPattern.MatchString(s) {
			return fmt.Errorf("%q can't be a command: write a slash and lower-case letters, for example /access", s)
		}
		return nil
	}})
	if err != nil {
		return err
	}
	manifest, err := app.SlackManifest(b.answers.Command)
	if err == nil {
		err = b.place("slack-manifest.yaml", manifest, 0o644)
	}
	if err != nil {
		return err
	}
	b.ask.Say("   At https://api.slack.com/apps choose Create New App > From a manifest, paste slack-manifest.yaml, and install the app.")
	if b.answers.SlackURL, err = b.ask.Ask(ask.Question{Key: "slack.api_url", Quiet: true}); err != nil {
		return err
	}
	if err := b.checked(func() error { return b.slackTokens(ctx) }); err != nil {
		return err
	}
	b.answers.ITChannel, err = b.ask.Ask(ask.Question{Key: "slack.it_channel", Text: "The channel of IT, which hears of whatever needs a human", Usual: "#it-access"})
	return err
}

func (b *beginning) slackTokens(ctx context.Context) error {
	bot, err := b.secret("SLACK_BOT_TOKEN", "Bot token (xoxb-…), from OAuth & Permissions", "Slack: OAuth & Permissions > Bot User OAuth Token (xoxb-…)")
	if err != nil {
		return err
	}
	token, err := b.secret("SLACK_APP_TOKEN", "App-level token (xapp-…), from Basic Information, with connections:write", "Slack: Basic Information > App-Level Tokens, with connections:write (xapp-…)")
	if err != nil || b.offline {
		return err
	}
	at := b.answers.SlackURL
	if at == "" {
		at = "https://slack.com/api/"
	}
	seen, err := app.SlackSeen(ctx, at, bot, token)
	if err == nil {
		b.ask.Say("   Slack: %s; Socket Mode can be opened.", seen)
	}
	return err
}

func (b *beginning) jira(ctx context.Context) error {
	b.ask.Say("2. Jira Service Management")
	if b.offline {
		return b.jiraAsAnswered()
	}
	return b.checked(func() error {
		if err := b.jiraAccount(); err != nil {
			return err
		}
		site, err := app.OpenJiraSurvey(ctx, b.answers.JiraURL, b.answers.JiraEmail, b.values["JIRA_TOKEN"])
		if err != nil {
			return err
		}
		b.ask.Say("   Jira: %s is signed in.", b.answers.JiraEmail)
		return b.jiraProject(ctx, site)
	})
}

func (b *beginning) jiraAccount() (err error) {
	b.answers.JiraURL, err = b.ask.Ask(ask.Question{Key: "jira.url", Text: "Address of the site, such as https://acme.atlassian.net", Check: isAddress})
	if err == nil {
		b.answers.JiraURL = strings.TrimRight(b.answers.JiraURL, "/")
		b.answers.JiraEmail, err = b.ask.Ask(ask.Question{Key: "jira.email", Text: "E-mail address of Latchkey's account there, an agent of the service project", Check: isEmail})
	}
	if err == nil {
		_, err = b.secret("JIRA_TOKEN", "Its API token, from id.atlassian.com", "Jira: an API token of Latchkey's account, from id.atlassian.com")
	}
	return err
}

// jiraProject offers what there is.
func (b *beginning) jiraProject(ctx context.Context, site app.JiraSurvey) error {
	desks, err := site.Desks(ctx)
	if err != nil {
		return err
	}
	if len(desks) == 0 {
		return fmt.Errorf("%s sees no service project: make it an agent of one", b.answers.JiraEmail)
	}
	var keys []string
	for _, d := range desks {
		keys = append(keys, d.ProjectKey)
	}
	if b.answers.Project, err = b.choose("jira.project", "Service project", keys, ""); err != nil {
		return err
	}
	for _, d := range desks {
		if d.ProjectKey != b.answers.Project {
			continue
		}
		types, err := site.RequestTypes(ctx, d)
		if err != nil {
			return err
		}
		var names []string
		for _, t := range types {
			names = append(names, t.Name)
		}
		if b.answers.RequestType, err = b.choose("jira.request_type", "Request type for access", names, likelyAccess(names)); err != nil {
			return err
		}
		for _, t := range types {
			if t.Name != b.answers.RequestType {
				continue
			}
			there, err := site.Names(ctx, d, t)
			if err != nil {
				return err
			}
			return b.jiraNames(there.Statuses, there.Fields, there.Resolutions)
		}
	}
	return nil
}

// jiraNames says what the project, its form and the site call what a request needs.
func (b *beginning) jiraNames(statuses, fields, resolutions []string) error {
	if err := b.statuses(statuses); err != nil {
		return err
	}
	if b.answers.Fields = setup.LikelyFields(fields); len(b.answers.Fields) > 0 {
		b.ask.Say("   Fields of the form: %s.", called(b.answers.Fields))
	}
	return b.resolutions(resolutions)
}

// called are names by their keys, in a sentence.
func called(m map[string]string) string {
	var all []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		all = append(all, fmt.Sprintf("%s is %q", key, m[key]))
	}
	return strings.Join(all, ", ")
}

// noResolution is the answer that leaves one out.
const noResolution = "none of them"

// resolutions finds one for what may come of a request: a screen of the workflow may require it, which nobody can see before
// an issue stands there. Where a screen hasn't the field, none is set.
func (b *beginning) resolutions(there []string) error {
	b.answers.Resolutions = map[string]string{}
	var open []string
	for n, outcome := range setup.Outcomes() {
		likely := setup.LikelyResolution(outcome[0], there)
		q := ask.Question{Key: "jira.resolutions." + outcome[0], Text: "Resolution of a request that is " + outcome[1], Usual: cmp.Or(likely, noResolution),
			Quiet: likely != "" || n >= setup.Own || len(there) == 0}
		if len(there) > 0 { // else nobody looked
			q.Choices = append(slices.Clone(there), noResolution)
		}
		answer, err := b.ask.Ask(q)
		switch {
		case err != nil:
			return err
		case answer != noResolution:
			b.answers.Resolutions[outcome[0]] = answer
		case n < setup.Own:
			open = append(open, outcome[0])
		}
	}
	if len(b.answers.Resolutions) > 0 {
		b.ask.Say("   Resolutions, where a screen has the field: %s.", called(b.answers.Resolutions))
	}
	if len(open) > 0 && len(there) > 0 {
		b.ask.Say("   note: no resolution for %s. Where a screen requires one, name it: jira.resolutions takes %s.", strings.Join(open, ", "), strings.Join(there, ", "))
	}
	return nil
}

// choose offers what is there; the only one there is needs no answer.
func (b *beginning) choose(key, text string, there []string, usual string) (string, error) {
	if len(there) == 0 {
		return "", fmt.Errorf("there is none to choose for %s", key)
	}
	if usual == "" && len(there) == 1 {
		usual = there[0]
	}
	return b.ask.Ask(ask.Question{Key: key, Text: text, Choices: there, Usual: usual})
}

func likelyAccess(names []string) string {
	for _, n := range names {
		if strings.Contains(strings.ToLower(n), "access") {
			return n
		}
	}
	return ""
}

// statuses finds one for each phase: by its usual names, or by asking.
func (b *beginning) statuses(there []string) (err error) {
	b.answers.Statuses = map[string]string{}
	found := 0
	for _, phase := range setup.Phases() {
		likely := setup.Likely(phase[0], there)
		q := ask.Question{Key: "jira.statuses." + phase[0], Text: "Status of a request when " + phase[1], Usual: likely, Quiet: likely != "", Choices: there}
		if b.answers.Statuses[phase[0]], err = b.ask.Ask(q); err != nil {
			return err
		}
		if q.Quiet {
			found++
		}
	}
	b.ask.Say("   Statuses: %d of %d are called as usual; config.yaml shows which.", found, len(setup.Phases()))
	return nil
}

// jiraAsAnswered takes what was answered for what is there.
func (b *beginning) jiraAsAnswered() (err error) {
	if err := b.jiraAccount(); err != nil {
		return err
	}
	if b.answers.Project, err = b.ask.Ask(ask.Question{Key: "jira.project", Text: "Key of the service project, such as IT"}); err != nil {
		return err
	}
	if b.answers.RequestType, err = b.ask.Ask(ask.Question{Key: "jira.request_type", Text: "Request type for access", Usual: "Access request"}); err != nil {
		return err
	}
	b.answers.Statuses = map[string]string{}
	for _, phase := range setup.Phases() {
		q := ask.Question{Key: "jira.statuses." + phase[0], Text: "Status of a request when " + phase[1], Usual: setup.Usual(phase[0])[0]}
		if b.answers.Statuses[phase[0]], err = b.ask.Ask(q); err != nil {
			return err
		}
	}
	return b.resolutions(nil)
}

func isAddress(s string) error {
	if u, err := url.Parse(s); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("%q is no address: write one that begins with https://", s)
	}
	return nil
}

func isEmail(s string) error {
	if !app.IsEmail(s) {
		return fmt.Errorf("%q is no e-mail address", s)
	}
	return nil
}

func isFile(s string) error {
	if _, err := os.Stat(s); err != nil {
		return fmt.Errorf("%s can't be read: %w", s, err)
	}
	if !filepath.IsAbs(s) {
		return fmt.Errorf("%s isn't a whole path: write one that begins with /", s)
	}
	return nil
}
