package app

import (
	"net/http"
	"strings"

	"latchkey/access"
	"latchkey/workflow"
	"latchkey/workflow/requests"
)

// peopleAdmin takes the word of whoever sits at the terminal for who somebody is.
type peopleAdmin struct{ workflow *workflow.Service }

// take takes it.
func (s peopleAdmin) take(r *http.Request) (any, error) {
	by, say, detail := operator(r), s.workflow.People.Corrections(), r.FormValue("account")
	switch r.FormValue("word") {
	case "moved":
		return "", say.Moved(r.Context(), r.FormValue("person"), detail, by)
	}
	who, err := s.workflow.People.Had(r.Context(), access.NewEmail(r.FormValue("person")))
	if err != nil {
		return nil, err
	}
	if err := s.seconded(r, who); err != nil {
		return nil, err
	}
	switch r.FormValue("word") {
	case "same":
		err = say.SamePerson(r.Context(), who.ID, by)
	case "other":
		if err = say.OtherPerson(r.Context(), who.ID, by); err == nil {
			err = s.workflow.Requests.Left(r.Context(), who.ID)
		}
	case "meant":
		err = say.Meant(r.Context(), who.ID, access.NewEmail(r.FormValue("person")), by)
	case "jira":
		err = say.Account(r.Context(), who.ID, access.SystemJira, detail, by)
	case "merge":
		err = s.merge(r, who)
	default:
		err = s.account(r, who)
	}
	return who.Contact(), err
}

// seconded refuses what gives somebody's place to an account, where that needs a second
// person.
func (s peopleAdmin) seconded(r *http.Request, who access.Person) error {
	word, detail := r.FormValue("word"), r.FormValue("account")
	about := []access.PersonID{who.ID}
	switch word {
	case "same":
		if who.Doubted.IsZero() {
			return nil
		}
	case "merge":
		other, err := s.workflow.People.Had(r.Context(), access.NewEmail(detail))
		if err != nil || other.ID == who.ID {
			return err
		}
		about = append(about, other.ID)
	case "jira", "account":
	default:
		return nil
	}
	says := strings.TrimSpace("latchkey people " + word + " " + r.FormValue("person") + " " + detail)
	return s.workflow.People.Corrections().Seconded(r.Context(), says, operator(r), about...)
}

// accountReport tells what is known of somebody's accounts.
func (s peopleAdmin) accountReport(r *http.Request) (any, error) {
	who, err := s.workflow.People.Had(r.Context(), access.NewEmail(r.FormValue("person")))
	if err != nil {
		return nil, err
	}
	return s.workflow.People.Corrections().AccountReport(r.Context(), who.ID)
}

// merge takes the word that two people are one.
func (s peopleAdmin) merge(r *http.Request, who access.Person) error {
	other, err := s.workflow.People.Had(r.Context(), access.NewEmail(r.FormValue("account")))
	if err != nil {
		return err
	}
	return requests.NewMerges(s.workflow.Requests).Unite(r.Context(), s.workflow.People.Corrections(), who.ID, other.ID, operator(r))
}

// account takes the word for whose an account is.
func (s peopleAdmin) account(r *http.Request, who access.Person) error {
	by, say := operator(r), s.workflow.People.Corrections()
	system, id, ok := strings.Cut(r.FormValue("account"), ":")
	if !ok || system == "" || id == "" {
		return access.Refuse(access.Invalid, "account", "Write the account as SYSTEM:ID, as in okta:00u1a2b3 or jira:5b10a2844c20165700ede21g.")
	}
	switch r.FormValue("word") {
	case "account":
		return say.Account(r.Context(), who.ID, system, id, by)
	case "not":
		return say.NotTheirs(r.Context(), who.ID, system, id, by)
	case "split":
		return requests.NewMerges(s.workflow.Requests).Split(r.Context(), say, who.ID, system, id, by)
	}
	return access.Refuse(access.Invalid, "word", "This version knows nothing of that kind to be said about people.")
}
