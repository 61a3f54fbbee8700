package app

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"latchkey/access"
	"latchkey/workflow"
	"latchkey/workflow/campaigns/enforcing"
	"latchkey/workflow/campaigns/imported"
)

// listAdmin answers what is asked of lists of apps without a directory.
type listAdmin struct{ workflow *workflow.Service }

// ImportedList is what was imported of an app without a directory.
type ImportedList = access.ImportedList

// ListFile is a file that says who has access to an app.
type ListFile = imported.File

// ColumnMeaning is what a column of such a file is about.
type ColumnMeaning = imported.Meaning

// importList imports who has access to an app. The file is what is sent, and what is said of it stands in the address.
func (s listAdmin) importList(r *http.Request) (any, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, imported.MostBytes+1))
	if err != nil {
		return nil, fmt.Errorf("receive the file: %w", err)
	}
	q := r.URL.Query()
	f := imported.File{App: q.Get("app"), Name: q.Get("name"), Body: body, Options: imported.Options{Columns: map[imported.Meaning]string{}, Roles: map[string]string{}}}
	for _, pair := range q["column"] {
		meaning, header, _ := strings.Cut(pair, "=")
		f.Columns[imported.Meaning(meaning)] = header
	}
	for _, pair := range q["role"] {
		i := strings.LastIndex(pair, "=")
		f.Roles[pair[:max(i, 0)]] = pair[i+1:]
	}
	return s.workflow.Campaigns.Imported.Import(r.Context(), access.Actor{Via: access.ViaCLI, Account: q.Get("by")}, f, enforcing.Listed)
}

// saidRemoved takes somebody's word that rows were removed by hand.
func (s listAdmin) saidRemoved(r *http.Request) (any, error) {
	numbers, err := rowNumbers(r)
	if err != nil {
		return nil, err
	}
	return struct{}{}, s.workflow.Campaigns.Enforcing.SayRemoved(r.Context(), operator(r), r.FormValue("id"), numbers)
}
