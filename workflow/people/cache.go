package people

import (
	"slices"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/idp"
)

// freshFor is how long an answer about a person is used without asking again.
const freshFor = time.Minute

// cache holds, for a moment, what Slack and the directories said. It is keyed by
// ids alone: an address can move to somebody else at any moment.
type cache struct {
	now func() time.Time

	mu        sync.Mutex
	people    map[access.PersonID]freshPerson
	alone     map[access.PersonID]freshPerson // of whom nobody asked who their manager is
	slack     map[string]access.PersonID      // by the account there
	accounts  map[accountKey]freshAccount
	answered  map[answeredKey]answered
	looks     uint64                     // how many questions were begun
	forgets   uint64                     // how often somebody was forgotten
	dropped   map[access.PersonID]uint64 // when somebody was last, counted in forgets
	droppedBy map[boundTo]uint64         // when whoever has an account was last
}

// boundTo is an account of a system that somebody may be bound to.
type boundTo struct{ system, id string }

// look is a question about somebody that is under way. What it finds out is as
// old as its beginning, and is not to be relied on if they were forgotten since:
// it may tell how they were before they changed.
type look struct {
	begun   time.Time
	number  uint64 // in order of their beginnings
	since   uint64 // what an earlier one, or this very one, found out doesn't answer it; 0: whatever is fresh does
	forgets uint64
}

type freshPerson struct {
	person       access.Person
	managerEntry managerEntry
	missing      bool   // nobody in Slack is the manager whom a directory names
	look         uint64 // the number of the look that found it out
	until        time.Time
}

// answeredKey is a person, and whether it was left out who their manager is.
type answeredKey struct {
	who   access.PersonID
	alone bool
}

// answered is the newest look-up of somebody in which nobody kept silent, and what
// it said of their manager. It is noted even where it was overtaken: how they were
// at its beginning it tells all the same.
type answered struct {
	look
	managerEntry managerEntry
}

type accountKey struct {
	directory string
	who       access.PersonID
}

type freshAccount struct {
	account idp.Person
	until   time.Time
}

func newCache(now func() time.Time) *cache {
	return &cache{
		now: now, people: map[access.PersonID]freshPerson{}, alone: map[access.PersonID]freshPerson{}, slack: map[string]access.PersonID{}, accounts: map[accountKey]freshAccount{},
		answered: map[answeredKey]answered{}, dropped: map[access.PersonID]uint64{}, droppedBy: map[boundTo]uint64{},
	}
}

// begin is to be called before anybody is asked.
func (m *cache) begin() look {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.looks++
	return look{begun: m.now(), number: m.looks, forgets: m.forgets}
}

// current tells whether what a look found out about somebody still counts.
func (m *cache) current(p access.Person, l look) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.stillCurrent(p, l)
}

func (m *cache) stillCurrent(p access.Person, l look) bool {
	for _, b := range p.Bindings {
		if b.IsAccount() && b.Live() && m.droppedBy[boundTo{b.System, b.ID}] > l.forgets {
			return false
		}
	}
	return m.dropped[p.ID] <= l.forgets
}

// person is somebody as a look has found them that is fresh, and later than another one.
func (m *cache) person(who access.PersonID, since uint64) (freshPerson, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, ok := m.people[who]
	return f, ok && f.look > since && m.now().Before(f.until)
}

// standing is person for whoever needn't know who their manager is.
func (m *cache) standing(who access.PersonID, since uint64) (freshPerson, bool) {
	if f, ok := m.person(who, since); ok {
		return f, true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	f, ok := m.alone[who]
	return f, ok && f.look > since && m.now().Before(f.until)
}

// keepAlone keeps somebody of whom nobody asked who their manager is. What is held of them from
// before, with their manager, says the same of them from then on.
func (m *cache) keepAlone(p access.Person, l look) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.stillCurrent(p, l) || m.alone[p.ID].look > l.number {
		return
	}
	if account := p.Account(access.SystemSlack); account != "" {
		m.slack[account] = p.ID
	}
	m.alone[p.ID] = freshPerson{person: p, look: l.number, until: l.begun.Add(freshFor)}
	if f, ok := m.people[p.ID]; ok && f.look < l.number {
		p.Manager = f.person.Manager
		f.person = p
		m.people[p.ID] = f
	}
}

