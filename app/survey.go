package app

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/bot"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/config"
	"latchkey/config/value"
	jiracheck "latchkey/jira/check"
	"latchkey/jira/rest"
)

// Nearest is the known word that somebody may have meant, "" if none is near.
func Nearest(word string, known []string) string { return catalog.Nearest(word, known) }

// IsEmail tells whether a text is an address.
func IsEmail(text string) bool { return catalog.IsEmail(text) }

// SlackSeen proves the two tokens of Slack, and says as whom the bot is signed in.
func SlackSeen(ctx context.Context, apiURL, botToken, appToken string) (string, error) {
	c := &config.Config{Secrets: &value.Secrets{}}
	c.Slack = config.Slack{APIURL: apiURL, BotToken: c.Secrets.Keep(botToken), AppToken: c.Secrets.Keep(appToken)}
	s := &services{}
	s.slackClients(c, surveying(c))
	findings := bot.Check(ctx, s.slack, bot.Wanted{})
	if !findings[0].OK {
		return "", fmt.Errorf("the bot token wasn't taken at %s: %s", apiURL, findings[0].Detail)
	}
	for _, f := range findings {
		if f.Check == "scopes" && !f.OK {
			return "", fmt.Errorf("the bot token works, but %s", f.Detail)
		}
	}
	if _, err := s.openSocket(ctx); err != nil {
		return "", fmt.Errorf("the app-level token wasn't taken at %s: %s", apiURL, socketFault(err))
	}
	return findings[0].Detail, nil
}

func surveying(c *config.Config) environment {
	return environment{backends: backends(), metrics: newMetrics(), clock: clock.System{}, log: NewLogger(c, os.Stderr), secrets: c.Secrets}
}

// JiraSurvey lists what there is on a site.
type JiraSurvey struct{ *jiracheck.Surveyor }

// OpenJiraSurvey proves the token of an account.
func OpenJiraSurvey(ctx context.Context, url, email, token string) (JiraSurvey, error) {
	c := &config.Config{Secrets: &value.Secrets{}}
	with := surveying(c)
	api, err := rest.New(rest.Config{URL: strings.TrimRight(url, "/"), Email: email, Token: c.Secrets.Keep(token).Reveal(), Now: with.clock.Now, HTTP: through(with.way("jira")), Logger: with.log})
	if err != nil {
		return JiraSurvey{}, err
	}
	s := JiraSurvey{jiracheck.NewSurveyor(api)}
	if err := s.SignIn(ctx); err != nil {
		return JiraSurvey{}, fmt.Errorf("%s", access.Classify(err).Sentence)
	}
	return s, nil
}

// DirectorySeen has the directories of a configuration look what they need, and fails with the first thing that lacks.
func DirectorySeen(ctx context.Context, c *config.Config) error {
	with := surveying(c)
	for _, d := range c.IDP {
		dir, err := openForImport(ctx, c, d.ID, with)
		if err != nil {
			return err
		}
		if err := greetDirectory(ctx, dir); err != nil {
			return fmt.Errorf("%s: %s", d.ID, access.Classify(err).Sentence)
		}
	}
	return nil
}

// AccountSeen says whether an address leads to an account that may be used, in any directory: "" if it does, else why not.
func AccountSeen(ctx context.Context, c *config.Config, address string) string {
	s := &seer{aliases: map[string]map[string]string{}}
	for _, d := range c.IDP {
		if dir, err := openForImport(ctx, c, d.ID, surveying(c)); err == nil {
			s.directories = append(s.directories, dir)
		}
		s.aliases[d.ID] = d.Aliases
	}
	return s.inDirectories(ctx, address)
}

// NamedPerson is somebody whom a configuration names by an address, with what for.
type NamedPerson struct{ Address, As string }

// PeopleNamed is everybody whom a configuration names, by their addresses.
func PeopleNamed(c *config.Config) (out []NamedPerson) {
	named := peopleNamed(c)
	for _, address := range slices.Sorted(maps.Keys(named)) {
		out = append(out, NamedPerson{address, strings.Join(named[address], ", ")})
	}
	return out
}
