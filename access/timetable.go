package access

import (
	"slices"
	"time"

	"latchkey/catalog"
)

// Timetable is when somebody is told again of what waits for them, each time counted in
// their working hours from its beginning, and when others are told as well.
type Timetable struct {
	Remind   []time.Duration // ascending, one to three
	Escalate time.Duration   // after the last of them
}

// Timetables are by how soon an answer is needed.
type Timetables struct {
	Brief    Timetable // asked for a day at most
	Ordinary Timetable
	Long     Timetable // asked for more than ninety days, or for no end
}

// mostTold is how often a person is told again of one thing that waits for them.
const mostTold = 3

// mostEscalated is how often others are asked as well, at most: whom the route asks next,
// managers, those who stand in, and IT.
const mostEscalated = 4

// longWanted is from where on a request is one for long.
const longWanted = 90 * catalog.Day

// DefaultTimetables are those of a company that says nothing else.
func DefaultTimetables() Timetables {
	const h, d = time.Hour, catalog.Day
	return Timetables{
		Brief:    Timetable{[]time.Duration{30 * time.Minute, 2 * h}, 4 * h},
		Ordinary: Timetable{[]time.Duration{4 * h, d}, 2 * d},
		Long:     Timetable{[]time.Duration{4 * h, d, 3 * d}, 4 * d},
	}
}

// manualTimetable is that of a change by hand.
func manualTimetable() Timetable {
	return Timetable{[]time.Duration{2 * time.Hour, catalog.Day}, 2 * catalog.Day}
}

// reviewTimetable is that of the question whether an emergency was one.
func reviewTimetable() Timetable {
	return Timetable{[]time.Duration{4 * time.Hour, catalog.Day, 2 * catalog.Day}, 3 * catalog.Day}
}

// Of is the timetable of an answer to a request for so long.
func (t Timetables) Of(wanted time.Duration) Timetable {
	switch {
	case wanted == catalog.Forever || wanted > longWanted:
		return t.Long
	case wanted <= catalog.Day:
		return t.Brief
	}
	return t.Ordinary
}

// Chase is how those are told again for whom something waits: by which timetables, and
// in whose working hours. It comes with an event and isn't kept: what follows from it is.
type Chase struct {
	Tables Timetables
	Hours  []Hours // of each of those for whom it waits; nobody's: round the clock
}

// after is when so much of the working hours has passed since a moment, for whoever is
// told first.
func (c *Chase) after(from time.Time, d time.Duration) time.Time {
	return c.first(func(h Hours) time.Time { return h.After(from, d) })
}

// next is the first moment from another one on at which any of them can be told.
func (c *Chase) next(at time.Time) time.Time {
	return c.first(func(h Hours) time.Time { return h.Next(at) })
}

func (c *Chase) first(of func(Hours) time.Time) time.Time {
	if c == nil || len(c.Hours) == 0 {
		return of(Hours{})
	}
	all := make([]time.Time, len(c.Hours))
	for i, h := range c.Hours {
		all[i] = of(h)
	}
	return earliest(all...)
}

// absent tells whether all of those for whom it waits are on leave.
func (c *Chase) absent(at time.Time) bool {
	here := func(h Hours) bool { return !h.Away.After(at) }
	return c != nil && len(c.Hours) > 0 && !slices.ContainsFunc(c.Hours, here)
}

// tables are the timetables of a chase, or the default ones.
func (c *Chase) tables() Timetables {
	if c == nil || len(c.Tables.Brief.Remind)+len(c.Tables.Ordinary.Remind)+len(c.Tables.Long.Remind) == 0 {
		return DefaultTimetables()
	}
	return c.Tables
}

// answer is the pace of an answer to a request for so long. What is needed on the same
// day is escalated on it, too.
func (c *Chase) answer(wanted time.Duration) pace {
	return pace{chase: c, table: c.tables().Of(wanted), today: wanted != catalog.Forever && wanted <= catalog.Day, steps: mostEscalated}
}

// trouble is the pace of what IT has to put right.
func (c *Chase) trouble() pace { return pace{chase: c, table: c.tables().Long} }

func (c *Chase) manual() pace { return pace{chase: c, table: manualTimetable()} }

func (c *Chase) review() pace { return pace{chase: c, table: reviewTimetable()} }

// pace is by which timetable one thing is told of again.
type pace struct {
	chase *Chase
	table Timetable
	today bool // on the day of its beginning, if enough of that is left
	steps int  // how often it is escalated at this pace, before it is every week; 0: once
}

// moments are when what began at a moment is told of again, and in the end escalated.
// On a day that is too short for all of them some are left out.
func (p pace) moments(since time.Time) []time.Time {
	ends := p.chase.after(since, p.table.Escalate)
	if p.today {
		ends = earliest(ends, p.chase.first(func(h Hours) time.Time { return h.sameDay(since) }))
	}
	var out []time.Time
	for _, d := range p.table.Remind {
		if at := p.chase.after(since, d); at.Before(ends) {
			out = append(out, at)
		}
	}
	if len(out) == 0 {
		out, ends = append(out, p.chase.after(since, p.table.Remind[0])), p.chase.after(since, p.table.Escalate)
	}
	return append(out, ends)
}

// begin is what waits from now on: whoever it waits for is being told.
func (p pace) begin(at time.Time) FollowUp {
	all := p.moments(at)
	d := FollowUp{Since: at, Next: all[0], Of: len(all) - 1}
	if p.steps > 0 && p.chase.absent(at) { // others are asked at once
		d.Told, d.Next = d.Of, at
	}
	return d
}

// told counts one telling more. What came due meanwhile goes out with it: where it is
// late, the next one comes as long after it as it would have otherwise.
func (p pace) told(d FollowUp, at time.Time) FollowUp {
	all := p.moments(d.Since)
	d.Told, d.Last = d.Told+1, at
	if n := d.Told; n < len(all) {
		if d.Next = all[n]; at.Sub(all[n-1]) > punctual {
			d.Next = later(d.Next, p.following(at, n))
		}
		return d
	}
	if d.Next = p.chase.next(at.Add(catalog.Week)); d.Told-len(all)+1 < p.steps {
		d.Next = p.chase.after(at, p.table.Escalate)
	}
	return d
}

// punctual is how long after its moment something is still told in time.
const punctual = 15 * time.Minute

// following is the nth telling, where the one before it comes at a moment.
func (p pace) following(at time.Time, n int) time.Time {
	n = min(n, len(p.table.Remind))
	ends := append(slices.Clone(p.table.Remind), p.table.Escalate)
	return p.chase.first(func(h Hours) time.Time { return h.Between(at, ends[n-1], ends[n]) })
}

// round is when people are asked once more who were asked for the nth time at a moment.
func (p pace) round(at time.Time, n int) time.Time {
	if n == 1 {
		return p.chase.after(at, p.table.Remind[0])
	}
	return p.following(at, n-1)
}
