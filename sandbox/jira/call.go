package jira

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"latchkey/sandbox/jira/world"
)

// call is one HTTP call on its way through a handler. Handlers run under the
// site's lock.
type call struct {
	s     *Server
	site  *world.State
	r     *http.Request
	route *route
	path  string
	vars  map[string]string
	query url.Values
	body  []byte
	base  string
	v2    bool
	who   *world.LiveAccount // nil when anonymous
	// seraph is set when wrong credentials fell through to anonymous access.
	seraph bool
}

// reply is a handler's answer; a nil body is an empty one.
type reply struct {
	status int
	body   any
	raw    []byte // instead of body: these bytes, with the type that the header says
	header http.Header
}

func ok(body any) reply      { return reply{status: http.StatusOK, body: body} }
func created(body any) reply { return reply{status: http.StatusCreated, body: body} }
func noContent() reply       { return reply{status: http.StatusNoContent} }
func status(code int) reply  { return reply{status: code} }

func (c *call) desk() bool { return strings.HasPrefix(c.path, "/rest/servicedeskapi") }

func (c *call) loc() *time.Location {
	if c.who == nil {
		return time.UTC
	}
	return c.who.Zone
}

func (c *call) stamp(t time.Time) string { return stamp(t, c.loc()) }

func (c *call) callerID() string {
	if c.who == nil {
		return ""
	}
	return c.who.AccountID
}

func (c *call) dialect() world.Dialect { return world.Dialect(!c.v2 && !c.desk()) }

// api is the platform prefix of the call's version, for self links.
func (c *call) api() string {
	if c.v2 {
		return c.base + "/rest/api/2"
	}
	return c.base + "/rest/api/3"
}

func (c *call) deskAPI() string { return c.base + "/rest/servicedeskapi" }

// decode reads a JSON body into v. Strict bodies refuse unknown members.
func (c *call) decode(v any, strict bool) error {
	media, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return refuse(http.StatusUnsupportedMediaType, "Unsupported Media Type")
	}
	dec := json.NewDecoder(bytes.NewReader(c.body))
	if strict {
		dec.DisallowUnknownFields()
	}
	if err := dec.Decode(v); err != nil {
		c.s.violation("%s %s: body refused: %v", c.r.Method, c.path, err)
		return refuse(http.StatusBadRequest, "Invalid request payload. Refer to the REST API documentation and try again.")
	}
	return nil
}

func (c *call) number(name string, def int) (int, error) {
	s := c.query.Get(name)
	if s == "" {
		return def, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, refuse(http.StatusBadRequest, "The value '%s' is not valid for the parameter '%s'.", s, name)
	}
	return n, nil
}

// list reads a parameter that may be repeated or comma separated.
func (c *call) list(name string) []string {
	var out []string
	for _, v := range c.query[name] {
		for _, part := range strings.Split(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

func (c *call) encode(rep reply, err error) wire {
	if err != nil {
		rep = c.refusal(err)
	}
	out := wire{status: rep.status, header: c.headers(rep.header)}
	if rep.body == nil {
		out.body = rep.raw
		return out
	}
	body, err := json.Marshal(rep.body)
	if err != nil {
		c.s.violation("%s %s: answer cannot be encoded: %v", c.r.Method, c.path, err)
		out.status = http.StatusInternalServerError
		return out
	}
	out.body = body
	return out
}

func (c *call) refusal(err error) reply {
	if t := new(throttle); errors.As(err, &t) {
		return t.reply
	}
	p := asProblem(err)
	if p.bare {
		return status(p.status)
	}
	if p.status == http.StatusNotImplemented {
		c.s.violation("%s %s: %s", c.r.Method, c.path, p.message)
	}
	if c.desk() {
		return reply{status: p.status, body: p.desk()}
	}
	return reply{status: p.status, body: p.platform()}
}

func (c *call) headers(extra http.Header) http.Header {
	h := http.Header{}
	h.Set("X-RateLimit-Limit", "350")
	h.Set("X-RateLimit-Remaining", "349")
	for k, v := range extra {
		h[k] = v
	}
	h.Set("Atl-Traceid", strconv.FormatInt(c.site.Now().UnixNano(), 36))
	if c.who != nil {
		h.Set("X-AAccountId", url.QueryEscape(c.who.AccountID))
	}
	if c.seraph {
		h.Set("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")
	}
	return h
}
