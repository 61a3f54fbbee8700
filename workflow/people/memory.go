package people

import (
	"sync"
	"time"

	"latchkey/access"
	"latchkey/idp"
)

// freshFor is how long an answer about a person is used without asking again.
const freshFor = time.Minute

// memory holds, for a moment, what Slack and the directories said.
type memory struct {
	now func() time.Time

	mu       sync.Mutex
	people   map[access.PersonID]freshPerson
	accounts map[accountKey]freshAccount
}

type freshPerson struct {
	person access.Person
	until  time.Time
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
	return &memory{now: now, people: map[access.PersonID]freshPerson{}, accounts: map[accountKey]freshAccount{}}
}

func (m *memory) person(who access.PersonID) (access.Person, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, ok := m.people[who]
	return f.person, ok && m.now().Before(f.until)
}

func (m *memory) keep(p access.Person) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.people[p.ID] = freshPerson{p, m.now().Add(freshFor)}
}

// bind adds a binding to what is held of a person, if anything is.
func (m *memory) bind(who access.PersonID, b access.Binding) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f, ok := m.people[who]; ok {
		f.person.Bindings = append(without(f.person.Bindings, b.System), b)
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
