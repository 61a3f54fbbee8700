package reading

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/people"
)

// folk introduces accounts that are seen for the first time.
type folk struct {
	*pass
	lists *lists
	chart *chart
}

func newFolk(p *pass, c *chart) *folk {
	return &folk{p, newLists(p), c}
}

// meet are the accounts of a listing, in the snapshot from now on.
func (f *folk) meet(ctx context.Context, directory string, l listing) ([]*account, error) {
	there := f.accounts[directory]
	if there == nil {
		there = map[string]*account{}
		f.accounts[directory] = there
	}
	for some := range slices.Chunk(l.fresh, introducedAtOnce) {
		if err := f.introduce(ctx, directory, some); err != nil {
			return nil, err
		}
	}
	out := l.met
	for _, m := range l.fresh {
		out = append(out, there[m.PersonID])
	}
	return out, nil
}

// introducedAtOnce is how many accounts are introduced together: so many are remembered at once of what the directory shows.
const introducedAtOnce = 5000

// introduce writes accounts that were not seen before.
func (f *folk) introduce(ctx context.Context, directory string, fresh []newcomer) error {
	if err := f.register(ctx, directory, fresh); err != nil {
		return err
	}
	shown, absent, err := f.shown(ctx, directory, fresh)
	if err != nil {
		return err
	}
	above, err := f.managers(ctx, directory, shown)
	if directory == access.ImportedDirectory {
		above, err = f.asKnown(ctx, fresh, shown)
	}
	if err != nil {
		return err
	}
	all := make([]snapshot.Person, len(fresh))
	for i, m := range fresh {
		p := shown[i]
		a := &account{directory: directory, id: m.PersonID, who: m.who, department: f.lists.department(directory, p.Department), manager: p.ManagerID, managedBy: above[i], left: standing(m.Membership, p) == idp.Left || m.gone, absent: absent[i]}
		all[i] = a.written(m.Membership, p)
		f.accounts[directory][m.PersonID] = a
	}
	slices.SortStableFunc(all, func(a, b snapshot.Person) int { return cmp.Compare(a.Manager.Person, b.Manager.Person) })
	return f.add(ctx, directory, all)
}

// register finds out who is behind accounts that nobody knows yet.
func (f *folk) register(ctx context.Context, directory string, fresh []newcomer) error {
	if directory == access.ImportedDirectory {
		return f.matched(ctx, fresh)
	}
	var unknown []idp.Membership
	for _, m := range fresh {
		if m.who == "" {
			unknown = append(unknown, m.Membership)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	who, err := f.People.Register(ctx, directory, unknown)
	if err != nil {
		return err
	}
	return f.Units.View(ctx, func(tx store.Tx) error {
		for i := range fresh {
			m := &fresh[i]
			id, registered := who[m.PersonID]
			if !registered {
				continue
			}
			p, err := people.In(tx, id)
			if err != nil {
				return err
			}
			f.note(p, directory)
			m.who, m.gone = id, hasGone(p)
		}
		return nil
	})
}

// add adds accounts to the snapshot, but for those that an earlier attempt has added.
func (f *folk) add(ctx context.Context, directory string, all []snapshot.Person) error {
	there, fresh := f.accounts[directory], all[:0]
	for _, p := range all {
		if n, known := f.to.Number(directory, p.Account); known {
			there[p.Account].number = n
			continue
		}
		fresh = append(fresh, p)
	}
	first, err := f.to.AddPeople(ctx, fresh...)
	for i, p := range fresh {
		there[p.Account].number = first + i
	}
	return err
}

// shown is what a directory shows of accounts: in its list of everybody, or else each read alone, as is one of which that
// list and the group's say different things. Of whom it shows nothing, nothing is known; absent are those of whom it says that
// they aren't there. Of those who name the same manager in a way that only the account read alone resolves, one is read.
func (f *folk) shown(ctx context.Context, directory string, members []newcomer) (out []idp.Person, absent []bool, err error) {
	all, err := f.lists.of(ctx, directory)
	if err != nil {
		return nil, nil, err
	}
	out, absent = make([]idp.Person, len(members)), make([]bool, len(members))
	missing, alike := []int(nil), map[string][]int{}
	for i, m := range members {
		p, listed := all.take(m.PersonID)
		out[i] = p
		switch agrees := listed && p.Status == m.Status; {
		case agrees && (!f.managed() || all.names(p)):
		case agrees && all.managers && alike[p.ManagerKey] != nil:
			alike[p.ManagerKey] = append(alike[p.ManagerKey], i)
		default:
			missing, alike[p.ManagerKey] = append(missing, i), append(alike[p.ManagerKey], i)
		}
	}
	if err := f.readAlone(ctx, directory, members, missing, out, absent); err != nil {
		return nil, nil, err
	}
	var unlike []int
	for key, those := range alike {
		if !all.share(key, those, out) {
			unlike = append(unlike, those[1:]...)
		}
	}
	return out, absent, f.readAlone(ctx, directory, members, unlike, out, absent)
}

// readAlone reads some of the accounts, a few at the same time.
func (f *folk) readAlone(ctx context.Context, directory string, members []newcomer, some []int, out []idp.Person, absent []bool) error {
	d, _ := f.directory(directory)
	errs := make([]error, len(some))
	abreast(len(some), func(n int) {
		i := some[n]
		var p idp.Person
		if p, absent[i], errs[n] = readAccount(ctx, d, members[i].PersonID, f.managed()); errs[n] == nil && p.ID != "" {
			out[i] = p
		}
	})
	return errors.Join(errs...)
}

// managers are the people whom the directory names as the managers of accounts, where somebody asks for that.
func (f *folk) managers(ctx context.Context, directory string, shown []idp.Person) ([]access.PersonID, error) {
	out := make([]access.PersonID, len(shown))
	for i, p := range shown {
		who, err := f.chart.boss(ctx, directory, p)
		if err != nil {
			return nil, err
		}
		out[i] = who
	}
	return out, nil
}
