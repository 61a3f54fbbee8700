package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	gojira "github.com/andygrunwald/go-jira"

	"latchkey/access"
)

// answerLimit is the most of an answer that is read, in bytes.
const answerLimit = 16 << 20

// Call is one request to Jira.
type Call struct {
	Method string
	Path   string // below the base, without a leading slash: go-jira decodes the path of absolute ones
	Query  url.Values
	Body   any    // JSON body; nil for none
	What   string // what is being done, as in "Jira could not <what>"
	// NonIdempotent marks calls whose repetition people would see, such as
	// creating an issue or a comment. When the outcome of one is unknown, its
	// failure is access.Unclear: the caller has to look before it calls again.
	NonIdempotent bool
	// Needs is the permission in the project that the call takes, where Jira does not
	// say by the status that it is missing: see Client.denied.
	Needs string
}

// Get is a call that only reads.
func Get(what, path string, query url.Values) Call {
	return Call{Method: http.MethodGet, Path: path, Query: query, What: what}
}

// GetIssue is a call that only reads something of an issue, and that finds it where the
// issue is there and can be seen: "not found" may mean that the project can't be.
func GetIssue(what, issue, part string, query url.Values) Call {
	k := Get(what, IssuePath(issue, part), query)
	k.Needs = BrowseProjects
	return k
}

// Do makes the call and returns the body of a good answer. A problem is an
// *access.Failure that wraps an *Error when Jira answered. What was refused while a
// permission was missing that is there by now is called once more.
func (c *Client) Do(ctx context.Context, k Call) ([]byte, error) {
	body, err := c.once(ctx, k)
	err, again := c.denied(ctx, k, err)
	if again {
		return c.once(ctx, k)
	}
	return body, err
}

func (c *Client) once(ctx context.Context, k Call) ([]byte, error) {
	target := k.Path
	if len(k.Query) > 0 {
		target += "?" + k.Query.Encode()
	}
	req, err := c.api.NewRequestWithContext(ctx, k.Method, target, k.Body)
	if err != nil {
		return nil, c.rejected(k, err)
	}
	resp, err := c.answer(c.api, k, req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return c.read(k, resp)
}

// answer sends a request and gives the answer, unread, if it is a good one. Its body has to be closed.
func (c *Client) answer(api *gojira.Client, k Call, req *http.Request) (*http.Response, error) {
	req.Header.Set("Accept", "application/json")
	resp, err := api.Do(req, nil)
	if resp == nil || resp.Response == nil {
		return nil, c.unanswered(k, err)
	}
	c.cfg.Logger.DebugContext(req.Context(), "jira call", "method", k.Method, "path", k.Path, "status", resp.StatusCode)
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		defer resp.Body.Close()
		body, _ := io.ReadAll(io.LimitReader(resp.Body, answerLimit)) // what there is of a refusal says enough
		return nil, c.refused(k, resp.Response, body)
	}
	if reason := resp.Header.Get("X-Seraph-LoginReason"); strings.Contains(reason, "AUTHENTICAT") && !strings.Contains(reason, "OK") {
		return nil, errors.Join(c.anonymous(k), resp.Body.Close())
	}
	return resp.Response, nil
}

// read is the body of a good answer that is no web page.
func (c *Client) read(k Call, resp *http.Response) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, answerLimit))
	switch {
	case err != nil:
		return nil, c.unanswered(k, err)
	case isPage(body):
		f := &access.Failure{Err: &Error{Status: resp.StatusCode, Method: k.Method, Path: k.Path, Page: true}}
		c.paged(f, k, resp.StatusCode, titleOf(redact(body, c.cfg.Token)), 0)
		return nil, f
	}
	return body, nil
}

// Fetch makes the call and decodes the answer.
func (c *Client) Fetch(ctx context.Context, k Call, out any) error {
	body, err := c.Do(ctx, k)
	if err != nil {
		return err
	}
	return c.decode(k, body, out)
}

func (c *Client) decode(k Call, body []byte, out any) error {
	if err := json.Unmarshal(body, out); err != nil {
		return c.Unreadable(k, fmt.Errorf("decode the answer to %s %s: %w", k.Method, k.Path, err))
	}
	return nil
}

// Send makes a call whose answer does not matter: some good answers are empty.
func (c *Client) Send(ctx context.Context, k Call) error {
	_, err := c.Do(ctx, k)
	return err
}
