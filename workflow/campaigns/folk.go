package campaigns

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/people"
)

// account is a member of a group under review, as far as rows need it.
type account struct {
	directory, id string
	number        int // in the snapshot
	who           access.PersonID
	department    string // folded; "" if it isn't known
	manager       string // the account that the directory names as the manager's; "" if none is known
	managedBy     access.PersonID
	left          bool
}

// folk are the accounts that were seen.
type folk struct {
	*reading
	all    map[[2]string]*account // by directory and account
	listed map[string]*everyone   // by directory
	folds  map[string]string      // departments as they are compared: a company has few
}

// everyone is everybody in a directory who has not left, as it lists them.
type everyone struct {
	people map[string]idp.Person
	in     map[string]int // how many of a department are active
	whole  bool           // it was read to its end: who is in a department is known
}

func newFolk(r *reading) *folk {
	return &folk{reading: r, all: map[[2]string]*account{}, listed: map[string]*everyone{}, folds: map[string]string{}}
}

// folded is a department as it is compared.
func (f *folk) folded(department string) string {
	if known, is := f.folds[department]; is {
		return known
	}
	f.folds[department] = catalog.Fold(department)
	return f.folds[department]
}

// meet are the accounts of the members of a group, in the snapshot from now on.
func (f *folk) meet(ctx context.Context, directory string, members []idp.Membership) ([]*account, error) {
	var fresh []idp.Membership
	seen := make(map[string]bool, len(members))
	for _, m := range members {
		if f.all[[2]string{directory, m.PersonID}] == nil && !seen[m.PersonID] {
			seen[m.PersonID] = true
			fresh = append(fresh, m)
		}
	}
	if err := f.introduce(ctx, directory, fresh); err != nil {
		return nil, err
	}
	clear(seen)
	out := make([]*account, 0, len(members))
	for _, m := range members {
		if !seen[m.PersonID] { // a list that names somebody twice has one row of them; its proof says so
			seen[m.PersonID] = true
			out = append(out, f.all[[2]string{directory, m.PersonID}])
		}
	}
	return out, nil
}

// introduce finds out who is behind accounts that were not seen before, and writes them.
func (f *folk) introduce(ctx context.Context, directory string, fresh []idp.Membership) error {
	if len(fresh) == 0 {
		return nil
	}
	who, err := f.people.Register(ctx, directory, fresh)
	if err != nil {
		return err
	}
	shown, err := f.shown(ctx, directory, fresh)
	if err != nil {
		return err
	}
	gone, err := f.gone(ctx, who)
	if err != nil {
		return err
	}
	above, err := f.managers(ctx, directory, shown)
	if err != nil {
		return err
	}
	all := make([]snapshot.Person, len(fresh))
	for i, m := range fresh {
		p := shown[i]
		a := &account{directory: directory, id: m.PersonID, who: who[m.PersonID], department: f.folded(p.Department), manager: p.ManagerID, managedBy: above[i], left: m.Status == idp.Left || gone[who[m.PersonID]]}
		all[i] = a.written(m, p)
		f.all[[2]string{directory, m.PersonID}] = a
	}
	slices.SortStableFunc(all, func(a, b snapshot.Person) int { return cmp.Compare(a.Manager.Person, b.Manager.Person) })
	return f.add(ctx, all)
}

// add adds accounts to the snapshot, but for those that an earlier attempt has added.
func (f *folk) add(ctx context.Context, all []snapshot.Person) error {
	var fresh []snapshot.Person
	for _, p := range all {
		if n, known := f.to.Number(p.Directory, p.Account); known {
			f.all[[2]string{p.Directory, p.Account}].number = n
			continue
		}
		fresh = append(fresh, p)
	}
	first, err := f.to.AddPeople(ctx, fresh...)
	for i, p := range fresh {
		f.all[[2]string{p.Directory, p.Account}].number = first + i
	}
	return err
}

// written is an account as the snapshot keeps it. What the directory didn't show is empty.
func (a *account) written(m idp.Membership, p idp.Person) snapshot.Person {
	last := m.LastLogin
	if p.LastLogin.After(last) {
		last = p.LastLogin
	}
	out := snapshot.Person{
		Directory: a.directory, Account: a.id, ID: a.who, Name: p.Name, Address: access.NewEmail(cmp.Or(p.Login, p.Email, m.Email)), Title: p.Title, Department: p.Department,
		Type: p.Type, Location: p.Location, Status: standingOf(cmp.Or(m.Status, p.Status)), Created: p.Created,
		Manager: snapshot.Manager{Person: a.managedBy, Account: p.ManagerID, Text: cmp.Or(p.ManagerEmail, p.ManagerText)},
	}
	if !last.IsZero() {
		out.SignIn = snapshot.Use{At: last, Source: "sign-ins to " + a.directory}
	}
	if a.left {
		out.Status = access.Left
	}
	return out
}

