package searchtest

import "latchkey/access"

// people do something.
func (m *model) people(s *state, st step) result {
	i, p := int(st.of), st.person()
	if st.act == asks {
		return m.asks(s, i)
	}
	next := *s
	if st.act == retries && st.kind == Find {
		return m.looksFor(next, i)
	}
	if st.act.costsWords() {
		if next.Left[words] == 0 && st.act != replies {
			return no()
		}
		next.Left[words] -= min(next.Left[words], 1)
	}
	if st.act.isKept() {
		if next.Left[silence] == 0 {
			return no()
		}
		next.Left[silence]--
	}
	if st.act == reassigns {
		next.Left[handover]--
	}
	c, must := m.cueOf(s, st, i, p)
	if !st.act.ofGrant() && m.door(s, i, c) != "" {
		return no()
	}
	var refusal string
	after, failed, broken := m.update(next, func(u *unit) {
		if st.act.ofGrant() {
			refusal = u.moveGrant(i, c)
		} else {
			refusal = u.moveRequest(i, c)
		}
		if refusal != "" {
			u.fail(refusal)
		}
	})
	if st.act == revokes && i == found { // what was there before has no reason any more
		for part, ref := range groups {
			if _, opens := m.grantAt(s, i).Entitlement(ref); opens {
				after.Prior[part] = false
			}
		}
	}
	if must && refusal != "" && broken == "" {
		broken = "4. " + string(p.id()) + " may do that, and is refused: " + refusal
	}
	if refusal == "" && broken == "" {
		broken = m.mayNot(s, st, i)
	}
	return of(after, failed, broken)
}

// looksFor has IT look again for those who may answer, where nobody was found.
func (m *model) looksFor(s state, i int) result {
	r := m.requestAt(&s, i)
	pending := r.State == access.RequestPending && len(r.Stages) > 0 && len(r.Stages[r.Stage].Asked) == 0
	if !pending && !(r.UnderReview() && len(r.Review.Asked) == 0) || !s.Queue.Enqueue(Find, uint8(i), 0) {
		return no()
	}
	return result{state: s, happen: true}
}

// cueOf is what somebody's act says, and whether it has to be taken.
func (m *model) cueOf(s *state, st step, i int, p person) (c cue, must bool) {
	who := m.deciders(s, i%cases)
	switch st.act {
	case revokes:
		return ends(access.EndRevoked, p), !m.grantAt(s, i).Revoking
	case retries:
		if m.grantAt(s, i).Disputed {
			return said(access.EventDisputeResolved, p), true
		}
		return said(access.EventRetried, p), true
	case fulfils:
		c = said(access.EventFulfilled, p)
		c.way = m.grantAt(s, i).Direction()
		return c, true
	case cantDo:
		c = said(access.EventNotFulfilled, p)
		c.way = m.grantAt(s, i).Direction()
		return c, true
	case takesOn:
		c = said(access.EventTaken, p)
		c.way = m.grantAt(s, i).Direction()
		return c, m.grantAt(s, i).TakenBy != p.id()
	}
	r := m.requestAt(s, i)
	if st.act == reassigns {
		return reassigned(r, p), false
	}
	kinds := [acts]access.EventKind{
		saysYes: access.EventApproved, signsIn: access.EventApproved, saysNo: access.EventDenied, claims: access.EventClaimed, questions: access.EventQuestioned, replies: access.EventReplied,
		cancels: access.EventCancelled, nudges: access.EventNudged, judgesRight: access.EventJustified, judgesWrong: access.EventUnjustified,
	}
	if st.act.isKept() {
		c = said(access.EventAnswerKept, p)
		c.answer = [acts]access.EventKind{keptYes: access.EventApproved, keptNo: access.EventDenied, keptWrong: access.EventUnjustified}[st.act]
		c.signed = m.needsSignIn(s, i)
		_, kept := r.Kept(p.id())
		return c, !kept && p != maya && unanswered(r, p, nobody)
	}
	c = said(kinds[st.act], p)
	c.approvers = who
	m.fillsPlace(s, st.act, i, &c)
	must = m.mayAnswerNow(s, i%cases, p) && unanswered(r, p, c.place) && (st.act != saysYes || !m.needsSignIn(s, i))
	switch st.act {
	case saysYes, saysNo, signsIn, questions:
	case claims:
		must = must && r.Stages[r.Stage].Claim.By != p.id()
	case nudges: // when that may be is promised of every state
	default:
		must = true
	}
	return c, must
}

// reassigned is that IT has the owner decide in place of the manager, or the manager in that of
// the owner, whoever these are.
func reassigned(r *access.Request, by person) cue {
	c := said(access.EventReassigned, by)
	c.approvers = crowdOf(omar)
	if r.Stage > 0 {
		c.approvers, c.place = crowdOf(noor), omar
	}
	return c
}

// answered tells whether somebody has answered the stage that is being answered.
func answered(r *access.Request, p person) bool {
	if r.Stage >= len(r.Stages) {
		return false
	}
	for _, a := range r.Stages[r.Stage].Answers {
		if a.By.Person == p.id() {
			return true
		}
	}
	return false
}

func (a act) ofGrant() bool {
	return a == fulfils || a == takesOn || a == cantDo || a == revokes || a == retries
}
func (a act) costsWords() bool { return a == claims || a == questions || a == replies || a == nudges }
func (a act) isKept() bool     { return a == keptYes || a == keptNo || a == keptWrong }

// asks has Maya ask for something. What can't be asked for just now can be later.
func (m *model) asks(s *state, i int) result {
	a := m.world.asks[i]
	if a.more > 0 {
		if refused := m.mayExtend(s, a.more-1); refused {
			return no()
		}
	} else if m.objected(s, i) {
		return no()
	}
	after, failed, broken := m.update(*s, func(u *unit) {
		u.Request[i] = u.requestID(laterRequest(u.asked[i], 0))
		u.queue(i, u.askEffects[i])
		u.breaks(u.requests.broken[u.Request[i]]) // what is only for a moment has to hold, too
		if a.emergency {
			taken := said(access.EventBreakGlass, maya)
			taken.signed = u.needsSignIn(&u.state, i)
			if refusal := u.moveRequest(i, taken); refusal != "" {
				u.fail(refusal)
				u.breaks("4. an emergency is refused: " + refusal)
			}
		}
	})
	return of(after, failed, broken)
}

func (m *model) objected(s *state, i int) bool {
	a := m.world.asks[i]
	var has access.Standings
	has.Grants = m.open(s)
	for j, id := range s.Request {
		if r := m.requests.values[id]; id != 0 && r.State == access.RequestPending && !a.emergency && j != i {
			has.Requests = append(has.Requests, r)
		}
	}
	return access.Ask{Beneficiary: maya.account(), App: a.app(), Role: a.role}.Objection(m.catalog, has) != nil
}

// mayExtend tells whether there is something of which more can be had.
func (m *model) mayExtend(s *state, of int) (refused bool) {
	if s.Grant[of] == 0 {
		return true
	}
	r, g := m.requestAt(s, of), m.grantAt(s, of)
	_, role, _ := m.catalog.Role(g.App, g.Role)
	_, err := g.Extend(*r, role, min(held, max(g.Room(role), 1)), now)
	return err != nil
}
