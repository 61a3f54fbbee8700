package okta

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"latchkey/sandbox/okta/world"
)

// Okta's error codes that the emulation uses (developer.okta.com, "Error codes").
const (
	codeBadInput     = "E0000001"
	codeForbidden    = "E0000006"
	codeNotFound     = "E0000007"
	codeInternal     = "E0000009"
	codeUnavailable  = "E0000010"
	codeToken        = "E0000011"
	codeFeature      = "E0000015"
	codeSearch       = "E0000031"
	codeUserStatus   = "E0000038"
	codeTooMany      = "E0000047"
	codeLogRange     = "E0000053"
	codeUnsupported  = "E0000060"
	codeReconciling  = "E0000239"
	headerLimit      = "X-Rate-Limit-Limit"
	headerRemaining  = "X-Rate-Limit-Remaining"
	headerReset      = "X-Rate-Limit-Reset"
	headerRequestID  = "X-Okta-Request-Id"
	contentTypeJSON  = "application/json"
	challengeHeader  = "WWW-Authenticate"
	summaryTooMany   = "API call exceeded rate limit due to too many requests."
	summaryForbidden = "You do not have permission to perform the requested action"
)

// reply is an answer before it is written. A nil body is no body.
type reply struct {
	status    int
	body      any
	links     []string
	header    map[string]string // an empty value removes a header
	violation string            // what the caller did against Okta's rules, for Violations
	injected  bool              // by a Fault or by administrators, so not the caller's doing
}

func ok(body any) reply { return reply{status: http.StatusOK, body: body} }

func problem(status int, code, summary string) reply {
	return reply{status: status, body: map[string]any{
		"errorCode": code, "errorSummary": summary, "errorLink": code, "errorCauses": []any{},
	}}
}

func notFound(key, kind string) reply {
	return problem(http.StatusNotFound, codeNotFound, fmt.Sprintf("Not found: Resource not found: %s (%s)", key, kind))
}

func forbidden() reply { return problem(http.StatusForbidden, codeForbidden, summaryForbidden) }

// badExpression refuses a search or a filter that can't be read.
func badExpression(code string, err error) *reply {
	r := problem(http.StatusBadRequest, code, "Invalid search criteria: "+err.Error())
	r.violation = "invalid expression: " + err.Error()
	return &r
}

func (s *Server) write(w http.ResponseWriter, r *http.Request, bucket string, a reply) {
	now, id := s.now(), s.gate.requestID()
	h := w.Header()
	h.Set("Date", now.Format(http.TimeFormat))
	h.Set(headerRequestID, id)
	s.gate.describe(h, bucket, now)
	for _, l := range a.links {
		h.Add("Link", l)
	}
	for name, value := range a.header {
		h.Del(name)
		if value != "" {
			h.Set(name, value)
		}
	}
	if fields, isProblem := a.body.(map[string]any); isProblem && a.status >= http.StatusBadRequest {
		fields["errorId"] = "oae" + id
	}
	s.gate.answered(r, a)
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	h.Set("Content-Type", contentTypeJSON)
	w.WriteHeader(a.status)
	if err := json.NewEncoder(w).Encode(a.body); err != nil {
		s.cfg.Logf("okta sandbox: the caller did not wait for its answer: %v", err)
	}
}

// stamp is a time as Okta writes it; the zero time is null.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(world.TimeLayout)
}

// text is a string as Okta writes it; the empty one is null.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func number(n int) string { return strconv.Itoa(n) }
