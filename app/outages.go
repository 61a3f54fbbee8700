package app

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"
)

// outages are the services that don't work: what health notes, and what IT sees of it
// among what is stuck.
type outages struct {
	mu      sync.Mutex
	by      map[string]outage        // the service's name
	wakeups map[string]chan struct{} // rung by who wants a service looked at now
}

func newOutages() *outages {
	return &outages{by: map[string]outage{}, wakeups: map[string]chan struct{}{}}
}

// outage is that a service doesn't work.
type outage struct {
	service service
	why     string // cause and remedy
	since   time.Time
	human   bool // somebody has to mend it
	told    bool
}

// stuck is the outage among what waits for a human.
func (o outage) stuck() Stuck {
	return Stuck{ID: "service/" + o.service.name, Service: o.service.name, What: "work with " + o.service.called, Why: o.why, Since: o.since}
}

// Outages implements query.Outages.
func (o *outages) Outages() []Stuck {
	var out []Stuck
	for _, one := range o.list() {
		out = append(out, one.stuck())
	}
	return out
}

// Look has a service looked at now. It reports whether there is one of that name.
func (o *outages) Look(name string) bool {
	wakeup, known := o.wakeups[name]
	if !known {
		return false
	}
	select {
	case wakeup <- struct{}{}:
	default: // it is about to be
	}
	return true
}

// list is what doesn't work now, what began first in front.
func (o *outages) list() []outage {
	if o == nil {
		return nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	var out []outage
	for _, t := range o.by {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b outage) int {
		return cmp.Or(a.since.Compare(b.since), strings.Compare(a.service.name, b.service.name))
	})
	return out
}
