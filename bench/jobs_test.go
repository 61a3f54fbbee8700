package main

import (
	"context"
	"path/filepath"
	"testing"

	"latchkey/store/bolt"
)

// TestJobsRunOnce holds what jobs/throughput relies on: every job once, none left.
func TestJobsRunOnce(t *testing.T) {
	for name, work := range map[string]jobRun{"store": storeJobs, "workflow": workflowJobs} {
		t.Run(name, func(t *testing.T) {
			s, err := openStore(filepath.Join(t.TempDir(), "latchkey.db"), bolt.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if _, err := work(context.Background(), s, 500); err != nil {
				t.Fatal(err)
			}
			if err := noneLeft(context.Background(), s); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func BenchmarkStoreJobs(b *testing.B)    { benchmarkJobs(b, storeJobs) }
func BenchmarkWorkflowJobs(b *testing.B) { benchmarkJobs(b, workflowJobs) }

func benchmarkJobs(b *testing.B, work jobRun) {
	s, err := openStore(filepath.Join(b.TempDir(), "latchkey.db"), bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	measure(b, func() {
		took, err := work(context.Background(), s, b.N)
		if err != nil {
			b.Error(err)
		}
		b.ReportMetric(float64(b.N)/took.Seconds(), "jobs/s")
	})
}
