package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// contender is a client that is to acknowledge envelopes.
type contender struct {
	name    string
	durable bool
	spawn   func(b *bench, api, dir string) (*process, error)
	check   func(dir string, acked []int) error // after kill -9; nil for those that keep nothing
}

// figures are what one client reached in one round.
type figures struct {
	start         time.Duration // from spawn to the first ack
	window        windowed
	burst400      time.Duration
	cpu400        time.Duration // of a burst of 400, an envelope
	flushes400    float64
	burst5k       time.Duration
	burst20k      time.Duration
	paced, paced9 time.Duration // p50 and p99 at 200 a second
}

// rounds are how often and how long to measure.
type rounds struct {
	pairs         int
	warm, measure time.Duration
	paced         time.Duration
	large         bool // bursts of 5,000 and 20,000
}

func (b *bench) rounds() rounds {
	if b.short {
		return rounds{pairs: 2, warm: 500 * time.Millisecond, measure: time.Second, paced: time.Second, large: true}
	}
	return rounds{pairs: 5, warm: 1500 * time.Millisecond, measure: 3 * time.Second, paced: 3 * time.Second, large: true}
}

// houseReader is the reader and the store alone, houseBot the whole house.
func houseReader(flush time.Duration) contender {
	return contender{name: "reader + store", durable: true, check: envelopesKept, spawn: func(b *bench, api, dir string) (*process, error) {
		return b.house(api, "reader", "-store", filepath.Join(dir, "latchkey.db"), "-flush", flush.String())
	}}
}

func houseBot(requests int, check func(string, []int) error) contender {
	return contender{name: "whole bot", durable: true, check: check, spawn: func(b *bench, api, dir string) (*process, error) {
		p, err := b.house(api, "bot", "-store", filepath.Join(dir, "latchkey.db"), "-requests", fmt.Sprint(requests))
		if err != nil {
			return nil, err
		}
		if _, err := p.expect("ready", 5*time.Minute); err != nil {
			p.kill()
			return nil, err
		}
		return p, nil
	}}
}

// house starts a child of this very program.
func (b *bench) house(api, kind string, args ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if b.profile != "" {
		args = append(args, "-profile", filepath.Join(b.profile, fmt.Sprintf("%s-%d.pprof", kind, time.Now().UnixNano())))
	}
	return spawn([]string{"SLACK_API_URL=" + api}, self, append([]string{"child:" + kind}, args...)...)
}

func slackGo() contender {
	return contender{name: "slack-go 0.35.0, ack only", spawn: func(b *bench, api, _ string) (*process, error) {
		path, err := b.peers.program("slackgo")
		if err != nil {
			return nil, err
		}
		return spawn([]string{"SLACK_API_URL=" + api}, path)
	}}
}

func boltJS() contender {
	return contender{name: "Bolt JS 5.1.0, ack only", spawn: func(b *bench, api, _ string) (*process, error) {
		script, err := b.peers.boltjs()
		if err != nil {
			return nil, err
		}
		return spawn([]string{"SLACK_API_URL=" + api, "NODE_ENV=production"}, "node", script)
	}}
}

func boltJSPostgres() contender {
	return contender{name: "Bolt JS + PostgreSQL", durable: true, spawn: func(b *bench, api, _ string) (*process, error) {
		script, err := b.peers.boltjs()
		if err != nil {
			return nil, err
		}
		pg, err := b.peers.postgres()
		if err != nil {
			return nil, err
		}
		return spawn([]string{"SLACK_API_URL=" + api, "NODE_ENV=production", "DATABASE_URL=" + pg.url()}, "node", script)
	}}
}

// duel is one workload and those who take it.
type duel struct {
	load  *template
	house []contender
}

// ackSlash measures acknowledging where the envelope itself is what is kept.
func ackSlash(ctx context.Context, b *bench) error {
	load, err := slash()
	if err != nil {
		return err
	}
	return b.duel(ctx, duel{load, []contender{houseReader(0)}})
}

// ackView measures acknowledging submitted forms.
func ackView(ctx context.Context, b *bench) error {
	load, err := viewSubmission()
	if err != nil {
		return err
	}
	return b.duel(ctx, duel{load, []contender{houseReader(0), houseBot(0, submissionsKept)}})
}

// ackClick measures acknowledging approvals of requests made before.
func ackClick(ctx context.Context, b *bench) error {
	load, err := approval()
	if err != nil {
		return err
	}
	requests := 150_000
	if b.short {
		requests = 60_000
	}
	return b.duel(ctx, duel{load, []contender{houseBot(requests, approvalsKept)}})
}

// explain says what the two ways of being the house are.
func (b *bench) explain() {
	b.note("ack: every envelope of Latchkey's is committed and flushed before its ack; the peers marked ack only keep nothing. \"reader + store\" is bot/socket in front of store/bolt, committing the envelope as it came. \"whole bot\" is what the product does: bot/socket, bot, workflow.Submit or workflow.Decide (with authorisation, the hash-chained log and the tasks), store/bolt, and the workers running behind it; only the vendors are stood in for (who people are: at once; work: %v a call).", vendorLatency)
}

