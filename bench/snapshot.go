package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// packing is what a child that kept a company's memberships says.
type packing struct {
	rows, bytes, records int
	seconds, cpu         float64
	peak                 float64 // resident, in megabytes
}

// snapshotSuite keeps what an access review of a large company sees, once packed and once
// with a record for each membership, in turn.
func snapshotSuite(ctx context.Context, b *bench) error {
	people, groups := 100_000, 500
	if b.short {
		people, groups = 20_000, 100
	}
	b.note("review/snapshot: every membership with all that a reviewer is shown of it (who explains it, since when, its last use, peers, earlier decision, recommendation, reviewers), as 1,000 come on a page of the directory, made durable as they come. The time is how much longer it takes than making the company up. Beside it, every membership in a record of its own, in JSON as Latchkey keeps its nouns, 1,000 to a commit. Reading is what 200 reviewers, who have ten people each, are to decide on, all of it, with who those people are; the longest is somebody who decides on whole groups.")
	var packed, plain []packing
	var read sample
	for range b.rounds().pairs {
		ours, times, err := b.packAndRead(ctx, people, groups)
		if err != nil {
			return err
		}
		packed, read = append(packed, ours), append(read, times)
		if b.alone {
			continue
		}
		theirs, err := b.packing(ctx, "row-records", people, groups, "")
		if err != nil {
			return err
		}
		if theirs.rows != ours.rows {
			return fmt.Errorf("%d memberships were packed and %d kept one by one", ours.rows, theirs.rows)
		}
		plain = append(plain, theirs)
	}
	b.addSnapshot(fmt.Sprintf("%d people, %d groups, %d memberships", people, groups, packed[0].rows), packed, plain, read)
	return nil
}

func (b *bench) addSnapshot(workload string, packed, plain []packing, read sample) {
	of := func(all []packing, get func(packing) float64) (s sample) {
		for _, one := range all {
			s = append(s, get(one))
		}
		return s
	}
	seconds := func(p packing) float64 { return p.seconds }
	megabytes := func(p packing) float64 { return float64(p.bytes) / 1e6 }
	took, peak, size := of(packed, seconds), of(packed, func(p packing) float64 { return p.peak }), of(packed, megabytes)
	cpu := of(packed, func(p packing) float64 { return p.cpu })
	r := row{name: "review/snapshot", workload: workload, kind: "W"}
	r.metric, r.measured, r.target, r.verdict = "building it, beside fetching (processor "+cpu.text("%.2f", " s")+")", took.text("%.2f", " s"), "≤ 1 s", atMost(took.median(), 1)
	b.add(r)
	r.metric, r.measured, r.target, r.verdict = "memory of the process, resident, at its peak", peak.text("%.0f", " MB"), "≤ 150 MB", atMost(peak.median(), 150)
	b.add(r)
	r.metric, r.measured, r.target, r.verdict = "size", size.text("%.1f", " MB"), "≤ 100 MB", atMost(size.median(), 100)
	b.add(r)
	r.metric, r.measured, r.target, r.verdict = "a reviewer's rows: median of 200", read.text("%.1f", " ms"), "≤ 50 ms", atMost(read.median(), 50)
	b.add(r)
	if ratio := took.over(of(plain, seconds)); len(ratio) > 0 {
		r.metric, r.peer, r.kind = "ratio of time", "a record a membership "+of(plain, seconds).text("%.1f", " s")+", "+of(plain, megabytes).text("%.0f", " MB"), "R"
		r.measured, r.target, r.verdict = ratio.text("%.3f", "×"), "≤ 0.1×", atMost(ratio.median(), 0.1)
		b.add(r)
	}
}

// packAndRead packs a company, and has reviewers read.
func (b *bench) packAndRead(ctx context.Context, people, groups int) (packing, float64, error) {
	dir, err := os.MkdirTemp(b.dir, "snapshot-")
	if err != nil {
		return packing{}, 0, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "latchkey.db")
	p, err := b.packing(ctx, "snapshot", people, groups, path)
	if err != nil {
		return packing{}, 0, err
	}
	said, err := b.said(ctx, "reviewer", people, groups, path)
	if err != nil {
		return packing{}, 0, err
	}
	var rows int
	var half float64
	_, err = fmt.Sscanf(said, "read %d %f", &rows, &half)
	return p, half, err
}

// packing runs a child that keeps a company's memberships in a store at path; without
// one, in one that is thrown away.
func (b *bench) packing(ctx context.Context, kind string, people, groups int, path string) (p packing, err error) {
	if path == "" {
		dir, err := os.MkdirTemp(b.dir, kind+"-")
		if err != nil {
			return p, err
		}
		defer os.RemoveAll(dir)
		path = filepath.Join(dir, "latchkey.db")
	}
	said, err := b.said(ctx, kind, people, groups, path)
	if err != nil {
		return p, err
	}
	var kilobytes float64
	_, err = fmt.Sscanf(said, "packed %d %d %d %f %f %f kB", &p.rows, &p.bytes, &p.records, &p.seconds, &p.cpu, &kilobytes)
	p.peak = kilobytes / 1024
	return p, err
}

// said is what a child says before it ends.
func (b *bench) said(ctx context.Context, kind string, people, groups int, path string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	args := []string{"child:" + kind, "-store", path, "-people", fmt.Sprint(people), "-groups", fmt.Sprint(groups)}
	if b.profile != "" {
		args = append(args, "-profile", filepath.Join(b.profile, kind+".pprof"))
	}
	out, err := exec.CommandContext(ctx, self, args...).Output()
	if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
		return "", fmt.Errorf("%s: %w: %s", kind, err, failed.Stderr)
	}
	return strings.TrimSpace(string(out)), err
}
