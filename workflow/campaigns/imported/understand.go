package imported

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/campaigns/imported/sheet"
)

// Meaning is what a column is about. The id of a directory is a meaning, too: the account there of the same person.
type Meaning string

// The meanings.
const (
	Account   Meaning = "account" // the app's own id of the account
	Address   Meaning = "email"
	Personnel Meaning = "number" // in the HR file
	Name      Meaning = "name"
	FirstName Meaning = "first-name"
	LastName  Meaning = "last-name"
	Role      Meaning = "role"
	Used      Meaning = "last-used"
)

// calls are the names that exports give such columns, as they are compared.
func calls() map[Meaning][]string {
	return map[Meaning][]string{
		Account:   {"accountid", "userid", "memberid", "id", "uid", "uuid", "account", "userkey"},
		Address:   {"email", "emailaddress", "useremail", "mail", "workemail"},
		Personnel: {"employeenumber", "employeeid", "personnelnumber", "staffnumber", "staffid", "employeeno"},
		Name:      {"name", "fullname", "displayname", "username"},
		FirstName: {"firstname", "givenname"},
		LastName:  {"lastname", "surname", "familyname"},
		Role:      {"role", "roles", "userrole", "accessrole", "permission", "accesslevel", "membershiptype"},
		Used:      {"lastactive", "lastused", "lastlogin", "lastseen", "lastsignin", "lastactivity", "lastaccess"},
	}
}

// Options are what whoever imports a file says of it.
type Options struct {
	Columns map[Meaning]string // the header of the column that has a meaning, where it isn't understood by itself
	Roles   map[string]string  // which role of the catalogue a word in the role's column means
}

// faultsTold is how many faults of a file are told at once.
const faultsTold = 20

// understood is what a file says, as it was understood.
type understood struct {
	rows          []access.ImportedRow
	read, ignored []string
	notes         []string
}

// reader makes sense of one table.
type reader struct {
	table       sheet.Table
	app         catalog.App
	salt        string
	said        Options
	directories []string
	columns     map[Meaning]int
	faults      []string
	undated     []int
	out         understood
	place       map[string]int // in out.rows, by account
}

// understand makes sense of a table. Whatever would leave somebody out, or could mean two things, is a fault; faults are
// told together, each with the number of its row.
func understand(t sheet.Table, app catalog.App, directories []string, salt string, said Options) (understood, error) {
	r := &reader{table: t, app: app, salt: salt, said: said, directories: directories, columns: map[Meaning]int{}, place: map[string]int{}}
	r.head()
	if len(r.faults) == 0 {
		for _, row := range t.Rows {
			r.row(row)
		}
	}
	if n := len(r.faults); n > 0 {
		more := ""
		if n > faultsTold {
			more = fmt.Sprintf("\nand %d more", n-faultsTold)
		}
		return understood{}, access.Refuse(access.Invalid, "file", "Nothing was imported.\n"+strings.Join(r.faults[:min(n, faultsTold)], "\n")+more)
	}
	if t.Blank > 0 {
		r.out.notes = append(r.out.notes, fmt.Sprintf("%d rows are empty.", t.Blank))
	}
	if len(r.undated) > 0 {
		r.out.notes = append(r.out.notes, fmt.Sprintf("When it was last used isn't written as a date that can mean one day only: rows %s. Nothing is known of use there.", numbers(r.undated)))
	}
	return r.out, nil
}

func (r *reader) fault(format string, args ...any) {
	r.faults = append(r.faults, fmt.Sprintf(format, args...))
}

// folded is a header as it is compared.
func folded(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, s)
}

