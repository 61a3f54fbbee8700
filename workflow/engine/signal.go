package engine

import "sync"

// wakeup wakes one sleeper. Calls while nobody sleeps are remembered as one.
type wakeup struct{ c chan struct{} }

func newWakeup() *wakeup { return &wakeup{c: make(chan struct{}, 1)} }

func (w *wakeup) signal() {
	select {
	case w.c <- struct{}{}:
	default:
	}
}

// timerTopic is where a timer listens; every queue has a topic of its own.
const timerTopic = "timer"

func queueTopic(queue string) string { return "queue/" + queue }

// signals are the wakeups of this process, by topic.
type signals struct {
	mu      sync.Mutex
	wakeups map[string]*wakeup
}

func newSignals() *signals { return &signals{wakeups: map[string]*wakeup{}} }

func (s *signals) wakeup(topic string) *wakeup {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wakeups[topic] == nil {
		s.wakeups[topic] = newWakeup()
	}
	return s.wakeups[topic]
}
