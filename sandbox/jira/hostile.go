package jira

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

// firstPage makes a call one for the first page of what it lists, as a gateway
// does that drops the cursor.
func (c *call) firstPage() {
	c.query.Del("start")
	c.query.Del("startAt")
	c.query.Del("nextPageToken")
	var in map[string]json.RawMessage
	if json.Unmarshal(c.body, &in) != nil || in["nextPageToken"] == nil {
		return
	}
	delete(in, "nextPageToken")
	if raw, err := json.Marshal(in); err == nil {
		c.body = raw
	}
}

// follows tells whether a call asks for a page after the first.
func (c *call) follows() bool {
	var in struct{ NextPageToken string }
	_ = json.Unmarshal(c.body, &in) // what is no such call names no page
	for _, name := range []string{"start", "startAt"} {
		if n, err := strconv.Atoi(c.query.Get(name)); err == nil && n > 0 {
			return true
		}
	}
	return in.NextPageToken != "" || c.query.Get("nextPageToken") != ""
}

// shorten makes a call one for pages of so many entries.
func (c *call) shorten(to int) {
	for _, name := range []string{"limit", "maxResults"} {
		c.query.Set(name, strconv.Itoa(to))
	}
	var in map[string]json.RawMessage
	if json.Unmarshal(c.body, &in) != nil || in["maxResults"] == nil {
		return
	}
	in["maxResults"] = json.RawMessage(strconv.Itoa(to))
	if raw, err := json.Marshal(in); err == nil {
		c.body = raw
	}
}

// empty takes what is listed out of an answer.
func (o *wire) empty() {
	if o.status != http.StatusOK {
		return
	}
	if bytes.HasPrefix(bytes.TrimSpace(o.body), []byte("[")) {
		o.body = []byte("[]")
		return
	}
	var body map[string]json.RawMessage
	if json.Unmarshal(o.body, &body) != nil {
		return
	}
	for _, list := range []string{"issues", "values", "comments", "issueChangeLogs"} {
		if body[list] != nil {
			body[list] = json.RawMessage("[]")
		}
	}
	delete(body, "nextPageToken")
	if raw, err := json.Marshal(body); err == nil {
		o.body = raw
	}
}
