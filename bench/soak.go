package main

import "context"

// soakSuite lives through a day in virtual time.
func soakSuite(ctx context.Context, b *bench) error {
	requests := "15000"
	if b.short {
		requests = "1000"
	}
	return b.goTest(ctx, proof{
		name: "soak/day", workload: requests + " requests of 50,000 people in 24 virtual hours", metric: "grants ended late, goroutines and tasks left, file", target: "0 later than 1 s, nothing left",
		pkg: "./bench", test: "TestSoakDay", env: []string{"LATCHKEY_SOAK_REQUESTS=" + requests},
	})
}
