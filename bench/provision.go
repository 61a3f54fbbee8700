package main

import "context"

// provisionSuite is held by tests beside the code they are about.
func provisionSuite(ctx context.Context, b *bench) error {
	for _, p := range []proof{
		{name: "provision/makespan", workload: "4,000 calls at 600 and 300 a minute, alone and shared, 10 and 64 in flight, virtual time", metric: "makespan to lower bound; refusals", target: "≤ 1.03×; 0", pkg: "./idp", test: "TestBurstTakesWhatTheLimitAllows"},
		{name: "provision/makespan", workload: "Slack's tiers and one message a second and channel, virtual time", metric: "refusals", target: "0", pkg: "./bot", test: "TestPaceStaysWithinTheLimits"},
		{name: "provision/makespan", workload: "Jira's bursts and writes to one issue, virtual time", metric: "refusals; use of what is allowed", target: "0", pkg: "./jira", test: "TestPaceUsesWhatItMay"},
		{name: "provision/calls", workload: "one request with warm caches, asked for, approved, given and recorded, whole bot on the sandbox", metric: "calls to Slack, Jira, Okta", target: "≤ 6", pkg: ".", test: "TestCallsOfOneRequest"},
		{name: "provision/fairness", workload: "one request and one end of access behind a bulk of 4,000, virtual time", metric: "their waits; the bulk's makespan", target: "≤ 1 window + 1 s; ≤ 1.03×", pkg: "./workflow", test: "TestABulkStarvesNobody"},
	} {
		if err := b.goTest(ctx, p); err != nil {
			b.failed(p.name, err)
		}
	}
	return nil
}
