package searchtest

import (
	"latchkey/access"
	"latchkey/catalog"
)

// begins claims a change of a group, and looks what is to be done.
func (m *model) begins(s state, t int) result {
	s.Queue.Claim(t)
	if s.Queue[t].Kind == Add {
		return m.looksToAdd(s, t)
	}
	return m.looksToRemove(s, t)
}

func (m *model) looksToAdd(s state, t int) result {
	i, part := int(s.Queue[t].Case), s.Queue[t].Part
	g := *m.grantAt(&s, i)
	nothing := !g.Live() || g.State == access.GrantActive || g.State == access.GrantWaiting
	switch {
	case nothing:
		return m.finish(s, t, func(*unit) {})
	case i < cases && s.Issue[i] == gone:
		return m.finish(s, t, func(u *unit) { u.unrecorded(i) })
	case s.NoGroup && part == 0:
		return m.refuses(s, t)
	}
	ent, _ := g.Entitlement(groups[part])
	pinned := ent.Account == account
	known := (ent.Absent || ent.Before) && (pinned || ent.Account == "")
	before := ent.Before
	if !known {
		before = s.Member[part]
		ent.Absent = !before
	}
	after, failed, broken := m.update(s, func(u *unit) {
		if before {
			u.Queue[t].Phase = was
		}
		if !(known && pinned) {
			u.save(i, g.Pin(groups[part], account, groups[part].Group, ent.Absent))
		}
	})
	return of(after, failed, broken)
}

// unrecorded ends a grant that was about to be given, because its issue is gone.
func (u *unit) unrecorded(i int) {
	if refusal := u.moveGrant(i, ends(access.EndUnrecorded, nobody)); refusal != "" {
		u.fail(refusal)
	}
	r := *u.requestAt(&u.state, i)
	r.Issue.Gone = true
	u.Request[i] = u.requestID(laterRequest(r, 0))
}

func (m *model) looksToRemove(s state, t int) result {
	i, part := int(s.Queue[t].Case), s.Queue[t].Part
	g := *m.grantAt(&s, i)
	if !g.Revoking || g.State == access.GrantEnded {
		return m.finish(s, t, func(*unit) {})
	}
	if _, needed := g.NeededBy(groups[part], m.open(&s)); needed || g.Untouched(groups[part]) {
		s.Queue[t].Phase = kept
	}
	return result{state: s, happen: true}
}

// does has the directory do it. unheard: its answer is lost.
func (m *model) does(s state, t int, unheard bool) result {
	task := s.Queue[t]
	r := result{state: s, happen: true}
	if task.Kind == Add {
		r = m.puts(s, t)
	} else {
		r = m.removes(s, t)
	}
	if !unheard || !r.happen || r.broken != "" || r.state.Queue[t].Phase != done {
		return r
	}
	next := r.state
	next.Left[lost]--
	next.Queue.Requeue(t, Ready, false)
	if task.Kind == Remove {
		return result{state: next, happen: true}
	}
	after, failed, broken := m.update(next, func(u *unit) { u.accepted(int(task.Case), task.Part) })
	return of(after, failed, broken)
}

// accepted notes that the directory may have taken an addition.
func (u *unit) accepted(i int, part uint8) {
	g := *u.grantAt(&u.state, i)
	ent, _ := g.Entitlement(groups[part])
	if !ent.Sent && ent.State == access.EntitlementWanted && g.Live() {
		g = g.Accepted(groups[part], now)
		if ent, _ := g.Entitlement(groups[part]); !ent.Sent {
			u.breaks("6. a directory may have done something, and nothing says so")
		}
		u.save(i, g)
	}
}

// puts adds Maya to a group.
func (m *model) puts(s state, t int) result {
	i, part := int(s.Queue[t].Case), s.Queue[t].Part
	if s.NoGroup && part == 0 {
		return m.refuses(s, t)
	}
	broken := ""
	if i < cases && (s.Issue[i] == absent || m.requestAt(&s, i).Issue.Key == "") {
		broken = "1. somebody is put into a group, and no issue says why"
	}
	if s.Grant[found] != 0 { // what was there before is explained until somebody ends that, also where it was taken out by hand meanwhile
		ent, _ := m.grantAt(&s, found).Entitlement(groups[part])
		s.Prior[part] = s.Prior[part] || alive(*m.grantAt(&s, found)) && ent.State == access.EntitlementHeld
	}
	s.Member[part], s.Queue[t].Phase = true, done
	return result{state: s, happen: true, broken: broken}
}

// removes takes Maya out of a group, or whoever the grant's ids lead to.
func (m *model) removes(s state, t int) result {
	i, part := int(s.Queue[t].Case), s.Queue[t].Part
	if s.NoGroup && part == 0 {
		s.Queue[t].Phase = missed
		return result{state: s, happen: true}
	}
	g := m.grantAt(&s, i)
	ent, _ := g.Entitlement(groups[part])
	broken := ""
	switch {
	case ent.Account == "":
		broken = "5. an end goes by an address, which may be somebody else's by now"
	case s.Member[part] && s.Prior[part] && i != found:
		broken = "5. a membership is taken away that was there before"
	case s.Member[part] && m.heldByAnother(&s, i, part):
		broken = "5. a membership is taken away that another grant gives"
	}
	s.Member[part], s.Prior[part], s.Queue[t].Phase = false, false, done
	return result{state: s, happen: true, broken: broken}
}

