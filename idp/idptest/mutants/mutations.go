package mutants

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"latchkey/idp"
)

// mutation is one promise to break.
type mutation struct {
	name    string
	noticed string             // the case that should notice; any other may, too
	rare    bool               // an implementation need not come to where it could break it
	apply   func(*mutant) bool // false: the directory hasn't got what is to be broken
}

func mutations() []mutation {
	return slices.Concat(ofFinding(), ofChoosing(), ofReading(), ofFindingGroups(), ofGoverning(), ofWriting(), ofListing(), ofExtraction(), ofMembers(), ofFailing(), ofDenying(), ofChecking(),
		ofReporting(), ofEverybody(), ofSeeing(), ofLogs(), ofExpiry(), ofAdmins(), ofApps(), ofSignIns())
}

const (
	casePeople    = "a person is found by e-mail and read by id"
	caseHere      = "an account that left is found but gives way"
	caseTwins     = "two accounts with one e-mail are ambiguous"
	caseAliases   = "an alias leads to nobody else"
	caseFolding   = "no two different addresses are one"
	caseManager   = "a manager is resolved"
	caseSignIns   = "the last sign-in is that of the account"
	caseGroups    = "a group is found by name and read by id"
	caseSearch    = "a search that answers something else has found nothing"
	caseRead      = "a read that answers something else proves nothing"
	caseProtected = "protected groups are not changed"
	caseRepeats   = "add and remove are idempotent"
	caseMissing   = "unknown groups and people"
	caseLeavers   = "accounts that left"
	casePages     = "large groups come whole"
	caseTorn      = "a listing that breaks off is no listing"
	caseProof     = "a listing says how it was read"
	caseEarly     = "a listing that isn't over says nothing"
	caseHash      = "the hash is over all rows"
	caseCount     = "the count is the vendor's own"
	caseRepeated  = "who is named twice is noticed"
	caseReadBack  = "read back sees changes made by others"
	caseOutage    = "an outage is transient"
	caseDenial    = "lost permission is denied"
	caseLimit     = "a rate limit longer than the deadline is told"
	caseContext   = "an ended context ends the call"
	caseMany      = "many at a time"
	caseLister    = "groups are listed"
	caseApps      = "applications and their groups are listed"
	caseSizes     = "how many are in groups is told"
	caseUse       = "the use of an application is reported"
	caseSessions  = "sessions are ended"
	caseExpiry    = "memberships end by themselves"
	caseAdmins    = "groups that make administrators are seen"
	caseLog       = "the log tells of accounts"
	caseEverybody = "everybody is listed"
	caseManagers  = "managers are listed"
	caseProbe     = "a probe finds what is wrong"
)

// always is for what every directory has.
func always(breaks func(*mutant)) func(*mutant) bool {
	return func(m *mutant) bool {
		breaks(m)
		return true
	}
}

// memory is what a mutation remembers of calls, which may come at the same time.
type memory[T any] struct {
	mu sync.Mutex
	of map[string]T
}

func (r *memory[T]) get(key string) T {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.of[key]
}

func (r *memory[T]) set(key string, value T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.of == nil {
		r.of = map[string]T{}
	}
	r.of[key] = value
}

// strike notes that a promise is broken.
func (m *mutant) strike() { m.struck.Add(1) }

// finding has the answers of FindPerson be others.
func finding(other func(m *mutant, ctx context.Context, address string, p idp.Person, err error) (idp.Person, error)) func(*mutant) bool {
	return always(func(m *mutant) {
		inner := m.find
		m.find = func(ctx context.Context, address string) (idp.Person, error) {
			p, err := inner(ctx, address)
			q, qerr := other(m, ctx, address, p, err)
			if q != p || !same(err, qerr) {
				m.strike()
			}
			return q, qerr
		}
	})
}

// people has the answers of FindPerson and Person be others.
func people(other func(p idp.Person) idp.Person) func(*mutant) bool {
	return always(func(m *mutant) {
		find, read := m.find, m.person
		changed := func(p idp.Person, err error) (idp.Person, error) {
			if err != nil {
				return p, err
			}
			if other(p) != p {
				m.strike()
			}
			return other(p), nil
		}
		m.find = func(ctx context.Context, address string) (idp.Person, error) { return changed(find(ctx, address)) }
		m.person = func(ctx context.Context, id string) (idp.Person, error) { return changed(read(ctx, id)) }
	})
}

// same tells whether two errors are alike to whoever tells them apart.
func same(a, b error) bool {
	for _, kind := range []error{idp.ErrNotFound, idp.ErrNoAccount, idp.ErrAmbiguous, idp.ErrDenied, idp.ErrRefused} {
		if errors.Is(a, kind) != errors.Is(b, kind) {
			return false
		}
	}
	var x, y *idp.RateLimited
	return (a == nil) == (b == nil) && errors.As(a, &x) == errors.As(b, &y)
}

