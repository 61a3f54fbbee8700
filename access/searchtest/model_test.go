package searchtest

import (
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// model is a world with everything that was found out about it.
type model struct {
	world    world
	catalog  *catalog.Catalog
	strict   *catalog.Catalog // once the first group is privileged
	endless  *catalog.Catalog // roles can be held for ever, unless their risk forbids it
	requests pool[access.Request]
	grants   pool[access.Grant]
	timeless pool[access.Request] // requests without their times

	requestMoves, grantMoves map[moveKey]*moved
	requestLater, grantLater map[laterKey]uint32
	asked                    []access.Request // what each ask becomes
	askEffects               [][]access.Effect
	used                     map[string]bool // lines of the tables
}

type laterKey struct {
	id uint32
	d  time.Duration
}

func newModel(w world) *model {
	m := &model{
		world: w, catalog: worldCatalog(longest), strict: strict(worldCatalog(longest)), endless: worldCatalog(catalog.Forever), requests: newPool[access.Request](), grants: newPool[access.Grant](), timeless: newPool[access.Request](),
		requestMoves: map[moveKey]*moved{}, grantMoves: map[moveKey]*moved{}, requestLater: map[laterKey]uint32{}, grantLater: map[laterKey]uint32{},
		used: map[string]bool{},
	}
	for i, a := range w.asks {
		r, effs, err := m.submitted(i, a)
		if err != nil {
			panic(fmt.Sprintf("%s can't be asked for: %v", a.role, err)) // the world is written wrongly
		}
		m.asked, m.askEffects = append(m.asked, r), append(m.askEffects, effs)
	}
	return m
}

// submitted is what an ask becomes when nothing stands against it.
func (m *model) submitted(i int, a ask) (access.Request, []access.Effect, error) {
	in := access.Ask{ID: fmt.Sprintf("AR-%d", i), Requester: maya.account(), Beneficiary: maya.account(), App: a.app(), Role: a.role, Wanted: held, Reason: hint, LapseAfter: m.world.lapse}
	if a.later > 0 {
		in.Starts = now.Add(a.later)
	}
	if a.emergency {
		r, _, effs, err := access.SubmitBreakGlass(m.catalog, in, "Figma", held, access.Standings{}, now)
		return r, effs, err
	}
	if a.more > 0 {
		in.Extends = fmt.Sprintf("G-%d", a.more-1)
	}
	r, _, effs, err := access.Submit(m.catalog, in, access.Standings{}, now)
	return r, effs, err
}

// state is how a world stands.
type state struct {
	Request [cases]uint32
	Grant   [cases + 1]uint32
	Queue   Queue
	Issue   [cases]uint8 // in Jira: absent, there, gone
	Member  [2]bool      // Maya, in each group
	Prior   [2]bool      // she was there before, by others' doing
	Either  [2]bool      // somebody put her back by hand while it was there before, and Latchkey gave it, too: it may stay or end
	Other   bool         // whoever has her address now is in the first group
	NoGroup bool         // the first group was deleted
	Behind  bool         // something is due and was not done: the bot was down
	Held    bool         // new access is held back until a human has looked, because the store was rebuilt
	Boss    person       // who decides the first stage
	Away    pairs        // who has whom decide for them
	Strict  bool         // the first group is privileged by now
	Left    [chances]uint8
}

// Issues in Jira.
const (
	absent uint8 = iota
	there
	gone
)

// beginnings are the states a world can begin in.
func (m *model) beginnings() []state {
	s := state{Boss: noor, Other: true, Left: m.world.budget}
	if !m.world.prior {
		return []state{s}
	}
	before := s
	before.Member[0], before.Prior[0] = true, true
	return []state{s, before}
}

func (m *model) requestID(r access.Request) uint32 {
	id, fresh := m.requests.id(r)
	if fresh {
		m.requests.broken[id] = m.requestPromises(r)
	}
	return id
}

func (m *model) grantID(g access.Grant) uint32 {
	id, fresh := m.grants.id(g)
	if fresh {
		m.grants.broken[id] = m.grantPromises(g)
	}
	return id
}

func (m *model) requestAt(s *state, i int) *access.Request { return &m.requests.values[s.Request[i]] }
func (m *model) grantAt(s *state, i int) *access.Grant     { return &m.grants.values[s.Grant[i]] }

// others are the open grants, as a directory's worker finds them.
func (m *model) open(s *state) (all []access.Grant) {
	for _, id := range s.Grant {
		if g := m.grants.values[id]; id != 0 && g.State != access.GrantEnded {
			all = append(all, g)
		}
	}
	return all
}

// deciders are those who may answer a request at this moment.
func (m *model) deciders(s *state, i int) crowd {
	who := m.principals(s, i)
	for _, d := range m.delegates(s, i).delegates() {
		who |= crowdOf(whoIs(d.Who))
	}
	return who
}

// principals are those who may answer a request by themselves at this moment.
func (m *model) principals(s *state, i int) crowd {
	r := m.requestAt(s, i)
	switch {
	case r.State == access.RequestApproved && r.BreakGlass, len(r.Stages) == 0:
		return crowdOf(s.Boss) &^ 1
	case r.Stage == 0:
		return inPlace(r.Stages[0], s.Boss) &^ 1
	}
	return inPlace(r.Stages[r.Stage], omar)
}

// whoIs is somebody by their id.
func whoIs(id access.PersonID) person {
	for p := maya; p < people; p++ {
		if p.id() == id {
			return p
		}
	}
	return nobody
}

// inPlace is who decides a stage whose sources name somebody.
func inPlace(st access.Stage, named person) crowd {
	id, _ := st.Place(named.id())
	if p := whoIs(id); p != nobody {
		return crowdOf(p)
	}
	return crowdOf(named)
}
