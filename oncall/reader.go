package oncall

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"latchkey/access"
)

// Source is where a schedule stands: in a file, or at an address.
type Source struct {
	Name string
	File string // a path, or
	URL  string // an address that begins with https://
	// Authorization is the header that a call carries; nil or "": none.
	Authorization func() string
}

// mostBytes is how long a schedule may be. Those of a year have a few thousand shifts.
const mostBytes = 1 << 20

// callTime bounds one call.
const callTime = 10 * time.Second

// fetch reads a schedule as it stands at this moment. That it can't be read is an
// *access.Failure: access.Denied for what a person has to put right, access.Rejected where
// there is nothing to read.
func (s Source) fetch(ctx context.Context, client *http.Client) (Schedule, error) {
	if s.File != "" {
		return s.fromFile()
	}
	return s.fromService(ctx, client)
}

func (s Source) fromFile() (Schedule, error) {
	f, err := os.Open(s.File)
	if err != nil {
		return nil, s.failure(access.Denied, fmt.Sprintf("the file can't be opened (%v)", cause(err)), err)
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := limited(f)
	if err != nil {
		return nil, s.failure(access.Denied, fmt.Sprintf("the file can't be read (%v)", cause(err)), err)
	}
	out, err := ParseFile(text)
	if err != nil {
		return nil, s.failure(access.Denied, "what the file says can't be used: "+err.Error(), err)
	}
	return out, nil
}

func cause(err error) error {
	if p := (*os.PathError)(nil); errors.As(err, &p) {
		return p.Err
	}
	return err
}

func (s Source) fromService(ctx context.Context, client *http.Client) (Schedule, error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
	if err != nil {
		return nil, s.failure(access.Rejected, "its url can't be called", err)
	}
	req.Header.Set("Accept", "application/json")
	if s.Authorization != nil && s.Authorization() != "" {
		req.Header.Set("Authorization", s.Authorization())
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, s.failure(access.Transient, s.host()+" doesn't answer", err)
	}
	defer func() { _ = res.Body.Close() }() // it was read, or isn't wanted
	if res.StatusCode != http.StatusOK {
		return nil, s.refused(res)
	}
	text, err := limited(res.Body)
	if err != nil {
		return nil, s.failure(access.Transient, "the answer of "+s.host()+" broke off, or is too long", err)
	}
	out, err := ParseAnswer(text)
	if err != nil { // a page of a proxy, perhaps: the next answer may be one
		return nil, s.failure(access.Transient, "what "+s.host()+" answers can't be used: "+err.Error(), err)
	}
	return out, nil
}

// refused says what a status means.
func (s Source) refused(res *http.Response) error {
	said := fmt.Sprintf("%s answers with %d %s", s.host(), res.StatusCode, http.StatusText(res.StatusCode))
	switch code := res.StatusCode; {
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		return s.failure(access.Denied, said+": put a token there that may read who is on call", nil)
	case code == http.StatusNotFound, code >= 300 && code < 400:
		return s.failure(access.Rejected, said+": correct its url", nil)
	}
	return s.failure(access.Transient, said, nil)
}

// failure says that the schedule can't be read. The error itself is for the log alone: it
// quotes the whole url.
func (s Source) failure(class access.Class, why string, err error) error {
	if u := (*url.Error)(nil); errors.As(err, &u) {
		err = u.Err
	}
	return &access.Failure{Class: class, Sentence: fmt.Sprintf("Who is on call by %s can't be read: %s", s.Name, why), Err: err}
}

func (s Source) host() string {
	u, err := url.Parse(s.URL)
	if err != nil {
		return "the service"
	}
	return strings.ToLower(u.Hostname())
}

func limited(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, mostBytes+1))
	if err == nil && len(text) > mostBytes {
		err = fmt.Errorf("it is longer than %d bytes", mostBytes)
	}
	return text, err
}
