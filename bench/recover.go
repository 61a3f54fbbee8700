package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/bolt"
)

// inFlight is how many tasks a process that is gone had claimed.
const inFlight = 10_000

// started is how a start went.
type started struct {
	armed, ack, anon float64 // ms from spawn; ms from spawn; MB
	resident         float64
}

// recoverSuite measures starting on a store with many grants and much work in flight.
func recoverSuite(ctx context.Context, b *bench) error {
	sizes := b.sizes()
	n := sizes[len(sizes)-1]
	dir, err := os.MkdirTemp(b.dir, "recover-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path, err := b.filled(ctx, n, dir)
	if err != nil {
		return err
	}
	if err := enqueueTasks(ctx, path, inFlight); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	what := fmt.Sprintf("%d grants armed (%d MB), %d tasks in flight", n, info.Size()>>20, inFlight)
	for _, c := range []struct {
		name               string
		cold, clean        bool
		armedLim, firstAck float64
	}{
		{"warm, stopped, or killed at rest", false, true, 1_000, 200}, {"cold, stopped, or killed at rest", true, true, 2_000, 0},
		{"warm, killed while writing", false, false, 1_000, 200}, {"cold, killed while writing", true, false, 2_000, 0},
	} {
		if err := b.restarts(path, what+", "+c.name, c.cold, c.clean, c.armedLim, c.firstAck); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) restarts(path, what string, cold, clean bool, armedLimit, ackLimit float64) error {
	var armed, ack, whole sample
	for range min(3, b.rounds().pairs) {
		if err := leave(path, clean); err != nil {
			return err
		}
		for i, kind := range []string{"bot", "map"} {
			if cold {
				if err := dropCache(path); err != nil {
					return err
				}
			}
			if i == 1 {
				took, err := b.readAll(path)
				if err != nil {
					return err
				}
				whole = append(whole, took)
				continue
			}
			s, err := b.startOn(kind, path)
			if err != nil {
				return err
			}
			armed, ack = append(armed, s.armed), append(ack, s.ack)
			if err := leave(path, clean); err != nil {
				return err
			}
		}
	}
	b.add(row{name: "recover", workload: what, metric: "start → timer armed", measured: armed.text("%.0f", " ms"), target: fmt.Sprintf("≤ %.0f ms", armedLimit), kind: "W", verdict: atMost(armed.median(), armedLimit)})
	r := row{name: "recover", workload: what, metric: "start → first durable ack", measured: ack.text("%.0f", " ms"), kind: "W", verdict: "–"}
	if ackLimit > 0 {
		r.target, r.verdict = fmt.Sprintf("≤ %.0f ms", ackLimit), atMost(ack.median(), ackLimit)
	}
	b.add(r)
	ratio := armed.over(whole)
	b.add(row{name: "recover", workload: what, metric: "ratio to reading every grant into a map", peer: "the same store, read whole " + whole.text("%.0f", " ms"), measured: ratio.text("%.2f", "×"), target: "≤ 0.5×", kind: "R", verdict: atMost(ratio.median(), 0.5)})
	return nil
}

// leave makes the file look as a process left it that had claimed tasks and then
// stopped, or was killed right after a commit.
func leave(path string, clean bool) error {
	s, err := openStore(path, bolt.Options{})
	if err != nil {
		return err
	}
	err = s.Update(context.Background(), func(tx store.Tx) error {
		later := time.Now().Add(24 * time.Hour)
		_, err := tx.Claim(store.Claim{Queue: "okta", Owner: "gone", At: later, Until: later.Add(time.Hour), Limit: inFlight})
		return err
	})
	if err := errors.Join(err, s.Close()); err != nil || clean {
		return err
	}
	return forgetFreePages(path)
}

// forgetFreePages leaves the file as it is right after a commit in the middle of
// work: without the list of its free pages.
func forgetFreePages(path string) error {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{NoFreelistSync: true})
	if err != nil {
		return err
	}
	return errors.Join(db.Update(func(*bbolt.Tx) error { return nil }), db.Close())
}

// startOn starts the house on a store and kills it after its first ack.
func (b *bench) startOn(kind, path string) (started, error) {
	var s started
	load, err := viewSubmission()
	if err != nil {
		return s, err
	}
	server, err := newSlackServer()
	if err != nil {
		return s, err
	}
	defer server.close()
	p, err := b.house(server.apiURL(), kind, "-store", path, "-meet", "0")
	if err != nil {
		return s, err
	}
	defer p.kill()
	armed := make(chan error, 1)
	go func() {
		_, err := p.expect("armed", time.Minute)
		s.armed = ms(time.Since(p.started))
		armed <- err
	}()
	if err := server.connected(1, p, time.Minute); err != nil {
		return s, err
	}
	d := newDriver(server, p, load)
	d.next.Store(time.Now().UnixNano() % envelopesAtMost) // another form than in the rounds before
	if _, err := d.burst(1); err != nil {
		return s, err
	}
	s.ack = ms(time.Since(p.started))
	if err := <-armed; err != nil {
		return s, err
	}
	time.Sleep(2 * time.Second) // let it settle before its memory is read
	s.anon, s.resident = p.anonymous(), p.resident()
	return s, nil
}

// readAll is how long a process takes that reads every grant into memory.
func (b *bench) readAll(path string) (float64, error) {
	p, err := b.house("", "map", "-store", path)
	if err != nil {
		return 0, err
	}
	defer p.kill()
	_, err = p.expect("armed", 2*time.Minute)
	return ms(time.Since(p.started)), err
}

// mapChild is the obvious way: read all grants, keep them.
func mapChild(o childOptions) error {
	s, err := openStore(o.store, bolt.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	all := map[string]access.Grant{}
	err = s.View(context.Background(), func(tx store.Tx) error {
		for after := ""; ; {
			page, err := store.GrantsIn(tx, access.GrantActive, after, 10_000)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, g := range page {
				all[g.ID] = g
				after = g.ID
			}
		}
	})
	if err != nil {
		return err
	}
	fmt.Println("armed", len(all))
	time.Sleep(100 * time.Millisecond)
	return nil
}

// enqueueTasks makes tasks that come due in an hour.
func enqueueTasks(ctx context.Context, path string, count int) error {
	s, err := openStore(path, bolt.Options{NoSync: true})
	if err != nil {
		return err
	}
	now := time.Now().UTC()
	err = batches(ctx, s, count, func(tx store.Tx, n int) error {
		_, err := tx.Enqueue(store.Task{
			ID: fmt.Sprintf("bench/%d", n), Queue: "okta", Kind: "bench", Subject: access.RequestSubject(requestID(n)), Priority: store.Additions,
			Lock: fmt.Sprintf("lock-%d", n), NotBefore: now.Add(time.Hour), Created: now,
		})
		return err
	})
	return errors.Join(err, s.Close())
}

// dropCache makes the system forget the file, so that the next reader goes to the disk.
func dropCache(path string) error {
	return quietly(filepath.Dir(path), nil, "dd", "of="+path, "oflag=nocache", "conv=notrunc,fdatasync", "count=0", "status=none")
}

// footprintSuite reads the memory of the house at rest.
func footprintSuite(ctx context.Context, b *bench) error {
	limits := map[int]float64{0: 20, 100_000: 40, 1_000_000: 64}
	sizes := append([]int{0}, b.sizes()[1:]...)
	var idle []started
	for _, n := range sizes {
		var anon, resident sample
		for range min(3, b.rounds().pairs) {
			s, err := b.footprint(ctx, n)
			if err != nil {
				return err
			}
			anon, resident = append(anon, s.anon), append(resident, s.resident)
			if n == 0 {
				idle = append(idle, s)
			}
		}
		r := row{name: "footprint", workload: fmt.Sprintf("%d grants", n), metric: "anonymous memory (resident " + resident.text("%.0f", " MB") + ")", measured: anon.text("%.1f", " MB"), kind: "W", verdict: "–"}
		if limit, ok := limits[n]; ok {
			r.target, r.verdict = fmt.Sprintf("≤ %.0f MB", limit), atMost(anon.median(), limit)
		}
		b.add(r)
	}
	return b.footprintStart(idle)
}

func (b *bench) footprint(ctx context.Context, grants int) (started, error) {
	dir, err := os.MkdirTemp(b.dir, "footprint-")
	if err != nil {
		return started{}, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "latchkey.db")
	if grants > 0 {
		if path, err = b.filled(ctx, grants, dir); err != nil {
			return started{}, err
		}
	}
	return b.startOn("bot", path)
}

// footprintStart compares starting with Bolt JS and weighs the binary.
func (b *bench) footprintStart(idle []started) error {
	var ours, theirs, memory sample
	for _, s := range idle {
		ours = append(ours, s.ack)
		if b.alone {
			continue
		}
		ack, resident, err := b.boltStart()
		if err != nil {
			b.skip("footprint", boltJS().name, err)
			break
		}
		theirs, memory = append(theirs, ack), append(memory, resident)
	}
	b.add(row{name: "footprint", workload: "empty store", metric: "start → first ack", measured: ours.text("%.0f", " ms"), target: "≤ 150 ms", kind: "W", verdict: atMost(ours.median(), 150)})
	if r := ours.over(theirs); len(r) > 0 {
		b.add(row{name: "footprint", workload: "empty store", metric: "ratio of start → first ack", peer: boltJS().name + " " + theirs.text("%.0f", " ms") + ", resident " + memory.text("%.0f", " MB"), measured: r.text("%.2f", "×"), target: "≤ 0.4×", kind: "R", verdict: atMost(r.median(), 0.4)})
	}
	binary := filepath.Join(b.dir, "latchkey")
	if err := quietly(b.repo, []string{"CGO_ENABLED=0"}, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, "."); err != nil {
		return err
	}
	info, err := os.Stat(binary)
	if err != nil {
		return err
	}
	b.add(row{name: "footprint", workload: "binary", metric: "size, stripped, static", measured: fmt.Sprintf("%.1f MB", float64(info.Size())/1e6), kind: "W", verdict: "–"})
	return nil
}

func (b *bench) boltStart() (ack, resident float64, err error) {
	server, err := newSlackServer()
	if err != nil {
		return 0, 0, err
	}
	defer server.close()
	p, err := boltJS().spawn(b, server.apiURL(), b.dir)
	if err != nil {
		return 0, 0, err
	}
	defer p.kill()
	if err := server.connected(1, p, 30*time.Second); err != nil {
		return 0, 0, err
	}
	load, err := slash()
	if err != nil {
		return 0, 0, err
	}
	if _, err := newDriver(server, p, load).burst(1); err != nil {
		return 0, 0, err
	}
	ack = ms(time.Since(p.started))
	time.Sleep(time.Second)
	return ack, p.resident(), nil
}