// head finds out what each column is about.
func (r *reader) head() {
	for _, meaning := range slices.Sorted(maps.Keys(r.said.Columns)) {
		r.sayColumn(meaning, r.said.Columns[meaning])
	}
	for _, meaning := range slices.Sorted(maps.Keys(calls())) {
		r.findColumn(meaning)
	}
	_, account := r.columns[Account]
	_, address := r.columns[Address]
	if !account && !address {
		r.fault("No column says which account a row is about: name it, as in --column account=\"User ID\". The file has %s.", quoted(r.table.Header))
	}
	if _, there := r.columns[Role]; !there && len(r.app.Roles) != 1 {
		r.fault("No column says which role a row is about, and %s has %d of them: name it, as in --column role=\"Access level\".", r.app.Name, len(r.app.Roles))
	}
	of := map[int]Meaning{}
	for meaning, i := range r.columns {
		if was, twice := of[i]; twice {
			r.fault("The column %q can't be both %s and %s.", r.table.Header[i], min(was, meaning), max(was, meaning))
		}
		of[i] = meaning
	}
	for i, name := range r.table.Header {
		switch meaning, known := of[i]; {
		case known:
			r.out.read = append(r.out.read, fmt.Sprintf("%s: %s", name, meaning))
		default:
			r.out.ignored = append(r.out.ignored, cmp.Or(name, sheet.Column(i)))
		}
	}
}

// sayColumn takes what somebody says of a column.
func (r *reader) sayColumn(meaning Meaning, name string) {
	_, known := calls()[meaning]
	if !known && !slices.Contains(r.directories, string(meaning)) {
		r.fault("%q is nothing that a column can mean: it is one of %s, or the id of a directory.", meaning, strings.Join(meanings(), ", "))
		return
	}
	i := slices.IndexFunc(r.table.Header, func(h string) bool { return h == name })
	if i < 0 {
		i = slices.IndexFunc(r.table.Header, func(h string) bool { return folded(h) == folded(name) })
	}
	if i < 0 {
		r.fault("The file has no column %q: it has %s.", name, quoted(r.table.Header))
		return
	}
	r.columns[meaning] = i
}

func meanings() (out []string) {
	for _, m := range slices.Sorted(maps.Keys(calls())) {
		out = append(out, string(m))
	}
	return out
}

// findColumn finds the column with a meaning by its name. Of two that it could be neither is taken.
func (r *reader) findColumn(meaning Meaning) {
	if _, said := r.columns[meaning]; said {
		return
	}
	taken := slices.Collect(maps.Values(r.columns))
	var found []int
	for i, name := range r.table.Header {
		if slices.Contains(calls()[meaning], folded(name)) && !slices.Contains(taken, i) {
			found = append(found, i)
		}
	}
	switch len(found) {
	case 0:
	case 1:
		r.columns[meaning] = found[0]
	default:
		r.fault("The columns %q and %q could both be %s: say which, as in --column %s=%q.", r.table.Header[found[0]], r.table.Header[found[1]], meaning, meaning, r.table.Header[found[0]])
	}
}

func quoted(all []string) string {
	out := make([]string, 0, len(all))
	for _, s := range all {
		out = append(out, strconv.Quote(s))
	}
	return strings.Join(out, ", ")
}

func (r *reader) cell(row sheet.Row, m Meaning) string {
	if i, there := r.columns[m]; there {
		return row.Cells[i]
	}
	return ""
}

// mangled is a long number as a spreadsheet shortens it.
var mangled = regexp.MustCompile(`^\d([.,]\d+)?E\+\d+$`)

