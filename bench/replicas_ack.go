package main

import (
	"context"
	"fmt"
	"time"

	"latchkey/store"
)

// metOver is how many of those who ask were looked up before, which is more than come to ask.
const metOver = 5_000

// ackReplicas acknowledges submitted forms over one replica and several, which share a PostgreSQL.
func ackReplicas(ctx context.Context, b *bench) error {
	b.note("ack/replicas: \"whole bot\" of ack, on a PostgreSQL that flushes every commit, over one process and several, each with sockets of its own.")
	pg, err := b.peers.postgres()
	if err != nil {
		b.skip("ack/replicas", "", err)
		return nil
	}
	load, err := viewSubmission()
	if err != nil {
		return err
	}
	rates, late := make([]sample, together), make([]sample, together)
	for range b.rounds().pairs {
		for n := range together {
			got, err := b.ackOver(ctx, pg, load, fmt.Sprintf("ack_%d_%d", n+1, len(rates[n])), n+1)
			if err != nil {
				return err
			}
			rates[n], late[n] = append(rates[n], got.rate), append(late[n], ms(got.p99))
		}
	}
	for n := range together {
		b.add(row{name: "ack/replicas", workload: fmt.Sprintf("%s, whole bot, %d of ours", load.name, n+1), metric: "durable acks/s, window 64 (p99 " + late[n].text("%.0f", " ms") + ")",
			measured: rates[n].text("%.0f", "/s"), kind: "W", verdict: "–"})
	}
	return nil
}

// ackOver has replicas take the workload, and sees that what they acknowledged is kept.
func (b *bench) ackOver(ctx context.Context, pg *database, load *template, schema string, replicas int) (w windowed, err error) {
	dsn, err := pg.schema(ctx, schema)
	if err != nil {
		return w, err
	}
	server, err := newSlackServer()
	if err != nil {
		return w, err
	}
	defer server.close()
	var first *process
	for n := range replicas {
		meet := 1
		if n == 0 {
			meet = metOver
		}
		p, err := b.house(server.apiURL(), "bot", "-store", dsn, "-meet", fmt.Sprint(meet))
		if err != nil {
			return w, err
		}
		defer p.kill()
		if _, err := p.expect("ready", time.Minute); err != nil {
			return w, err
		}
		if err := server.connected(2, p, 30*time.Second); err != nil {
			return w, err
		}
		first = p
	}
	d := newDriver(server, first, load)
	if w, err = d.window(64, b.rounds().warm, b.rounds().measure); err != nil {
		return w, err
	}
	s, err := openShared(ctx, dsn)
	if err != nil {
		return w, err
	}
	defer s.Close()
	return w, s.View(ctx, func(tx store.Tx) error { return submissionsIn(tx, d.ackedNumbers()) })
}
