package main

// LimitsConfig keeps Latchkey from using up what it shares with others. How many
// calls a minute it may make it learns from the services' answers.
type LimitsConfig struct {
	Slack Limit
	Jira  Limit
	IDP   Limit // each directory on its own
}

// Limit bounds the calls to one service.
type Limit struct {
	InFlight int // calls at the same time
}

// limits has defaults that stay below what the vendors advise: Okta speaks of
// ten calls at once for bulk work, Jira of a few writes a second.
func (d *configDecoder) limits(v configValue) LimitsConfig {
	o := v.object("slack", "jira", "idp")
	return LimitsConfig{
		Slack: o.get("slack").limit(8),
		Jira:  o.get("jira").limit(5),
		IDP:   o.get("idp").limit(10),
	}
}

func (v configValue) limit(inFlight int) Limit {
	return Limit{InFlight: v.object("in_flight").get("in_flight").number(inFlight, 1, 100)}
}
