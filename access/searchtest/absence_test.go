package searchtest

import (
	"slices"
	"time"

	"latchkey/access"
)

// pairs are delegations, one bit each.
type pairs uint8

// The delegations there can be.
const (
	lenaForNoor pairs = 1 << iota
	ruiForLena
	lenaForOmar
	mayaForNoor // who asks decides for who is asked
	noorForMaya // the other way round
)

func couples() [5]access.Delegate {
	pair := func(who, of person) access.Delegate { return access.Delegate{Who: who.id(), For: of.id()} }
	return [5]access.Delegate{pair(lena, noor), pair(rui, lena), pair(lena, omar), pair(maya, noor), pair(noor, maya)}
}

// delegates are who decides for whom.
func (p pairs) delegates() (out []access.Delegate) {
	for i, d := range couples() {
		if p&(1<<i) != 0 {
			out = append(out, d)
		}
	}
	return out
}

// delegations are those that count.
func (p pairs) delegations() (out []access.Delegation) {
	for _, d := range p.delegates() {
		out = append(out, access.Delegation{Delegate: d.Who, Delegator: d.For, From: now.Add(-time.Hour), Until: now.Add(time.Hour), State: access.DelegationRunning})
	}
	return out
}

func pairsOf(all []access.Delegate) (p pairs) {
	for i, d := range couples() {
		if slices.Contains(all, d) {
			p |= 1 << i
		}
	}
	return p
}

// delegates are those who are found in the place of who may answer a request, by what is shipped.
func (m *model) delegates(s *state, i int) pairs {
	r := m.requestAt(s, i)
	if s.Away == 0 || r.State != access.RequestPending || len(r.Stages) == 0 {
		return 0
	}
	return pairsOf(access.Delegated(*r, m.principals(s, i).ids(), s.Away.delegations(), now))
}

// triers are those who press a button.
func (m *model) triers() []person {
	if m.world.away == 0 {
		return []person{noor, omar}
	}
	return []person{noor, omar, lena, rui, maya}
}

// keepers are those whose answers are kept.
func (m *model) keepers() []person {
	if m.world.away == 0 {
		return []person{noor, omar, ines}
	}
	return []person{noor, lena, rui}
}

func (m *model) stepsOfAbsence(s *state, yield func(step)) {
	for i := range couples() {
		if s.Left[absence] > 0 && m.world.away&(1<<i) != 0 {
			yield(step{act: goesAway, part: uint8(i)})
		}
	}
	if m.world.stricter && !s.Strict {
		yield(step{act: tightens})
	}
}

// fillsPlace notes in whose place an answer is given, and whether its giver signed in for it.
func (m *model) fillsPlace(s *state, a act, i int, c *cue) {
	c.signed = a == signsIn
	if c.away = m.delegates(s, i); c.away != 0 {
		c.place = whoIs(m.requestAt(s, i).Standing(c.by.id(), c.away.delegates()))
	}
}

// unanswered tells whether an answer is still to be given by somebody, and in whosever place it is.
func unanswered(r *access.Request, p, place person) bool {
	if r.Stage >= len(r.Stages) {
		return true
	}
	taken := func(who person) bool {
		return who != nobody && slices.ContainsFunc(r.Stages[r.Stage].Answers, func(a access.Answer) bool { return a.By.Person == who.id() || a.For == who.id() })
	}
	return !taken(p) && !taken(place)
}

// mayAnswerNow tells who may answer a request, and in whose place, without asking what is shipped:
// whoever is named does; and whom one of those has decide for them, unless it is about them.
func (m *model) mayAnswerNow(s *state, i int, p person) bool {
	if p == maya {
		return false
	}
	named := m.principals(s, i)
	return named.has(p) || slices.ContainsFunc(s.Away.delegates(), func(d access.Delegate) bool {
		return d.Who == p.id() && whoIs(d.For) != maya && named.has(whoIs(d.For))
	})
}

// 4. Only the right person decides: what was answered counts only if who gave it could be found
// then, and had signed in for it where its role asks for that.
func (m *model) mayNot(s *state, st step, i int) string {
	if st.act != saysYes && st.act != saysNo && st.act != signsIn {
		return ""
	}
	switch {
	case !m.mayAnswerNow(s, i, st.person()):
		return "4. an answer counts of somebody who may not decide at this moment"
	case st.act == saysYes && m.needsSignIn(s, i):
		return "4. a click is enough for a yes that needs a sign-in"
	}
	return ""
}
