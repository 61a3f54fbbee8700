package searchtest

import (
	"time"

	"latchkey/access"
)

// world_ is what goes wrong, what others do, and the passing of time.
func (m *model) world_(s *state, st step) result {
	next := *s
	i, part := int(st.of), st.part
	switch st.act {
	case crashes:
		if next.Left[crash]--; !next.Queue.anyClaimed() {
			return no()
		}
		next.Queue.Crash()
	case passes, sleeps, wakes:
		return m.time(s, st.act)
	case surveys:
		return m.surveys(s, i)
	case doubts:
		return m.doubts(next, i)
	case takesOut:
		if next.Left[byHand]--; !s.Member[part] {
			return no()
		}
		next.Member[part], next.Prior[part], next.Either[part] = false, false, false
	case putsBack:
		if next.Left[byHand]--; !m.missing(s, part) {
			return no()
		}
		next.Member[part] = true
		next.Prior[part], next.Either[part] = m.returns(s, part)
	case deletesIssue:
		if next.Left[deleted]--; s.Request[i] == 0 || s.Issue[i] != there || m.requestAt(s, i).Issue.Key == "" {
			return no()
		}
		next.Issue[i] = gone
	case deletesGroup:
		if next.Left[deleted]--; s.NoGroup {
			return no()
		}
		next.NoGroup, next.Member[0], next.Prior[0], next.Either[0], next.Other = true, false, false, false, false
	case addressMoves:
		next.Left[handover]--
	case bossChanges:
		next.Left[handover] -= min(next.Left[handover], 1)
		if s.Boss == st.person() {
			return no()
		}
		next.Boss = st.person()
	case goesAway:
		next.Left[absence]--
		next.Away ^= 1 << part
	case tightens:
		next.Strict = true
	}
	return result{state: next, happen: true}
}

// anyClaimed tells whether anything is under way.
func (q *Queue) anyClaimed() bool {
	for _, t := range q {
		if t.Kind != 0 && t.State == Claimed {
			return true
		}
	}
	return false
}

// missing tells whether it is known of a group that Maya was taken out of it by hand.
func (m *model) missing(s *state, part uint8) bool {
	for _, g := range m.open(s) {
		if ent, ok := g.Entitlement(groups[part]); ok && ent.Missing && g.State == access.GrantActive {
			return !s.Member[part] && !(part == 0 && s.NoGroup)
		}
	}
	return false
}

// returns tells whether whoever puts Maya back by hand brings back what was there before;
// where Latchkey gave it meanwhile, that may be so or not.
func (m *model) returns(s *state, part uint8) (yes, either bool) {
	if s.Grant[found] == 0 {
		return false, false
	}
	f := m.grantAt(s, found)
	ent, opens := f.Entitlement(groups[part])
	if !opens || !alive(*f) || ent.State != access.EntitlementHeld {
		return false, false
	}
	for i := range cases {
		if t := s.Queue.Find(Remove, uint8(i), part); t >= 0 && s.Queue[t].State == Claimed && s.Queue[t].Phase == done {
			continue // taken out, if that isn't noted yet
		}
		if s.Grant[i] != 0 && m.grantAt(s, i).State != access.GrantEnded && m.gave(s, i, part) {
			return false, true
		}
	}
	return true, false
}

// gave tells whether a grant has put Maya into a group, as far as was seen.
func (m *model) gave(s *state, i int, part uint8) bool {
	ent, _ := m.grantAt(s, i).Entitlement(groups[part])
	there := ent.State == access.EntitlementHeld || ent.State == access.EntitlementWanted
	return there && (ent.Absent || ent.Sent) && !ent.Missing
}

// surveys compares what is held with who is in the groups: first what was there before,
// then one of the others.
func (m *model) surveys(s *state, i int) result {
	after, failed, broken := m.update(*s, func(u *unit) {
		news := s.Grant[found] != 0 && u.compares(found)
		if news = i != found && u.compares(i) || news; !news {
			u.fail("nothing new")
		}
	})
	return of(after, failed, broken)
}

// compares compares what one grant holds, and tells whether anything was new.
func (u *unit) compares(i int) (news bool) {
	for part, ref := range groups {
		g := *u.grantAt(&u.state, i)
		ent, opens := g.Entitlement(ref)
		if !opens || g.State != access.GrantActive || ent.State != access.EntitlementHeld || ent.Missing == !u.Member[part] {
			continue
		}
		kind := access.EventMemberMissing
		if ent.Missing {
			kind = access.EventMemberBack
		}
		if ent.Missing && i == found && access.GivenBesides(g, ref, u.open(&u.state), now) {
			continue
		}
		if refusal := u.moveGrant(i, about(kind, uint8(part))); refusal != "" {
			u.breaks("6. what was seen in the directory is not in the story: " + refusal)
		}
		news = true
	}
	return news
}

