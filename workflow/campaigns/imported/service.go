package imported

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/store"
	"latchkey/workflow/campaigns/imported/sheet"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Service imports such files, and knows what was imported. It is safe for concurrent use.
type Service struct {
	units       *engine.Units
	catalog     func() *catalog.Catalog
	directories people.Directories
	clock       clock.Clock
}

// New makes the room. The directories are those that are configured.
func New(units *engine.Units, known func() *catalog.Catalog, directories people.Directories, c clock.Clock) *Service {
	return &Service{units, known, directories, c}
}

// File is a file that is to be imported.
type File struct {
	App  string
	Name string
	Body []byte
	Options
}

// MostBytes is how big a file may be.
const MostBytes = sheet.MostBytes

// rowsAtOnce is how many rows are written in one unit: few enough that nobody's click waits behind it.
const rowsAtOnce = 200

// Import takes a file in the place of what was imported of the app before. then is called in the unit in which it counts.
func (s *Service) Import(ctx context.Context, by access.Actor, f File, then func(*engine.Unit, access.ImportedList) error) (access.ImportedList, error) {
	app, err := s.app(f.App)
	if err != nil {
		return access.ImportedList{}, err
	}
	table, err := sheet.Read(f.Body)
	if err != nil {
		if fault := new(sheet.Fault); errors.As(err, &fault) {
			err = access.Refuse(access.Invalid, "file", "Nothing was imported. "+fault.Sentence)
		}
		return access.ImportedList{}, err
	}
	before, err := s.Last(ctx, app.ID)
	if err != nil {
		return before, err
	}
	next := access.ImportedList{App: app.ID, Version: before.Version, Number: before.Number + 1, Salt: before.Salt}
	if next.Salt == "" {
		next.Salt = rand.Text()
	}
	sum := sha256.Sum256(f.Body)
	next.File = access.ImportedFile{Name: fileName(f.Name), SHA256: hex.EncodeToString(sum[:]), Form: table.Form, By: by}
	if before.Number > 0 && before.File.SHA256 == next.File.SHA256 {
		return before, access.Refuse(access.Duplicate, "file", fmt.Sprintf("This file was imported on %s already, byte by byte, so it says nothing new: export the list of %s anew.", before.File.At.UTC().Format("2 January 2006, 15:04 MST"), app.Name))
	}
	is, err := understand(table, app, s.ids(), next.Salt, f.Options)
	if err != nil {
		return before, err
	}
	next.ByRole = map[string]int{}
	for _, r := range is.rows {
		for _, role := range r.Roles {
			next.ByRole[role]++
		}
	}
	next.File.Rows, next.File.Read, next.File.Ignored, next.File.Notes = len(table.Rows), is.read, is.ignored, is.notes
	if err := s.write(ctx, next, is.rows); err != nil {
		return before, err
	}
	return s.count(ctx, next, then)
}

// write writes the rows, beside those that count until then.
func (s *Service) write(ctx context.Context, next access.ImportedList, rows []access.ImportedRow) error {
	if err := s.drop(ctx, next.App, next.Number); err != nil { // of an attempt that broke off
		return err
	}
	for some := range slices.Chunk(rows, rowsAtOnce) {
		err := s.units.Update(ctx, func(u *engine.Unit) error {
			for _, r := range some {
				r.Number = next.Number
				if err := store.PutImportedRow(u.Tx, r); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("keep the rows of %s: %w", next.File.Name, err)
		}
	}
	return nil
}

// count has what was written count, and deletes what counted before.
func (s *Service) count(ctx context.Context, next access.ImportedList, then func(*engine.Unit, access.ImportedList) error) (access.ImportedList, error) {
	counts := next
	err := s.units.Update(ctx, func(u *engine.Unit) error {
		counts = next
		counts.File.At = u.At.UTC()
		if err := store.PutImportedList(u.Tx, &counts); err != nil {
			return err
		}
		if _, err := u.Append(counts.Event(u.At)); err != nil {
			return err
		}
		return then(u, counts)
	})
	if errors.Is(err, store.ErrConflict) {
		return next, access.Refuse(access.TooLate, "", "Another file of the same app was imported meanwhile. Please look at that first.")
	}
	if err != nil || next.Number < 2 {
		return counts, err
	}
	return counts, s.drop(ctx, next.App, next.Number-1)
}

func (s *Service) drop(ctx context.Context, app string, number int) error {
	for more := true; more; {
		err := s.units.Update(ctx, func(u *engine.Unit) (err error) {
			more, err = store.DropImport(u.Tx, app, number, rowsAtOnce)
			return err
		})
		if err != nil {
			return fmt.Errorf("delete what was imported of %s before: %w", app, err)
		}
	}
	return nil
}

// app is the app of a file. One whose access is in directories is read there.
func (s *Service) app(id string) (catalog.App, error) {
	app, known := s.catalog().App(id)
	switch {
	case !known:
		return app, access.Refuse(access.Unknown, "app", fmt.Sprintf("The catalogue has no app %q.", id))
	case app.Provisioning != catalog.Manual:
		return app, access.Refuse(access.Invalid, "app", app.Name+" gives access by groups of a directory, so reviews read it there: a file would be another truth beside it.")
	}
	return app, nil
}

func (s *Service) ids() (out []string) {
	for _, d := range s.directories {
		out = append(out, d.ID())
	}
	return out
}

// fileName is the last part of a name, and no more of it than is read.
func fileName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	if r := []rune(name); len(r) > 120 {
		name = string(r[:120]) + "…"
	}
	return name
}

// Last is what was imported last of an app; without a number, if nothing was.
func (s *Service) Last(ctx context.Context, app string) (l access.ImportedList, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		l, err = LastIn(tx, app)
		return err
	})
	return l, err
}

// Fresh tells of which apps there is a list on which a review can rest.
func (s *Service) Fresh(ctx context.Context) (func(app string) bool, error) {
	fresh := map[string]bool{}
	err := s.units.View(ctx, func(tx store.Tx) error {
		all, _, err := store.Sound(store.ImportedLists(tx))
		for _, l := range all {
			fresh[l.App] = s.units.Now().Sub(l.File.At) <= StaleAfter
		}
		return err
	})
	return func(app string) bool { return fresh[app] }, err
}

// Seen is what the list that counts says of an account: whether it has a role, and by which file. known is false where that
// was imported before a moment: then it says nothing of what was done since.
func (s *Service) Seen(ctx context.Context, group, account string, since time.Time) (there, known bool, l access.ImportedList, err error) {
	app, role := RoleOf(group)
	_, own := RoleOf(account)
	r, l, err := s.Row(ctx, app, own)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	known = l.Number > 0 && l.File.At.After(since)
	return known && slices.Contains(r.Roles, role), known, l, err
}

// LastIn is Last in a transaction.
func LastIn(tx store.Tx, app string) (access.ImportedList, error) {
	l, err := store.ImportedList(tx, app)
	if errors.Is(err, store.ErrNotFound) {
		return access.ImportedList{App: app}, nil
	}
	return l, err
}
