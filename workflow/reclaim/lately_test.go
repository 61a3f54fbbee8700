package reclaim

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"latchkey/catalog"
	"latchkey/clock/clocktest"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/people"
)

// TestAReadingServesForAMinute all who need it, side by side or one after the other; what failed is tried again, and what is old is
// forgotten.
func TestAReadingServesForAMinute(t *testing.T) {
	clock := clocktest.New(time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC))
	var l lately[string, int]
	read, away := 0, error(nil)
	of := func(key string) (int, error) {
		return l.of(t.Context(), clock.Now, key, func(context.Context) (int, error) {
			if read++; key == "slow" {
				clock.Advance(2 * readFor) // it serves from its end on
			}
			return read, away
		})
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if n, err := of("okta"); err != nil || n != 1 {
				t.Errorf("%d, %v", n, err)
			}
		})
	}
	all.Wait()
	clock.Advance(readFor - 1)
	if n, err := of("okta"); n != 1 || err != nil {
		t.Errorf("read %d times within a minute: %v", n, err)
	}
	clock.Advance(1)
	away = errors.New("away")
	if _, err := of("okta"); !errors.Is(err, away) {
		t.Errorf("what is old serves where nothing new can be had: %v", err)
	}
	away = nil
	if n, err := of("okta"); n != 3 || err != nil {
		t.Errorf("it is reading %d: %v", n, err)
	}
	clock.Advance(-time.Hour)
	if n, err := of("okta"); n != 4 || err != nil {
		t.Errorf("a clock that was set back makes reading %d serve: %v", n, err)
	}
	if n, err := of("slow"); n != 5 || err != nil {
		t.Errorf("reading %d, %v", n, err)
	}
	if n, err := of("slow"); n != 5 || err != nil || len(l.kept) != 1 {
		t.Errorf("a reading that took long doesn't serve: %d, %v; %d are kept", n, err, len(l.kept))
	}
}

// TestWhoWaitsForAReadingCanGiveUp: it takes as long as a directory takes.
func TestWhoWaitsForAReadingCanGiveUp(t *testing.T) {
	var l lately[string, int]
	l.at("okta", time.Time{}).turn <- struct{}{}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := l.of(ctx, time.Now, "okta", nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it gives %v", err)
	}
}

// counted is a directory that counts what is read of its applications.
type counted struct {
	assigned
	read map[string]int
}

func (c counted) Apps(ctx context.Context) ([]idp.App, error) {
	c.read["applications"]++
	return c.assigned.Apps(ctx)
}

func (c counted) Usage(ctx context.Context, app string) (idp.Usage, error) {
	c.read["use of "+app]++
	reporter, _ := idp.As[idp.UsageReporter](c.Directory)
	return reporter.Usage(ctx, app)
}

// TestAppsOfOneApplicationAreReadOnce: what one directory says of its applications, and of the use of each, is asked for once for
// all apps that need it, by a turn, by IT and before an end.
func TestAppsOfOneApplicationAreReadOnce(t *testing.T) {
	w := newWorld(t)
	application := w.app.Uses[0].App
	w.app.Uses = nil
	d := counted{assigned{w.dirs[0], []string{w.group, w.viewer}, application}, map[string]int{}}
	w.dirs[0] = d
	w.Service.seats.dirs = people.Directories{d}
	other := w.app
	other.ID, other.Name = "figjam", "FigJam"
	other.Roles = []catalog.Role{{ID: "member", Name: "Member", Risk: catalog.Low, Groups: []catalog.GroupRef{viewers()}, Reclaim: w.rule}}
	w.beside = []catalog.App{other}
	w.has("maya", "editor", 100*day)
	w.used("maya", 80*day)
	w.turned()
	w.want("after a turn", "maya asked")
	if _, err := w.Preview(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d.read["applications"] != 1 || d.read["use of "+application] != 1 || len(d.read) != 2 {
		t.Errorf("read for a turn over two apps and a preview: %v", d.read)
	}
	w.clock.Advance(8 * day)
	w.work()
	w.want("after the end", "maya removed gone")
	if d.read["applications"] != 2 || d.read["use of "+application] != 2 {
		t.Errorf("read once more for an end: %v", d.read)
	}
	if _, err := w.turn(t.Context(), store.Task{}); err != nil || d.read["use of "+application] != 2 {
		t.Errorf("a turn right after it: %v, %v", d.read, err)
	}
}
