package app

import (
	"context"
	"errors"
	"net"
	"net/url"
	"slices"

	"latchkey/bot"
	"latchkey/bot/socket"
	"latchkey/catalog"
	jiracheck "latchkey/jira/check"
)

// inSlack looks at the tokens, the scopes, the channels and the user group that is called.
func (i *inspection) inSlack(ctx context.Context) {
	wanted := bot.Wanted{ITChannel: i.config.Slack.ITChannel, ITGroup: i.config.Slack.ITGroup, Channels: channelsNamed(i.config.Catalog)}
	for _, f := range bot.Check(ctx, i.services.slack, wanted) {
		i.silent["slack"] = i.silent["slack"] || f.Check == bot.SignIn && !f.OK
		level := level(f.OK)
		if f.OK && f.Note {
			level = jiracheck.Note
		}
		i.say(level, "slack", f.Check, f.Detail)
	}
	i.openSocket(ctx)
	if okta := i.directoryOf("okta"); i.config.Slack.Command == DefaultCommand && okta != "" {
		i.say(jiracheck.Note, "slack", "command", "Okta's own Slack app has the command "+DefaultCommand+", too, and Slack gives it to whichever was installed last; it doesn't say which apps there are. If Okta's is installed, set slack.command to another word and paste the output of latchkey manifest --command WORD")
	}
}

// openSocket proves the app-level token. Where Slack refused the bot token for the same reason, or can't be reached, that
// is one cause, and was said.
func (i *inspection) openSocket(ctx context.Context) {
	_, err := i.services.openSocket(ctx)
	var refusal *socket.OpenError
	switch {
	case err == nil:
		i.say(jiracheck.Good, "slack", "app token", "Socket Mode can be opened")
	case i.silent["slack"] && (!errors.As(err, &refusal) || refusal.Code != "invalid_auth"):
	default:
		i.say(jiracheck.Fault, "slack", "app token", socketFault(err))
	}
}

// socketFault says why no connection was opened, without the plumbing.
func socketFault(err error) string {
	var dial *net.OpError
	var call *url.Error
	if errors.As(err, &call) || errors.As(err, &dial) {
		return "Slack couldn't be reached to open a connection: check slack.api_url, and what lies between here and Slack"
	}
	return err.Error()
}

// channelsNamed are the channels of apps, roles and routes, by what names them.
func channelsNamed(c *catalog.Catalog) map[string][]string {
	out := map[string][]string{}
	add := func(channel, by string) {
		if channel != "" && !slices.Contains(out[channel], by) {
			out[channel] = append(out[channel], by)
		}
	}
	for _, r := range c.Routes() {
		add(r.Channel, "approvals."+r.Name)
	}
	for _, r := range c.Reviews() {
		add(r.Channel, "reviews."+r.ID)
	}
	for _, a := range c.Apps() {
		for _, r := range a.Roles {
			add(c.Channel(a.ID, r.ID), a.Name)
		}
	}
	return out
}

// directoryOf is the id of a directory of a kind, "" if there is none.
func (i *inspection) directoryOf(kind string) string {
	for _, d := range i.config.IDP {
		if d.Type == kind {
			return d.ID
		}
	}
	return ""
}