// duel lets everybody take the workload in turn, round after round.
func (b *bench) duel(ctx context.Context, d duel) error {
	b.explain()
	peers := []contender{boltJS(), slackGo(), boltJSPostgres()}
	if b.alone {
		peers = nil
	}
	got := map[string][]figures{}
	var rates sample
	skipped := map[string]bool{}
	for round := range b.rounds().pairs {
		rate, err := flushRate(b.dir)
		if err != nil {
			return err
		}
		rates = append(rates, rate)
		for _, c := range append(append([]contender{}, d.house...), peers...) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if skipped[c.name] {
				continue
			}
			b.say("  round %d, %s, %s", round+1, d.load.name, c.name)
			f, err := b.take(c, d.load)
			if err != nil && c.check == nil && round == 0 {
				skipped[c.name] = true
				b.skip("ack", c.name, err)
				continue
			}
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			got[c.name] = append(got[c.name], f)
		}
	}
	b.note("raw append + fdatasync of 1 KB beside %s: %s", d.load.name, rates.text("%.0f", "/s"))
	for _, h := range d.house {
		b.report(d.load, h.name, got)
	}
	return nil
}

// start starts one client against a Slack of its own, in a folder of its own. clean
// ends both and removes the folder.
func (b *bench) start(c contender, name string) (dir string, server *slackServer, p *process, clean func(), err error) {
	if dir, err = os.MkdirTemp(b.dir, name); err != nil {
		return "", nil, nil, nil, err
	}
	remove := func() { _ = os.RemoveAll(dir) }
	if server, err = newSlackServer(); err != nil {
		remove()
		return "", nil, nil, nil, err
	}
	if p, err = c.spawn(b, server.apiURL(), dir); err != nil {
		server.close()
		remove()
		return "", nil, nil, nil, err
	}
	return dir, server, p, func() { p.kill(); server.close(); remove() }, nil
}

// take has one client take one workload, from its start to its violent end.
func (b *bench) take(c contender, load *template) (f figures, err error) {
	dir, server, p, clean, err := b.start(c, "ack-")
	if err != nil {
		return f, err
	}
	defer clean()
	if err := server.connected(1, p, 30*time.Second); err != nil {
		return f, err
	}
	d := newDriver(server, p, load)
	if _, err := d.burst(1); err != nil {
		return f, err
	}
	f.start = time.Since(p.started)
	if err := d.measure(b.rounds(), filepath.Join(dir, "latchkey.db"), &f); err != nil {
		return f, err
	}
	if b.profile != "" {
		_ = p.terminate(10 * time.Second) // a profile is written at an orderly end
	}
	p.kill()
	if c.check == nil {
		return f, nil
	}
	return f, c.check(dir, d.ackedNumbers())
}

func (d *driver) measure(r rounds, store string, f *figures) (err error) {
	if f.window, err = d.window(64, r.warm, r.measure); err != nil {
		return err
	}
	const again = 5
	var bursts sample
	cpu, commits := d.client.cpu(), committed(store)
	for range again {
		took, err := d.burst(400)
		if err != nil {
			return err
		}
		bursts = append(bursts, float64(took))
	}
	f.burst400 = time.Duration(bursts.median())
	f.cpu400 = (d.client.cpu() - cpu) / (again * 400)
	f.flushes400 = 2 * float64(committed(store)-commits) / again
	if r.large {
		if f.burst5k, err = d.burst(5_000); err != nil {
			return err
		}
		if f.burst20k, err = d.burst(20_000); err != nil {
			return err
		}
	}
	f.paced, f.paced9, err = d.paced(200, r.paced)
	return err
}

// committed is the number of the last transaction in a bbolt file, read from its
// two meta pages from outside; 0 if there is no file. Every transaction is
// flushed twice.
func committed(path string) uint64 {
	raw := make([]byte, 2*4096)
	f, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer f.Close()
	if _, err := f.ReadAt(raw, 0); err != nil {
		return 0
	}
	const txid = 16 + 48 // page header, then the fields of the meta page before txid
	return max(binary.LittleEndian.Uint64(raw[txid:]), binary.LittleEndian.Uint64(raw[4096+txid:]))
}

