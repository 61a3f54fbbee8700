package searchtest

import (
	"slices"

	"latchkey/access"
)

// Phases of a task that changes a group, as far as it has come.
const (
	looked uint8 = iota // it looked, and is about to act
	was                 // the person was there before
	kept                // the group stays: another grant needs it
	done                // the directory did it, and it was read back
	missed              // there was nothing to remove
	back                // the group stays: what was there before is there again
)

// work carries tasks out, or a part of one.
func (m *model) work(s *state, st step) result {
	t := s.Queue.Find(st.kind, st.of, st.part)
	if t < 0 {
		return no()
	}
	if claimed := s.Queue[t].State == Claimed; claimed != (st.act == does || st.act == doesUnheard || st.act == ends_) {
		return no()
	}
	if s.Queue[t].State == Ready && !s.Queue.Claimable(t) {
		return no()
	}
	i := int(st.of)
	switch st.act {
	case opens, opensUnheard:
		return m.opens(s, t, i, st.act == opensUnheard)
	case finds:
		return m.finds(s, t, i)
	case establishes:
		return m.establishes(s, t, i, st.person())
	case begins:
		return m.begins(*s, t)
	case does, doesUnheard:
		return m.does(*s, t, st.act == doesUnheard)
	case ends_:
		return m.ends(*s, t)
	case isRefused:
		return m.isRefused(*s, t)
	}
	return m.whole(*s, t)
}

// whole carries out a change of a group without anything in between.
func (m *model) whole(s state, t int) result {
	key := s.Queue[t]
	r := m.begins(s, t)
	for r.happen && r.broken == "" {
		s = r.state
		if t = s.Queue.Find(key.Kind, key.Case, key.Part); t < 0 || s.Queue[t].State != Claimed {
			return r
		}
		if s.Queue[t].Phase == looked {
			r = m.does(s, t, false)
		} else {
			r = m.ends(s, t)
		}
	}
	return r
}

// opens makes the issue, or finds the one that an earlier attempt made.
func (m *model) opens(s *state, t, i int, unheard bool) result {
	next := *s
	begun := next.Queue.Claim(t)
	if next.Issue[i] != absent && !begun {
		return result{happen: true, broken: "3. a request gets a second issue"}
	}
	if next.Issue[i] == absent {
		next.Issue[i] = there
	}
	if unheard {
		next.Left[lost]--
		next.Queue.Requeue(t, Ready, false)
		return result{state: next, happen: true}
	}
	return m.finish(next, t, func(u *unit) {
		if refusal := u.moveRequest(i, said(access.EventIssueOpened, nobody)); refusal != "" {
			u.fail(refusal)
		}
	})
}

// finish ends a task together with its outcome. One whose outcome can't be taken is
// tried for ever.
func (m *model) finish(s state, t int, do func(*unit)) result {
	key := s.Queue[t]
	next, failed, broken := m.update(s, func(u *unit) {
		u.Queue.Done(u.Queue.Find(key.Kind, key.Case, key.Part))
		do(u)
	})
	if failed != "" && broken == "" {
		broken = "the outcome of a task can't be taken, so it never ends: " + failed
	}
	return result{state: next, happen: true, broken: broken}
}

// finds has those asked who may answer.
func (m *model) finds(s *state, t, i int) result {
	again := s.Queue[t].Part == 1
	next := *s
	next.Queue.Claim(t)
	return m.finish(next, t, func(u *unit) {
		r := u.requestAt(&u.state, i)
		who := u.deciders(&u.state, i)
		switch {
		case r.BreakGlass && r.State == access.RequestApproved:
			often := r.Review != nil && r.Review.Escalates() && slices.Equal(r.Review.Asked, who.ids())
			if !often && (r.Review == nil || r.UnderReview()) {
				u.asking(i, access.EventReviewAsked, who)
			}
		case r.State == access.RequestPending:
			if !u.reused(i) && !(again && u.known(i, who)) {
				u.asking(i, access.EventApproversAsked, who)
			}
		}
	})
}

// known tells that those who were found are those who were asked.
func (u *unit) known(i int, who crowd) bool {
	r := u.requestAt(&u.state, i)
	asked := r.Stages[r.Stage].Asked
	if len(asked) == 0 {
		return who == 0 && r.Stages[r.Stage].Why != ""
	}
	ids := who.ids()
	return slices.Equal(asked, ids) && pairsOf(r.Stages[r.Stage].Delegates) == u.delegates(&u.state, i)
}

// reused lets an earlier yes count for the stage, and tells whether that moved it.
func (u *unit) reused(i int) bool {
	r := *u.requestAt(&u.state, i)
	for _, a := range r.Earlier() {
		for p := maya; p < people; p++ {
			if p.id() != a.By.Person || !u.deciders(&u.state, i).has(p) {
				continue
			}
			c := said(access.EventApproved, p)
			c.approvers, c.reused = u.deciders(&u.state, i), true
			if u.fillsPlace(&u.state, saysYes, i, &c); a.SignedIn != nil {
				c.signed = true
			}
			if u.door(&u.state, i, c) != "" {
				continue
			}
			if refusal := u.moveRequest(i, c); refusal != "" {
				u.fail(refusal)
			}
		}
	}
	now := u.requestAt(&u.state, i)
	return now.State != access.RequestPending || now.Stage != r.Stage
}

// asking asks those who were found, or tells IT that there is nobody.
func (u *unit) asking(i int, kind access.EventKind, who crowd) {
	c := said(kind, nobody)
	if c.approvers = who; who == 0 {
		c.kind = access.EventUnroutable
	} else {
		c.away = u.delegates(&u.state, i)
	}
	if refusal := u.moveRequest(i, c); refusal != "" {
		u.fail(refusal)
	}
}

// establishes finds out whether a kept answer counts.
func (m *model) establishes(s *state, t, i int, p person) result {
	next := *s
	next.Queue.Claim(t)
	return m.finish(next, t, func(u *unit) {
		r := *u.requestAt(&u.state, i)
		k, kept := r.Kept(p.id())
		if !kept {
			return
		}
		decision := k.As == access.EventApproved || k.As == access.EventDenied
		refusal := "Others have answered that step meanwhile."
		if !decision || r.State != access.RequestPending || k.Stage == r.Stage {
			c := said(k.As, p)
			c.approvers = u.deciders(&u.state, i)
			u.fillsPlace(&u.state, saysYes, i, &c)
			c.signed = k.SignedIn != nil
			if refusal = u.door(&u.state, i, c); refusal == "" {
				refusal = u.moveRequest(i, c)
			}
		}
		if refusal == "" {
			return
		}
		if refusal := u.moveRequest(i, said(access.EventAnswerDropped, p)); refusal != "" {
			u.fail(refusal)
		}
	})
}
