package evidence

import (
	"fmt"

	"latchkey/access"
)

// Report are the figures of a period.
type Report struct {
	Period
	Submitted int                         `json:"submitted"`
	Requests  map[access.RequestState]int `json:"requests"` // those submitted in the period, by where they stand now

	Approval     Spread                    `json:"approval"`     // from the asking to the last answer, where people were asked
	Answers      map[access.Surface]Spread `json:"answers"`      // from when somebody was asked to their answer, by where they gave it
	Provisioning Spread                    `json:"provisioning"` // from the decision to access that was read back
	RevokeLag    Spread                    `json:"revoke_lag"`   // from the end of a grant to access that was seen to be gone, or whose removal by hand was confirmed

	Granted int     `json:"granted"` // grants that became active
	Removed int     `json:"removed"` // grants whose access was seen to be gone, or whose removal by hand was confirmed
	Touches Touches `json:"touches"` // how often somebody had to do something for a request of the period

	Fulfilled int `json:"fulfilled"` // changes that a person made
	Retries   int `json:"retries"`   // how often somebody had to press Retry
	Drift     int `json:"drift"`     // changes by hand in Jira that were told and not obeyed
	Conflicts int `json:"conflicts"` // what people have together and shouldn't, as it was seen last; counted like what is stuck
	Stuck     int `json:"stuck"`     // what waits for a human now, whenever it began; not of the log, and counted by whoever knows
}

// ManualTouches is how often somebody had to do what Latchkey is there for.
func (r Report) ManualTouches() int { return r.Fulfilled + r.Retries }

// Touches are the requests of a period by how often somebody had to do for them what Latchkey is there for, within it: make or
// undo a change by hand, or have it try again.
type Touches struct {
	None int `json:"0"`
	One  int `json:"1"`
	Few  int `json:"2-3"`
	Many int `json:"more"`
}

func (t *Touches) add(n int) {
	switch {
	case n == 0:
		t.None++
	case n == 1:
		t.One++
	case n <= 3:
		t.Few++
	default:
		t.Many++
	}
}

// Touched are those for which somebody did something.
func (t Touches) Touched() int { return t.One + t.Few + t.Many }

// String is all four numbers.
func (t Touches) String() string {
	return fmt.Sprintf("none %d, one %d, 2–3 %d, more than 3 %d", t.None, t.One, t.Few, t.Many)
}

// count is a report in the making.
type count struct {
	report                      Report
	approval, provisioning, lag sample
	answers                     map[access.Surface]*sample

	touched map[string]int // by request, of those of the period
}

// ticket begins to count what is done for a request.
func (c *count) ticket(request string) {
	if c.touched == nil {
		c.touched = map[string]int{}
	}
	c.touched[request] = 0
}

// touch counts what somebody did for one.
func (c *count) touch(request string) {
	if _, of := c.touched[request]; of {
		c.touched[request]++
	}
}

func (c *count) submitted(r requestFigures) {
	if r.known {
		c.report.Submitted++
		c.report.Requests[r.state]++
	}
}

// answered takes the time of an answer, and of the one that decided.
func (c *count) answered(at mark, r requestFigures) {
	if !r.known {
		return
	}
	if r.decided.Equal(at.at) {
		c.approval.add(r.decided.Sub(r.created))
	}
	if at.on == "" {
		return
	}
	if c.answers == nil {
		c.answers = map[access.Surface]*sample{}
	}
	if c.answers[at.on] == nil {
		c.answers[at.on] = new(sample)
	}
	c.answers[at.on].add(max(0, at.at.Sub(asked(access.Request{Created: r.created, Stages: r.stages}, at.stage, at.at))))
}

func (c *count) grant(g grantFigures) {
	if c.report.contains(g.started) {
		c.report.Granted++
		if g.asked {
			c.provisioning.add(g.started.Sub(g.created))
		}
	}
	if c.report.contains(g.finished) && g.removed {
		c.report.Removed++
		c.lag.add(g.lag)
	}
}

func (c *count) finish() Report {
	c.report.Approval, c.report.Provisioning, c.report.RevokeLag = c.approval.spread(), c.provisioning.spread(), c.lag.spread()
	for _, n := range c.touched {
		c.report.Touches.add(n)
	}
	for on, took := range c.answers {
		if c.report.Answers == nil {
			c.report.Answers = map[access.Surface]Spread{}
		}
		c.report.Answers[on] = took.spread()
	}
	return c.report
}
