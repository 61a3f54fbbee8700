// Command river lets River work off durable jobs on PostgreSQL and prints how
// long that took, in seconds: inserting, working, both. It is a peer of the
// benchmark jobs/throughput. The settings are those of River's own benchmark:
// 2,000 workers, a fetch every 2 ms while there is work.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// insertBatch is how many jobs one COPY inserts.
const insertBatch = 2_000

type args struct {
	Number int `json:"number"`
}

func (args) Kind() string { return "bench" }

// worker does nothing but count.
type worker struct {
	river.WorkerDefaults[args]
	done *atomic.Int64
	want int64
	all  chan struct{}
}

func (w *worker) Work(context.Context, *river.Job[args]) error {
	if w.done.Add(1) == w.want {
		close(w.all)
	}
	return nil
}

func main() {
	jobs := flag.Int("n", 50_000, "how many jobs")
	url := flag.String("url", "", "the database")
	flag.Parse()
	if err := bench(context.Background(), *url, *jobs); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func bench(ctx context.Context, url string, jobs int) error {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return err
	}
	defer pool.Close()
	driver := riverpgxv5.New(pool)
	if err := prepare(ctx, pool, driver); err != nil {
		return err
	}
	w := &worker{done: &atomic.Int64{}, want: int64(jobs), all: make(chan struct{})}
	workers := river.NewWorkers()
	river.AddWorker(workers, w)
	client, err := river.NewClient(driver, &river.Config{
		Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2_000}},
		Workers:           workers,
		FetchCooldown:     2 * time.Millisecond,
		FetchPollInterval: 20 * time.Millisecond,
		Logger:            slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		return err
	}
	begun := time.Now()
	if err := insert(ctx, client, jobs); err != nil {
		return err
	}
	inserted := time.Since(begun)
	if err := client.Start(ctx); err != nil {
		return err
	}
	<-w.all
	if err := client.Stop(ctx); err != nil { // waits until the last completion is written
		return err
	}
	both := time.Since(begun)
	fmt.Printf("%.4f %.4f %.4f\n", inserted.Seconds(), (both - inserted).Seconds(), both.Seconds())
	return check(ctx, pool, jobs)
}

func prepare(ctx context.Context, pool *pgxpool.Pool, driver *riverpgxv5.Driver) error {
	migrator, err := rivermigrate.New(driver, nil)
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	_, err = pool.Exec(ctx, "truncate river_job")
	return err
}

func insert(ctx context.Context, client *river.Client[pgx.Tx], jobs int) error {
	for from := 0; from < jobs; from += insertBatch {
		var batch []river.InsertManyParams
		for n := from; n < min(from+insertBatch, jobs); n++ {
			batch = append(batch, river.InsertManyParams{Args: args{Number: n}})
		}
		if _, err := client.InsertManyFast(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// check counts what River recorded as completed.
func check(ctx context.Context, pool *pgxpool.Pool, jobs int) error {
	var completed int
	if err := pool.QueryRow(ctx, "select count(*) from river_job where state = 'completed'").Scan(&completed); err != nil {
		return err
	}
	if completed != jobs {
		return fmt.Errorf("river recorded %d of %d jobs as completed", completed, jobs)
	}
	return nil
}
