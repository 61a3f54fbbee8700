package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// reviewRead is what a child that read a company for a review says.
type reviewRead struct {
	rows                int
	seconds, cpu, fetch float64
	behind              float64 // seconds from the last page to the finished snapshot, where pages come as a vendor gives them
	anonymous, peak     float64 // memory at its peak, in megabytes; resident, with what the kernel keeps of the store's file
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
	anonymous := of(func(r reviewRead) float64 { return r.anonymous })
	r := row{name: "review/reading", workload: fmt.Sprintf("%d people, %d groups, %d memberships", people, groups, all[0].rows), kind: "W"}
	r.metric, r.measured, r.target, r.verdict = "processor time beside fetching (fetching "+fetch.text("%.2f", " s")+", by the clock "+took.text("%.2f", " s")+")", cpu.text("%.2f", " s"), "≤ 1 s", atMost(cpu.median(), 1)
	b.add(r)
	behind := of(func(r reviewRead) float64 { return r.behind })
	r.metric, r.measured, r.target, r.verdict = "from the last page to the finished snapshot, pages coming as Okta gives them, sixty times as fast (a thousand members each, 600 a second)", behind.text("%.2f", " s"), "≤ 1 s", atMost(behind.median(), 1)
	b.add(r)
	r.metric, r.measured, r.target, r.verdict = "anonymous memory of the process at its peak (resident, with what the kernel keeps of the store's file, "+peak.text("%.0f", " MB")+")", anonymous.text("%.0f", " MB"), "≤ 150 MB", atMost(anonymous.median(), 150)
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
	if _, err := fmt.Sscanf(said, "read %d %f %f %f %f %f %f kB", &one.rows, &one.seconds, &one.cpu, &one.fetch, &one.behind, &one.anonymous, &one.peak); err != nil {
		return one, fmt.Errorf("%q: %w", said, err)
	}
	one.anonymous, one.peak = one.anonymous/1024, one.peak/1024
	return one, nil
}

// endsSuite has grants end on time, while a review reads a large company in the same process and the same store, and while
// nothing else is done.
func endsSuite(ctx context.Context, b *bench) error {
	x, people, groups := expiry{grants: 10_000, due: 2_000, window: 20 * time.Second}, 100_000, 500
	if b.short {
		x.window, people, groups = 5*time.Second, 20_000, 100
	}
	b.note("review/ends: expiry/lateness while a review reads, one after the other, and while none does. Both are the same process and the same store, as in life, and the pages of the directory are made up by the same processors.")
	var alone, beside, most sample
	for range b.rounds().pairs {
		quiet, err := b.ends(ctx, x)
		if err != nil {
			return err
		}
		busy := x
		busy.people, busy.groups = people, groups
		late, err := b.ends(ctx, busy)
		if err != nil {
			return err
		}
		alone, beside, most = append(alone, quiet.p99), append(beside, late.p99), append(most, late.most)
	}
	r := row{name: "review/ends", workload: fmt.Sprintf("%d active, %d end over %v while %d people in %d groups are read", x.grants, x.due, x.window, people, groups), kind: "W"}
	r.metric, r.measured, r.target, r.verdict = "due → durable: p99 (the latest "+most.text("%.1f", " ms")+")", beside.text("%.1f", " ms"), "≤ 50 ms", atMost(beside.median(), 50)
	b.add(r)
	ratio := beside.over(alone)
	r.metric, r.peer, r.kind, r.measured, r.target, r.verdict = "ratio of p99", "no review is read: "+alone.text("%.1f", " ms"), "R", ratio.text("%.1f", "×"), "", "–"
	b.add(r)
	return nil
}
