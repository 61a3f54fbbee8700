package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// dataCenter lets the client, which speaks to Jira Cloud, speak to a Jira Data
// Center or Server. It is the one place that knows how they differ:
//
//   - the API is version 2, and its texts are wiki texts;
//   - people are known by user name, not by account id;
//   - the search pages by number, there is no bulk fetch, and people are
//     searched for by another parameter (REST API 9.x, "search", "user");
//   - a service desk is found in the list of all;
//   - parts of the service desk's API are still behind a header.
type dataCenter struct {
	next http.RoundTripper
	base string // path of the site, "" or for example "/jira"
}

func newDataCenter(site string, next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	base := ""
	if u, err := url.Parse(site); err == nil {
		base = strings.TrimRight(u.Path, "/")
	}
	return &dataCenter{next: next, base: base}
}

// RoundTrip translates the call and its answer.
func (d *dataCenter) RoundTrip(req *http.Request) (*http.Response, error) {
	in, err := d.read(req)
	if err != nil {
		return nil, err
	}
	path := strings.TrimPrefix(req.URL.Path, d.base)
	desk, isDesk := strings.CutPrefix(path, "/rest/servicedeskapi/servicedesk/")
	switch {
	case path == "/rest/api/3/search/jql":
		return d.search(req, in)
	case path == "/rest/api/3/issue/bulkfetch":
		return d.fetchEach(req, in)
	case path == "/rest/api/3/user/search":
		query := req.URL.Query()
		query.Set("username", query.Get("query"))
		query.Del("query")
		return d.send(req, path, query, nil)
	case isDesk && !strings.Contains(desk, "/"):
		return d.findDesk(req, desk)
	}
	return d.send(req, path, req.URL.Query(), in)
}

// read takes the body out of the request.
func (d *dataCenter) read(req *http.Request) (any, error) {
	if req.Body == nil {
		return nil, nil
	}
	raw, err := io.ReadAll(req.Body)
	if err = errors.Join(err, req.Body.Close()); err != nil || len(raw) == 0 {
		return nil, err
	}
	in, err := exactJSON(raw)
	if err != nil {
		return nil, fmt.Errorf("translate a call for Data Center: %w", err)
	}
	return in, nil
}

// exactJSON decodes without touching numbers: some are longer than a float64
// holds.
func exactJSON(raw []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}

// send makes one call in version 2 and translates what comes back.
func (d *dataCenter) send(req *http.Request, path string, query url.Values, in any) (*http.Response, error) {
	out, err := d.call(req, path, query, in)
	if err != nil || out.StatusCode > 299 {
		return out, err
	}
	raw, err := io.ReadAll(io.LimitReader(out.Body, answerLimit))
	if err = errors.Join(err, out.Body.Close()); err != nil {
		return nil, err
	}
	if answer, unreadable := exactJSON(raw); unreadable == nil {
		if raw, err = json.Marshal(fromDataCenter(answer)); err != nil {
			return nil, fmt.Errorf("translate an answer of Data Center: %w", err)
		}
	}
	return withBody(out, raw), nil
}

func (d *dataCenter) call(req *http.Request, path string, query url.Values, in any) (*http.Response, error) {
	out := req.Clone(req.Context())
	out.URL.Path, out.URL.RawPath = d.base+strings.Replace(path, "/rest/api/3/", "/rest/api/2/", 1), ""
	out.URL.RawQuery = query.Encode()
	out.Header.Set("X-ExperimentalApi", "opt-in")
	out.Body, out.GetBody, out.ContentLength = nil, nil, 0
	if in != nil {
		raw, err := json.Marshal(toDataCenter(in))
		if err != nil {
			return nil, fmt.Errorf("translate a call for Data Center: %w", err)
		}
		out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
		out.Header.Set("Content-Type", "application/json")
	}
	return d.next.RoundTrip(out)
}

func withBody(resp *http.Response, raw []byte) *http.Response {
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	resp.Header.Del("Content-Length")
	return resp
}

// serverPage is the most a search returns at once, whatever is asked for (the
// default of jira.search.views.default.max).
const serverPage = 1000

