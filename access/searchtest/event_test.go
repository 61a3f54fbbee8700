package searchtest

import (
	"fmt"
	"time"

	"latchkey/access"
)

// cue is what an event says, in a form that can be compared.
type cue struct {
	kind      access.EventKind
	by        person
	part      int8 // the group, or -1
	end       access.End
	answer    access.EventKind
	way       access.Direction
	approvers crowd
	place     person // whose place is taken
	away      pairs  // who of the approvers decides for whom
	signed    bool   // who says it has signed in for it
	reused    bool
	before    bool
	approved  bool          // an extension that somebody approved anew
	until     time.Duration // from now
}

const hint = "Because" // what people give as a reason, and Latchkey as a note

func (c cue) fill(e access.Event) access.Event {
	e.Approvers, e.Reason, e.Note = c.approvers.ids(), hint, hint
	e.For, e.Delegates = c.place.id(), c.away.delegates()
	if c.signed {
		e.SignedIn = &access.SignedIn{Directory: "okta", At: now}
	}
	e.End, e.Answer, e.Direction, e.Reused, e.Before = c.end, c.answer, c.way, c.reused, c.before
	if c.part >= 0 {
		e.Group = &groups[c.part]
		e.Note = fmt.Sprintf("%s: %s", hint, e.Group)
	}
	if c.until != 0 {
		e.Until = now.Add(c.until)
	}
	switch c.kind {
	case access.EventIssueOpened, access.EventRecorded, access.EventStuck:
		e.Issue = &access.Issue{ID: "1", Key: "IT-1"}
	case access.EventExtended:
		if e.Approvers = nil; c.approved {
			e.Approvers = crowdOf(noor).ids()
		}
	}
	return e
}

// said is an event about a request that somebody or, by nobody, Latchkey causes.
func said(kind access.EventKind, by person) cue { return cue{kind: kind, by: by, part: -1} }

// about is an event about one of a grant's groups.
func about(kind access.EventKind, part uint8) cue { return cue{kind: kind, part: int8(part)} }

// ends is the event that begins an end.
func ends(why access.End, by person) cue {
	return cue{kind: access.EventEnding, by: by, part: -1, end: why}
}

// moved is what an event makes of a noun.
type moved struct {
	to      uint32
	effects []access.Effect
	refusal string // why it was refused
	broken  string // the promise that is broken by it
}

type moveKey struct {
	from uint32
	cue  cue
}

// known is what comes of an event, found out once: judge says what it breaks where it
// is taken.
func known(moves map[moveKey]*moved, key moveKey, judge func(*moved) error) *moved {
	if out, ok := moves[key]; ok {
		return out
	}
	out := &moved{}
	if err := judge(out); err != nil {
		out.refusal, out.broken = judged(err)
	}
	moves[key] = out
	return out
}

// request moves a request by an event, through the shipped table.
func (m *model) request(id uint32, c cue) *moved {
	return known(m.requestMoves, moveKey{id, c}, func(out *moved) error {
		r := m.requests.values[id]
		e := c.fill(r.Event(c.kind, c.by.actor(), now))
		next, effs, err := r.Apply(e, now)
		if out.effects = effs; err != nil {
			return err
		}
		m.uses(string(r.State), c.kind)
		out.broken = first(toldOf(c.kind, effs), followsRequest(e, r, next, effs), keepsRequest(r, next, e))
		out.to = m.requestID(laterRequest(next, 0))
		return nil
	})
}

// grant moves a grant by an event, through the shipped table.
func (m *model) grant(id uint32, c cue) *moved {
	return known(m.grantMoves, moveKey{id, c}, func(out *moved) error {
		g := m.grants.values[id]
		e := c.fill(g.Event(c.kind, c.by.actor(), now))
		next, effs, err := g.Apply(e, now)
		if out.effects = effs; err != nil {
			return err
		}
		m.uses(string(g.State), c.kind)
		out.broken = first(toldOfGrant(e, g, next, effs), followsGrant(e, g, next, effs), keepsGrant(g, next, e))
		out.to = m.grantID(laterGrant(next, 0))
		return nil
	})
}

// judged tells a refusal from a machine that broke.
func judged(err error) (refusal, broken string) {
	if r, ok := access.AsRefusal(err); ok {
		return r.Sentence, ""
	}
	return err.Error(), "a machine breaks: " + err.Error()
}

// first is the first of several sentences that says anything.
func first(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

// uses notes that a line of a table was used.
func (m *model) uses(from string, on access.EventKind) { m.used[from+" "+string(on)] = true }
