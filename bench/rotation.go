package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"
)

// rotated is what one rotation did to one client.
type rotated struct {
	deaf  time.Duration // from the disconnect frame until some socket takes envelopes
	lost  int           // of 50 envelopes sent around the frame, never acknowledged
	wrong int           // acknowledged on another socket than they came on
}

// rotationSuite has Slack ask for a new connection in the middle of 50 envelopes.
func rotationSuite(ctx context.Context, b *bench) error {
	if err := b.goTest(ctx, proof{name: "ack/rotation", workload: "100 rotations in virtual time, two sockets", metric: "acks lost, on a wrong socket, sockets below two", target: "0, 0, 0", pkg: "./bot/socket", test: "TestRotation"}); err != nil {
		return err
	}
	if err := b.goTest(ctx, proof{name: "ack/rotation", workload: "kill -9 of a writing process", metric: "acknowledged and gone", target: "0", pkg: "./store/bolt", test: "TestKill"}); err != nil {
		return err
	}
	times := 5
	if b.short {
		times = 2
	}
	for _, c := range []contender{houseReader(0), slackGo(), boltJS()} {
		if b.alone && !c.durable {
			continue
		}
		if err := b.rotation(c, times); err != nil {
			if c.durable {
				return err
			}
			b.skip("ack/rotation", c.name, err)
		}
	}
	return nil
}

func (b *bench) rotation(c contender, times int) error {
	var deaf sample
	lost, wrong := 0, 0
	for range times {
		r, err := b.rotateOnce(c)
		if err != nil {
			return err
		}
		deaf = append(deaf, ms(r.deaf))
		lost, wrong = lost+r.lost, wrong+r.wrong
	}
	r := row{name: "ack/rotation", workload: fmt.Sprintf("disconnect in the middle of 50 envelopes, %d times", times), metric: "deaf; acks lost; on a wrong socket", kind: "W", verdict: "–",
		measured: fmt.Sprintf("%s; %d; %d", deaf.text("%.1f", " ms"), lost, wrong)}
	if c.durable {
		r.target, r.verdict = "0; 0; 0", word(deaf.median() == 0 && lost == 0 && wrong == 0)
	} else {
		r.peer = c.name
	}
	b.add(r)
	return nil
}

func (b *bench) rotateOnce(c contender) (r rotated, err error) {
	dir, err := os.MkdirTemp(b.dir, "rotation-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)
	server, err := newSlackServer()
	if err != nil {
		return r, err
	}
	defer server.close()
	p, err := c.spawn(b, server.apiURL(), dir)
	if err != nil {
		return r, err
	}
	defer p.kill()
	sockets := 1
	if c.durable {
		sockets = 2
	}
	if err := server.connected(sockets, p, 30*time.Second); err != nil {
		return r, err
	}
	load, err := slash()
	if err != nil {
		return r, err
	}
	return newDriver(server, p, load).rotate()
}

// rotate sends 25 envelopes, the disconnect frame, and 25 more on whatever takes
// them, and waits for what was sent to be acknowledged. The server hangs up once
// the client has answered the frame by leaving, as Slack does.
func (d *driver) rotate() (r rotated, err error) {
	if _, err := d.burst(10); err != nil {
		return r, err
	}
	var mu sync.Mutex
	from, acked := map[int]*socketConn{}, map[int]bool{}
	onAck := func(n int, on *socketConn, _ time.Time) {
		mu.Lock()
		defer mu.Unlock()
		if from[n] != on {
			r.wrong++
		}
		acked[n] = true
	}
	d.server.onAck.Store(&onAck)
	send := func(on *socketConn) error {
		mu.Lock()
		defer mu.Unlock()
		from[int(d.next.Load())] = on
		_, err := d.one(on, nil)
		return err
	}
	old := d.server.serving()[0]
	for range 25 {
		if err := send(old); err != nil {
			return r, err
		}
	}
	told := time.Now()
	if err := old.disconnect(); err != nil {
		return r, err
	}
	on, err := d.somewhere(told.Add(30 * time.Second))
	if err != nil {
		return r, err
	}
	if on.born.After(told) {
		r.deaf = on.born.Sub(told)
	}
	for range 25 {
		if err := send(on); err != nil {
			return r, err
		}
	}
	deadline := time.Now().Add(5 * time.Second) // Slack has given up after three
	for time.Now().Before(deadline) {
		mu.Lock()
		r.lost = len(from) - len(acked)
		mu.Unlock()
		if r.lost == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	mu.Lock()
	defer mu.Unlock()
	d.server.onAck.Store(nil)
	return r, nil
}

// somewhere finds a socket that takes envelopes.
func (d *driver) somewhere(deadline time.Time) (*socketConn, error) {
	for time.Now().Before(deadline) {
		if open := d.server.serving(); len(open) > 0 {
			return open[0], nil
		}
		if err := d.client.gone(); err != nil {
			return nil, err
		}
		time.Sleep(200 * time.Microsecond)
	}
	return nil, fmt.Errorf("the client did not come back")
}
