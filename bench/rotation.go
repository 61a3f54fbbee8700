package main

import (
	"context"
	"fmt"
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
	_, server, p, clean, err := b.start(c, "rotation-")
	if err != nil {
		return r, err
	}
	defer clean()
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
	f := &following{from: map[int]*socketConn{}, acked: map[int]bool{}}
	onAck := f.onAck
	d.server.onAck.Store(&onAck)
	defer d.server.onAck.Store(nil)
	old := d.server.serving()[0]
	if err := f.send(d, old, 25); err != nil {
		return r, err
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
	if err := f.send(d, on, 25); err != nil {
		return r, err
	}
	deadline := time.Now().Add(5 * time.Second) // Slack has given up after three
	for r.lost, r.wrong = f.count(); r.lost > 0 && time.Now().Before(deadline); r.lost, r.wrong = f.count() {
		time.Sleep(10 * time.Millisecond)
	}
	return r, nil
}

// following is which socket each envelope was sent on, and what became of it.
type following struct {
	mu    sync.Mutex
	from  map[int]*socketConn
	acked map[int]bool
	wrong int // acknowledged on another socket
}

func (f *following) onAck(n int, on *socketConn, _ time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.from[n] != on {
		f.wrong++
	}
	f.acked[n] = true
}

func (f *following) send(d *driver, on *socketConn, count int) error {
	for range count {
		f.mu.Lock()
		f.from[int(d.next.Load())] = on
		_, err := d.one(on, nil)
		f.mu.Unlock()
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *following) count() (lost, wrong int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.from) - len(f.acked), f.wrong
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
