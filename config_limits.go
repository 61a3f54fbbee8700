package main

// LimitsConfig keeps Latchkey from using up what it shares with others.
type LimitsConfig struct {
	Slack Limit
	Jira  Limit
	IDP   Limit // each directory on its own
}

// Limit bounds the calls to one service. Answers that carry limits of their own
// are respected as well.
type Limit struct {
	InFlight  int // calls at the same time
	PerMinute int // calls in a minute
}

func (d *configDecoder) limits(v configValue) LimitsConfig {
	o := v.object("slack", "jira", "idp")
	return LimitsConfig{
		Slack: o.get("slack").limit(Limit{InFlight: 8, PerMinute: 240}),
		Jira:  o.get("jira").limit(Limit{InFlight: 5, PerMinute: 300}),
		IDP:   o.get("idp").limit(Limit{InFlight: 10, PerMinute: 300}),
	}
}

func (v configValue) limit(fallback Limit) Limit {
	o := v.object("in_flight", "per_minute")
	return Limit{
		InFlight:  o.get("in_flight").number(fallback.InFlight, 1, 100),
		PerMinute: o.get("per_minute").number(fallback.PerMinute, 1, 100_000),
	}
}
