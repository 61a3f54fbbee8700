package app

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"latchkey/clock"
	jiracheck "latchkey/jira/check"
)

// skewAllowed is by how much this machine's clock may differ. Ends of access are kept by it, and directories refuse
// signatures that are a few minutes old, or not yet valid.
const skewAllowed = time.Minute

// clocks compare this machine's clock with what services say that it is when they answer. It is safe for concurrent use.
type clocks struct {
	clock clock.Clock

	mu    sync.Mutex
	ahead map[string]time.Duration // this machine's clock, of each service's; the smallest that was seen
}

func newClocks(c clock.Clock) *clocks { return &clocks{clock: c, ahead: map[string]time.Duration{}} }

// watching is a hook that reads the date of each answer on its way.
func (c *clocks) watching(calls func(string, http.RoundTripper) http.RoundTripper) func(string, http.RoundTripper) http.RoundTripper {
	return func(service string, next http.RoundTripper) http.RoundTripper {
		if calls != nil {
			next = calls(service, next)
		}
		return dated{c, service, next}
	}
}

type dated struct {
	clocks  *clocks
	service string
	next    http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (d dated) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := d.next.RoundTrip(r)
	if err != nil {
		return resp, err
	}
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		d.clocks.saw(d.service, d.clocks.clock.Now().Sub(at))
	}
	return resp, nil
}

// saw notes a difference. A slow way makes it larger than it is, never smaller, so the smallest counts.
func (c *clocks) saw(service string, ahead time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old, known := c.ahead[service]; !known || ahead.Abs() < old.Abs() {
		c.ahead[service] = ahead
	}
}

// differs is by how much this machine is ahead of most services, and of how many that is known.
func (c *clocks) differs() (ahead time.Duration, services int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []time.Duration
	for _, d := range c.ahead {
		all = append(all, d)
	}
	if slices.Sort(all); len(all) == 0 {
		return 0, 0
	}
	return all[len(all)/2], len(all)
}

func (i *inspection) ofClocks() {
	ahead, services := i.clocks.differs()
	switch {
	case services == 0:
		i.say(jiracheck.Note, "here", "clock", "no service said what time it is, so it is unknown whether this machine's clock is right")
	case ahead.Abs() <= skewAllowed:
		i.say(jiracheck.Good, "here", "clock", "this machine and the services agree on the time")
	default:
		way := "ahead of"
		if ahead < 0 {
			way = "behind"
		}
		i.say(jiracheck.Fault, "here", "clock", fmt.Sprintf("this machine's clock is %s %s what the services say: set it by NTP (timedatectl set-ntp true), because access ends by it", ahead.Abs().Round(time.Second), way))
	}
}
