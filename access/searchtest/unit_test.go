package searchtest

import (
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// unit is one unit of work: what it changes happens together or not at all.
type unit struct {
	*model
	state   // as it stands within the unit
	pending []pendingEffect
	broken  string
	failed  string // why nothing of it happens
}

type pendingEffect struct {
	of     int
	effect access.Effect
}

// update runs a unit. Where it fails the state stays as it was.
func (m *model) update(s state, do func(*unit)) (next state, failed, broken string) {
	u := &unit{model: m, state: s}
	if do(u); u.failed == "" {
		u.drain()
	}
	if u.failed != "" {
		return s, u.failed, u.broken
	}
	return u.state, "", u.broken
}

// fail has nothing of the unit happen.
func (u *unit) fail(why string) { u.failed = first(u.failed, why) }

// breaks notes a broken promise.
func (u *unit) breaks(what string) { u.broken = first(u.broken, what) }

// moveRequest moves a request, and tells why it was refused.
func (u *unit) moveRequest(i int, c cue) (refusal string) {
	out := u.request(u.Request[i], c)
	if u.breaks(out.broken); out.refusal != "" {
		return out.refusal
	}
	u.Request[i] = out.to
	u.queue(i, out.effects)
	return ""
}

// moveGrant moves a grant, and tells why it was refused.
func (u *unit) moveGrant(i int, c cue) (refusal string) {
	out := u.grant(u.Grant[i], c)
	if u.breaks(out.broken); out.refusal != "" {
		return out.refusal
	}
	u.Grant[i] = out.to
	u.queue(i, out.effects)
	return ""
}

func (u *unit) queue(i int, effs []access.Effect) {
	for _, e := range effs {
		u.pending = append(u.pending, pendingEffect{i, e})
	}
}

// drain carries effects out in the order they were asked for, those of effects behind.
func (u *unit) drain() {
	for n := 0; n < len(u.pending) && u.failed == ""; n++ {
		i, e := u.pending[n].of, u.pending[n].effect
		of := uint8(i)
		switch e.Kind {
		case access.EffectOpenIssue:
			u.Queue.Enqueue(Open, of, 0)
		case access.EffectFindApprovers:
			u.Queue.Enqueue(Find, of, 0)
		case access.EffectEstablish:
			u.establish(i)
		case access.EffectStartGrant:
			u.start(i)
		case access.EffectRelease:
			u.release(i)
		case access.EffectEndGrant:
			u.moveGrant(i, ends(access.EndRevoked, nobody)) // what was never given, or has ended, needs no end
		case access.EffectAddMember:
			u.again(Add, of, partOf(e.Group))
		case access.EffectRemoveMember:
			u.again(Remove, of, partOf(e.Group))
		case access.EffectDropAdds:
			u.Queue.Drop(Add, of, 0)
			u.Queue.Drop(Add, of, 1)
		}
	}
}

// again makes a task, or lets the one there is run now.
func (u *unit) again(kind TaskKind, of, part uint8) {
	if !u.Queue.Enqueue(kind, of, part) {
		u.Queue.Expedite(kind, of, part)
	}
}

func (u *unit) establish(i int) {
	for _, k := range u.requestAt(&u.state, i).Waiting {
		for p := maya; p < people; p++ {
			if p.id() == k.By.Person {
				u.again(Establish, uint8(i), uint8(p))
			}
		}
	}
}

// start makes the grant of a request that was approved, or lets the one that it
// extends go on.
func (u *unit) start(i int) {
	r := *u.requestAt(&u.state, i)
	if more := u.world.asks[i].more; more > 0 && u.prolong(i, more-1) {
		return
	}
	app, role, _ := u.catalog.Role(r.App, r.Role)
	g, _, effs, err := access.Start(r, app, role, now)
	if err != nil {
		u.fail(err.Error())
		return
	}
	if u.Grant[i] != 0 {
		u.breaks("a request is given twice")
	}
	u.Grant[i] = u.grantID(laterGrant(g, 0))
	u.queue(i, effs)
}

// prolong reports whether the grant that was to be extended was there for that.
func (u *unit) prolong(i, more int) bool {
	if u.Grant[more] == 0 {
		return false
	}
	r, g := u.requestAt(&u.state, i), *u.grantAt(&u.state, more)
	if g.State != access.GrantActive || g.Over(now) || g.Ends.IsZero() {
		return false
	}
	if g.Disputed {
		u.fail("IT has to look first")
		return true
	}
	_, role, _ := u.catalog.Role(g.App, g.Role)
	until, _, err := g.Prolonged(role, r.Allowed)
	if err != nil {
		u.fail(err.Error())
		return true
	}
	if role.Durations.Max != catalog.Forever && until.Sub(g.Started) > role.Durations.Max {
		u.breaks("access is held for longer than its role can be held")
	}
	c := cue{kind: access.EventExtended, part: -1, until: until.Sub(now), approved: true}
	if refusal := u.moveGrant(more, c); refusal != "" {
		u.fail(refusal)
		u.breaks("more time was approved, and is not given: " + refusal)
	}
	return true
}

// release lets a grant begin, now that the issue that says why exists.
func (u *unit) release(i int) {
	if u.Grant[i] == 0 || u.grantAt(&u.state, i).State != access.GrantWaiting || u.Held {
		return
	}
	later := i < len(u.world.asks) && u.world.asks[i].later > 0
	if later && (u.grantAt(&u.state, i).Planned() || u.requestAt(&u.state, i).Issue.Key == "") {
		return // its moment may come before its issue, and the other way round
	}
	if r := u.requestAt(&u.state, i); r.Issue.Gone && u.grantAt(&u.state, i).Manual {
		u.moveGrant(i, ends(access.EndUnrecorded, nobody))
		return
	}
	if refusal := u.moveGrant(i, said(access.EventRecorded, nobody)); refusal != "" {
		u.fail(refusal)
	}
}

// save keeps a grant that was noted something of, without an event. The story is the
// same.
func (u *unit) save(i int, g access.Grant) {
	was, is := access.CourseOf(access.Request{}, u.grantAt(&u.state, i)), access.CourseOf(access.Request{}, &g)
	if was.Until = is.Until; !was.Same(is) {
		u.breaks("6. something changes of which no event tells")
	}
	u.Grant[i] = u.grantID(laterGrant(g, 0))
}

// later is a request or grant when time has passed.
func (m *model) laterRequest(id uint32, d time.Duration) uint32 {
	key := laterKey{id, d}
	if known, ok := m.requestLater[key]; ok || id == 0 {
		return known
	}
	m.requestLater[key] = m.requestID(laterRequest(m.requests.values[id], d))
	return m.requestLater[key]
}

func (m *model) laterGrant(id uint32, d time.Duration) uint32 {
	key := laterKey{id, d}
	if known, ok := m.grantLater[key]; ok || id == 0 {
		return known
	}
	m.grantLater[key] = m.grantID(laterGrant(m.grants.values[id], d))
	return m.grantLater[key]
}
