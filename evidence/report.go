package evidence

import (
	"context"
	"maps"
	"slices"
	"sort"

	"latchkey/access"
	"latchkey/store"
)

// Report are the figures of a period.
type Report struct {
	Period
	Submitted int                         `json:"submitted"`
	Requests  map[access.RequestState]int `json:"requests"` // those submitted in the period, by where they stand now

	Approval     Spread `json:"approval"`     // from the asking to the last answer, where people were asked
	Provisioning Spread `json:"provisioning"` // from the decision to access that was read back
	RevokeLag    Spread `json:"revoke_lag"`   // from the end of a grant to access that was seen to be gone

	Granted int `json:"granted"` // grants that became active
	Removed int `json:"removed"` // grants whose access was seen to be gone
	ByHand  int `json:"by_hand"` // changes that a person made
	Retries int `json:"retries"` // how often somebody had to press Retry
	Stuck   int `json:"stuck"`   // what waits for a human now, whenever it began
}

// ManualTouches is how often somebody had to do what Latchkey is there for.
func (r Report) ManualTouches() int { return r.ByHand + r.Retries }

// Make gathers the figures of a period from the log and the records it points to.
func Make(ctx context.Context, s store.Store, p Period) (Report, error) {
	var r Report
	err := s.View(ctx, func(tx store.Tx) (err error) {
		c := count{tx: tx, report: Report{Period: p, Requests: map[access.RequestState]int{}}, grants: map[string]bool{}}
		start, err := firstIn(tx, p)
		if err != nil {
			return err
		}
		if err := each(tx, store.Filter{}, start, c.event); err != nil {
			return err
		}
		r, err = c.finish()
		return err
	})
	return r, err
}

// firstIn is the number of the last event before the period.
func firstIn(tx store.Tx, p Period) (uint64, error) {
	head, ok, err := tx.Head()
	if err != nil || !ok {
		return 0, err
	}
	n := sort.Search(int(head.Seq), func(i int) bool {
		events, fault := tx.Events(store.Filter{Seq: uint64(i) + 1}, 0, 1)
		if fault != nil {
			err = fault
		}
		return fault != nil || len(events) > 0 && !events[0].At.Before(p.From)
	})
	return uint64(n), err
}

// count is a report in the making.
type count struct {
	tx     store.Tx
	report Report
	grants map[string]bool // that something happened to

	approval, provisioning, lag sample
}

func (c *count) event(e access.Event) error {
	if !c.report.holds(e.At) {
		return nil
	}
	if e.Grant != "" {
		c.grants[e.Grant] = true
	}
	switch e.Kind {
	case access.EventSubmitted:
		return c.submitted(e)
	case access.EventApproved, access.EventDenied:
		return c.answered(e)
	case access.EventFulfilled:
		c.report.ByHand++
	case access.EventRetried, access.EventTaskResumed:
		c.report.Retries++
	}
	return nil
}

func (c *count) submitted(e access.Event) error {
	r, err := store.Request(c.tx, e.Request)
	if err == nil {
		c.report.Submitted++
		c.report.Requests[r.State]++
	}
	return orAbsent(err)
}

// answered takes the time of the answer that decided.
func (c *count) answered(e access.Event) error {
	r, err := store.Request(c.tx, e.Request)
	if err == nil && r.Decided.Equal(e.At) {
		c.approval.add(r.Decided.Sub(r.Created))
	}
	return orAbsent(err)
}

func (c *count) finish() (Report, error) {
	for _, id := range slices.Sorted(maps.Keys(c.grants)) {
		if err := c.grant(id); err != nil {
			return c.report, err
		}
	}
	stuck, err := stuckNow(c.tx)
	c.report.Stuck = stuck
	c.report.Approval, c.report.Provisioning, c.report.RevokeLag = c.approval.spread(), c.provisioning.spread(), c.lag.spread()
	return c.report, err
}

func (c *count) grant(id string) error {
	g, err := store.Grant(c.tx, id)
	if err != nil {
		return orAbsent(err)
	}
	if c.report.holds(g.Started) {
		c.report.Granted++
		if g.Source == access.SourceRequested || g.Source == access.SourceBreakGlass {
			c.provisioning.add(g.Started.Sub(g.Created))
		}
	}
	if !c.report.holds(g.Finished) {
		return nil
	}
	lag, ok, err := RevokeLag(c.tx, g)
	if ok {
		c.report.Removed++
		c.lag.add(lag)
	}
	return err
}

// stuckNow counts what waits for a human.
func stuckNow(tx store.Tx) (n int, err error) {
	for after := ""; ; {
		grants, err := store.GrantsIn(tx, access.GrantStuck, after, page)
		if err != nil {
			return n, err
		}
		if len(grants) == 0 {
			break
		}
		n, after = n+len(grants), grants[len(grants)-1].ID
	}
	for after := uint64(0); ; {
		tasks, err := tx.Tasks(store.Stuck, after, page)
		if err != nil || len(tasks) == 0 {
			return n, err
		}
		n, after = n+len(tasks), tasks[len(tasks)-1].Seq
	}
}
