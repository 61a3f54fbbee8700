package site

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// event is what a browser is sent.
type event struct {
	Regions []patch  `json:"regions,omitempty"`
	Banners []banner `json:"banners,omitempty"`
	Title   string   `json:"title"`
}

// breath is the least time between two pictures of the world, so that many small changes are one.
const breath = 25 * time.Millisecond

// minute is how often the page is drawn though nothing happened, as the clock goes on.
const minute = 20 * time.Second

// serveLive sends a browser what is to be seen, and then what changes, until it goes.
func (s *Site) serveLive(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	v := s.looked(r.URL.Query())
	if v.In != home {
		defer s.look(v.As.ID, v.Channel.ID)()
	}
	has := newShown()
	_, told := s.since(0)
	for r.Context().Err() == nil {
		changed, world := s.next(), s.world.Changed()
		v = s.looked(r.URL.Query())
		e := event{Regions: has.diff(s.frame(v)), Title: s.heading(v)}
		e.Banners, told = s.banners(v, told)
		if len(e.Regions)+len(e.Banners) > 0 {
			raw, err := json.Marshal(e)
			if err != nil {
				return
			}
			if _, err := fmt.Fprintf(w, "data: %s\n\n", raw); err != nil || out.Flush() != nil {
				return // the browser has gone
			}
		}
		wait(r.Context(), changed, world)
	}
}

// wait returns at the next change, or when it is time to look again.
func wait(ctx context.Context, changes ...<-chan struct{}) {
	again := time.NewTimer(minute)
	defer again.Stop()
	select {
	case <-ctx.Done():
	case <-again.C:
	case <-changes[0]:
	case <-changes[1]:
	}
	pause := time.NewTimer(breath)
	defer pause.Stop()
	select {
	case <-ctx.Done():
	case <-pause.C:
	}
}
