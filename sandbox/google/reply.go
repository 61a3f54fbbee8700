package google

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// object is a JSON object to be written.
type object = map[string]any

// reply is an answer before it is written. A nil body is no body.
type reply struct {
	status   int
	body     any
	header   map[string]string
	injected bool // by a Fault or by administrators, so not the caller's doing
}

func ok(body any) reply { return reply{status: http.StatusOK, body: body} }

// failure is an error as the Admin SDK writes it.
func failure(status int, reason, message string) reply {
	return reply{status: status, body: object{"error": object{
		"code": status, "message": message, "errors": []any{object{"message": message, "domain": "global", "reason": reason}},
	}}}
}

// cloudFailure is an error as Google's newer APIs write it.
func cloudFailure(status int, name, message string) reply {
	return reply{status: status, body: object{"error": object{"code": status, "message": message, "status": name}}}
}

func notFound(what string) reply {
	return failure(http.StatusNotFound, "notFound", "Resource Not Found: "+what)
}

func invalid(what string) reply {
	return failure(http.StatusBadRequest, "invalid", "Invalid Input: "+what)
}

func forbidden() reply {
	return failure(http.StatusForbidden, "forbidden", "Not Authorized to access this resource/api")
}

func isCloud(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/v1/") }

func (s *Server) write(w http.ResponseWriter, r *http.Request, a reply) {
	h := w.Header()
	h.Set("Date", s.now().Format(http.TimeFormat))
	h.Set("Server", "ESF")
	h.Set("Vary", "Origin, X-Origin, Referer")
	h.Set("Cache-Control", "private")
	for name, value := range a.header {
		h.Set(name, value)
	}
	s.log.Count(strconv.Itoa(a.status))
	if !a.injected && (a.status == http.StatusTooManyRequests || a.status == http.StatusUnauthorized) {
		s.log.Violate(r.Method + " " + r.URL.Path + ": answered " + strconv.Itoa(a.status))
	}
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	if tag, tagged := a.body.(object)["etag"].(string); tagged {
		h.Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(a.status)
	if err := json.NewEncoder(w).Encode(a.body); err != nil {
		s.cfg.Logf("google sandbox: the caller did not wait for its answer: %v", err)
	}
}

// stamped adds an etag, which has its quotes inside.
func stamped(o object) object {
	raw, _ := json.Marshal(o) // what was made here can be written
	sum := sha256.Sum256(raw)
	o["etag"] = `"Gx2k9bYQvY/` + base64.RawURLEncoding.EncodeToString(sum[:15]) + `"`
	return o
}

// with sets what isn't empty: Google leaves empty lists and texts out.
func (s *Server) with(o object, name string, value any) {
	switch v := value.(type) {
	case string:
		if v == "" {
			return
		}
	case []string:
		if len(v) == 0 {
			return
		}
	case []any:
		if len(v) == 0 {
			return
		}
	}
	o[name] = value
}

// stamp is a time as Google writes it; one that never was is 1970.
func stamp(t time.Time) string {
	if t.IsZero() {
		t = time.Unix(0, 0)
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// page cuts one page out of items and says how the next is asked for. A token stands for
// the item after which it goes on, so it stays good when items before it vanish.
func page[T any](q map[string][]string, size string, items []T, seq func(T) int64, standard, most int) ([]T, string, bool) {
	value := func(name string) string {
		if len(q[name]) > 0 {
			return q[name][0]
		}
		return ""
	}
	start := 0
	if token := value("pageToken"); token != "" {
		raw, err := base64.RawURLEncoding.DecodeString(token)
		after, bad := strconv.ParseInt(strings.TrimPrefix(string(raw), "after:"), 10, 64)
		if err != nil || bad != nil {
			return nil, "", false
		}
		for start < len(items) && seq(items[start]) <= after {
			start++
		}
	}
	n := standard
	if text := value(size); text != "" {
		asked, err := strconv.Atoi(text)
		if err != nil || asked < 1 || asked > most {
			return nil, "", false
		}
		n = asked
	}
	end := min(len(items), start+n)
	if end == len(items) {
		return items[start:end], "", true
	}
	return items[start:end], base64.RawURLEncoding.EncodeToString([]byte("after:" + strconv.FormatInt(seq(items[end-1]), 10))), true
}

func badPage() reply {
	return failure(http.StatusBadRequest, "invalid", "Invalid Input: pageToken or maxResults")
}
