package app

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"

	"latchkey/workflow/campaigns/imported"
)

// ImportList imports who has access to an app without a directory.
func (c *AdminClient) ImportList(ctx context.Context, f ListFile, by string) (l ImportedList, err error) {
	if len(f.Body) > imported.MostBytes {
		return l, fmt.Errorf("the file has %d MB; at most %d MB are read", len(f.Body)>>20, imported.MostBytes>>20)
	}
	q := url.Values{"app": {f.App}, "name": {f.Name}, "by": {by}}
	for meaning, header := range f.Columns {
		q.Add("column", string(meaning)+"="+header)
	}
	for word, role := range f.Roles {
		q.Add("role", word+"="+role)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://latchkey/review/import?"+q.Encode(), bytes.NewReader(f.Body))
	if err != nil {
		return l, err
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	err = c.send(req, &l)
	return l, err
}

// SayRemoved notes that rows of a review were removed by hand.
func (c *AdminClient) SayRemoved(ctx context.Context, id string, rows []string, by string) error {
	return c.ask(ctx, http.MethodPost, "/review/removed", url.Values{"id": {id}, "row": rows, "by": {by}}, &struct{}{})
}
