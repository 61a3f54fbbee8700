package people

import (
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
	slack     map[string]access.PersonID // by the account there
	accounts  map[accountKey]freshAccount
	answered  map[access.PersonID]answered
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
		now: now, people: map[access.PersonID]freshPerson{}, slack: map[string]access.PersonID{}, accounts: map[accountKey]freshAccount{},
		answered: map[access.PersonID]answered{}, dropped: map[access.PersonID]uint64{}, droppedBy: map[boundTo]uint64{},
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

// inSlack is whoever has an account there.
func (m *cache) inSlack(account string) (freshPerson, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, ok := m.people[m.slack[account]]
	return f, ok && m.now().Before(f.until) && f.person.Account(access.SystemSlack) == account
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
func (m *cache) answer(who access.PersonID, b managerEntry, l look) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.answered[who].number <= l.number {
		m.answered[who] = answered{l, b}
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
	a, ok := m.answered[who]
	return a.managerEntry, ok && a.number > l.since && a.forgets >= l.forgets && !a.begun.Before(l.begun)
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
	for who, f := range m.people {
		if f.person.Account(system) == id {
			out = append(out, who)
		}
	}
	return out
}
