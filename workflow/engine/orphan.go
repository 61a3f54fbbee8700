package engine

import (
	"strings"
	"sync"
)

// orphans are the queues that this process was not told to work on, because a
// directory was taken out of the configuration or has another id by now. Their
// tasks are carried out all the same: they fail, visibly and by their policies,
// instead of waiting for ever unseen.
type orphans struct {
	mu     sync.Mutex
	served map[string]bool
	adopt  func(queue string) // nil while nothing runs
}

// serve has the tasks of a queue carried out, if nobody does that yet.
func (o *orphans) serve(queue string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.adopt == nil || o.served[queue] {
		return
	}
	o.served[queue] = true
	o.adopt(queue)
}

// begin says which queues are served, and how one more is.
func (o *orphans) begin(queues []*queue, adopt func(queue string)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.served, o.adopt = map[string]bool{}, adopt
	for _, q := range queues {
		o.served[q.name] = true
	}
}

func (o *orphans) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.adopt = nil
}

// heard is told of what has something new.
func (o *orphans) heard(topic string) {
	if queue, ok := strings.CutPrefix(topic, queueTopic("")); ok {
		o.serve(queue)
	}
}