func standingOf(s idp.Status) access.Standing {
	switch s {
	case idp.Active:
		return access.Active
	case idp.Suspended:
		return access.Suspended
	case idp.Left:
		return access.Left
	}
	return ""
}

// gone tells who of some people is known to have left, whatever their accounts say.
func (f *folk) gone(ctx context.Context, who map[string]access.PersonID) (map[access.PersonID]bool, error) {
	out := map[access.PersonID]bool{}
	err := f.units.View(ctx, func(tx store.Tx) error {
		for _, id := range who {
			p, err := people.In(tx, id)
			if err != nil {
				return err
			}
			out[id] = p.Standing == access.Left || !p.Offboarded.IsZero()
		}
		return nil
	})
	return out, err
}

// shown is what a directory shows of accounts: in its list of everybody, or else each read alone. Of whom it shows nothing,
// nothing is known.
func (f *folk) shown(ctx context.Context, directory string, members []idp.Membership) ([]idp.Person, error) {
	all, err := f.list(ctx, directory)
	if err != nil {
		return nil, err
	}
	out, missing := make([]idp.Person, len(members)), []int(nil)
	managed := f.asks.managers() || len(f.campaign.Review.Scope.Managers) > 0
	for i, m := range members {
		p, listed := all.people[m.PersonID]
		if out[i] = p; !listed || managed && p.ManagerID == "" {
			missing = append(missing, i)
		}
	}
	d, _ := f.dirs.Get(directory)
	errs := make([]error, len(missing))
	abreast(len(missing), func(n int) {
		i := missing[n]
		var p idp.Person
		if p, errs[n] = readAccount(ctx, d, members[i].PersonID, managed); errs[n] == nil && p.ID != "" {
			out[i] = p
		}
	})
	return out, errors.Join(errs...)
}

// readAccount reads an account. One that isn't there any more, or may not be seen, shows nothing.
func readAccount(ctx context.Context, d idp.Directory, id string, managed bool) (idp.Person, error) {
	if managed {
		ctx = idp.WithManagers(ctx)
	}
	p, err := d.Person(ctx, id)
	switch {
	case errors.Is(err, idp.ErrNotFound), errors.Is(err, idp.ErrDenied):
		return idp.Person{}, nil
	case err != nil:
		return idp.Person{}, people.DirectoryFailure(d, "Read an account in "+d.ID()+" for a review", err)
	}
	return p, nil
}

// mostAbreast is how many accounts are read at the same time.
const mostAbreast = 8

// abreast does something for each of some numbers, a few at the same time.
func abreast(n int, do func(int)) {
	var working sync.WaitGroup
	next := make(chan int)
	for range min(n, mostAbreast) {
		working.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	working.Wait()
}

// managers are the people whom the directory names as the managers of accounts, where somebody asks for that.
func (f *folk) managers(ctx context.Context, directory string, shown []idp.Person) ([]access.PersonID, error) {
	out := make([]access.PersonID, len(shown))
	for i, p := range shown {
		who, err := f.asks.boss(ctx, directory, p)
		if err != nil {
			return nil, err
		}
		out[i] = who
	}
	return out, nil
}

// list lists a directory, once. One that can't list, or of which the review wants to know one person only, has an empty one.
func (f *folk) list(ctx context.Context, directory string) (*everyone, error) {
	if all := f.listed[directory]; all != nil {
		return all, nil
	}
	all := &everyone{people: map[string]idp.Person{}, in: map[string]int{}}
	f.listed[directory] = all
	d, configured := f.dirs.Get(directory)
	if !configured || f.campaign.Small() {
		return all, nil
	}
	lister, able := idp.As[idp.PeopleLister](d)
	if !able {
		return all, nil
	}
	for p, err := range lister.People(ctx) {
		if err != nil {
			delete(f.listed, directory)
			return f.unlisted(ctx, d, err)
		}
		all.people[p.ID] = p
		if p.Department != "" && p.Status == idp.Active {
			all.in[f.folded(p.Department)]++
		}
	}
	all.whole = true
	return all, nil
}

// unlisted is what follows where a directory can't be listed: nothing is known of departments where it may not be, and it
// is tried again where that may pass.
func (f *folk) unlisted(ctx context.Context, d idp.Directory, err error) (*everyone, error) {
	failed := people.DirectoryFailure(d, "List the accounts in "+d.ID()+" for a review", err)
	if class := access.Classify(failed).Class; ctx.Err() != nil || class != access.Denied && class != access.Rejected {
		return nil, failed
	}
	f.log.Warn("a directory can't be listed for a review", "review", f.campaign.ID, "directory", d.ID(), "error", err)
	none := &everyone{people: map[string]idp.Person{}, in: map[string]int{}}
	f.listed[d.ID()] = none
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
func (f *folk) peersIn(directory string, members []*account) peers {
	p := peers{there: map[string]int{}, all: f.listed[directory]}
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
