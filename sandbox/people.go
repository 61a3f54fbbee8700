package sandbox

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Person is somebody who is in the world besides the people of Acme.
type Person struct {
	Address, Name     string
	Title, Department string
	Manager           string // address
	IT                bool   // works in Jira, and is in the IT channel
}

// handle is what Slack calls somebody, from their address.
func (p Person) handle() string {
	local, _, _ := strings.Cut(strings.ToLower(p.Address), "@")
	return local
}

// name is what people call somebody of whom only the address is known.
func (p Person) name() string {
	words := strings.FieldsFunc(p.handle(), func(r rune) bool { return strings.ContainsRune("._-+", r) })
	for i, w := range words {
		first, size := utf8.DecodeRuneInString(w)
		words[i] = string(unicode.ToUpper(first)) + w[size:]
	}
	return cmp.Or(p.Name, strings.Join(words, " "), p.Address)
}

// Invented are people who were made up: the same for the same number, each department with one who leads it.
func Invented(n int) (all []Person) {
	firsts := strings.Fields("Ada Bela Chiara Dario Elif Farid Greta Hugo Ida Jonas Kira Luca Mila Nils Olga Pablo Rosa Sven Tara Umar Vera Wim Xenia Yara Zoe")
	lasts := strings.Fields("Abbott Bauer Costa Duarte Eriksen Fontana Garcia Hansen Ito Jensen Kovac Larsen Moreau Novak Okoye Petrov Quist Rossi Silva Tanaka Ueda Vogel Weber Yilmaz Zeman")
	departments := []string{"Design", "Engineering", "Finance", "Marketing", "Sales", "Support", "People", "Legal"}
	for i := range n {
		first, last, turn := firsts[i%len(firsts)], lasts[(i/len(firsts)+i)%len(lasts)], i/(len(firsts)*len(lasts))
		p := Person{Name: first + " " + last, Title: "Specialist", Department: departments[i%len(departments)]}
		if turn > 0 {
			p.Name += fmt.Sprintf(" %d", turn+1)
		}
		p.Address = strings.ToLower(strings.ReplaceAll(p.Name, " ", ".")) + "@acme.example"
		if i < len(departments) {
			p.Title, p.Manager = "Head of "+p.Department, Email("grace")
		} else {
			p.Manager = all[i%len(departments)].Address
		}
		all = append(all, p)
	}
	return all
}

// ReadPeople reads an export of a directory: CSV whose first line names the columns. email is needed; name, title,
// department and manager (an address) are known, by these and their usual names; others are left alone.
func ReadPeople(from io.Reader) (all []Person, err error) {
	lines := csv.NewReader(from)
	lines.FieldsPerRecord = -1
	head, err := lines.Read()
	if err != nil {
		return nil, fmt.Errorf("people: read the names of the columns: %w", err)
	}
	column := columns(head)
	if _, has := column["email"]; !has {
		return nil, errors.New("people: no column is called email: the first line has to name the columns, such as email,name,title,department,manager")
	}
	for number := 2; ; number++ {
		line, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("people: line %d: %w", number, err)
		}
		cell := func(name string) string {
			if i, has := column[name]; has && i < len(line) {
				return strings.TrimSpace(line[i])
			}
			return ""
		}
		p := Person{Address: cell("email"), Name: cell("name"), Title: cell("title"), Department: cell("department"), Manager: cell("manager")}
		if p.Name == "" {
			p.Name = strings.TrimSpace(cell("first") + " " + cell("last"))
		}
		if local, domain, ok := strings.Cut(p.Address, "@"); !ok || local == "" || domain == "" {
			return nil, fmt.Errorf("people: line %d: %q is no address", number, p.Address)
		}
		all = append(all, p)
	}
}

// columns is where each thing stands, whatever the vendor calls it.
func columns(head []string) map[string]int {
	names := map[string]string{
		"mail": "email", "login": "email", "userprincipalname": "email", "primaryemail": "email", "displayname": "name", "jobtitle": "title",
		"firstname": "first", "givenname": "first", "lastname": "last", "surname": "last", "familyname": "last", "managerid": "manager", "manageremail": "manager",
	}
	column := map[string]int{}
	for i, name := range head {
		name = strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "", "\ufeff", "").Replace(name))
		name = cmp.Or(names[name], name)
		if _, taken := column[name]; !taken {
			column[name] = i
		}
	}
	return column
}

// newcomers are those who are not at Acme already, each once, managers before those whom they manage where that can be.
func newcomers(people []Person) (all []Person) {
	known := map[string]bool{}
	for _, e := range company() {
		known[Email(e.handle)] = true
	}
	for _, p := range people {
		if p.Address = strings.ToLower(p.Address); !known[p.Address] {
			known[p.Address], all = true, append(all, p)
		}
	}
	deep := depths(all)
	slices.SortStableFunc(all, func(a, b Person) int { return deep[a.Address] - deep[b.Address] })
	for i, p := range all {
		if p.Manager = strings.ToLower(p.Manager); !known[p.Manager] {
			p.Manager = ""
		}
		all[i] = p
	}
	return all
}

// depths is how many people stand above each; a circle ends.
func depths(all []Person) map[string]int {
	above, deep := map[string]string{}, map[string]int{}
	for _, p := range all {
		above[p.Address] = strings.ToLower(p.Manager)
	}
	for _, p := range all {
		for at := p.Address; above[at] != "" && deep[p.Address] < len(all); deep[p.Address]++ {
			at = above[at]
		}
	}
	return deep
}
