package searchtest

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// How seats come back in these worlds.
const (
	idleAfter = 20 * catalog.Day
	laterFor  = 10 * catalog.Day
	backFor   = 10 * catalog.Day
	leaveFor  = 12 * catalog.Day
	restFor   = 30 * catalog.Day // nobody is asked again within it
	readFor   = time.Hour        // how old a reading can be by which access ends
)

// seatWorld is Maya's seat of an app that she has left alone for long, with all that may happen to it.
type seatWorld struct {
	name      string
	lag       time.Duration // by how much records of use may be late
	uses      int           // how often she uses it, at most
	answers   bool          // she may answer
	later     int           // how often she can put it off
	leave     bool          // she may go on leave
	down      bool          // the directory may be down
	blind     bool          // nobody's use is on record
	short     bool          // records reach back less far than it takes
	exempts   bool          // IT may leave it out
	reload    bool          // the configuration may be changed so that seats don't come back
	quits     bool          // she may leave the company
	revoked   bool          // her access may be ended otherwise
	more      bool          // another role of the app may be approved meanwhile
	beside    bool          // access to another app needs the same group
	downgrade bool          // a lower role comes in its place
	forever   bool          // her access has no end
	adopted   bool          // nobody had approved it
	restores  bool          // it may be had back
	lost      bool          // the directory's answer to a removal may be lost
	cannot    bool          // the directory may refuse a removal
	slow      bool          // between a look and what follows of it, hours may pass, or it is done twice
	long      bool          // there is longer to answer than makes a seat idle
	stray     bool          // somebody may put her into a group of the app by hand
	cases     int           // how often she is asked, at most
}

// seatState is how such a world stands.
type seatState struct {
	At       time.Time
	Cases    []access.Reclaim
	Grants   []access.Grant // the first is her seat; "G-x" is of another app
	In       [2]bool        // who has the higher role, and who has the lower one
	Used     time.Time      // when she used it last
	Shown    time.Time      // her last use that is on record
	Shows    time.Time      // when the last one is on record, where it isn't yet
	Look     *seatLook      // what was read, where that wasn't followed yet
	Again    *seatLook      // what was followed, and is carried out once more
	Check    bool           // it waits to be looked at
	Deadline time.Time      // until when she has to answer
	Said     access.EventKind
	Away     time.Time
	Outside  time.Time // until when IT left it out; far away for good
	Down     bool
	Off      bool
	Gone     bool // she has left
	Stuck    bool // IT has to retry a removal
	Uses     int
	Spent    uint16 // what happened that happens once
}

// What happens once.
const (
	wentAway uint16 = 1 << iota
	wentDown
	wasRevoked
	gotMore
	lostAnswer
	refusedOnce
	wasSlow
	wasRestored
	gotStray
)

// seatLook is what a look at the seat came to.
type seatLook struct {
	At    time.Time
	Judge access.SeatJudgement
	Holds []string // the grants by which it is held
}

const farAway = 400 * catalog.Day

// grace is how long there is to answer.
func (w *seatWorld) grace() time.Duration {
	if w.long {
		return idleAfter + 5*catalog.Day
	}
	return 5 * catalog.Day
}

func (w *seatWorld) rule() catalog.Reclaim {
	r := catalog.Reclaim{Idle: idleAfter, Grace: w.grace(), Postpone: laterFor, Postpones: w.later, Least: catalog.AppSignIn, Restore: backFor}
	if w.downgrade {
		r.Downgrade = viewer
	}
	return r
}

func seatGrant(id, app, role string, ref catalog.GroupRef, at time.Time) access.Grant {
	return access.Grant{
		ID: id, Request: id, Person: maya.id(), App: app, Role: role, Source: access.SourceRequested, State: access.GrantActive, Wanted: catalog.Forever, Created: at, Started: at,
		Entitlements: []access.Entitlement{{Group: ref, State: access.EntitlementHeld, Account: account, GroupID: ref.Group, Absent: true}},
	}
}

// begin is the world as it begins: nobody has used the seat for nineteen days.
func (w *seatWorld) begin() (seatState, error) {
	s := seatState{At: now, In: [2]bool{true, false}, Used: now.Add(-idleAfter + catalog.Day)}
	s.Shown = s.Used
	g := seatGrant("G-1", "figma", editor, groups[0], now.Add(-30*catalog.Day))
	if !w.forever {
		g.Wanted, g.Ends = 60*catalog.Day, now.Add(30*catalog.Day)
	}
	if w.adopted {
		g.Request, g.Source = "", access.SourceAdopted
	}
	s.Grants = append(s.Grants, g)
	if w.beside {
		s.Grants = append(s.Grants, seatGrant("G-x", "books", viewer, groups[0], now.Add(-30*catalog.Day)))
	}
	return s, nil
}

func (s seatState) clone() seatState {
	s.Cases, s.Grants = slices.Clone(s.Cases), slices.Clone(s.Grants)
	for n := range s.Grants {
		s.Grants[n].Entitlements = slices.Clone(s.Grants[n].Entitlements)
	}
	return s
}

