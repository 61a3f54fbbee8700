package main

import "context"

// provisionSuite is held by tests beside the code it is about.
func provisionSuite(ctx context.Context, b *bench) error {
	for _, p := range []proof{
		{name: "provision/makespan", workload: "4,000 calls, 600 and 300 a minute, alone and shared, 10 and 64 in flight, virtual time", metric: "makespan to lower bound; refusals", target: "≤ 1.03×; 0", pkg: "./idp", test: "TestBurstTakesWhatTheLimitAllows"},
	} {
		if err := b.goTest(ctx, p); err != nil {
			return err
		}
	}
	return nil
}