// search pages by number; the number travels as the token.
func (d *dataCenter) search(req *http.Request, in any) (*http.Response, error) {
	ask, _ := in.(map[string]any)
	start, most := 0, serverPage
	if token, ok := ask["nextPageToken"].(string); ok {
		n, err := strconv.Atoi(token)
		if err != nil {
			return nil, fmt.Errorf("page %q of a search: %w", token, err)
		}
		start = n
	}
	if n, err := strconv.Atoi(fmt.Sprint(ask["maxResults"])); err == nil {
		most = min(most, n)
	}
	resp, err := d.send(req, "/rest/api/3/search", nil, map[string]any{"jql": ask["jql"], "fields": ask["fields"], "startAt": start, "maxResults": most})
	if err != nil || resp.StatusCode > 299 {
		return resp, err
	}
	var page struct {
		Total  int
		Issues []json.RawMessage
	}
	if err := json.NewDecoder(resp.Body).Decode(&page); err != nil {
		return nil, fmt.Errorf("read a page of a search: %w", err)
	}
	out := map[string]any{"issues": page.Issues, "isLast": true}
	if end := start + len(page.Issues); len(page.Issues) > 0 && end < page.Total {
		out["isLast"], out["nextPageToken"] = false, strconv.Itoa(end)
	}
	raw, err := json.Marshal(out)
	return withBody(resp, raw), err
}

// fetchEach reads issues one by one. Those that don't exist are left out.
func (d *dataCenter) fetchEach(req *http.Request, in any) (*http.Response, error) {
	ask, _ := in.(map[string]any)
	query := url.Values{"fields": {commas(ask["fields"])}, "properties": {commas(ask["properties"])}}
	names, _ := ask["issueIdsOrKeys"].([]any)
	found := []json.RawMessage{}
	for _, name := range names {
		one := req.Clone(req.Context())
		one.Method = http.MethodGet
		resp, err := d.send(one, "/rest/api/3/issue/"+fmt.Sprint(name), query, nil)
		if err != nil {
			return nil, err
		}
		if resp.StatusCode > 299 && resp.StatusCode != http.StatusNotFound {
			return resp, nil
		}
		raw, err := io.ReadAll(resp.Body)
		if err = errors.Join(err, resp.Body.Close()); err != nil {
			return nil, err
		}
		if resp.StatusCode != http.StatusNotFound {
			found = append(found, raw)
		}
	}
	return answer(req, map[string]any{"issues": found})
}

func commas(list any) string {
	all, _ := list.([]any)
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = fmt.Sprint(v)
	}
	return strings.Join(out, ",")
}

// findDesk looks for the service desk of a project in the list of all.
func (d *dataCenter) findDesk(req *http.Request, project string) (*http.Response, error) {
	pages := Pages{What: "list the service desks"}
	for start := 0; ; {
		resp, err := d.send(req, "/rest/servicedeskapi/servicedesk", url.Values{"start": {strconv.Itoa(start)}, "limit": {"50"}}, nil)
		if err != nil || resp.StatusCode > 299 {
			return resp, err
		}
		var page struct {
			Values     []map[string]any
			IsLastPage bool
		}
		if err := json.NewDecoder(resp.Body).Decode(&page); err != nil {
			return nil, fmt.Errorf("read the list of service desks: %w", err)
		}
		var here []string
		for _, v := range page.Values {
			here = append(here, fmt.Sprint(v["id"], v["projectKey"]))
		}
		if err := pages.Turn(here, ""); err != nil {
			return nil, err
		}
		i := slices.IndexFunc(page.Values, func(v map[string]any) bool { return strings.EqualFold(fmt.Sprint(v["projectKey"]), project) })
		if i >= 0 {
			return answer(req, page.Values[i])
		}
		if start += len(page.Values); page.IsLastPage || len(page.Values) == 0 {
			resp.StatusCode, resp.Status = http.StatusNotFound, http.StatusText(http.StatusNotFound)
			return withBody(resp, []byte(`{"errorMessages":["There is no such service desk."]}`)), nil
		}
	}
}

// answer is a success made up of several.
func answer(req *http.Request, v any) (*http.Response, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("put answers of Data Center together: %w", err)
	}
	resp := &http.Response{StatusCode: http.StatusOK, Status: "200 OK", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Request: req}
	return withBody(resp, raw), nil
}
