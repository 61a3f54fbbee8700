package engine

import (
	"context"
	"fmt"
	"sync"
	"time"

	"latchkey/store"
)

// Config says how much the engine does at once, and by which calendar.
type Config struct {
	Queues map[string]int // how many tasks of a queue run at once, by queue; zero for 8
	Zone   *time.Location // of the calendar lines; nil for UTC
	Sweep  string         // calendar line of the look whether the timer missed something; empty for every minute
}

// Stats is what the engine counted since it was made.
type Stats struct {
	Panics   uint64 // tasks and due records at which some code panicked
	SetAside uint64 // how often a due record could not be carried out
	Missed   uint64 // looks at which the timer was found late
}

// Engine carries out tasks, ends what is due and starts duties.
type Engine struct {
	units    *Units
	queues   []*queue
	runner   *runner
	timer    *timer
	sweep    *sweep
	schedule *schedule
	counters *counters
}

// New makes an engine. It refuses calendar lines that can't be read and names
// that stand twice in a table.
func New(units *Units, c Config, t Tables) (*Engine, error) {
	schedule, err := newSchedule(units, c.Zone, t.Duties)
	if err != nil {
		return nil, err
	}
	counters, policies := &counters{}, policies{t.Failures, t.Default}
	dues := &dues{units: units, policies: policies, counters: counters}
	if dues.scans, err = scansWith(t.Due, DueScan{dutyKind, schedule.start}); err != nil {
		return nil, err
	}
	handlers, err := handlersWith(t.Handlers, map[string]Handler{
		DutyTask:   {Do: schedule.turn, Timeout: dutyTimeout, Restarts: true},
		DueTask:    {Do: dues.again},
		EffectTask: {Do: units.doEffect},
	})
	if err != nil {
		return nil, err
	}
	calendar, err := sweepCalendar(c.Sweep)
	if err != nil {
		return nil, err
	}
	timer := newTimer(units, dues)
	return &Engine{
		units: units, queues: units.queues(c.Queues), schedule: schedule, counters: counters,
		runner: &runner{units, handlers, policies, counters, newResumer(units), overtakings{units, handlers, counters}},
		timer:  timer,
		sweep:  &sweep{units: units, dues: dues, timer: timer, calendar: calendar, counters: counters},
	}, nil
}

// scansWith adds the engine's own scan.
func scansWith(listed []DueScan, own DueScan) ([]DueScan, error) {
	all, seen := append(append([]DueScan{}, listed...), own), map[string]bool{}
	for _, scan := range all {
		if seen[scan.Kind] {
			return nil, fmt.Errorf("the table of due scans names %q twice: one scan sees to all records of a kind", scan.Kind)
		}
		seen[scan.Kind] = true
	}
	return all, nil
}

// handlersWith adds the engine's own handlers.
func handlersWith(listed, own map[string]Handler) (map[string]Handler, error) {
	for kind, h := range listed {
		if _, taken := own[kind]; taken {
			return nil, fmt.Errorf("the table of handlers names %q, which is the engine's own: give the task another kind", kind)
		}
		own[kind] = h
	}
	return own, nil
}

func (s *Units) queues(slots map[string]int) []*queue {
	var all []*queue
	for name, n := range slots {
		all = append(all, newQueue(name, n, s.signals.wakeup(queueTopic(name))))
	}
	if _, listed := slots[HouseQueue]; !listed {
		all = append(all, newQueue(HouseQueue, 0, s.signals.wakeup(queueTopic(HouseQueue))))
	}
	return all
}

// Resume has the tasks of a queue tried again now that were denied, because
// somebody knows that its service works again.
func (e *Engine) Resume(queue string) { e.runner.resumer.hint(queue) }

// Plan gives each duty its next turn, where it has none for its line: from this moment on. Run does it, too; whoever serves people
// before that calls it first, so that no turn is reckoned from a later moment.
func (e *Engine) Plan(ctx context.Context) { e.schedule.plan(ctx) }

// Run carries out tasks and keeps time until ctx ends, then waits for what is
// under way. Work that is not finished then is taken up again at the next start.
// Nothing that the store holds keeps it from starting. An engine runs once.
func (e *Engine) Run(ctx context.Context) {
	var running sync.WaitGroup
	if shared, ok := e.units.store.(store.Attended); ok {
		shared.Present(e.units.owner)
	}
	for _, q := range e.queues {
		e.takeOver(ctx, q.name)
	}
	e.schedule.plan(ctx)
	for _, q := range e.queues {
		running.Go(func() { e.work(ctx, q) })
		running.Go(func() { e.units.listen(ctx, queueTopic(q.name)) })
	}
	if e.units.store.Exclusive() {
		e.units.orphans.begin(e.queues, func(queue string) {
			e.units.log.Warn("there are tasks of something that is not configured any more; they will fail", "queue", queue)
			running.Go(func() {
				e.takeOver(ctx, queue)
				e.work(ctx, newQueue(queue, 0, e.units.signals.wakeup(queueTopic(queue))))
			})
		})
		running.Go(func() { e.lookForOrphans(ctx) })
	}
	running.Go(func() { e.units.listen(ctx, timerTopic) })
	running.Go(func() { e.timer.keepTime(ctx) })
	running.Go(func() { e.sweep.goOn(ctx) })
	running.Go(func() { e.runner.resumer.goOn(ctx) })
	<-ctx.Done()
	e.units.orphans.end()
	running.Wait()
}

// work carries out the tasks of one queue until ctx ends.
func (e *Engine) work(ctx context.Context, q *queue) {
	w := &worker{units: e.units, queue: q, run: e.runner.run, fail: e.runner.failed}
	w.work(ctx)
}

// takeOver frees the claims of a process that is gone. Those it can't free run
// out by themselves, as they do where several processes share the store.
func (e *Engine) takeOver(ctx context.Context, queue string) {
	if !e.units.store.Exclusive() {
		return
	}
	err := e.units.store.Update(ctx, func(tx store.Tx) error {
		_, err := tx.Release(queue, e.units.owner)
		return err
	})
	if err != nil && ctx.Err() == nil {
		e.units.log.Error("the tasks of an earlier process can't be taken over; they go on in some minutes", "queue", queue, "error", err)
	}
}

// hearsay is how long news of other processes is left to whoever it is from, who knows it
// already and sees to it at once. For the others to try so, too, each time would only have
// all of them in each other's way.
const hearsay = 100 * time.Millisecond

// listen rings when another process has something new. Without it, what others
// leave is found within a minute.
func (s *Units) listen(ctx context.Context, topic string) {
	if s.store.Exclusive() {
		return
	}
	news, err := s.store.Wait(ctx, topic)
	if err != nil {
		s.log.Warn("news of other processes can't be heard; looking every minute instead", "topic", topic, "error", err)
		return
	}
	for range news {
		due, stop := s.clock.Until(s.Now().Add(hearsay))
		select {
		case <-due:
		case <-ctx.Done():
		}
		stop()
		s.signals.wakeup(topic).signal()
	}
}

// Stats is what was counted so far.
func (e *Engine) Stats() Stats {
	return Stats{Panics: e.counters.panics.Load(), SetAside: e.counters.setAside.Load(), Missed: e.counters.missed.Load()}
}
