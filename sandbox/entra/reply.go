package entra

import (
	"encoding/json"
	"net/http"
	"time"
)

const (
	typeData  = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
	typeError = "application/json"

	graphHost = "https://graph.microsoft.com"
	loginHost = "https://login.microsoftonline.com"
)

// reply is an answer before it is written. A nil body is no body.
type reply struct {
	status    int
	body      any
	header    map[string]string
	violation string // what a careful client would not have done
	injected  bool   // by a Fault or by administrators, so not the caller's doing
}

func ok(body any) reply { return reply{status: http.StatusOK, body: body} }

// problem is a Graph error. What is within it is completed when it is written.
func problem(status int, code, message string) reply {
	return reply{status: status, body: graphError{Error: errorDetail{Code: code, Message: message}}}
}

type graphError struct {
	Error errorDetail `json:"error"`
}

type errorDetail struct {
	Code       string            `json:"code"`
	Message    string            `json:"message"`
	InnerError map[string]string `json:"innerError"`
}

func notFound(key string) reply {
	return problem(http.StatusNotFound, "Request_ResourceNotFound", "Resource '"+key+"' does not exist or one of its queried reference-property objects are not present.")
}

func denied() reply {
	return problem(http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
}

func badRequest(message string) reply {
	return problem(http.StatusBadRequest, "Request_BadRequest", message)
}

func unsupportedQuery(message string) reply {
	r := problem(http.StatusBadRequest, "Request_UnsupportedQuery", message)
	r.violation = "unsupported query: " + message
	return r
}

// write completes an answer and sends it. What Graph can't say is the identifier of a call that its client didn't
// name, so that repeats the one of the answer.
func (s *Server) write(w http.ResponseWriter, r *http.Request, a reply) {
	now, id := s.now(), s.gate.requestID()
	client := r.Header.Get("client-request-id")
	if client == "" {
		client = id
	}
	h := w.Header()
	h.Set("Date", now.Format(http.TimeFormat))
	h.Set("request-id", id)
	h.Set("client-request-id", client)
	for name, value := range a.header {
		h.Set(name, value)
	}
	if e, is := a.body.(graphError); is {
		e.Error.InnerError = map[string]string{"date": now.Format("2006-01-02T15:04:05"), "request-id": id, "client-request-id": client}
		a.body = e
	}
	s.gate.answered(r, a)
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	kind := typeError
	if a.status < http.StatusBadRequest {
		kind = typeData
		h.Set("OData-Version", "4.0")
	}
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", kind)
	}
	w.WriteHeader(a.status)
	if err := json.NewEncoder(w).Encode(a.body); err != nil {
		s.cfg.Logf("entra sandbox: the caller did not wait for its answer: %v", err)
	}
}

// stamp is a time as Graph writes it; the zero time is null.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

// text is a string as Graph writes it; the empty one is null.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// flag is a truth value as Graph writes those that are null unless they are true.
func flag(b bool) any {
	if !b {
		return nil
	}
	return true
}

// list is a collection as Graph writes it, never null.
func list(all []string) []string {
	if all == nil {
		return []string{}
	}
	return all
}
