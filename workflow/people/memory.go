package people

import (
	"sync"
	"time"

	"latchkey/access"
	"latchkey/idp"
)

// freshFor is how long an answer about a person is used without asking again.
const freshFor = time.Minute

// memory holds, for a moment, what Slack and the directories said. It is keyed by
// ids alone: an address can move to somebody else at any moment.
type memory struct {
	now func() time.Time

	mu       sync.Mutex
	people   map[access.PersonID]freshPerson
	slack    map[string]access.PersonID // by the account there
	accounts map[accountKey]freshAccount
}

type freshPerson struct {
	person  access.Person
	boss    boss
	missing bool // nobody in Slack is the manager whom a directory names
	until   time.Time
}

type accountKey struct {
	directory string
	who       access.PersonID
}

type freshAccount struct {
	account idp.Person
	until   time.Time
}

func newMemory(now func() time.Time) *memory {
	return &memory{now: now, people: map[access.PersonID]freshPerson{}, slack: map[string]access.PersonID{}, accounts: map[accountKey]freshAccount{}}
}

func (m *memory) person(who access.PersonID) (freshPerson, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, ok := m.people[who]
	return f, ok && m.now().Before(f.until)
}

// inSlack is whoever has an account there.
func (m *memory) inSlack(account string) (freshPerson, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, ok := m.people[m.slack[account]]
	return f, ok && m.now().Before(f.until) && f.person.Account(access.SystemSlack) == account
}

func (m *memory) keep(p access.Person, b boss) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.people[p.ID] = freshPerson{person: p, boss: b, until: m.now().Add(freshFor)}
	if account := p.Account(access.SystemSlack); account != "" {
		m.slack[account] = p.ID
	}
}

// change changes what is held of a person, if anything is.
func (m *memory) change(who access.PersonID, how func(*access.Person)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f, ok := m.people[who]; ok {
		how(&f.person)
		m.people[who] = f
	}
}

// noManager notes that the manager whom a directory names is not in Slack.
func (m *memory) noManager(who access.PersonID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f, ok := m.people[who]; ok {
		f.missing = true
		m.people[who] = f
	}
}

func (m *memory) account(key accountKey) (idp.Person, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, ok := m.accounts[key]
	return f.account, ok && m.now().Before(f.until)
}

func (m *memory) keepAccount(key accountKey, a idp.Person) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.accounts[key] = freshAccount{a, m.now().Add(freshFor)}
}

func (m *memory) forget(who access.PersonID, dirs Directories) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.people, who)
	for _, d := range dirs {
		delete(m.accounts, accountKey{d.ID(), who})
	}
}

// withAccount are those who are held with an account in a system.
func (m *memory) withAccount(system, id string) []access.PersonID {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []access.PersonID
	for who, f := range m.people {
		if f.person.Account(system) == id {
			out = append(out, who)
		}
	}
	return out
}
