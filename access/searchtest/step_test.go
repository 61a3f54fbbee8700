package searchtest

import "latchkey/access"

// act names what happens in a step.
type act uint8

// Everything that can happen. A task is carried out whole, or in the steps begins,
// acts and ends, between which anything else can happen.
const (
	asks act = iota + 1
	saysYes
	saysNo
	signsIn // and says yes by that
	claims
	questions
	replies
	cancels
	nudges
	reassigns // IT has somebody else decide
	keptYes   // the answer is kept, because a directory is silent
	keptNo
	judgesRight
	judgesWrong
	keptWrong
	fulfils
	takesOn // a change by hand
	cantDo  // it
	revokes
	retries

	opens // tasks
	opensUnheard
	finds
	establishes
	changes // adds or removes, whole
	begins
	does
	doesUnheard
	isRefused
	ends_

	crashes // what goes wrong, and what others do
	passes
	sleeps
	wakes
	takesOut
	putsBack
	surveys
	deletesIssue
	deletesGroup
	addressMoves
	bossChanges
	doubts
	goesAway // somebody has another one decide for them, or doesn't any more
	tightens // roles of a group need a sign-in from now on
	acts
)

// step is one thing that happens.
type step struct {
	act  act
	of   uint8 // which request, grant or ask
	part uint8 // which group, or who
	kind TaskKind
}

func (st step) person() person { return person(st.part) }

// result is what a step makes of a state.
type result struct {
	state  state
	happen bool   // otherwise it can't happen here
	broken string // the promise that is broken by it
}

func no() result { return result{} }

// of makes a result of a unit; one that fails changes nothing.
func of(s state, failed, broken string) result {
	return result{state: s, happen: failed == "" || broken != "", broken: broken}
}

// take is what a step makes of a state.
func (m *model) take(s *state, st step) result {
	r := m.dispatch(s, st)
	if r.happen {
		r.state.Queue.canonical()
		if r.broken == "" {
			r.broken = m.promises(&r.state)
		}
	}
	return r
}

func (m *model) dispatch(s *state, st step) result {
	switch {
	case st.act <= retries:
		return m.people(s, st)
	case st.act <= ends_:
		return m.work(s, st)
	}
	return m.world_(s, st)
}

// steps are all that may happen in a state; some of them can't.
func (m *model) steps(s *state, yield func(step)) {
	for i := range m.world.asks {
		of := uint8(i)
		if s.Request[i] == 0 {
			yield(step{act: asks, of: of})
			continue
		}
		m.stepsOfRequest(s, i, yield)
		m.stepsOfGrant(s, i, yield)
	}
	if s.Grant[found] != 0 {
		m.stepsOfGrant(s, found, yield)
	}
	for _, t := range s.Queue {
		if t.Kind == 0 {
			break
		}
		m.stepsOfTask(s, t, yield)
	}
	m.stepsOfWorld(s, yield)
}

func (m *model) stepsOfRequest(s *state, i int, yield func(step)) {
	r, of := m.requestAt(s, i), uint8(i)
	say := func(a act, p person) { yield(step{act: a, of: of, part: uint8(p)}) }
	switch {
	case r.State == access.RequestPending && len(r.Stages) > 0:
		m.stepsOfDecision(s, i, say)
	case r.UnderReview():
		for _, p := range []person{noor, omar} {
			if m.deciders(s, i).has(p) {
				say(judgesRight, p)
				say(judgesWrong, p)
			}
		}
		if s.Left[silence] > 0 {
			say(keptWrong, noor)
			say(keptWrong, ines)
		}
	}
	if s.Left[handover] > 0 {
		yield(step{act: retries, of: of, part: uint8(tess), kind: Find})
	}
	if s.Left[words] > 0 || r.Questioned && r.State == access.RequestPending {
		say(replies, maya)
	}
	if m.world.no && r.State == access.RequestPending {
		say(cancels, maya)
	}
	if m.world.chooses && s.Left[handover] > 0 && r.State == access.RequestPending && len(r.Stages) > 0 {
		say(reassigns, tess)
	}
	if s.Left[words] > 0 && r.Nudgeable() {
		say(nudges, maya)
	}
}

func (m *model) stepsOfDecision(s *state, i int, say func(act, person)) {
	who := m.deciders(s, i)
	for _, p := range m.triers() {
		if !who.has(p) && m.world.away == 0 {
			continue
		}
		if say(saysYes, p); m.world.no {
			say(saysNo, p)
		}
		if m.needsSignIn(s, i) {
			say(signsIn, p)
		}
		if s.Left[words] > 0 {
			say(claims, p)
			say(questions, p)
		}
	}
	if s.Left[silence] > 0 {
		for _, p := range m.keepers() {
			say(keptYes, p)
			say(keptNo, p)
		}
	}
}

func (m *model) stepsOfGrant(s *state, i int, yield func(step)) {
	if s.Grant[i] == 0 {
		return
	}
	g, of := m.grantAt(s, i), uint8(i)
	if g.State == access.GrantManual {
		yield(step{act: takesOn, of: of, part: uint8(ines)})
		yield(step{act: cantDo, of: of, part: uint8(ines)})
	}
	stuck := g.State == access.GrantStuck
	if g.State == access.GrantManual || stuck && g.Manual && g.Revoking {
		yield(step{act: fulfils, of: of, part: uint8(ines)})
	}
	if stuck || g.Disputed {
		yield(step{act: retries, of: of, part: uint8(tess)})
	}
	if g.Live() && (m.world.early || stuck) {
		yield(step{act: revokes, of: of, part: uint8(tess)})
	}
	if (s.Left[doubt] > 0 || s.Held) && i != found {
		yield(step{act: doubts, of: of})
	}
	if g.State == access.GrantActive && !g.Manual {
		yield(step{act: surveys, of: of})
	}
}

func (m *model) stepsOfTask(s *state, t Task, yield func(step)) {
	st := step{of: t.Case, part: t.Part, kind: t.Kind}
	say := func(a act, when bool) {
		if st.act = a; when {
			yield(st)
		}
	}
	claimed := t.State == Claimed
	switch t.Kind {
	case Open:
		say(opens, true)
		say(opensUnheard, s.Left[lost] > 0)
	case Find:
		say(finds, true)
	case Establish:
		say(establishes, true)
	case Add, Remove:
		say(changes, !claimed)
		say(begins, !claimed)
		say(isRefused, !claimed && s.Left[refused] > 0)
		say(does, claimed && t.Phase == looked)
		say(doesUnheard, claimed && t.Phase == looked && s.Left[lost] > 0)
		say(ends_, claimed && t.Phase != looked)
	}
}

func (m *model) stepsOfWorld(s *state, yield func(step)) {
	yield(step{act: passes})
	if s.Behind {
		yield(step{act: wakes})
	}
	if s.Left[asleep] > 0 {
		yield(step{act: sleeps})
	}
	if s.Left[crash] > 0 {
		yield(step{act: crashes})
	}
	if s.Left[byHand] > 0 {
		yield(step{act: takesOut})
		yield(step{act: takesOut, part: 1})
		yield(step{act: putsBack})
		yield(step{act: putsBack, part: 1})
	}
	if s.Left[deleted] > 0 {
		yield(step{act: deletesGroup})
		for i := range m.world.asks {
			yield(step{act: deletesIssue, of: uint8(i)})
		}
	}
	m.stepsOfAbsence(s, yield)
	if s.Left[handover] > 0 {
		yield(step{act: addressMoves})
		for _, p := range []person{nobody, noor, omar} {
			yield(step{act: bossChanges, part: uint8(p)})
		}
	}
}
