package check

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"latchkey/jira/rest"
)

// surveyPages bounds how many pages of a list are read.
const surveyPages = 40

// Surveyor lists what there is on a site, for whoever writes a configuration.
type Surveyor struct{ api *rest.Client }

// NewSurveyor makes a surveyor; it makes no call yet.
func NewSurveyor(api *rest.Client) *Surveyor { return &Surveyor{api} }

// Desk is a service project.
type Desk struct{ ID, ProjectKey, ProjectName string }

// RequestType is a form of a service project.
type RequestType struct{ ID, Name, IssueTypeID string }

// SignIn proves the account's token.
func (s *Surveyor) SignIn(ctx context.Context) error {
	var me struct {
		AccountID string `json:"accountId"`
	}
	if err := s.api.Fetch(ctx, rest.Get("tell who Latchkey is", "rest/api/3/myself", nil), &me); err != nil {
		return err
	}
	if me.AccountID == "" {
		return rest.Fault("Jira doesn't say which account this is: check that it is the address of a Jira Cloud site")
	}
	return nil
}

// Desks are the service projects that the account may see.
func (s *Surveyor) Desks(ctx context.Context) ([]Desk, error) {
	return listed[Desk](ctx, s.api, "list the service projects", "rest/servicedeskapi/servicedesk")
}

// RequestTypes are the forms of a service project.
func (s *Surveyor) RequestTypes(ctx context.Context, d Desk) ([]RequestType, error) {
	return listed[RequestType](ctx, s.api, "list the request types of project "+d.ProjectKey, "rest/servicedeskapi/servicedesk/"+url.PathEscape(d.ID)+"/requesttype")
}

// Names are what is called by name in the life of a request.
type Names struct {
	Statuses    []string // of the workflow, in Jira's order
	Fields      []string // of the form
	Resolutions []string // of the site
}

// Names are those for requests of a type.
func (s *Surveyor) Names(ctx context.Context, d Desk, t RequestType) (n Names, err error) {
	if n.Statuses, err = s.statuses(ctx, d, t); err != nil {
		return n, err
	}
	if n.Fields, err = s.form(ctx, d, t); err != nil {
		return n, err
	}
	n.Resolutions, err = resolutions(ctx, s.api)
	return n, err
}

func (s *Surveyor) statuses(ctx context.Context, d Desk, t RequestType) (names []string, err error) {
	var types []struct {
		ID       string
		Statuses []struct{ Name string }
	}
	err = s.api.Fetch(ctx, rest.Get("list the statuses of project "+d.ProjectKey, "rest/api/3/project/"+url.PathEscape(d.ProjectKey)+"/statuses", nil), &types)
	for _, it := range types {
		for _, status := range it.Statuses {
			if (it.ID == t.IssueTypeID || t.IssueTypeID == "") && !slices.Contains(names, status.Name) {
				names = append(names, status.Name)
			}
		}
	}
	return names, err
}

func (s *Surveyor) form(ctx context.Context, d Desk, t RequestType) (names []string, err error) {
	var answer struct{ RequestTypeFields []struct{ Name string } }
	path := "rest/servicedeskapi/servicedesk/" + url.PathEscape(d.ID) + "/requesttype/" + url.PathEscape(t.ID) + "/field"
	err = s.api.Fetch(ctx, rest.Get("show the form of "+strconv.Quote(t.Name), path, nil), &answer)
	for _, f := range answer.RequestTypeFields {
		names = append(names, f.Name)
	}
	return names, err
}

// listed reads a list of the service desk API to its end.
func listed[T comparable](ctx context.Context, api *rest.Client, what, path string) (all []T, err error) {
	for range surveyPages {
		var page struct {
			Values     []T
			IsLastPage bool
		}
		query := url.Values{"start": {strconv.Itoa(len(all))}, "limit": {"50"}}
		if err := api.Fetch(ctx, rest.Get(what, path, query), &page); err != nil {
			return nil, err
		}
		all = append(all, page.Values...)
		if page.IsLastPage || len(page.Values) == 0 {
			return all, nil
		}
	}
	return nil, rest.Fault("Jira's answers never end when Latchkey wants to %s: write the name yourself", what)
}
