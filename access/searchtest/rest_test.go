package searchtest

import (
	"slices"

	"latchkey/access"
)

// fair is what happens next if all goes well from here: what is under way comes to its
// end, tasks are carried out one after the other, what is due is done, and people do
// what they were asked to. Only then does time pass. ok is false where nothing is left
// to happen.
func (m *model) fair(s *state) (st step, ok bool) {
	for _, pick := range []func(*state) (step, bool){m.underWay, m.ready, m.dueFirst, m.asked_} {
		if st, ok = pick(s); ok {
			return st, true
		}
	}
	return step{act: passes}, !m.due(s).IsZero()
}

func (m *model) underWay(s *state) (step, bool) {
	for _, t := range s.Queue {
		if t.Kind == 0 || t.State != Claimed {
			continue
		}
		st := step{act: ends_, of: t.Case, part: t.Part, kind: t.Kind}
		if t.Phase == looked {
			st.act = does
		}
		return st, true
	}
	return step{}, false
}

func (m *model) ready(s *state) (step, bool) {
	how := [Remove + 1]act{Open: opens, Find: finds, Establish: establishes, Add: changes, Remove: changes}
	for i, t := range s.Queue {
		if t.Kind != 0 && s.Queue.Claimable(i) {
			return step{act: how[t.Kind], of: t.Case, part: t.Part, kind: t.Kind}, true
		}
	}
	return step{}, false
}

func (m *model) dueFirst(s *state) (step, bool) {
	return step{act: wakes}, dueNow(m.due(s))
}

// asked_ has people do what they were asked to: IT what is stuck, fulfillers what is
// made by hand, reviewers a judgement.
func (m *model) asked_(s *state) (step, bool) {
	for i, id := range s.Grant {
		if id == 0 {
			continue
		}
		g, of := &m.grants.values[id], uint8(i)
		switch {
		case g.State == access.GrantStuck && !g.Revoking && s.NoGroup:
			return step{act: revokes, of: of, part: uint8(tess)}, true
		case g.State == access.GrantWaiting && s.Held:
			return step{act: doubts, of: of}, true
		case g.State == access.GrantStuck, g.Disputed:
			return step{act: retries, of: of, part: uint8(tess)}, true
		case g.State == access.GrantManual:
			return step{act: fulfils, of: of, part: uint8(ines)}, true
		}
	}
	for i, id := range s.Request {
		if id == 0 {
			continue
		}
		switch r := &m.requests.values[id]; {
		case r.UnderReview() && s.Boss == nobody:
			return step{act: bossChanges, part: uint8(noor)}, true
		case r.UnderReview() && len(r.Review.Asked) == 0:
			return step{act: retries, of: uint8(i), part: uint8(tess), kind: Find}, true
		case r.UnderReview() && slices.Contains(r.Review.Asked, s.Boss.id()):
			return step{act: judgesRight, of: uint8(i), part: uint8(s.Boss)}, true
		}
	}
	return step{}, false
}

// rests tells what still waits in a state in which nothing is left to happen; "" if
// nothing does.
func (m *model) rests(s *state) string {
	for i, id := range s.Request {
		r := &m.requests.values[id]
		switch {
		case id == 0:
		case r.State == access.RequestPending:
			return "7. a request waits for ever"
		case len(r.Waiting) > 0:
			return "7. a kept answer waits for ever"
		case r.BreakGlass && (r.Review == nil || r.Review.Answer == nil):
			return "7. an emergency is never judged"
		case r.Issue.Key == "" || s.Issue[i] == absent:
			return "1. a request never gets an issue"
		}
	}
	for _, id := range s.Grant {
		if g := &m.grants.values[id]; id != 0 && g.State != access.GrantEnded && g.Source != access.SourceAdopted {
			return "2. a grant never ends: it is " + string(g.State)
		}
	}
	return m.left(s)
}

// left tells of groups that somebody is in, or isn't, for no reason.
func (m *model) left(s *state) string {
	for part, member := range s.Member {
		if member != s.Prior[part] && !s.Either[part] {
			return "2. access is there for ever, or what was there before is gone"
		}
	}
	if s.Queue.Len() > 0 {
		return "a task is never carried out"
	}
	return ""
}