// errPassing is none of the kinds that are told apart.
var errPassing = errors.New("it will be tried again")

// transient tells that an error is none of the kinds that repeating doesn't cure.
func transient(err error) bool { return err != nil && same(err, errPassing) }

func ofFinding() []mutation {
	return []mutation{
		{"answers with somebody else's account", casePeople, false, always(answersSomebodyElse)},
		{"finds by an address's beginning", casePeople, false, finding(func(m *mutant, ctx context.Context, address string, p idp.Person, err error) (idp.Person, error) {
			if errors.Is(err, idp.ErrNotFound) && address != "" && !strings.Contains(address, "@") {
				return m.Directory.FindPerson(ctx, address+"@x.com")
			}
			return p, err
		})},
		{"takes an id for an address", casePeople, false, finding(func(m *mutant, ctx context.Context, address string, p idp.Person, err error) (idp.Person, error) {
			if errors.Is(err, idp.ErrNotFound) && address != "" {
				if q, err := m.Directory.Person(ctx, address); err == nil {
					return q, nil
				}
			}
			return p, err
		})},
		{"minds the letter case of an address", casePeople, false, finding(func(_ *mutant, _ context.Context, address string, p idp.Person, err error) (idp.Person, error) {
			if err == nil && address != p.Email && address != p.Login {
				return idp.Person{}, idp.ErrNotFound
			}
			return p, err
		})},
		{"takes an alias for the account's address", caseAliases, true, finding(func(_ *mutant, _ context.Context, address string, p idp.Person, err error) (idp.Person, error) {
			if err == nil && !idp.SameAddress(address, p.Email) && !idp.SameAddress(address, p.Login) {
				p.Email = idp.FoldAddress(address)
			}
			return p, err
		})},
		{"has an alias go before somebody's own address", caseAliases, true, always(prefersAliases)},
		{"folds letters as Unicode does", caseFolding, false, always(func(m *mutant) {
			m.find = func(ctx context.Context, address string) (idp.Person, error) {
				folded := strings.ToLower(address)
				if folded != idp.FoldAddress(address) {
					m.strike()
				}
				return m.Directory.FindPerson(ctx, folded)
			}
		})},
	}
}

func ofChoosing() []mutation {
	return []mutation{
		{"stays with whom it found first", caseHere, false, always(staysWithTheFirst)},
		{"chooses among several accounts", caseTwins, false, finding(func(_ *mutant, _ context.Context, address string, p idp.Person, err error) (idp.Person, error) {
			if errors.Is(err, idp.ErrAmbiguous) {
				return idp.Person{ID: "the first", Email: address}, nil
			}
			return p, err
		})},
		{"doesn't know what it finds twice", caseTwins, false, finding(func(_ *mutant, _ context.Context, _ string, p idp.Person, err error) (idp.Person, error) {
			if errors.Is(err, idp.ErrAmbiguous) {
				return p, idp.ErrNotFound
			}
			return p, err
		})},
	}
}

// answersSomebodyElse: whoever isn't found is whoever was found last.
func answersSomebodyElse(m *mutant) {
	last := memory[idp.Person]{}
	m.find = func(ctx context.Context, address string) (idp.Person, error) {
		p, err := m.Directory.FindPerson(ctx, address)
		if err == nil {
			last.set("", p)
		} else if other := last.get(""); errors.Is(err, idp.ErrNotFound) && other.ID != "" {
			m.strike()
			return other, nil
		}
		return p, err
	}
}

// prefersAliases: an address is that of whoever was given it last, even if as an alias.
func prefersAliases(m *mutant) {
	given, add := memory[string]{}, m.world.AddAlias
	m.world.AddAlias = func(id, address string) bool {
		done := add(id, address)
		if done {
			given.set(address, id)
		}
		return done
	}
	m.find = func(ctx context.Context, address string) (idp.Person, error) {
		p, err := m.Directory.FindPerson(ctx, address)
		if id := given.get(address); id != "" && err == nil && id != p.ID {
			m.strike()
			return m.Directory.Person(ctx, id)
		}
		return p, err
	}
}

// staysWithTheFirst: an address is that of the account which had it first.
func staysWithTheFirst(m *mutant) {
	first := memory[string]{}
	m.find = func(ctx context.Context, address string) (idp.Person, error) {
		if id := first.get(address); id != "" {
			m.strike()
			return m.Directory.Person(ctx, id)
		}
		p, err := m.Directory.FindPerson(ctx, address)
		if err == nil {
			first.set(address, p.ID)
		}
		return p, err
	}
}