// heldByAnother tells whether another grant is the reason for a membership.
func (m *model) heldByAnother(s *state, i int, part uint8) bool {
	for j, id := range s.Grant {
		if j == i || id == 0 {
			continue
		}
		g := m.grants.values[id]
		ent, _ := g.Entitlement(groups[part])
		if alive(g) && ent.State == access.EntitlementHeld {
			return true
		}
	}
	return false
}

// alive tells of a grant that its access is given or held, and no end has begun.
func alive(g access.Grant) bool {
	switch g.State {
	case access.GrantProvisioning, access.GrantActive:
		return true
	case access.GrantStuck:
		return !g.Revoking
	}
	return false
}

// ends ends a change of a group together with its outcome.
func (m *model) ends(s state, t int) result {
	i, part, phase := int(s.Queue[t].Case), s.Queue[t].Part, s.Queue[t].Phase
	if s.Queue[t].Kind == Add {
		return m.finish(s, t, func(u *unit) {
			if phase == was {
				u.explain(i, part)
			}
			c := about(access.EventMemberAdded, part)
			c.before = phase == was
			u.seen(i, part, c)
		})
	}
	kinds := [missed + 1]access.EventKind{kept: access.EventMemberKept, done: access.EventMemberRemoved, missed: access.EventMemberGone}
	return m.finish(s, t, func(u *unit) {
		if phase == kept {
			u.passOn(i, part)
		}
		u.seen(i, part, about(kinds[phase], part))
	})
}

// seen moves a grant by what was seen in the directory. One that has moved on is
// left alone, unless it still says that it was never seen.
func (u *unit) seen(i int, part uint8, c cue) {
	before, _ := u.grantAt(&u.state, i).Entitlement(groups[part])
	open := before.State == access.EntitlementWanted || before.State == access.EntitlementHeld && c.kind != access.EventMemberAdded
	if refusal := u.moveGrant(i, c); refusal != "" && open && u.grantAt(&u.state, i).State != access.GrantEnded {
		if c.kind != access.EventMemberAdded && !u.grantAt(&u.state, i).Revoking {
			return
		}
		u.breaks("6. what was seen in the directory is not in the story: " + refusal)
	}
}

// explain sees to it that a membership that was there before has a grant of its own.
func (u *unit) explain(i int, part uint8) {
	g := *u.grantAt(&u.state, i)
	if !g.Unexplained(groups[part], u.open(&u.state)) {
		return
	}
	if u.Member[part] && !u.Prior[part] {
		u.breaks("5. what Latchkey gave is taken for what was there before, and stays")
	}
	if u.Grant[found] != 0 && u.grantAt(&u.state, found).State != access.GrantEnded {
		u.breaks("6. a membership is explained twice")
	}
	a, _, effs, err := access.Adopt(access.Adoption{ID: "GF-1", Person: maya.id(), Found: access.Found{App: g.App, Role: g.Role, Groups: []catalog.GroupRef{groups[part]}}, For: catalog.Forever, By: access.System()}, now)
	if err != nil {
		u.fail(err.Error())
		return
	}
	a = a.Pin(groups[part], account, groups[part].Group, false)
	u.Grant[found] = u.grantID(laterGrant(a, 0))
	u.queue(found, effs)
}

// passOn tells the grants that still need a group that the membership is Latchkey's
// own work.
func (u *unit) passOn(i int, part uint8) {
	for _, o := range u.grantAt(&u.state, i).PassOn(groups[part], u.open(&u.state)) {
		for j, id := range u.Grant {
			if id != 0 && u.grants.values[id].ID == o.ID {
				u.save(j, o)
			}
		}
	}
}

// isRefused has the directory refuse a change.
func (m *model) isRefused(s state, t int) result {
	r := m.begins(s, t)
	if !r.happen || r.broken != "" {
		return r
	}
	key := s.Queue[t]
	if t = r.state.Queue.Find(key.Kind, key.Case, key.Part); t < 0 || r.state.Queue[t].State != Claimed || r.state.Queue[t].Phase != looked {
		return no()
	}
	r.state.Left[refused]--
	return m.refuses(r.state, t)
}

// refuses tells of a change that was refused. An addition waits in its grant for
// somebody; a removal is tried again and again.
func (m *model) refuses(s state, t int) result {
	task := s.Queue[t]
	i, part := int(task.Case), task.Part
	g := *m.grantAt(&s, i)
	ent, _ := g.Entitlement(groups[part])
	if task.Kind == Remove && ent.State == access.EntitlementWanted && !ent.Sent && !s.Member[part] {
		s.Queue[t].Phase = done // it was refused to be given, and is not there
		return m.ends(s, t)
	}
	after, failed, broken := m.update(s, func(u *unit) {
		if t := u.Queue.Find(task.Kind, task.Case, task.Part); task.Kind == Add {
			u.Queue.Done(t)
		} else {
			u.Queue.Requeue(t, Ready, false)
		}
		u.trouble(i, about(access.EventStuck, part))
	})
	return of(after, failed, broken)
}

// trouble makes it visible that a change is stuck, unless that is known.
func (u *unit) trouble(i int, c cue) {
	g := u.grantAt(&u.state, i)
	if e := c.fill(access.Event{}); g.State == access.GrantStuck && g.Problem == e.Note {
		return
	}
	working := g.State == access.GrantProvisioning || g.State == access.GrantEnding || g.State == access.GrantStuck
	if refusal := u.moveGrant(i, c); refusal != "" && working {
		u.breaks("7. a change is stuck, and nobody is told: " + refusal)
	}
}
