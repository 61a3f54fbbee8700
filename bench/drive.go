package main

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// driver sends envelopes to one client and times their acks.
type driver struct {
	server *slackServer
	client *process
	load   *template

	next atomic.Int64   // number of the next envelope
	sent []atomic.Int64 // when, by number
	back []atomic.Int64 // when the ack came, by number
}

// envelopesAtMost bounds what one client is sent in its life.
const envelopesAtMost = 1_000_000

func newDriver(s *slackServer, p *process, load *template) *driver {
	d := &driver{server: s, client: p, load: load, sent: make([]atomic.Int64, envelopesAtMost), back: make([]atomic.Int64, envelopesAtMost)}
	return d
}

// one sends the next envelope on a socket, prepared in buf.
func (d *driver) one(on *socketConn, buf []byte) ([]byte, error) {
	n := int(d.next.Add(1) - 1)
	if n >= len(d.sent) {
		return buf, errors.New("the bench has no more envelopes; raise envelopesAtMost")
	}
	buf = d.load.fill(buf, n)
	d.sent[n].Store(time.Now().UnixNano())
	return buf, on.send(buf)
}

func (d *driver) acked(n int, at time.Time) bool { return d.back[n].CompareAndSwap(0, at.UnixNano()) }

func (d *driver) latency(n int) time.Duration {
	return time.Duration(d.back[n].Load() - d.sent[n].Load())
}

// windowed is what a closed loop measured.
type windowed struct {
	rate     float64 // envelopes a second
	p50, p99 time.Duration
	cpu      time.Duration // of the client, an envelope
}

// window keeps size envelopes in flight: first for warm, then for measure.
func (d *driver) window(size int, warm, measure time.Duration) (windowed, error) {
	sockets := d.server.serving()
	if len(sockets) == 0 {
		return windowed{}, errors.New("no socket is open")
	}
	w := &flight{driver: d, latencies: make([]time.Duration, envelopesAtMost), idle: make(chan struct{}, 1)}
	w.flying.Store(int64(size))
	onAck := w.onAck
	d.server.onAck.Store(&onAck)
	var first []byte
	for i := range size {
		var err error
		if first, err = d.one(sockets[i%len(sockets)], first); err != nil {
			return windowed{}, err
		}
	}
	if err := d.pass(warm); err != nil {
		return windowed{}, err
	}
	cpu, begun := d.client.cpu(), time.Now()
	w.open.Store(true)
	if err := d.pass(measure); err != nil {
		return windowed{}, err
	}
	w.open.Store(false)
	took, used, n := time.Since(begun), d.client.cpu()-cpu, w.counted.Load()
	if err := w.land(size); err != nil {
		return windowed{}, err
	}
	if n == 0 {
		return windowed{}, errors.New("nothing was acknowledged")
	}
	got := w.latencies[:n]
	return windowed{rate: float64(n) / took.Seconds(), p50: quantile(got, 0.5), p99: quantile(got, 0.99), cpu: used / time.Duration(n)}, nil
}

// flight is the envelopes under way: each ack is answered by the next one until it ends.
type flight struct {
	driver        *driver
	open, stopped atomic.Bool // acks are measured; nothing more is sent
	counted       atomic.Int64
	flying        atomic.Int64
	failed        atomic.Pointer[error]
	latencies     []time.Duration
	idle          chan struct{}
}

func (w *flight) onAck(n int, on *socketConn, at time.Time) {
	if !w.driver.acked(n, at) {
		return
	}
	if w.open.Load() {
		w.latencies[w.counted.Add(1)-1] = w.driver.latency(n)
	}
	if w.stopped.Load() {
		if w.flying.Add(-1) == 0 {
			w.idle <- struct{}{}
		}
		return
	}
	var err error
	if on.out, err = w.driver.one(on, on.out); err != nil {
		w.failed.Store(&err)
	}
}

// land sends nothing more and waits for what is under way.
func (w *flight) land(size int) error {
	w.stopped.Store(true)
	select {
	case <-w.idle:
	case <-time.After(15 * time.Second):
		return fmt.Errorf("%d of %d envelopes in flight were never acknowledged", w.flying.Load(), size)
	}
	if err := w.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// pass waits, unless the client dies.
func (d *driver) pass(for_ time.Duration) error {
	select {
	case <-time.After(for_):
		return nil
	case <-d.client.ended:
		return d.client.gone()
	}
}

// burst sends count envelopes as fast as the sockets take them and returns when
// the last one was acknowledged.
func (d *driver) burst(count int) (time.Duration, error) {
	sockets := d.server.serving()
	if len(sockets) == 0 {
		return 0, errors.New("no socket is open")
	}
	var left atomic.Int64
	left.Store(int64(count))
	done := make(chan time.Time, 1)
	onAck := func(n int, _ *socketConn, at time.Time) {
		if d.acked(n, at) && left.Add(-1) == 0 {
			done <- at
		}
	}
	d.server.onAck.Store(&onAck)
	begun := time.Now()
	var buf []byte
	for i := range count {
		var err error
		if buf, err = d.one(sockets[i%len(sockets)], buf); err != nil {
			return 0, err
		}
	}
	select {
	case at := <-done:
		return at.Sub(begun), nil
	case <-d.client.ended:
		return 0, d.client.gone()
	case <-time.After(60 * time.Second):
		return 0, fmt.Errorf("%d of a burst of %d were not acknowledged within a minute", left.Load(), count)
	}
}

// paced sends rate envelopes a second and returns the latencies.
func (d *driver) paced(rate int, for_ time.Duration) (p50, p99 time.Duration, err error) {
	sockets := d.server.serving()
	if len(sockets) == 0 {
		return 0, 0, errors.New("no socket is open")
	}
	count := int(for_.Seconds() * float64(rate))
	first := int(d.next.Load())
	done := make(chan struct{})
	var left atomic.Int64
	left.Store(int64(count))
	onAck := func(n int, _ *socketConn, at time.Time) {
		if d.acked(n, at) && left.Add(-1) == 0 {
			close(done)
		}
	}
	d.server.onAck.Store(&onAck)
	ticker := time.NewTicker(time.Second / time.Duration(rate))
	defer ticker.Stop()
	var buf []byte
	for i := range count {
		<-ticker.C
		if buf, err = d.one(sockets[i%len(sockets)], buf); err != nil {
			return 0, 0, err
		}
	}
	select {
	case <-done:
	case <-time.After(15 * time.Second):
		return 0, 0, fmt.Errorf("%d envelopes were not acknowledged", left.Load())
	}
	var got []time.Duration
	for n := first; n < first+count; n++ {
		got = append(got, d.latency(n))
	}
	return quantile(got, 0.5), quantile(got, 0.99), nil
}

// ackedNumbers are the envelopes that were acknowledged.
func (d *driver) ackedNumbers() []int {
	var out []int
	for n := range int(min(d.next.Load(), int64(len(d.back)))) {
		if d.back[n].Load() != 0 {
			out = append(out, n)
		}
	}
	return out
}
