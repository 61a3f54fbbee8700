package rest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"latchkey/jira/adf"
)

// messageLimit bounds how much of Jira's own words is passed on, in characters.
const messageLimit = 400

// Error is Jira's refusal as it was answered, in either of its dialects: the
// platform's {"errorMessages", "errors"} or the service desk's
// {"errorMessage", "errors":[…]}. The body may also be empty or a web page.
type Error struct {
	Status   int // HTTP status
	Method   string
	Path     string   // without the query, which may name people
	Messages []string // what Jira says, in the site's language
	Fields   map[string]string
	Trace    string // Atl-Traceid, for Atlassian's support
	Page     bool   // a web page answered, not Jira's API
}

// Error says which call was refused and what Jira said.
func (e *Error) Error() string {
	text := fmt.Sprintf("%s %s: %d", e.Method, e.Path, e.Status)
	if detail := e.Detail(); detail != "" {
		text += ": " + detail
	}
	if e.Trace != "" {
		text += " (trace " + e.Trace + ")"
	}
	return text
}

// Detail is what Jira says, on one line; empty when it says nothing.
func (e *Error) Detail() string {
	parts := slices.Clone(e.Messages)
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		parts = append(parts, name+": "+e.Fields[name])
	}
	return adf.Clip(strings.Join(strings.Fields(strings.Join(parts, "; ")), " "), messageLimit)
}

// answered reads the refusal out of a response. Secrets that the answer might
// echo are blotted out.
func answered(k Call, resp *http.Response, body []byte, secret string) *Error {
	e := &Error{Status: resp.StatusCode, Method: k.Method, Path: k.Path, Trace: resp.Header.Get("Atl-Traceid"), Page: isPage(body)}
	e.Messages, e.Fields = readProblem(redact(body, secret))
	return e
}

func redact(body []byte, secret string) []byte {
	return []byte(strings.ReplaceAll(string(body), secret, "•••"))
}

// problem is the union of both dialects.
type problem struct {
	ErrorMessages []string        `json:"errorMessages"`
	ErrorMessage  string          `json:"errorMessage"`
	Message       string          `json:"message"` // the gateway's
	Errors        json.RawMessage `json:"errors"`
}

func readProblem(body []byte) ([]string, map[string]string) {
	var p problem
	if json.Unmarshal(body, &p) != nil {
		return nil, nil // empty, a web page or plain text: nothing to pass on
	}
	messages := p.ErrorMessages
	for _, m := range []string{p.ErrorMessage, p.Message} {
		if m != "" {
			messages = append(messages, m)
		}
	}
	var fields map[string]string
	if json.Unmarshal(p.Errors, &fields) == nil {
		return messages, fields
	}
	return append(messages, formProblems(p.Errors)...), nil
}

// formProblems reads the list that a 422 about a form carries.
func formProblems(raw json.RawMessage) []string {
	var list []struct{ Title, Detail string }
	if json.Unmarshal(raw, &list) != nil {
		return nil
	}
	var out []string
	for _, p := range list {
		out = append(out, strings.TrimSpace(p.Title+" "+p.Detail))
	}
	return out
}
