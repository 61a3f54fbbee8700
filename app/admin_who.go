package app

import (
	"fmt"
	"net/http"
	"strconv"

	"latchkey/access"
	"latchkey/workflow/people"
)

// operator is whoever runs a command on this machine.
func operator(r *http.Request) access.Actor {
	return access.Actor{Via: access.ViaCLI, Account: r.FormValue("by")}
}

// whom is who is meant: by an address, or by the id of somebody whose addresses were
// erased.
func whom(r *http.Request, known *people.Service) (access.PersonID, error) {
	if id := access.PersonID(r.FormValue("person")); id.Valid() {
		return id, nil
	}
	who, err := known.Had(r.Context(), access.NewEmail(r.FormValue("person")))
	return who.ID, err
}

// rowNumbers are the rows that are meant, by their numbers.
func rowNumbers(r *http.Request) (numbers []int, err error) {
	if err := r.ParseForm(); err != nil {
		return nil, err
	}
	for _, word := range r.Form["row"] {
		n, err := strconv.Atoi(word)
		if err != nil {
			return nil, access.Refuse(access.Invalid, "rows", fmt.Sprintf("%q is no number of a row.", word))
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}
