package reading

import (
	"context"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/workflow/people"
)

// everyone is everybody in a directory who has not left, as it lists them.
type everyone struct {
	people map[string]idp.Person
	in     map[string]int // how many of a department are active
	whole  bool           // it was read to its end: who is in a department is known
}

// lists are the directories, each listed once.
type lists struct {
	*pass
	listed map[string]*everyone // by directory
	folds  map[string]string    // departments as they are compared: a company has few
}

func newLists(p *pass) *lists {
	return &lists{p, map[string]*everyone{}, map[string]string{}}
}

// folded is a department as it is compared.
func (l *lists) folded(department string) string {
	if known, is := l.folds[department]; is {
		return known
	}
	l.folds[department] = catalog.Fold(department)
	return l.folds[department]
}

// list lists a directory, once. One that can't list, or of which the review wants to know one person only, has an empty one.
func (l *lists) of(ctx context.Context, directory string) (*everyone, error) {
	if all := l.listed[directory]; all != nil {
		return all, nil
	}
	all := &everyone{people: map[string]idp.Person{}, in: map[string]int{}}
	l.listed[directory] = all
	d, configured := l.directory(directory)
	if !configured || l.Campaign.Small() {
		return all, nil
	}
	lister, able := idp.As[idp.PeopleLister](d)
	if !able {
		return all, nil
	}
	for p, err := range lister.People(ctx) {
		if err != nil {
			delete(l.listed, directory)
			return l.unlisted(ctx, d, err)
		}
		all.people[p.ID] = p
		if p.Department != "" && p.Status == idp.Active {
			all.in[l.folded(p.Department)]++
		}
	}
	all.whole = true
	return all, nil
}

// unlisted is what follows where a directory can't be listed: nothing is known of departments where it may not be, and it
// is tried again where that may pass.
func (l *lists) unlisted(ctx context.Context, d idp.Directory, err error) (*everyone, error) {
	failed := people.DirectoryFailure(d, "List the accounts in "+d.ID()+" for a review", err)
	if class := access.Classify(failed).Class; ctx.Err() != nil || class != access.Denied && class != access.Rejected {
		return nil, failed
	}
	l.Logger.Warn("a directory can't be listed for a review", "review", l.Campaign.ID, "directory", d.ID(), "error", err)
	none := &everyone{people: map[string]idp.Person{}, in: map[string]int{}}
	l.listed[d.ID()] = none
	return none, nil
}

// fewestPeers is how many colleagues there have to be for a share of them to say something.
const fewestPeers = 5

// peers are how many of a department are in a group.
type peers struct {
	there map[string]int
	all   *everyone
}

// peersIn counts the members of a group by department.
func (l *lists) peersIn(directory string, members []*account) peers {
	p := peers{there: map[string]int{}, all: l.listed[directory]}
	for _, a := range members {
		if a.department != "" && !a.left {
			p.there[a.department]++
		}
	}
	return p
}

// of is how many of somebody's department are in the group besides them, of how many. It isn't known where the department
// isn't, of whoever isn't active there, and where there are too few.
func (p peers) of(a *account) catalog.Share {
	if p.all == nil || !p.all.whole || a.department == "" || a.left {
		return catalog.Share{}
	}
	s := catalog.Share{Some: max(0, p.there[a.department]-1), All: p.all.in[a.department] - 1}
	if s.All < fewestPeers {
		return catalog.Share{}
	}
	s.Some = min(s.Some, s.All)
	return s
}
