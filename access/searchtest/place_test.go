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
	before, lapsed := ent.Before, false
	if !known {
		before = s.Member[part]
		ent.Absent, lapsed = !before, !before
	}
	after, failed, broken := m.update(s, func(u *unit) {
		if before {
			u.Queue[t].Phase = was
		}
		if !(known && pinned) {
			u.save(i, g.Pin(groups[part], account, groups[part].Group, ent.Absent))
		}
		if lapsed {
			u.lapses(i, part)
		}
	})
	return of(after, failed, broken)
}

// lapses notes that what was there before is there no more.
func (u *unit) lapses(i int, part uint8) {
	f, ok := access.FoundBefore(*u.grantAt(&u.state, i), groups[part], u.open(&u.state))
	if ent, _ := f.Entitlement(groups[part]); !ok || ent.Missing {
		return
	}
	if refusal := u.moveGrant(found, about(access.EventMemberMissing, part)); refusal != "" {
		u.breaks("6. what was seen in the directory is not in the story: " + refusal)
	}
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
		return result{state: s, happen: true}
	}
	f, ok := access.FoundBefore(g, groups[part], m.open(&s))
	if lost := ok && misses(f, part) && !access.GivenBesides(f, groups[part], m.open(&s), now); !lost || part == 0 && s.NoGroup {
		return result{state: s, happen: true}
	}
	if s.Queue[t].Phase = done; s.Member[part] {
		s.Queue[t].Phase = back
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
	s.Member[part], s.Either[part], s.Queue[t].Phase = true, s.Either[part] && s.Member[part], done
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
	s.Member[part], s.Prior[part], s.Either[part], s.Queue[t].Phase = false, false, false, done
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
		if alive(g) && ent.State == access.EntitlementHeld && !lapsed(g, ent) {
			return true
		}
	}
	return false
}

// lapsed tells of what was there before that it was seen to be there no more.
func lapsed(g access.Grant, ent access.Entitlement) bool {
	return g.Source == access.SourceAdopted && ent.Missing
}

// misses tells whether a grant misses what it explains.
func misses(g access.Grant, part uint8) bool {
	ent, _ := g.Entitlement(groups[part])
	return ent.Missing
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
			} else {
				u.restore(i, part)
			}
			c := about(access.EventMemberAdded, part)
			c.before = phase == was
			u.seen(i, part, c)
		})
	}
	if phase == back && m.grantAt(&s, found).State != access.GrantActive { // it ended just now, so it is looked at once more
		s.Queue.Requeue(t, Ready, false)
		return result{state: s, happen: true}
	}
	kinds := [back + 1]access.EventKind{kept: access.EventMemberKept, back: access.EventMemberKept, done: access.EventMemberRemoved, missed: access.EventMemberGone}
	return m.finish(s, t, func(u *unit) {
		if phase == back {
			u.isBack(part)
		}
		if phase == kept || phase == back {
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
	g, others := *u.grantAt(&u.state, i), u.open(&u.state)
	if f, ok := access.FoundBefore(g, groups[part], others); ok && misses(f, part) && !access.GivenBesides(f, groups[part], others, now) {
		u.moveGrant(found, about(access.EventMemberBack, part))
	}
	if !g.Unexplained(groups[part], u.open(&u.state)) {
		return
	}
	if u.Member[part] && !u.Prior[part] && !u.Either[part] {
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

// restore notes of other grants that Maya is in a group again that they give, too.
func (u *unit) restore(i int, part uint8) {
	for _, o := range access.Restored(*u.grantAt(&u.state, i), groups[part], u.open(&u.state)) {
		for j, id := range u.Grant {
			if id != 0 && u.grants.values[id].ID == o.ID {
				u.moveGrant(j, about(access.EventMemberBack, part))
			}
		}
	}
}

// isBack notes that what was there before is there again.
func (u *unit) isBack(part uint8) {
	if misses(*u.grantAt(&u.state, found), part) {
		u.moveGrant(found, about(access.EventMemberBack, part))
	}
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
