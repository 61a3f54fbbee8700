package app

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/clock"
	"latchkey/store"
	"latchkey/workflow"
)

// unplaced is a store whose events wait for their places until they may.
type unplaced struct {
	store.Store
	may chan struct{}
}

func (u unplaced) Sealed(ctx context.Context) error {
	select {
	case <-u.may:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// alarms are what IT is told, and when.
type alarms struct {
	begin  time.Time
	titles []string
	after  []time.Duration
}

func (a *alarms) Alarm(_ context.Context, about workflow.Alarm) error {
	a.titles, a.after = append(a.titles, about.Title), append(a.after, time.Since(a.begin))
	return nil
}

func (a *alarms) Resume(string) {}

// IT is told once events have waited for a minute for their places, and once they have them;
// of a store in which they have them at once, nothing.
func TestEventsThatWaitForTheirPlacesAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		may, to := make(chan struct{}), &alarms{begin: time.Now()}
		s := service{name: "places", called: "the log's order", again: placesAgain, hello: func(ctx context.Context) error { return placed(ctx, unplaced{may: may}) }}
		h := newHealth(newOutages(), []service{s}, clock.System{}, slog.New(slog.DiscardHandler), to)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); h.watch(ctx, true) }()
		time.Sleep(5 * time.Minute) // of the bubble's own time
		close(may)
		time.Sleep(2 * time.Minute)
		cancel()
		<-done
		if len(to.titles) != 2 || to.after[0] != helloTime || to.titles[1] != "The log's order works again" {
			t.Errorf("%q after %v", to.titles, to.after)
		}
	})
	if err := placed(t.Context(), struct{ store.Store }{}); err != nil {
		t.Error(err)
	}
}
