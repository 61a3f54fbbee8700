package access

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ImportedDirectory is in the place of a directory's id where who has access was read from a file: no directory may be
// configured by that name.
const ImportedDirectory = "imported"

// ImportedFile is a file that says who has access to an app without a directory, as it was imported.
type ImportedFile struct {
	Name   string
	SHA256 string // of its bytes, in hex
	Form   string // as it was read, in words, as in "CSV in UTF-16, parted by semicolons"
	Rows   int    // that say who has access
	By     Actor
	At     time.Time
	// Read says what each column was taken for, and Ignored names those that nobody understood.
	Read    []string `json:",omitempty"`
	Ignored []string `json:",omitempty"`
	// Notes are what else wasn't understood, with the numbers of the rows.
	Notes []string `json:",omitempty"`
	// Whose says how many rows were matched to people by what, as in "by the employee number: 12", and Unmatched are the numbers
	// of the rows of whom nobody knows who they are. Both are of the moment at which the rows were read.
	Whose     []string `json:",omitempty"`
	Unmatched []int    `json:",omitempty"`
}

// ImportedList is who has access to an app, by the file that was imported last.
type ImportedList struct {
	App     string
	Version uint64
	Number  int            // of the import, from 1
	ByRole  map[string]int // how many accounts have each role
	Salt    string         // under which addresses stand for accounts in files that name no accounts
	File    ImportedFile
}

// Event is that the list counts from a moment on. What names the file can be erased; which bytes it had stays.
func (l ImportedList) Event(at time.Time) Event {
	return Event{
		Kind: EventListNew, At: at, Subject: ListSubject(l.App), App: l.App, Actor: l.File.By,
		Review: &ReviewDetails{Hash: l.File.SHA256, Run: l.Number, Counts: &RowCounts{Rows: l.File.Rows}},
		Note:   fmt.Sprintf("The file %q (%s) with %s says from now on who has access to %s.", l.File.Name, l.File.Form, some(l.File.Rows, "row"), l.App),
	}
}

// ImportedRow is a row of such a file.
type ImportedRow struct {
	App     string
	Number  int    // of the import
	Account string // the app's own id of it
	Line    int    // in the file
	Roles   []string

	Name      string              `json:",omitempty"`
	Address   Email               `json:",omitempty"`
	Personnel string              `json:",omitempty"` // the number in the HR file
	Accounts  []ImportedElsewhere `json:",omitempty"`
	Used      time.Time           `json:",omitzero"` // when the file says that it was used last
}

// ImportedElsewhere is the account of the same person in a directory, as a file says it.
type ImportedElsewhere struct{ Directory, ID string }

// Erase takes what names whoever it is out of the row. That somebody has access stays.
func (r ImportedRow) Erase() ImportedRow {
	r.Name, r.Address, r.Personnel, r.Accounts = "", "", "", nil
	return r
}

// ID names a row of an import.
func (r ImportedRow) ID() string { return ImportedRowID(r.App, r.Number, r.Account) }

// ImportedRowID names the row of an account in an import.
func ImportedRowID(app string, number int, account string) string {
	return fmt.Sprintf("%s/%08d/%s", app, number, account)
}

// says is what is known of a list that was read from the file.
func (f ImportedFile) says(accounts int) string {
	text := fmt.Sprintf("No directory knows who has it. The file %q (%s, SHA-256 %s) has %s, of which this group has %s. It was imported %s by %s. That the file is whole, nothing shows but its origin.",
		f.Name, f.Form, f.SHA256, some(f.Rows, "row"), some(accounts, "account"), f.At.UTC().Format(time.RFC3339), f.by())
	if len(f.Whose) > 0 {
		text += " Whose they are: " + strings.Join(f.Whose, ", ") + "."
	}
	if n := len(f.Unmatched); n > 0 {
		text += fmt.Sprintf(" Of %s of this group nobody knows whose they are: %s.", some(n, "account"), listed(f.Unmatched))
	}
	if len(f.Read) > 0 {
		text += " Columns as they were taken: " + strings.Join(f.Read, "; ") + "."
	}
	if len(f.Ignored) > 0 {
		text += " Columns that were not understood: " + strings.Join(f.Ignored, "; ") + "."
	}
	return strings.Join(append([]string{text}, f.Notes...), " ")
}

// by is who imported the file.
func (f ImportedFile) by() string {
	return cmp.Or(f.By.Account, string(f.By.Person), "Latchkey") + " (" + string(f.By.Via) + ")"
}

// listed are numbers of rows in words: the first of many.
func listed(rows []int) string {
	const most = 100
	words := make([]string, 0, most)
	for _, n := range rows[:min(len(rows), most)] {
		words = append(words, strconv.Itoa(n))
	}
	if more := len(rows) - len(words); more > 0 {
		return fmt.Sprintf("rows %s and %d more", strings.Join(words, ", "), more)
	}
	return "rows " + strings.Join(words, ", ")
}
