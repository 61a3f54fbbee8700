package inbox

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/access"
	"latchkey/evidence/note"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/workflow/engine"
)

// bubble is the clock of a synctest bubble.
type bubble struct{}

func (bubble) Now() time.Time { return time.Now() }

func (bubble) Until(at time.Time) (<-chan struct{}, func()) {
	c := make(chan struct{})
	timer := time.AfterFunc(max(0, time.Until(at)), func() { close(c) })
	return c, func() { timer.Stop() }
}

// slowJira takes its time for each page.
type slowJira struct {
	page time.Duration

	mu     sync.Mutex
	looked map[string]int
	polls  []time.Time
}

func (j *slowJira) Changes(context.Context, time.Time, func(string, time.Time) bool) ([]access.IssueSnapshot, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.polls = append(j.polls, time.Now())
	return nil, nil
}

func (j *slowJira) Look(ctx context.Context, issues []access.Issue) ([]access.IssueSnapshot, error) {
	select {
	case <-time.After(j.page):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, is := range issues {
		j.looked[is.ID]++
	}
	return nil, nil
}

// waits is the longest time between two polls.
func (j *slowJira) waits() (longest time.Duration) {
	for i, at := range j.polls[1:] {
		longest = max(longest, at.Sub(j.polls[i]))
	}
	return longest
}

// manyOpen fills a store with so many pages of requests that are open.
func manyOpen(t *testing.T, s store.Store, pages int) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.Tx) error {
		for i := range pages * page {
			r := waiting().Case.Request
			r.ID, r.Issue.ID, r.Issue.Key, r.Version = fmt.Sprintf("AR-%05d", i), fmt.Sprint(20000+i), fmt.Sprintf("IT-%d", i), 0
			if err := store.PutRequest(tx, &r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAllIssuesAreLookedAtHoweverManyReplicasThereAre: to look at all takes longer than a lease holds, and than
// lies between two looks. Nobody's turn is in the way of polling, and each issue is looked at again and again.
func TestAllIssuesAreLookedAtHoweverManyReplicasThereAre(t *testing.T) {
	const pages, slow, poll = 12, 25 * time.Second, 30 * time.Second
	for replicas := 1; replicas <= 3; replicas++ {
		t.Run(fmt.Sprint(replicas), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := bolttest.Open(t)
				manyOpen(t, s, pages)
				jira := &slowJira{page: slow, looked: map[string]int{}}
				ctx, stop := context.WithCancel(t.Context())
				var all sync.WaitGroup
				for i := range replicas {
					units := engine.NewUnits(engine.UnitsConfig{Store: sharedStore{s}, Clock: bubble{}, Owner: fmt.Sprint("replica ", i), Catalog: offer})
					one := New(Config{Trust: func() note.Trust { return keys.Trust }, Units: units, Logger: slog.New(slog.DiscardHandler), Clock: bubble{}, Catalog: offer, Source: jira, Poll: poll})
					all.Go(func() { one.Run(ctx) })
					time.Sleep(7 * time.Second)
				}
				time.Sleep(time.Hour)
				stop()
				all.Wait()
				for i := range pages * page {
					if n := jira.looked[fmt.Sprint(20000+i)]; n < 9 || n > 11 {
						t.Fatalf("issue %d was looked at %d times in an hour, not once in six minutes", i, n)
					}
				}
				var kept store.Mark
				if err := s.View(t.Context(), func(tx store.Tx) (err error) { kept, err = store.LoadMark(tx, rescanned); return err }); err != nil || time.Since(kept.At) > 15*time.Minute {
					t.Errorf("the last look that went through began at %s: %v", kept.At, err)
				}
				if longest := jira.waits(); longest > poll {
					t.Errorf("Jira wasn't asked for %s", longest)
				}
			})
		})
	}
}

// TestALookGoesOnElsewhere: who began it is gone.
func TestALookGoesOnElsewhere(t *testing.T) {
	j := open(t)
	manyOpen(t, j.store, 3)
	var looked []string
	j.Service.source = looks{j, func(issues []access.Issue) error {
		looked = append(looked, issues[0].ID)
		j.now = j.now.Add(40 * time.Second) // a second page would be in the way of the next turn
		return nil
	}}
	j.turns(1, time.Minute)
	source := j.Service.source
	j.Service = reading(j, j.store, "another")
	j.Service.source = source
	j.turns(2, time.Minute)
	j.equal("looked at", looked, []string{"20000", "20100", "20200"})
	j.turns(1, time.Minute)
	j.equal("once all were", looked, []string{"20000", "20100", "20200"})
}

// TestAPageOfWhichNothingIsShown holds up no other. At the second it's Jira, and the look goes on there.
func TestAPageOfWhichNothingIsShown(t *testing.T) {
	j := open(t)
	manyOpen(t, j.store, 4)
	hidden := map[string]bool{"20100": true}
	var looked []string
	j.Service.source = looks{j, func(issues []access.Issue) error {
		looked = append(looked, issues[0].ID)
		if hidden[issues[0].ID] {
			return errDown()
		}
		return nil
	}}
	turn := func() {
		if err := j.turn(t.Context()); err == nil {
			t.Error("nobody hears of it")
		}
		j.now = j.now.Add(time.Minute)
	}
	turn()
	j.equal("looked at", looked, []string{"20000", "20100", "20200", "20300"})
	hidden["20300"], looked = true, nil
	turn()
	j.equal("begun anew", looked, []string{"20000", "20100", "20200", "20300"})
	hidden, looked = nil, nil
	j.turns(1, time.Minute)
	j.equal("gone on", looked, []string{"20300"})
	j.turns(1, time.Minute)
	j.equal("once more", looked, []string{"20300", "20000", "20100", "20200", "20300"})
}

// looks is a Jira that is asked how issues stand.
type looks struct {
	*jira
	look func([]access.Issue) error
}

func (l looks) Look(_ context.Context, issues []access.Issue) ([]access.IssueSnapshot, error) {
	return nil, l.look(issues)
}