// row makes sense of a row.
func (r *reader) row(row sheet.Row) {
	is := access.ImportedRow{
		App: r.app.ID, Line: row.Number, Name: cmp.Or(r.cell(row, Name), strings.TrimSpace(r.cell(row, FirstName)+" "+r.cell(row, LastName))),
		Address: access.NewEmail(r.cell(row, Address)), Personnel: r.cell(row, Personnel),
	}
	for _, d := range r.directories {
		if id := r.cell(row, Meaning(d)); id != "" {
			is.Accounts = append(is.Accounts, access.ImportedElsewhere{Directory: d, ID: id})
		}
	}
	switch is.Account = r.cell(row, Account); {
	case mangled.MatchString(is.Account):
		r.fault("Row %d: %q is what a spreadsheet makes of a long number, so the account can't be told: export the file anew, and don't save it from a spreadsheet.", row.Number, is.Account)
		return
	case catalog.IsEmail(is.Account): // an address is nobody's id
		is.Address = cmp.Or(is.Address, access.NewEmail(is.Account))
		is.Account = standIn(r.salt, access.NewEmail(is.Account))
	case is.Account != "":
	case r.hasAccounts():
		r.fault("Row %d has nothing in the column %q, so it isn't known which account it is about.", row.Number, r.table.Header[r.columns[Account]])
		return
	case !catalog.IsEmail(string(is.Address)):
		r.fault("Row %d has no e-mail address in the column %q, so it isn't known which account it is about.", row.Number, r.table.Header[r.columns[Address]])
		return
	default:
		is.Account = standIn(r.salt, is.Address)
	}
	role, ok := r.role(row)
	if !ok {
		return
	}
	if used := r.cell(row, Used); used != "" {
		if at, ok := day(used); ok {
			is.Used = at
		} else if !slices.Contains([]string{"never", "-", "–", "n/a"}, strings.ToLower(used)) {
			r.undated = append(r.undated, row.Number)
		}
	}
	r.add(is, role)
}

func (r *reader) hasAccounts() bool {
	_, there := r.columns[Account]
	return there
}

// add adds a row. An account may have several roles, each in a row of its own, if the rows agree on whose it is.
func (r *reader) add(is access.ImportedRow, role string) {
	i, known := r.place[is.Account]
	if !known {
		is.Roles = []string{role}
		r.place[is.Account] = len(r.out.rows)
		r.out.rows = append(r.out.rows, is)
		return
	}
	was := &r.out.rows[i]
	switch {
	case slices.Contains(was.Roles, role):
		r.fault("Row %d is about the same account and role as row %d: export the file anew, or take one of them out.", is.Line, was.Line)
	case was.Name != is.Name || was.Address != is.Address || was.Personnel != is.Personnel || !slices.Equal(was.Accounts, is.Accounts):
		r.fault("Rows %d and %d are about the same account and don't agree whose it is.", was.Line, is.Line)
	default:
		was.Roles = append(was.Roles, role)
		if is.Used.After(was.Used) {
			was.Used = is.Used
		}
	}
}

// role is the role of the catalogue that a row is about.
func (r *reader) role(row sheet.Row) (id string, ok bool) {
	if _, there := r.columns[Role]; !there {
		return r.app.Roles[0].ID, true
	}
	word := r.cell(row, Role)
	means, said := r.said.Roles[word]
	if !said {
		means = word
	}
	for _, role := range r.app.Roles {
		if folded(role.ID) == folded(means) || folded(role.Name) == folded(means) {
			return role.ID, true
		}
	}
	switch {
	case word == "":
		r.fault("Row %d has nothing in the column %q, so it isn't known which role it is about.", row.Number, r.table.Header[r.columns[Role]])
	default:
		r.fault("Row %d: %q is no role of %s in the catalogue. Say which it is, as in --role %q=%s, or add the role.", row.Number, word, r.app.Name, word, r.app.Roles[0].ID)
	}
	return "", false
}

// standIn is the id of an account of a file that names accounts by nothing but addresses. An address is nobody's id: it may
// be given to somebody else; and it can't be erased where ids are kept for good.
func standIn(salt string, address access.Email) string {
	sum := sha256.Sum256([]byte(salt + "\x00" + string(address)))
	return "by-address-" + hex.EncodeToString(sum[:8])
}

// day is a date that can mean one day only.
func day(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", "2 January 2006", "January 2, 2006", "Jan 2, 2006", "2 Jan 2006"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}

// numbers are some row numbers in words.
func numbers(all []int) string {
	const most = 50
	words := make([]string, 0, most)
	for _, n := range all[:min(len(all), most)] {
		words = append(words, strconv.Itoa(n))
	}
	if more := len(all) - len(words); more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(words, ", "), more)
	}
	return strings.Join(words, ", ")
}