// key tells states apart: by all that anything depends on, and times by how far they are from now.
func (w *seatWorld) key(s seatState) string {
	in := func(t time.Time, counts time.Duration) string {
		switch {
		case t.IsZero():
			return "-"
		case s.At.Sub(t) > counts:
			return "past"
		}
		return strconv.FormatInt(int64(t.Sub(s.At)/time.Minute), 36)
	}
	out := make([]byte, 0, 256)
	add := func(all ...any) { out = append(fmt.Append(out, all...), '|') }
	for _, c := range s.Cases {
		if add(c.State, in(c.Asked, restFor), in(c.Decided, idleAfter), in(c.Settled, backFor), in(c.Exempt, 0), c.Outcome, !c.Restored.IsZero()); c.Open() {
			add(in(c.Until, 0), c.Postponed, c.Unread != "", in(c.Certain, 0), in(c.Over, 2*catalog.Day), in(c.Seen.Last, 2*idleAfter), c.Gives, c.Ends)
		}
	}
	for _, g := range s.Grants {
		if add(g.ID, g.State, g.End); g.State != access.GrantEnded {
			add(g.Entitlements[0].State, g.Revoking, in(g.Started, idleAfter))
		}
		add(in(g.Ends, 0))
	}
	for _, l := range []*seatLook{s.Look, s.Again} {
		if l != nil {
			add(in(l.At, readFor), l.Judge.Standing, l.Judge.ByUse, in(l.Judge.Seen.Last, 2*idleAfter), l.Holds)
		}
		add("")
	}
	add(s.In, in(s.Used, 2*idleAfter), in(s.Shown, 2*idleAfter), in(s.Shows, 0), s.Check, in(s.Deadline, 2*catalog.Day), s.Said, in(s.Away, 0), in(s.Outside, 0), s.Down, s.Off, s.Gone, s.Stuck, s.Uses, s.Spent)
	return string(out)
}

// last is the latest question.
func (s *seatState) last() *access.Reclaim {
	if len(s.Cases) == 0 {
		return nil
	}
	return &s.Cases[len(s.Cases)-1]
}

// held are the open grants of the app.
func (s *seatState) held() (out []access.Grant) {
	for _, g := range s.Grants {
		if g.App == "figma" && g.State != access.GrantEnded {
			out = append(out, g)
		}
	}
	slices.SortStableFunc(out, func(a, b access.Grant) int { return b.Started.Compare(a.Started) }) // the latest first
	return out
}

func (s *seatState) grant(id string) *access.Grant {
	n := slices.IndexFunc(s.Grants, func(g access.Grant) bool { return g.ID == id })
	return &s.Grants[n]
}

// reading is what is read of her use at a moment, by who can.
func (w *seatWorld) reading(s seatState) access.Idleness {
	if w.blind || s.Down {
		return access.Idleness{}
	}
	reach := 90 * catalog.Day
	if w.short {
		reach = idleAfter / 2
	}
	out := access.Idleness{Last: s.Shown, Source: "sign-ins", By: catalog.AppSignIn, Reach: s.At.Add(-reach), Read: s.At, Complete: s.At.Add(-w.lag)}
	if out.Last.Before(out.Reach) {
		out.Last = time.Time{}
	}
	return out
}

// stray tells whether she is in a group of the app for no reason.
func (s *seatState) stray() bool { return s.Spent&gotStray != 0 && s.In[1] }

// judge says how the seat stands, by what is shipped.
func (w *seatWorld) judge(s seatState) access.SeatJudgement {
	f := access.SeatFacts{
		Rule: w.rule(), Grants: s.held(), Left: s.Gone, Absent: s.Away, App: w.reading(s), Before: s.Cases,
		Beside: s.stray(),
	}
	if s.Down {
		f.Unread, f.Failed = hint, true
	}
	if s.Off {
		f.Rule = catalog.Reclaim{}
	}
	return f.Judge(s.At)
}

// moveCase takes the latest question on; why is the refusal.
func (s *seatState) moveCase(e access.Event) (why string) {
	c := s.last()
	next, _, err := c.Apply(e, s.At)
	if err != nil {
		return err.Error()
	}
	*c = next
	return ""
}

func (s *seatState) caseEvent(kind access.EventKind, by access.Actor) access.Event {
	return s.last().Event(kind, by, s.At)
}

// moveGrant takes a grant on, and tells the questions of it.
func (w *seatWorld) moveGrant(s *seatState, id string, e access.Event) (why string) {
	g := s.grant(id)
	next, effs, err := g.Apply(e, s.At)
	if err != nil {
		return needed6(err.Error())
	}
	*g = next
	if !slices.ContainsFunc(effs, func(f access.Effect) bool { return f.Kind == access.EffectSettleReclaim }) {
		return ""
	}
	return w.hears(s, id)
}

// endGrant begins the end of a grant.
func (w *seatWorld) endGrant(s *seatState, id string, end access.End) string {
	if s.grant(id).Revoking {
		return ""
	}
	e := s.grant(id).Event(access.EventEnding, access.System(), s.At)
	e.End = end
	return w.moveGrant(s, id, e)
}