// inSlack is whoever has an account there; alone, if nobody needs to know who their manager is.
func (m *cache) inSlack(account string, alone bool) (freshPerson, bool) {
	m.mu.Lock()
	who := m.slack[account]
	m.mu.Unlock()
	f, ok := m.person(who, 0)
	if alone && !ok {
		f, ok = m.standing(who, 0)
	}
	return f, ok && f.person.Account(access.SystemSlack) == account
}

func (m *cache) keep(p access.Person, b managerEntry, l look) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.stillCurrent(p, l) || m.people[p.ID].look > l.number {
		return
	}
	m.people[p.ID] = freshPerson{person: p, managerEntry: b, look: l.number, until: l.begun.Add(freshFor)}
	if account := p.Account(access.SystemSlack); account != "" {
		m.slack[account] = p.ID
	}
}

// change changes what is held of a person, if anything is.
func (m *cache) change(who access.PersonID, how func(*access.Person)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f, ok := m.people[who]; ok {
		how(&f.person)
		m.people[who] = f
	}
}

// noManager notes that the manager whom a directory names is not in Slack.
func (m *cache) noManager(who access.PersonID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f, ok := m.people[who]; ok {
		f.missing = true
		m.people[who] = f
	}
}

// answer notes that a look-up was answered by everybody who was asked.
func (m *cache) answer(k answeredKey, b managerEntry, l look) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.answered[k].number <= l.number {
		m.answered[k] = answered{l, b}
	}
}

// answeredSince is what was said of somebody's manager by all who were asked, if
// that is fresh, or was asked for no earlier than a question.
func (m *cache) answeredSince(who access.PersonID, l look) (managerEntry, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f, ok := m.people[who]; ok && f.look > l.since && m.now().Before(f.until) {
		return f.managerEntry, true
	}
	a, ok := m.answered[answeredKey{who: who}]
	return a.managerEntry, ok && a.answers(l)
}

// stoodSince tells whether all who were asked have said how somebody stands, if that is fresh, or
// was asked for no earlier than a question. Who their manager is need not be known of them.
func (m *cache) stoodSince(who access.PersonID, l look) bool {
	if _, all := m.answeredSince(who, l); all {
		return true
	}
	if _, fresh := m.standing(who, l.since); fresh {
		return true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.answered[answeredKey{who, true}]
	return ok && a.answers(l)
}

// answers tells whether it was asked for no earlier than a question.
func (a answered) answers(l look) bool {
	return a.number > l.since && a.forgets >= l.forgets && !a.begun.Before(l.begun)
}

func (m *cache) account(key accountKey) (idp.Person, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, ok := m.accounts[key]
	return f.account, ok && m.now().Before(f.until)
}

func (m *cache) keepAccount(key accountKey, a idp.Person, l look) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dropped[key.who] <= l.forgets {
		m.accounts[key] = freshAccount{a, l.begun.Add(freshFor)}
	}
}

func (m *cache) forget(who access.PersonID, dirs Directories) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forgets++
	m.dropped[who] = m.forgets
	delete(m.people, who)
	delete(m.alone, who)
	for _, d := range dirs {
		delete(m.accounts, accountKey{d.ID(), who})
	}
}

// forgetAccount lets go of an account, and tells who is held with it: they are to
// be forgotten, too.
func (m *cache) forgetAccount(system, id string) []access.PersonID {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forgets++
	m.droppedBy[boundTo{system, id}] = m.forgets
	var out []access.PersonID
	for _, some := range []map[access.PersonID]freshPerson{m.people, m.alone} {
		for who, f := range some {
			if f.person.Account(system) == id && !slices.Contains(out, who) {
				out = append(out, who)
			}
		}
	}
	return out
}
