package reading

import (
	"context"
	"iter"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/workflow/people"
)

// everyone is everybody in a directory who has not left, as it lists them. Whoever was introduced is in it no more: that
// stands in the snapshot.
type everyone struct {
	people      map[string]kept        // by account
	words       words                  // that many of them share
	departments map[string]*department // as the directory writes them, and as they are compared
	whole       bool                   // it was read to its end: who is in a department is known
	managers    bool                   // it says of each who their manager is
	above       map[string]*listedBoss // managers, by the keys that accounts name them by
	room        []byte                 // in which the next account is written
}

func nobody() *everyone {
	return &everyone{people: map[string]kept{}, words: words{numbers: map[string]uint64{}}, departments: map[string]*department{}, above: map[string]*listedBoss{}}
}

// listedBoss is whom accounts name as their manager, by a key.
type listedBoss struct {
	is    idp.Person // with what is said of a manager
	known bool
}

// tell says of an account who its manager is, if that is known.
func (b *listedBoss) tell(p *idp.Person) {
	if b != nil && b.known {
		p.ManagerID, p.ManagerEmail, p.ManagerText = b.is.ManagerID, b.is.ManagerEmail, b.is.ManagerText
	}
}

// names tells whether the list says who an account's manager is, or that it names nobody.
func (e *everyone) names(p idp.Person) bool {
	if p.ManagerID != "" || !e.managers {
		return p.ManagerID != ""
	}
	b := e.above[p.ManagerKey]
	return p.ManagerKey == "" || b != nil && b.known
}

// share has all accounts that name their manager by a key have what was found for the first of them, which was read alone; false
// where nothing was.
func (e *everyone) share(key string, those []int, out []idp.Person) bool {
	b, read := e.above[key], out[those[0]]
	if b == nil || read.ManagerID == "" && read.ManagerText == "" {
		return false
	}
	*b = listedBoss{read, true}
	for _, i := range those[1:] {
		b.tell(&out[i])
	}
	return true
}

// resolve finds the managers among those who are listed: whose id or login a key is. One that is several's is left to the account
// read alone.
func (e *everyone) resolve() {
	logins, found := map[string][]string{}, map[string]int{}
	for key := range e.above {
		login := idp.FoldAddress(key)
		logins[login] = append(logins[login], key)
	}
	note := func(key string, account string, k kept) {
		found[key]++
		_, email := k.addresses()
		*e.above[key] = listedBoss{idp.Person{ManagerID: account, ManagerEmail: email}, found[key] == 1}
	}
	if len(logins) == 0 {
		return
	}
	for account, k := range e.people {
		login, _ := k.addresses()
		keys := logins[idp.FoldAddress(login)]
		for _, key := range keys {
			note(key, account, k)
		}
		if e.above[account] != nil && !slices.Contains(keys, account) {
			note(account, account, k)
		}
	}
}

// take is an account that the directory lists. Nobody asks for it again.
func (e *everyone) take(account string) (idp.Person, bool) {
	k, listed := e.people[account]
	if !listed {
		return idp.Person{}, false
	}
	if delete(e.people, account); len(e.people) == 0 {
		e.people = nil // an empty map keeps its room
	}
	p := e.person(account, k)
	if p.ManagerID == "" {
		e.above[p.ManagerKey].tell(&p)
	}
	return p, true
}

// department is one by its name, in whatever letter case; nil for none.
func (e *everyone) department(name string) *department {
	if name == "" {
		return nil
	}
	if d := e.departments[name]; d != nil {
		return d
	}
	folded := catalog.Fold(name)
	d := e.departments[folded]
	if d == nil {
		d = &department{name: folded}
		e.departments[folded] = d
	}
	e.departments[name] = d
	return d
}

// lists are the directories, each listed once.
type lists struct {
	*pass
	listed map[string]*everyone // by directory
}

func newLists(p *pass) *lists {
	return &lists{p, map[string]*everyone{}}
}

// department is a department of a directory that was listed.
func (l *lists) department(directory, name string) *department {
	return l.listed[directory].department(name)
}

// of lists a directory, once. One that can't list, or of which the review wants to know one person only, has an empty list.
func (l *lists) of(ctx context.Context, directory string) (*everyone, error) {
	if all := l.listed[directory]; all != nil {
		return all, nil
	}
	all := nobody()
	l.listed[directory] = all
	d, configured := l.directory(directory)
	if !configured || l.Campaign.Small() {
		return all, nil
	}
	list := l.list(d, all)
	if list == nil {
		return all, nil
	}
	for p, err := range list(ctx) {
		if err != nil {
			delete(l.listed, directory)
			return l.unlisted(ctx, d, err)
		}
		all.people[p.ID] = all.keep(p)
		if p.ManagerID == "" && p.ManagerKey != "" {
			all.above[p.ManagerKey] = &listedBoss{}
		}
		if in := all.department(p.Department); in != nil && p.Status == idp.Active {
			in.active++
		}
	}
	all.whole = true
	all.resolve()
	return all, nil
}

// list is how a directory is gone through; nil where it can't be. Where managers have to be known they are in the list, if the
// directory has one that says them.
func (l *lists) list(d idp.Directory, all *everyone) func(context.Context) iter.Seq2[idp.Person, error] {
	if lister, able := idp.As[idp.ManagerLister](d); able && l.managed() {
		all.managers = true
		return lister.PeopleAndManagers
	}
	if lister, able := idp.As[idp.PeopleLister](d); able {
		return lister.People
	}
	return nil
}

// unlisted is what follows where a directory can't be listed: nothing is known of departments where it may not be, and it
// is tried again where that may pass.
func (l *lists) unlisted(ctx context.Context, d idp.Directory, err error) (*everyone, error) {
	failed := people.DirectoryFailure(d, "List the accounts in "+d.ID()+" for a review", err)
	if class := access.Classify(failed).Class; ctx.Err() != nil || class != access.Denied && class != access.Rejected {
		return nil, failed
	}
	l.Logger.Warn("a directory can't be listed for a review", "review", l.Campaign.ID, "directory", d.ID(), "error", err)
	l.listed[d.ID()] = nobody()
	return l.listed[d.ID()], nil
}

// fewestPeers is how many colleagues there have to be for a share of them to say something.
const fewestPeers = 5

// count counts the members of a group by department.
func (l *lists) count(members []*member) {
	for _, a := range members {
		if a.department != nil {
			a.department.there = 0
		}
	}
	for _, a := range members {
		if a.department != nil && !a.left {
			a.department.there++
		}
	}
}

// peers are how many of somebody's department are in the group that was counted, besides them, of how many. It isn't known
// where the department isn't, of whoever isn't active there, and where there are too few.
func (e *everyone) peers(a *member) catalog.Share {
	if !e.whole || a.department == nil || a.left {
		return catalog.Share{}
	}
	s := catalog.Share{Some: max(0, a.department.there-1), All: a.department.active - 1}
	if s.All < fewestPeers {
		return catalog.Share{}
	}
	s.Some = min(s.Some, s.All)
	return s
}
