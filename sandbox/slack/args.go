package slack

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"latchkey/sandbox/slack/kit"
)

// maxBody bounds what a call may send, in bytes.
const maxBody = 8 << 20

// args are the arguments of a call: strings if they came as a form, JSON
// values if they came as JSON.
type args kit.Object

// request is a call before its token is judged.
type request struct {
	args   args
	verb   string
	bearer string // token of the Authorization header
	posted string // token of the form
	json   bool
}

func (r request) token() string {
	if r.bearer != "" {
		return r.bearer
	}
	return r.posted
}

// decode reads form, multipart or JSON arguments. A token in the query string
// or in a JSON body does not count, as docs.slack.dev/apis/web-api says.
func decode(r *http.Request) (request, error) {
	in := request{args: args{}, verb: r.Method}
	if scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		in.bearer = strings.TrimSpace(token)
	}
	r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/json" {
		in.json = true
		return in, in.readJSON(r.Body)
	}
	return in, in.readForm(r, kind)
}

func (in *request) readJSON(body io.Reader) error {
	raw, err := io.ReadAll(body)
	if err != nil || len(raw) == 0 {
		return nil
	}
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return fail("invalid_json")
	}
	o, ok := v.(kit.Object)
	if !ok {
		return fail("json_not_object")
	}
	for k, v := range o {
		if v != nil && k != "token" {
			in.args[k] = v
		}
	}
	return nil
}

func (in *request) readForm(r *http.Request, kind string) error {
	var err error
	if kind == "multipart/form-data" {
		err = r.ParseMultipartForm(maxBody)
	} else {
		err = r.ParseForm()
	}
	if err != nil {
		return fail("invalid_form_data")
	}
	in.posted = r.PostForm.Get("token")
	for k, v := range r.Form {
		if k != "token" {
			in.args[k] = v[0]
		}
	}
	return nil
}

func (a args) has(key string) bool { return a[key] != nil }

func (a args) str(key string) string {
	switch v := a[key].(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

func (a args) flag(key string) bool {
	switch v := a[key].(type) {
	case bool:
		return v
	case string:
		return v == "true" || v == "1"
	}
	return false
}

// number returns an integer argument, or usual if it is absent, or -1.
func (a args) number(key string, usual int) int {
	s := a.str(key)
	if s == "" {
		return usual
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// json returns a structured argument, which a form carries as a JSON string.
// The result is the call's own copy.
func (a args) json(key string) (v any, ok bool) {
	s, isText := a[key].(string)
	if !isText {
		return kit.CloneAny(a[key]), a[key] != nil
	}
	if s == "" {
		return nil, true
	}
	if json.Unmarshal([]byte(s), &v) != nil {
		return nil, false
	}
	return v, true
}
