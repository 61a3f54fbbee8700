package reading

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/store/snapshot"
)

// folk introduces accounts that are seen for the first time.
type folk struct {
	*pass
	lists *lists
	chart *chart
	met   []*member // of the group that was met last
}

func newFolk(p *pass, c *chart) *folk {
	return &folk{pass: p, lists: newLists(p), chart: c}
}

// meet are the accounts of a listing, in the snapshot from now on, in the order of their numbers. They are good until the next.
func (f *folk) meet(ctx context.Context, directory string, l listing) ([]*member, error) {
	all, err := f.lists.of(ctx, directory)
	if err != nil {
		return nil, err
	}
	all.byPlace(l.fresh)
	for some := range slices.Chunk(l.fresh, introducedAtOnce) {
		if err := f.introduce(ctx, directory, some); err != nil {
			return nil, err
		}
	}
	for _, m := range l.fresh {
		if n, known := f.to.Number(directory, m.PersonID); known {
			l.met.Add(n)
		}
	}
	f.met = f.accounts.members(l.met, f.met)
	return f.met, nil
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
	all := make([]introduced, len(fresh))
	for i, m := range fresh {
		p := shown[i]
		all[i] = introduced{
			shown: p, as: m.Membership, account: account{id: m.PersonID, who: m.who, manager: f.chart.id(p.ManagerID), managedBy: above[i]},
			member: member{department: f.lists.department(directory, p.Department), left: standing(m.Membership, p) == idp.Left || m.gone, absent: absent[i]},
		}
	}
	neighbours := make([]*introduced, len(all))
	for i := range all {
		neighbours[i] = &all[i]
	}
	slices.SortStableFunc(neighbours, func(a, b *introduced) int {
		return cmp.Or(strings.Compare(a.department.named(), b.department.named()), cmp.Compare(a.managedBy, b.managedBy))
	})
	return f.add(ctx, directory, neighbours)
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
			h, err := store.HolderKnownAs(tx, id)
			if err != nil {
				return err
			}
			f.note(id, h.Accounts(directory))
			m.who, m.gone = id, departed(h)
		}
		return nil
	})
}

// add adds accounts to the snapshot, but for those that an earlier attempt has added.
func (f *folk) add(ctx context.Context, directory string, all []*introduced) error {
	fresh, those := make([]snapshot.Person, 0, len(all)), make([]*introduced, 0, len(all))
	for _, one := range all {
		if n, known := f.to.Number(directory, one.id); known {
			one.number = int32(n)
			f.accounts.put(directory, one.account, one.member)
			continue
		}
		fresh, those = append(fresh, one.written(directory)), append(those, one)
	}
	first, err := f.to.AddPeople(ctx, fresh...)
	if err != nil {
		return err
	}
	for i, one := range those {
		one.number = int32(first + i)
		f.accounts.put(directory, one.account, one.member)
	}
	return nil
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