func ofReading() []mutation {
	return []mutation{
		{"takes an address for an id", casePeople, false, always(func(m *mutant) {
			m.person = func(ctx context.Context, id string) (idp.Person, error) {
				p, err := m.Directory.Person(ctx, id)
				if errors.Is(err, idp.ErrNotFound) && strings.Contains(id, "@") {
					m.strike()
					return m.Directory.FindPerson(ctx, id)
				}
				return p, err
			}
		})},
		{"leaves an address as it is written", casePeople, false, people(func(p idp.Person) idp.Person { p.Email = strings.ToUpper(p.Email); return p })},
		{"forgets who somebody is", casePeople, false, people(func(p idp.Person) idp.Person { p.Name, p.Title, p.Department = "", "", ""; return p })},
		{"doesn't know since when", casePeople, false, people(func(p idp.Person) idp.Person { p.Created = time.Time{}; return p })},
		{"says of everybody that they are here", caseHere, false, people(func(p idp.Person) idp.Person { p.Status = idp.Active; return p })},
		{"says that who is on hold has left", caseHere, false, people(func(p idp.Person) idp.Person {
			if p.Status == idp.Suspended {
				p.Status = idp.Left
			}
			return p
		})},
		{"knows no managers", caseManager, false, people(func(p idp.Person) idp.Person { p.ManagerID, p.ManagerEmail = "", ""; return p })},
		{"has the top be their own manager", caseManager, false, people(func(p idp.Person) idp.Person {
			if p.ManagerID == "" && p.Email == "noor@x.com" {
				p.ManagerID, p.ManagerEmail = p.ID, p.Email
			}
			return p
		})},
		{"believes a search that answers something else", caseSearch, false, always(func(m *mutant) { misledTo(m, true, false) })},
		{"believes a read that answers something else", caseRead, false, always(func(m *mutant) { misledTo(m, false, true) })},
		{"takes another answer for a proof of absence", caseRead, false, always(takesOtherForNone)},
	}
}

// misledTo gives what a misled vendor answers, instead of looking at it.
func misledTo(m *mutant, finds, reads bool) {
	led := memory[string]{}
	mislead := m.world.Mislead
	m.world.Mislead = func(asked, answered string) {
		led.set(asked, answered)
		mislead(asked, answered)
	}
	to := func(key string, on bool) string {
		if other := led.get(key); on && other != "" {
			m.strike()
			return other
		}
		return key
	}
	m.find = func(ctx context.Context, address string) (idp.Person, error) {
		return m.Directory.FindPerson(ctx, to(address, finds))
	}
	m.findGroup = func(ctx context.Context, name string) (idp.Group, error) {
		return m.Directory.FindGroup(ctx, to(name, finds))
	}
	m.person = func(ctx context.Context, id string) (idp.Person, error) {
		return m.Directory.Person(ctx, to(id, reads))
	}
	m.group = func(ctx context.Context, id string) (idp.Group, error) { return m.Directory.Group(ctx, to(id, reads)) }
}

func takesOtherForNone(m *mutant) {
	m.person = func(ctx context.Context, id string) (idp.Person, error) {
		p, err := m.Directory.Person(ctx, id)
		if transient(err) {
			m.strike()
			err = idp.ErrNotFound
		}
		return p, err
	}
}

// otherwiseNamed looks for a group that isn't found in another way.
func otherwiseNamed(change func(m *mutant, ctx context.Context, name string) (idp.Group, error)) func(*mutant) bool {
	return always(func(m *mutant) {
		m.findGroup = func(ctx context.Context, name string) (idp.Group, error) {
			g, err := m.Directory.FindGroup(ctx, name)
			if !errors.Is(err, idp.ErrNotFound) || name == "" {
				return g, err
			}
			if g, err := change(m, ctx, name); err == nil {
				m.strike()
				return g, nil
			}
			return g, err
		}
	})
}

func ofFindingGroups() []mutation {
	return []mutation{
		{"ignores the letter case of a group's name", caseGroups, false, otherwiseNamed(func(m *mutant, ctx context.Context, name string) (idp.Group, error) {
			return m.Directory.FindGroup(ctx, strings.ToLower(name))
		})},
		{"takes an id for a group's name", caseGroups, false, otherwiseNamed(func(m *mutant, ctx context.Context, name string) (idp.Group, error) {
			return m.Directory.Group(ctx, name)
		})},
		{"takes a name for a group's id", caseGroups, false, always(func(m *mutant) {
			m.group = func(ctx context.Context, id string) (idp.Group, error) {
				g, err := m.Directory.Group(ctx, id)
				if errors.Is(err, idp.ErrNotFound) && id != "" {
					if found, err := m.Directory.FindGroup(ctx, id); err == nil {
						m.strike()
						return found, nil
					}
				}
				return g, err
			}
		})},
		{"takes the first of two groups of one name", caseGroups, false, always(func(m *mutant) {
			m.findGroup = func(ctx context.Context, name string) (idp.Group, error) {
				g, err := m.Directory.FindGroup(ctx, name)
				if errors.Is(err, idp.ErrAmbiguous) {
					m.strike()
					return idp.Group{ID: "the first", Name: name, Governable: true}, nil
				}
				return g, err
			}
		})},
	}
}
