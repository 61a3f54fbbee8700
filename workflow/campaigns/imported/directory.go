package imported

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
)

// Directory shows what was imported like a directory: its groups are roles, and its accounts those of the files. Nothing in
// it can be changed.
type Directory struct{ s *Service }

// Directory is what was imported, as a directory.
func (s *Service) Directory() Directory { return Directory{s} }

// Ref is the group in which those are who have a role by an imported file.
func Ref(app, role string) catalog.GroupRef {
	return catalog.GroupRef{Directory: access.ImportedDirectory, Group: app + "/" + role, ByID: true}
}

// RoleOf is the role that such a group stands for.
func RoleOf(group string) (app, role string) {
	app, role, _ = strings.Cut(group, "/")
	return app, role
}

// ID implements idp.Directory.
func (Directory) ID() string { return access.ImportedDirectory }

// FindPerson implements idp.Directory: an address is nobody's id here.
func (Directory) FindPerson(context.Context, string) (idp.Person, error) {
	return idp.Person{}, idp.ErrNotFound
}

// accountID is the id of an account as this directory has it: two apps may number their accounts alike.
func accountID(app, account string) string { return app + "/" + account }

// Person implements idp.Directory.
func (d Directory) Person(ctx context.Context, id string) (idp.Person, error) {
	app, account := RoleOf(id)
	r, _, err := d.s.Row(ctx, app, account)
	if errors.Is(err, store.ErrNotFound) {
		return idp.Person{}, idp.ErrNotFound
	}
	return idp.Person{ID: id, Login: string(r.Address), Email: string(r.Address), Name: r.Name, Number: r.Personnel, Status: idp.Active}, err
}

// Row is the row of an account on the list that counts, and that list.
func (s *Service) Row(ctx context.Context, app, account string) (r access.ImportedRow, l access.ImportedList, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		if l, err = LastIn(tx, app); err != nil {
			return err
		}
		r, err = store.ImportedRow(tx, app, l.Number, account)
		return err
	})
	return r, l, err
}

// FindGroup implements idp.Directory.
func (d Directory) FindGroup(ctx context.Context, name string) (idp.Group, error) {
	return d.Group(ctx, name)
}

// Group implements idp.Directory.
func (d Directory) Group(ctx context.Context, id string) (idp.Group, error) {
	appID, roleID := RoleOf(id)
	app, role, known := d.s.catalog().Role(appID, roleID)
	if !known || app.Provisioning != catalog.Manual {
		return idp.Group{}, idp.ErrNotFound
	}
	return idp.Group{ID: id, Name: app.Name + " · " + role.Name, Why: app.Name + " is looked after by hand, and Latchkey knows of its accounts by a file only"}, nil
}

// StaleAfter is how old a list may be on which a review rests.
const StaleAfter = 7 * 24 * time.Hour

// Members implements idp.Directory: those who have a role, by the list that counts.
func (d Directory) Members(ctx context.Context, groupID string) (idp.Listing, error) {
	app, role := RoleOf(groupID)
	l, err := d.s.Last(ctx, app)
	switch {
	case err != nil:
		return idp.Listing{}, err
	case l.Number == 0:
		return idp.Listing{}, fmt.Errorf("nobody has imported who has it: export the list of accounts from it and run latchkey review import %s FILE: %w", app, idp.ErrNotFound)
	}
	if age := d.s.units.Now().Sub(l.File.At); age > StaleAfter {
		return idp.Listing{}, fmt.Errorf("its list of accounts was imported on %s, which is more than %d days ago: export it anew and run latchkey review import %s FILE: %w", l.File.At.UTC().Format("2 January 2006"), int(StaleAfter.Hours()/24), app, idp.ErrRefused)
	}
	params := url.Values{"rows": {fmt.Sprint(l.File.Rows)}, "sha256": {l.File.SHA256}}
	reading := idp.NewReading("The imported file", d.s.clock)
	counted := func(context.Context) (idp.Count, idp.Request, error) {
		return idp.Counted(l.ByRole[role]), idp.Request{Method: "IMPORT", Path: l.File.Name}, nil
	}
	list := reading.List(idp.Request{Method: "READ", Path: l.File.Name, Params: idp.Got("", params).Params}, counted)
	return reading.Listing(idp.Count{}, func(yield func(idp.Membership, error) bool) {
		for after, more := "", true; more; {
			var page []access.ImportedRow
			err := d.s.units.View(ctx, func(tx store.Tx) (err error) {
				page, err = d.s.page(tx, l, role, after)
				return err
			})
			if err != nil {
				yield(idp.Membership{}, err)
				return
			}
			list.Page()
			for _, r := range page {
				after = r.ID()
				m := membership(r)
				list.Row(fmt.Appendf(nil, "%d %s", r.Line, r.Account), m.PersonID)
				if !yield(m, nil) {
					return
				}
			}
			more = len(page) == rowsAtOnce
		}
	}), nil
}

// page are some accounts that have a role by a list, as long as that is the one that counts.
func (s *Service) page(tx store.Tx, l access.ImportedList, role, after string) ([]access.ImportedRow, error) {
	if now, err := LastIn(tx, l.App); err != nil || now.Number != l.Number {
		return nil, errors.Join(err, errors.New("another file was imported while the list was read"))
	}
	return store.ImportedRows(tx, l.App, l.Number, role, after, rowsAtOnce)
}

// membership is a row as a directory shows it.
func membership(r access.ImportedRow) idp.Membership {
	return idp.Membership{PersonID: accountID(r.App, r.Account), Email: string(r.Address), Status: idp.Active}
}

// Add implements idp.Directory.
func (Directory) Add(context.Context, string, string) error { return idp.ErrRefused }

// Remove implements idp.Directory.
func (Directory) Remove(context.Context, string, string) error { return idp.ErrRefused }
