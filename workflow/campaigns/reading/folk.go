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

// meet are the accounts of the members of a group, in the snapshot from now on.
func (f *folk) meet(ctx context.Context, directory string, members []idp.Membership) ([]*account, error) {
	var fresh []idp.Membership
	seen := make(map[string]bool, len(members))
	for _, m := range members {
		if f.accounts[[2]string{directory, m.PersonID}] == nil && !seen[m.PersonID] {
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
			out = append(out, f.accounts[[2]string{directory, m.PersonID}])
		}
	}
	return out, nil
}

// introduce finds out who is behind accounts that were not seen before, and writes them.
func (f *folk) introduce(ctx context.Context, directory string, fresh []idp.Membership) error {
	if len(fresh) == 0 {
		return nil
	}
	who, err := f.People.Register(ctx, directory, fresh)
	if err != nil {
		return err
	}
	shown, absent, err := f.shown(ctx, directory, fresh)
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
		a := &account{directory: directory, id: m.PersonID, who: who[m.PersonID], department: f.lists.folded(p.Department), manager: p.ManagerID, managedBy: above[i], left: standing(m, p) == idp.Left || gone[who[m.PersonID]], absent: absent[i]}
		all[i] = a.written(m, p)
		f.accounts[[2]string{directory, m.PersonID}] = a
	}
	slices.SortStableFunc(all, func(a, b snapshot.Person) int { return cmp.Compare(a.Manager.Person, b.Manager.Person) })
	return f.add(ctx, all)
}

// add adds accounts to the snapshot, but for those that an earlier attempt has added.
func (f *folk) add(ctx context.Context, all []snapshot.Person) error {
	var fresh []snapshot.Person
	for _, p := range all {
		if n, known := f.to.Number(p.Directory, p.Account); known {
			f.accounts[[2]string{p.Directory, p.Account}].number = n
			continue
		}
		fresh = append(fresh, p)
	}
	first, err := f.to.AddPeople(ctx, fresh...)
	for i, p := range fresh {
		f.accounts[[2]string{p.Directory, p.Account}].number = first + i
	}
	return err
}

// gone tells who of some people is known to have left, whatever their accounts say.
func (f *folk) gone(ctx context.Context, who map[string]access.PersonID) (map[access.PersonID]bool, error) {
	out := map[access.PersonID]bool{}
	err := f.Units.View(ctx, func(tx store.Tx) error {
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

// shown is what a directory shows of accounts: in its list of everybody, or else each read alone, as is one of which that
// list and the group's say different things. Of whom it shows nothing, nothing is known; absent are those of whom it says that
// they aren't there.
func (f *folk) shown(ctx context.Context, directory string, members []idp.Membership) (out []idp.Person, absent []bool, err error) {
	all, err := f.lists.of(ctx, directory)
	if err != nil {
		return nil, nil, err
	}
	out, absent = make([]idp.Person, len(members)), make([]bool, len(members))
	var missing []int
	managed := f.managed()
	for i, m := range members {
		p, listed := all.people[m.PersonID]
		if out[i] = p; !listed || p.Status != m.Status || managed && p.ManagerID == "" {
			missing = append(missing, i)
		}
	}
	d, _ := f.directory(directory)
	errs := make([]error, len(missing))
	abreast(len(missing), func(n int) {
		i := missing[n]
		var p idp.Person
		if p, absent[i], errs[n] = readAccount(ctx, d, members[i].PersonID, managed); errs[n] == nil && p.ID != "" {
			out[i] = p
		}
	})
	return out, absent, errors.Join(errs...)
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
