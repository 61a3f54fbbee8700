package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// call is one decoded Web API call.
type call struct {
	args
	method   string
	base     string // scheme and host the caller used
	warnings []string
}

// apiError is an answer with ok: false, or a bare HTTP failure.
type apiError struct {
	Code       string
	Fields     kit.Object // further keys of the body
	Status     int        // 0 = 200
	RetryAfter int        // seconds
}

func (e *apiError) Error() string { return e.Code }

func fail(code string) *apiError { return &apiError{Code: code} }

// badArguments is invalid_arguments with one message per problem.
func badArguments(problems ...string) *apiError {
	messages := make([]string, len(problems))
	for i, p := range problems {
		messages[i] = "[ERROR] " + p
	}
	return &apiError{Code: "invalid_arguments",
		Fields: kit.Object{"response_metadata": kit.Object{"messages": messages}}}
}

func missing(arg string) error {
	return badArguments("missing required field: " + arg)
}

// unmodelled refuses something Slack has and the emulator does not.
func (s *Server) unmodelled(method, what string) error {
	s.violate("unmodelled: %s with %s", method, what)
	return &apiError{Code: "emulator_does_not_model_this", Status: http.StatusNotImplemented}
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	name := strings.TrimPrefix(r.URL.Path, "/api/")
	in, err := decode(r)
	s.lock()
	s.log.Count(name)
	fault := s.takeFault(name, in.args["cursor"] != nil && in.args["cursor"] != "")
	s.unlock()
	if fault != nil {
		fault.wait(r)
	}
	if fault != nil && fault.Frozen {
		delete(in.args, "cursor")
	}
	if fault != nil && fault.Short > 0 {
		in.args["limit"] = strconv.Itoa(fault.Short)
	}
	c := &call{args: in.args, method: name, base: baseURL(r)}
	var body kit.Object
	if fault == nil || !fault.fails() || fault.After {
		body, err = s.answer(c, in, err)
	}
	if fault != nil && fault.fails() {
		body, err = nil, fault.apiError()
	}
	if fault != nil && fault.Empty {
		emptied(body)
	}
	dropped := fault != nil && fault.Drop
	status, code := verdict(err)
	if dropped {
		status = 0
	}
	s.lock() // logged before it is sent, so that who has the answer finds it in the log
	s.log.Add(Call{At: s.state.Now(), Method: name, Channel: c.str("channel"), Status: status, Error: code, Took: time.Since(started)})
	s.unlock()
	switch {
	case dropped:
		cut(w)
	case fault != nil && fault.Page != "":
		fault.page(w)
	default:
		s.write(w, c, body, err)
	}
}

// verdict is the HTTP status and the Slack error code of a call's outcome.
func verdict(err error) (status int, code string) {
	if err == nil {
		return http.StatusOK, ""
	}
	e := asAPIError(err)
	status = e.Status
	fill(&status, http.StatusOK)
	return status, e.Code
}

// answer checks token, limits and scopes and runs the method.
func (s *Server) answer(c *call, in request, decodeErr error) (kit.Object, error) {
	s.lock()
	defer s.unlock()
	m, ok := s.methods[c.method]
	if !ok {
		return nil, s.unmodelled(c.method, "any arguments")
	}
	if decodeErr != nil {
		return nil, decodeErr
	}
	if m.form && in.json {
		c.args = args{} // Slack ignores a JSON body here
	}
	if err := s.authenticate(m, in); err != nil {
		return nil, err
	}
	if err := s.limit(c, m); err != nil {
		return nil, err
	}
	if err := s.need(m.scopes...); err != nil {
		return nil, err
	}
	return m.run(s, c)
}

func (s *Server) authenticate(m method, in request) error {
	switch token := in.token(); {
	case m.open:
		return nil
	case token == "":
		return fail("not_authed")
	case token != s.cfg.BotToken && token != s.cfg.AppToken:
		return fail("invalid_auth")
	case m.app != (token == s.cfg.AppToken):
		return fail("not_allowed_token_type")
	case m.app && in.bearer == "":
		return fail("invalid_auth") // the app-level token only counts in the header
	case m.app && in.verb != http.MethodPost:
		return fail("insecure_request")
	}
	return nil
}

// need checks that at least one of the scopes was granted.
func (s *Server) need(scopes ...string) error {
	if len(scopes) == 0 || slices.ContainsFunc(scopes, s.cfg.granted) {
		return nil
	}
	return &apiError{Code: "missing_scope", Fields: kit.Object{
		"needed": strings.Join(scopes, ","), "provided": strings.Join(s.cfg.Scopes, ","),
	}}
}

func (s *Server) write(w http.ResponseWriter, c *call, body kit.Object, err error) {
	status, _ := verdict(err)
	if err != nil {
		e := asAPIError(err)
		body = e.body()
		if e.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(e.RetryAfter))
		}
	} else {
		body = c.success(body)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-OAuth-Scopes", strings.Join(s.cfg.Scopes, ","))
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		s.cfg.Logf("slack emulator: %s: answer not written: %v", c.method, err)
	}
}

func asAPIError(err error) *apiError {
	var e *apiError
	if errors.As(err, &e) {
		return e
	}
	var r world.Refusal
	if errors.As(err, &r) {
		return fail(string(r))
	}
	return fail("internal_error")
}

func (e *apiError) body() kit.Object {
	body := kit.Object{"ok": false, "error": e.Code}
	for k, v := range e.Fields {
		body[k] = v
	}
	return body
}

// success completes the body of a call that worked.
func (c *call) success(body kit.Object) kit.Object {
	if body == nil {
		body = kit.Object{}
	}
	body["ok"] = true
	if len(c.warnings) > 0 {
		body["warning"] = strings.Join(c.warnings, ",")
		meta := kit.Object{"warnings": c.warnings}
		for k, v := range kit.Sub(body, "response_metadata") {
			meta[k] = v
		}
		body["response_metadata"] = meta
	}
	return body
}

// page cuts a list by the cursor and limit arguments.
func page[T any](c *call, all []T, usual, most int) ([]T, string, error) {
	limit := c.number("limit", usual)
	if limit < 1 || limit > most {
		return nil, "", fail("invalid_limit")
	}
	start := 0
	if cursor := c.str("cursor"); cursor != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(cursor, "off:"))
		if err != nil || n < 0 || n > len(all) {
			return nil, "", fail("invalid_cursor")
		}
		start = n
	}
	end := min(start+limit, len(all))
	next := ""
	if end < len(all) {
		next = fmt.Sprintf("off:%d", end)
	}
	return all[start:end], next, nil
}
