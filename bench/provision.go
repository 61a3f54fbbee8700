package main

import (
	"context"
	"fmt"
)

// provisionSuite is held by tests beside the code they are about.
func provisionSuite(ctx context.Context, b *bench) error {
	for _, p := range []proof{
		{name: "provision/makespan", workload: "4,000 calls at 600 and 300 a minute, alone and shared, 10 and 64 in flight, virtual time", metric: "makespan to lower bound; refusals", target: "≤ 1.03×; 0", pkg: "./limit", test: "TestBurstTakesWhatTheLimitAllows", sum: worstMakespan},
		{name: "provision/makespan", workload: "Slack's tiers and one message a second and channel, virtual time", metric: "refusals", target: "0", pkg: "./bot/webapi", test: "TestPaceStaysWithinTheLimits"},
		{name: "provision/makespan", workload: "Jira's bursts and writes to one issue, virtual time", metric: "refusals; use of what is allowed", target: "0", pkg: "./jira/rest", test: "TestPaceUsesWhatItMay"},
		{name: "provision/calls", workload: "one request with warm caches, asked for, approved, given and recorded, whole bot on the sandbox", metric: "calls to Slack, Jira, Okta, in virtual time", target: "≤ 16", pkg: "./e2e", test: "TestVendorCallsOfOneRequest", sum: callsInAll},
		{name: "provision/fairness", workload: "one request and one end of access behind a bulk of 4,000, virtual time", metric: "their waits; the bulk's makespan", target: "≤ 1 window + 1 s; ≤ 1.03×", pkg: "./workflow", test: "TestABulkStarvesNobody"},
	} {
		if err := b.goTest(ctx, p); err != nil {
			b.failed(p.name, err)
		}
	}
	return nil
}

// callsInAll adds up lines such as " 5 slack chat.update".
func callsInAll(logged []string) (string, bool) {
	all, by := 0, map[string]int{}
	for _, line := range logged {
		var n int
		var service string
		if _, err := fmt.Sscan(line, &n, &service); err == nil {
			all += n
			by[service] += n
		}
	}
	return fmt.Sprintf("%d: Slack %d, Jira %d, Okta %d", all, by["slack"], by["jira"], by["okta"]), all > 0 && all <= 16
}

// worstMakespan finds the worst of lines such as "348.4s, 1.0247 of the lower
// bound, 0 refusals, …"; the test itself refuses what is over the target.
func worstMakespan(logged []string) (string, bool) {
	worst, refused := 0.0, 0
	for _, line := range logged {
		var took, ratio float64
		var refusals int
		if _, err := fmt.Sscanf(line, "%fs, %f of the lower bound, %d refusals", &took, &ratio, &refusals); err == nil {
			worst, refused = max(worst, ratio), refused+refusals
		}
	}
	return fmt.Sprintf("worst %.3f×; %d", worst, refused), worst > 0 && worst <= 1.03 && refused == 0
}
