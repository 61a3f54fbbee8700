package config

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
func (d *configDecoder) limits(v configValue) Limits {
	o := v.object("slack", "jira", "idp")
	return Limits{
		Slack: o.get("slack").slackLimits(),
		Jira:  o.get("jira").jiraLimits(),
		IDP:   Limit{InFlight: o.get("idp").object("in_flight").get("in_flight").inFlight(10)},
	}
}

func (v configValue) slackLimits() SlackLimits {
	o := v.object("in_flight", "channel_burst", "posts_per_minute")
	return SlackLimits{
		Limit:        Limit{InFlight: o.get("in_flight").inFlight(8)},
		ChannelBurst: o.get("channel_burst").number(1, 1, 10),
		PostsMinute:  o.get("posts_per_minute").number(240, 1, 1000),
	}
}

func (v configValue) jiraLimits() JiraLimits {
	o := v.object("in_flight", "per_second")
	return JiraLimits{
		Limit:     Limit{InFlight: o.get("in_flight").inFlight(5)},
		PerSecond: o.get("per_second").number(20, 1, 45),
	}
}

func (v configValue) inFlight(standard int) int { return v.number(standard, 1, 100) }
