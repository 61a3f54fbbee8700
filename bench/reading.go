package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// reviewRead is what a child that read a company for a review says.
type reviewRead struct {
	rows                int
	seconds, cpu, fetch float64
	peak                float64 // resident, in megabytes
}

// readingSuite has a review read a large company, from the directory's pages to the finished snapshot.
func readingSuite(ctx context.Context, b *bench) error {
	people, groups := 100_000, 500
	if b.short {
		people, groups = 20_000, 100
	}
	b.note("review/reading: everybody is listed once and each group read to its end with what proves that nobody is missing; each row with who explains it, peers, recommendation and their manager, who is asked; the snapshot is durable and was read back. The directory is in memory and makes its pages up. Everybody is known to Latchkey before. What making the pages up and hashing them takes, without a review, is subtracted (fetching).")
	var all []reviewRead
	for range b.rounds().pairs {
		one, err := b.readOnce(ctx, people, groups)
		if err != nil {
			return err
		}
		all = append(all, one)
	}
	of := func(get func(reviewRead) float64) (s sample) {
		for _, one := range all {
			s = append(s, get(one))
		}
		return s
	}
	cpu, fetch := of(func(r reviewRead) float64 { return r.cpu - r.fetch }), of(func(r reviewRead) float64 { return r.fetch })
	took, peak := of(func(r reviewRead) float64 { return r.seconds }), of(func(r reviewRead) float64 { return r.peak })
	r := row{name: "review/reading", workload: fmt.Sprintf("%d people, %d groups, %d memberships", people, groups, all[0].rows), kind: "W"}
	r.metric, r.measured, r.target, r.verdict = "processor time beside fetching (fetching "+fetch.text("%.2f", " s")+", by the clock "+took.text("%.2f", " s")+")", cpu.text("%.2f", " s"), "≤ 1 s", atMost(cpu.median(), 1)
	b.add(r)
	r.metric, r.measured, r.target, r.verdict = "memory of the process, resident, at its peak", peak.text("%.0f", " MB"), "≤ 150 MB", atMost(peak.median(), 150)
	b.add(r)
	return nil
}

// readOnce has one child know everybody, and another one read them.
func (b *bench) readOnce(ctx context.Context, people, groups int) (one reviewRead, err error) {
	dir, err := os.MkdirTemp(b.dir, "reading-")
	if err != nil {
		return one, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "latchkey.db")
	if _, err := b.said(ctx, "meeting", people, groups, path); err != nil {
		return one, err
	}
	said, err := b.said(ctx, "reading", people, groups, path)
	if err != nil {
		return one, err
	}
	var kilobytes float64
	if _, err := fmt.Sscanf(said, "read %d %f %f %f %f kB", &one.rows, &one.seconds, &one.cpu, &one.fetch, &kilobytes); err != nil {
		return one, fmt.Errorf("%q: %w", said, err)
	}
	one.peak = kilobytes / 1024
	return one, nil
}
