package summary

import (
	"context"
	"fmt"
	"time"

	"latchkey/evidence/pack"
)

// Summary is what a first walk over all rows finds out: the figures of the summary.
type Summary struct {
	Rows       int                 `json:"rows"`
	Privileged int                 `json:"privileged"` // of the rows
	Outcomes   Outcomes            `json:"outcomes"`   // rows by what came of them
	Answers    Answers             `json:"answers"`    // answers by how they were given
	Removals   map[pack.Result]int `json:"removals"`   // revoked rows by what came of their removal
	Restored   int                 `json:"restored"`   // of the removals: those taken back
	Timeliness Timeliness          `json:"timeliness"` // the dates it has to keep, and what it kept
	Pace       []Pace              `json:"pace"`       // a line for everybody who answered
	Groups     []GroupSummary      `json:"groups"`     // a line for each group
	Notes      []Note              `json:"notes"`      // what an auditor would find, told by the pack itself

	noted notes
}

// Outcomes are rows by what came of them.
type Outcomes struct {
	Kept       int `json:"kept"`        // by what reviewers answered
	Revoked    int `json:"revoked"`     // by what reviewers answered
	NoAnswer   int `json:"no_answer"`   // nobody answered: the rule for that decided
	NoReviewer int `json:"no_reviewer"` // nobody could be found: the rule for that decided
	Gone       int `json:"gone"`        // ended before it was answered
	Open       int `json:"open"`        // nobody has answered yet
}

func (o *Outcomes) add(r pack.Row) {
	switch r.Outcome.How {
	case pack.NobodySpoke, pack.ByAdvice:
		o.NoAnswer++
	case pack.NobodyFound:
		o.NoReviewer++
	case pack.GoneMeanwhile:
		o.Gone++
	case pack.ByAnswers:
		if r.Outcome.Verdict == pack.Revoke {
			o.Revoked++
		} else {
			o.Kept++
		}
	default:
		o.Open++
	}
}

// Answers are answers by how they were given.
type Answers struct {
	All    int `json:"all"`    // that were given, those taken back too
	Bulk   int `json:"bulk"`   // together with others
	Undone int `json:"undone"` // taken back afterwards
}

// Timeliness holds a campaign against its dates; zero for what has not happened.
type Timeliness struct {
	Start        time.Time `json:"start,omitzero"`            // when reviewers were asked
	Due          time.Time `json:"due,omitzero"`              // until when they had time
	LastDecision time.Time `json:"last_decision,omitzero"`    // the last answer that counts
	LastRemoval  time.Time `json:"last_removal,omitzero"`     // the last one that was read back
	LastCheck    time.Time `json:"last_recheck,omitzero"`     // the last time a removal was looked at again
	Slowest      *Slowest  `json:"slowest_removal,omitempty"` // the removal that took longest
	InPeriod     bool      `json:"in_period"`                 // all of it, to the last removal, by the end of the period
	DaysAfter    int       `json:"days_after,omitempty"`      // whole days between that end and the last of it
}

// Slowest is the removal that took longest after it was ordered.
type Slowest struct {
	Row   string  `json:"row"`   // its id
	Hours float64 `json:"hours"` // from the order to the reading back
}

// GroupSummary is the figures of one group.
type GroupSummary struct {
	Key      string   `json:"key"` // of the group
	Rows     int      `json:"rows"`
	Outcomes Outcomes `json:"outcomes"` // its rows by what came of them
}

// Count walks over all rows of a campaign once. It refuses what no honest pack can be made of.
func Count(ctx context.Context, c pack.Campaign) (*Review, error) {
	if err := check(c); err != nil {
		return nil, err
	}
	r := &Review{Campaign: c.Whole()}
	head, err := headOf(c)
	if err != nil {
		return nil, err
	}
	r.Head = head
	t := &r.Summary
	t.Removals = map[pack.Result]int{}
	t.Timeliness = Timeliness{Start: c.Times.Started, Due: c.Times.Due}
	paces := paces{}
	order := newOrder(c.Groups)
	for row, err := range c.Rows {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = order.next(row)
		}
		if err != nil {
			return nil, fmt.Errorf("read the rows of the review %s: %w", c.ID, err)
		}
		t.row(r.Campaign, row)
		paces.row(row)
	}
	t.Groups, t.Pace = order.groups, paces.list()
	t.Timeliness.judge(r.Campaign)
	t.noted.campaign(r.Campaign, t)
	t.Notes = t.noted.list()
	return r, nil
}

func (t *Summary) row(c pack.Campaign, r pack.Row) {
	t.Rows++
	if r.Privileged {
		t.Privileged++
	}
	t.Outcomes.add(r)
	for _, a := range r.Answers {
		t.answer(a)
	}
	if r.Removal != nil {
		t.removal(r)
	}
	t.noted.row(c, r)
}

func (t *Summary) answer(a pack.Answer) {
	t.Answers.All++
	if a.Bulk {
		t.Answers.Bulk++
	}
	if a.Undone != nil {
		t.Answers.Undone++
		return
	}
	t.Timeliness.LastDecision = later(t.Timeliness.LastDecision, a.At)
}

func (t *Summary) removal(r pack.Row) {
	m := r.Removal
	t.Removals[m.Result]++
	if len(m.Restored) > 0 {
		t.Restored++
	}
	if m.Checked.Known() {
		t.Timeliness.LastCheck = later(t.Timeliness.LastCheck, m.Checked.Value)
	}
	if !m.Read.Known() {
		return
	}
	t.Timeliness.LastRemoval = later(t.Timeliness.LastRemoval, m.Read.Value)
	took := m.Read.Value.Sub(m.Asked).Hours()
	if s := t.Timeliness.Slowest; s == nil || took > s.Hours {
		t.Timeliness.Slowest = &Slowest{r.ID, took}
	}
}

// judge says whether all of it happened in the period under review.
func (t *Timeliness) judge(c pack.Campaign) {
	last := later(later(t.LastDecision, t.LastRemoval), t.LastCheck)
	if c.Period.To.IsZero() || last.IsZero() {
		return
	}
	if over := last.Sub(c.Period.To); over > 0 {
		t.DaysAfter = int(over.Hours() / 24)
	} else {
		t.InPeriod = c.Status == pack.Closed
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// order sees that rows come group by group, and none of them twice.
type order struct {
	groups []GroupSummary
	at     int
	seen   map[string]bool // rows of the present group
}

func newOrder(groups []pack.Group) *order {
	o := &order{seen: map[string]bool{}}
	for _, g := range groups {
		o.groups = append(o.groups, GroupSummary{Key: g.Key})
	}
	return o
}

func (o *order) next(r pack.Row) error {
	for o.at < len(o.groups) && o.groups[o.at].Key != r.Group {
		o.at++
		clear(o.seen)
	}
	switch {
	case o.at == len(o.groups):
		return fmt.Errorf("the row %s is of the group %q, which is none of the review's or came before: rows have to come group by group, in the order of the groups", r.ID, r.Group)
	case r.ID == "" || o.seen[r.ID]:
		return fmt.Errorf("the row %q comes twice", r.ID)
	}
	o.seen[r.ID] = true
	o.groups[o.at].Rows++
	o.groups[o.at].Outcomes.add(r)
	return nil
}
