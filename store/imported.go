package store

import (
	"errors"
	"strconv"

	"latchkey/access"
)

func importedLists() table[access.ImportedList] {
	return table[access.ImportedList]{
		kind: "imported_list",
		row:  func(l *access.ImportedList) Record { return Record{ID: l.App, Version: l.Version} },
		set:  func(l *access.ImportedList, v uint64) { l.Version = v },
	}
}

// importedRow is a row with its version.
type importedRow struct {
	access.ImportedRow
	version uint64
}

func importedRows() table[importedRow] {
	return table[importedRow]{
		kind: "imported_row",
		row: func(r *importedRow) Record {
			index := []string{importKey(r.App, r.Number)}
			for _, role := range r.Roles {
				index = append(index, importKey(r.App, r.Number)+"/"+role)
			}
			return Record{ID: r.ID(), Version: r.version, Index: index}
		},
		set: func(r *importedRow, v uint64) { r.version = v },
	}
}

func importKey(app string, number int) string { return "import:" + app + "/" + strconv.Itoa(number) }

// ImportedList loads what was imported last of an app. Nothing was: ErrNotFound.
func ImportedList(tx Tx, app string) (access.ImportedList, error) {
	return importedLists().get(tx, app)
}

// PutImportedList stores l at its version (ErrConflict if it moved on) and raises it.
func PutImportedList(tx Tx, l *access.ImportedList) error { return importedLists().put(tx, l) }

// ImportedLists are what was imported last of each app.
func ImportedLists(tx Tx) ([]access.ImportedList, error) { return importedLists().whole(tx, "") }

// PutImportedRow stores a row of an import.
func PutImportedRow(tx Tx, r access.ImportedRow) error {
	was, err := importedRows().get(tx, r.ID())
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	return importedRows().put(tx, &importedRow{r, was.version})
}

// ImportedRow loads the row of an account in an import. There is none: ErrNotFound.
func ImportedRow(tx Tx, app string, number int, account string) (access.ImportedRow, error) {
	r, err := importedRows().get(tx, access.ImportedRowID(app, number, account))
	return r.ImportedRow, err
}

// ImportedRowOf loads a row by its ID. There is none: ErrNotFound.
func ImportedRowOf(tx Tx, id string) (access.ImportedRow, error) {
	r, err := importedRows().get(tx, id)
	return r.ImportedRow, err
}

// ImportedRows are the rows of an import, of one role, or with "" of all, a page at a time: after is the ID of the last one
// that is known.
func ImportedRows(tx Tx, app string, number int, role, after string, limit int) ([]access.ImportedRow, error) {
	key := importKey(app, number)
	if role != "" {
		key += "/" + role
	}
	all, err := importedRows().all(tx.Find("imported_row", key, after, limit))
	out := make([]access.ImportedRow, len(all))
	for i := range all {
		out[i] = all[i].ImportedRow
	}
	return out, err
}

// DropImport deletes up to so many rows of an import, and tells whether there may be more.
func DropImport(tx Tx, app string, number, limit int) (more bool, err error) {
	ids, err := tx.IDs("imported_row", importKey(app, number), "", limit)
	for _, id := range ids {
		if err == nil {
			err = tx.Delete("imported_row", id)
		}
	}
	return len(ids) == limit, err
}