// report adds the rows of one workload for one way of being the house.
func (b *bench) report(load *template, house string, all map[string][]figures) {
	ours := all[house]
	pick := func(name string, get func(figures) float64) (s sample) {
		for _, f := range all[name] {
			s = append(s, get(f))
		}
		return s
	}
	rate := func(f figures) float64 { return f.window.rate }
	p99 := func(f figures) float64 { return ms(f.window.p99) }
	what := load.name + ", " + house
	js, goes, pg := boltJS().name, slackGo().name, boltJSPostgres().name
	b.add(row{name: "ack/throughput", workload: what, metric: "durable acks/s, window 64", measured: pick(house, rate).text("%.0f", "/s"), kind: "W", verdict: "–"})
	for _, against := range []struct {
		peer   string
		target float64
	}{{js, 1.5}, {goes, 2}, {pg, 5}} {
		if len(all[against.peer]) == 0 {
			continue
		}
		r := pick(house, rate).over(pick(against.peer, rate))
		b.add(row{name: "ack/throughput", workload: what, metric: "ratio of acks/s", peer: against.peer + " " + pick(against.peer, rate).text("%.0f", "/s"),
			measured: r.text("%.2f", "×"), target: fmt.Sprintf("≥ %g×", against.target), kind: "R", verdict: atLeast(r.median(), against.target)})
	}
	if len(all[js]) > 0 {
		r := pick(house, p99).over(pick(js, p99))
		b.add(row{name: "ack/p99", workload: what, metric: "ratio of p99, window 64", peer: js + " " + pick(js, p99).text("%.1f", " ms"), measured: r.text("%.2f", "×"), target: "≤ 0.7×", kind: "R", verdict: atMost(r.median(), 0.7)})
	}
	paced := pick(house, func(f figures) float64 { return ms(f.paced9) })
	b.add(row{name: "ack/p99", workload: what, metric: "p99 at 200/s (p50 " + pick(house, func(f figures) float64 { return ms(f.paced) }).text("%.2f", " ms") + ")", measured: paced.text("%.2f", " ms"), target: "≤ 10 ms", kind: "W", verdict: atMost(paced.median(), 10)})
	b.reportCost(what, load, pick(house, func(f figures) float64 { return float64(f.window.cpu) / 1e3 }), pick(goes, func(f figures) float64 { return float64(f.window.cpu) / 1e3 }), ours)
	b.reportBursts(what, house, pick, js)
}

func (b *bench) reportCost(what string, load *template, ours, theirs sample, all []figures) {
	target := 0.5
	if load.name == "8.3 KB view submission" {
		target = 0.15
	}
	r := ours.over(theirs)
	if len(r) > 0 {
		b.add(row{name: "ack/cost", workload: what, metric: "ratio of CPU an envelope (" + ours.text("%.0f", " µs") + ")", peer: slackGo().name + " " + theirs.text("%.0f", " µs"), measured: r.text("%.2f", "×"), target: fmt.Sprintf("≤ %g×", target), kind: "R", verdict: atMost(r.median(), target)})
	}
	var flushes sample
	for _, f := range all {
		flushes = append(flushes, f.flushes400)
	}
	b.add(row{name: "ack/cost", workload: what, metric: "flushes for a burst of 400", measured: flushes.text("%.0f", ""), target: "≤ 40", kind: "W", verdict: atMost(flushes.median(), 40)})
}

func (b *bench) reportBursts(what, house string, pick func(string, func(figures) float64) sample, js string) {
	for _, n := range []struct {
		count int
		get   func(figures) float64
		limit float64 // ms; 0 for half of Bolt JS
	}{
		{400, func(f figures) float64 { return ms(f.burst400) }, 100},
		{5_000, func(f figures) float64 { return ms(f.burst5k) }, 0},
		{20_000, func(f figures) float64 { return ms(f.burst20k) }, 3_000},
	} {
		ours, theirs := pick(house, n.get), pick(js, n.get)
		r := row{name: "ack/burst", workload: what, metric: fmt.Sprintf("last ack of %d at once", n.count), measured: ours.text("%.0f", " ms"), kind: "W"}
		if len(theirs) > 0 {
			r.peer = js + " " + theirs.text("%.0f", " ms")
		}
		if n.limit > 0 {
			r.target, r.verdict = fmt.Sprintf("≤ %.0f ms", n.limit), atMost(ours.median(), n.limit)
		} else {
			ratio := ours.over(theirs)
			r.kind, r.target, r.verdict = "R", "≤ 0.5×", atMost(ratio.median(), 0.5)
			r.measured += " = " + ratio.text("%.2f", "×")
		}
		b.add(r)
	}
}

// ackSlowDisk repeats the reader's throughput with flushes that take longer.
func ackSlowDisk(_ context.Context, b *bench) error {
	load, err := slash()
	if err != nil {
		return err
	}
	for _, extra := range []time.Duration{time.Millisecond, 3 * time.Millisecond} {
		f, err := b.take(houseReader(extra), load)
		if err != nil {
			return err
		}
		b.add(row{name: "ack/throughput", workload: load.name + ", reader + store", metric: fmt.Sprintf("durable acks/s with +%v a flush, window 64", extra), measured: fmt.Sprintf("%.0f/s, p99 %.1f ms, 5,000 at once %.0f ms", f.window.rate, ms(f.window.p99), ms(f.burst5k)), kind: "W", verdict: "–"})
	}
	return nil
}
