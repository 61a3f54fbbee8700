package config

import "latchkey/config/value"

// Limits keeps Latchkey from using up what it shares with others. What
// the services allow beyond that it learns from their answers.
type Limits struct {
	Slack SlackLimits
	Jira  JiraLimits
	IDP   Limit // each directory on its own
}

// Limit bounds the calls to one service.
type Limit struct {
	InFlight int // calls at the same time
}

// SlackLimits bounds the calls to Slack.
type SlackLimits struct {
	Limit
	ChannelBurst int // messages one channel may get at once; then one a second
	PostsMinute  int // messages a minute over all channels
}

// JiraLimits bounds the calls to Jira.
type JiraLimits struct {
	Limit
	PerSecond int // calls a second
}

// limits has defaults that stay below what the vendors advise: Okta speaks of
// ten calls at once for bulk work, Slack of one message a second in a channel
// and several hundred a minute in a workspace; Jira allows bursts of 50 changes
// a second to all of a site's integrations together.
func limits(v value.Node) Limits {
	o := v.Object("slack", "jira", "idp")
	return Limits{
		Slack: slackLimits(o.Get("slack")),
		Jira:  jiraLimits(o.Get("jira")),
		IDP:   Limit{InFlight: inFlight(o.Get("idp").Object("in_flight").Get("in_flight"), 10)},
	}
}

func slackLimits(v value.Node) SlackLimits {
	o := v.Object("in_flight", "channel_burst", "posts_per_minute")
	return SlackLimits{
		Limit:        Limit{InFlight: inFlight(o.Get("in_flight"), 8)},
		ChannelBurst: o.Get("channel_burst").Number(1, 1, 10),
		PostsMinute:  o.Get("posts_per_minute").Number(240, 1, 1000),
	}
}

func jiraLimits(v value.Node) JiraLimits {
	o := v.Object("in_flight", "per_second")
	return JiraLimits{
		Limit:     Limit{InFlight: inFlight(o.Get("in_flight"), 5)},
		PerSecond: o.Get("per_second").Number(20, 1, 45),
	}
}

func inFlight(v value.Node, standard int) int { return v.Number(standard, 1, 100) }
