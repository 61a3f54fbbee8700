package reading

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/campaigns/imported"
	"latchkey/workflow/people"
)

// matched finds whose accounts are that a file names, by what the file says and bindings say. Of whom nobody knows who they
// are stays nobody: an account of an app without a directory makes no person.
func (f *folk) matched(ctx context.Context, fresh []newcomer) error {
	errs := make([]error, len(fresh))
	for i := range fresh { // all are of one app, mostly, and what is known of its list is read once
		app, _ := imported.RoleOf(fresh[i].PersonID)
		if _, err := f.whoseOf(ctx, app); err != nil {
			return err
		}
	}
	found := make([]matchedRow, len(fresh))
	abreast(len(fresh), func(i int) { found[i], errs[i] = f.match(ctx, &fresh[i]) })
	for i := range fresh {
		app, account := imported.RoleOf(fresh[i].PersonID)
		f.whose[app].how[account] = found[i]
	}
	return errors.Join(errs...)
}

// match finds whose one account is. Somebody with its address whom nobody has met yet is looked for in the directories.
func (f *folk) match(ctx context.Context, m *newcomer) (is matchedRow, err error) {
	app, account := imported.RoleOf(m.PersonID)
	var row access.ImportedRow
	err = f.Units.View(ctx, func(tx store.Tx) error {
		if row, err = store.ImportedRow(tx, app, f.whose[app].list.Number, account); err == nil {
			m.who, is.how, err = f.whose[app].In(tx, row)
		}
		return err
	})
	if err == nil && m.who == "" && is.how == "" && row.Address != "" {
		var p access.Person
		p, err = f.People.Meant(ctx, row.Address)
		if err = people.Softly(err); err == nil && p.ID != "" {
			m.who, is.how = p.ID, imported.ByAddress
		}
	}
	if err == nil && m.who != "" {
		err = f.Units.View(ctx, func(tx store.Tx) error {
			h, err := store.HolderKnownAs(tx, m.who)
			m.gone = departed(h)
			return err
		})
	}
	if err != nil {
		return is, fmt.Errorf("whose an account of %s is: %w", app, err)
	}
	is.line, is.used, is.known = row.Line, row.Used, m.who != ""
	return is, nil
}

// asKnown adds to accounts of a file what directories say of whoever they are, and gives their managers.
func (f *folk) asKnown(ctx context.Context, fresh []newcomer, shown []idp.Person) ([]access.PersonID, error) {
	above := make([]access.PersonID, len(fresh))
	for i, m := range fresh {
		if m.who == "" {
			continue
		}
		known := f.People.Names(ctx, []access.PersonID{m.who})[m.who]
		p := &shown[i]
		p.Title, p.Department, p.Type, p.Location, p.Created = known.Title, known.Department, known.Employment, known.Location, known.Since
		who, err := f.chart.managerOf(ctx, m.who)
		if err != nil {
			return nil, err
		}
		above[i], p.ManagerID = who, string(who)
	}
	return above, nil
}
