package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/store/snapshot"
)

const reviewed = "RV-2026-Q4"

// costs adds up the time that goes by between start and stop, by the clock and of the
// processor.
type costs struct {
	took, cpu time.Duration
	began     time.Time
	before    time.Duration
}

func (w *costs) start() { w.began, w.before = time.Now(), cpuTime() }
func (w *costs) stop()  { w.took += time.Since(w.began); w.cpu += cpuTime() - w.before }

// cpuTime is what this process has used of the processors.
func cpuTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// snapshotChild packs what a company's directory would show into a snapshot, as it comes,
// and says how much longer that takes than making the company up, and how much memory. Rows
// are packed behind whoever hands them over, so what stands between two calls says nothing.
func snapshotChild(ctx context.Context, o childOptions) error {
	s, err := openStore(o.store, bolt.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	var alone, both costs
	c := newCompany(o.people, o.groups)
	alone.start()
	c.makeUp()
	alone.stop()
	both.start()
	h, err := packCompany(ctx, s, c)
	if err != nil {
		return err
	}
	both.stop()
	peak := field("/proc/self/status", "VmHWM", "0 kB") // before everything is read
	bytes, pages, err := snapshotSize(ctx, s)
	if err != nil {
		return err
	}
	fmt.Printf("packed %d %d %d %.3f %.3f %s\n", h.Rows, bytes, pages, (both.took - alone.took).Seconds(), (both.cpu - alone.cpu).Seconds(), peak)
	return nil
}

// makeUp makes all of a company up, and keeps nothing.
func (c *company) makeUp() {
	for first := 0; first < c.people; first += membersOnPage {
		c.accounts(first)
	}
	for n := range c.groups {
		c.group(n)
		for range c.rows(n) {
		}
	}
}

func packCompany(ctx context.Context, s store.Store, c *company) (snapshot.Header, error) {
	to, err := snapshot.Begin(ctx, s, reviewed, c.began(), snapshot.Options{})
	if err != nil {
		return snapshot.Header{}, err
	}
	for first := 0; first < c.people; first += membersOnPage {
		if _, err := to.AddPeople(ctx, c.accounts(first)...); err != nil {
			return snapshot.Header{}, err
		}
	}
	for n := range c.groups {
		if err := packGroup(ctx, to, c, n); err != nil {
			return snapshot.Header{}, err
		}
	}
	return to.Finish(ctx, c.began().Add(time.Hour))
}

func packGroup(ctx context.Context, to *snapshot.Writer, c *company, n int) error {
	err := to.BeginGroup(c.group(n))
	for page := range c.rows(n) {
		err = errors.Join(err, to.AddRows(ctx, page...))
	}
	return errors.Join(err, to.EndGroup(ctx, []byte(`{"Request":"GET /api/v1/groups/{id}/users?limit=1000","Pages":9,"Rows":8670,"Unique":8670}`)))
}

// snapshotSize is how many bytes the pages of the snapshot have, and how many there are.
func snapshotSize(ctx context.Context, s store.Store) (bytes, pages int, err error) {
	err = s.View(ctx, func(tx store.Tx) error {
		for _, kind := range []string{"review_snapshot", "review_page"} {
			for after, more := "", true; more; {
				found, err := tx.Find(kind, "", after, 64)
				if err != nil {
					return err
				}
				for _, r := range found {
					bytes, pages, after = bytes+len(r.Body), pages+1, r.ID
				}
				more = len(found) == 64
			}
		}
		return nil
	})
	return bytes, pages, err
}

// rowRecordsChild keeps every membership in a record of its own, as Latchkey keeps its
// nouns: what one would do first.
func rowRecordsChild(ctx context.Context, o childOptions) error {
	s, err := openStore(o.store, bolt.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	c, item := newCompany(o.people, o.groups), 0
	var w costs
	for n := range c.groups {
		for page := range c.rows(n) {
			w.start()
			err := s.Update(ctx, func(tx store.Tx) error { return putRows(tx, page, item) })
			if w.stop(); err != nil {
				return err
			}
			item += len(page)
		}
	}
	info, err := os.Stat(o.store)
	if err != nil {
		return err
	}
	fmt.Printf("packed %d %d %d %.3f %.3f %s\n", item, info.Size(), item, w.took.Seconds(), w.cpu.Seconds(), field("/proc/self/status", "VmHWM", "0 kB"))
	return nil
}

func putRows(tx store.Tx, rows []snapshot.Row, item int) error {
	for i := range rows {
		body, err := json.Marshal(rows[i])
		if err == nil {
			_, err = tx.Put(store.Record{Kind: "review_row", ID: fmt.Sprintf("%s/%012d", reviewed, item+i), Schema: 1, Body: body})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// reviewerChild reads what some of the reviewers are to decide on, each as a new page of
// theirs would: with the header, the groups and the people.
func reviewerChild(ctx context.Context, o childOptions) error {
	s, err := openStore(o.store, bolt.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	c := newCompany(o.people, o.groups)
	var times []time.Duration
	total := 0
	for i := range 200 {
		who := personID(c.managerOf(i * 991 % c.people))
		began := time.Now()
		rows, err := readReviewer(ctx, s, who)
		if err != nil {
			return err
		}
		times, total = append(times, time.Since(began)), total+rows
	}
	fmt.Printf("read %d %.3f %.3f %.3f\n", total/len(times), ms(quantile(times, 0.5)), ms(quantile(times, 0.99)), ms(quantile(times, 1)))
	return nil
}

func readReviewer(ctx context.Context, s store.Store, who access.PersonID) (rows int, err error) {
	err = s.View(ctx, func(tx store.Tx) error {
		r, err := snapshot.Open(tx, reviewed)
		if err != nil {
			return err
		}
		for row, err := range r.RowsFor(who, 0) {
			if err != nil {
				return err
			}
			if _, err := r.Person(row.Account); err != nil {
				return err
			}
			rows++
		}
		return nil
	})
	return rows, err
}
