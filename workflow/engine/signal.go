package engine

import "sync"

// bell wakes one sleeper. Rings while nobody sleeps are remembered as one.
type bell struct{ c chan struct{} }

func newBell() *bell { return &bell{c: make(chan struct{}, 1)} }

func (b *bell) ring() {
	select {
	case b.c <- struct{}{}:
	default:
	}
}

// timerTopic is where a timer listens; every queue has a topic of its own.
const timerTopic = "timer"

func queueTopic(queue string) string { return "queue/" + queue }

// signals are the bells of this process, by topic.
type signals struct {
	mu    sync.Mutex
	bells map[string]*bell
}

func newSignals() *signals { return &signals{bells: map[string]*bell{}} }

func (s *signals) bell(topic string) *bell {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bells[topic] == nil {
		s.bells[topic] = newBell()
	}
	return s.bells[topic]
}