// doubts has a human look at a grant, because the record it was rebuilt from may be
// older than the truth.
func (m *model) doubts(s state, i int) result {
	g := m.grantAt(&s, i)
	c := said(access.EventDisputed, nobody)
	waits := g.State == access.GrantWaiting
	switch {
	case waits && s.Held && m.requestAt(&s, i).Issue.Key != "":
		c.kind = access.EventStuck
	case s.Left[doubt] == 0:
		return no()
	case waits && !s.Held:
		s.Left[doubt]--
		s.Held = true
		return result{state: s, happen: true}
	case g.State != access.GrantActive || g.Disputed:
		return no()
	default:
		s.Left[doubt]--
	}
	after, failed, broken := m.update(s, func(u *unit) {
		if refusal := u.moveGrant(i, c); refusal != "" {
			u.fail(refusal)
			u.breaks("7. a doubt can't be told of: " + refusal)
		}
	})
	return of(after, failed, broken)
}

// due is what is due, of requests and grants, and when the next of them is; zero if
// there is none.
func (m *model) due(s *state) (next time.Time) {
	soonest := func(t time.Time) {
		if !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	for _, id := range s.Request {
		if id != 0 {
			soonest(m.requests.values[id].Due())
		}
	}
	for _, id := range s.Grant {
		if id != 0 {
			soonest(m.grants.values[id].Due())
		}
	}
	return next
}

// time passes until something is due; then that is done, unless the bot is down.
func (m *model) time(s *state, a act) result {
	if a == wakes {
		return m.timer(*s)
	}
	next, at := *s, m.due(s)
	if at.IsZero() || a == passes && !at.After(now) {
		return no()
	}
	if a == sleeps {
		next.Left[asleep]--
		if next.Behind = true; !at.After(now) {
			at = m.dueAfter(s)
		}
	}
	if d := at.Sub(now); d > 0 {
		for i := range next.Request {
			next.Request[i] = m.laterRequest(next.Request[i], d)
		}
		for i := range next.Grant {
			next.Grant[i] = m.laterGrant(next.Grant[i], d)
		}
	}
	if a == sleeps {
		return result{state: next, happen: true}
	}
	return m.timer(next)
}

// dueAfter is when more will be due than is now; now if that is never.
func (m *model) dueAfter(s *state) time.Time {
	next := time.Time{}
	for _, id := range s.Request {
		if t := m.requests.values[id].Due(); id != 0 && t.After(now) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	for _, id := range s.Grant {
		if t := m.grants.values[id].Due(); id != 0 && t.After(now) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	if next.IsZero() {
		return now
	}
	return next
}

// timer does what is due, grants before requests.
func (m *model) timer(s state) result {
	s.Behind = false
	broken := ""
	for i := range s.Grant {
		if id := s.Grant[i]; id != 0 && dueNow(m.grants.values[id].Due()) {
			var why string
			s, _, why = m.update(s, func(u *unit) { u.dueGrant(i) })
			broken = first(broken, why)
		}
	}
	for i := range s.Request {
		if id := s.Request[i]; id != 0 && dueNow(m.requests.values[id].Due()) {
			var why string
			s, _, why = m.update(s, func(u *unit) { u.dueRequest(i) })
			broken = first(broken, why)
		}
	}
	return result{state: s, happen: true, broken: broken}
}

func dueNow(t time.Time) bool { return !t.IsZero() && !t.After(now) }

func (u *unit) dueGrant(i int) {
	g := u.grantAt(&u.state, i)
	c := said(g.NextTold(), nobody)
	if g.Over(now) {
		c = ends(access.EndExpired, nobody)
	}
	refusal := u.moveGrant(i, c)
	if refusal == "" && dueNow(u.grantAt(&u.state, i).Due()) {
		refusal = "it is still due"
	}
	if refusal != "" {
		u.breaks("2. what is due can't be done: " + string(c.kind) + ": " + refusal)
	}
}

func (u *unit) dueRequest(i int) {
	r := *u.requestAt(&u.state, i)
	if r.LooksAgain(now) {
		r.Look = now.Add(access.LookEvery)
		u.Request[i] = u.requestID(laterRequest(r, 0))
		if u.Queue.Enqueue(Find, uint8(i), 1); !dueNow(r.Due()) {
			return
		}
	}
	kind := r.NextTold(now)
	refusal := u.moveRequest(i, said(kind, nobody))
	if refusal == "" && dueNow(u.requestAt(&u.state, i).Due()) {
		refusal = "it is still due"
	}
	if refusal != "" {
		u.breaks("7. what is due can't be done: " + string(kind) + ": " + refusal)
	}
}
