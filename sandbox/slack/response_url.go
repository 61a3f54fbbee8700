package slack

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// A response URL works five times within half an hour.
// See docs.slack.dev/interactivity/handling-user-interaction.
const (
	responseUses = 5
	responseLife = 30 * time.Minute
)

// responseURL is what stands behind a response URL.
type responseURL struct {
	kind    string // commands, actions or app
	user    string
	channel string
	origin  string // ts of the message the interaction came from
	thread  string
	uses    int
	expires time.Time
}

// newResponseURL makes a response URL under the address the last socket came in by.
func (s *Server) newResponseURL(h responseURL) string {
	s.pruneResponseURLs()
	h.expires = s.state.Now().Add(responseLife)
	s.state.Serial()
	path := strings.Join([]string{"/hooks", h.kind, s.cfg.TeamID, s.state.MintID("")[1:], kit.Secret(12)}, "/")
	s.responseURLs[path] = &h
	return s.base + path
}

// pruneResponseURLs forgets what has been dead for long, so that load tests do not
// fill the memory.
func (s *Server) pruneResponseURLs() {
	if len(s.responseURLs) < 20000 {
		return
	}
	now := s.state.Now()
	for path, h := range s.responseURLs {
		if now.Sub(h.expires) > responseLife || h.uses >= responseUses {
			delete(s.responseURLs, path)
		}
	}
}

func (s *Server) serveResponseURL(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	s.lock()
	s.log.Count("response_url")
	fault := s.takeFault("response_url", false)
	s.unlock()
	var err error
	if fault != nil {
		fault.wait(r)
	}
	if fault == nil || !fault.fails() || fault.After {
		err = s.respond(r)
	}
	if fault != nil && fault.fails() {
		err = fault.apiError()
	}
	dropped := fault != nil && fault.Drop
	status, code := verdict(err)
	if dropped {
		status = 0
	}
	s.lock()
	s.log.Add(Call{At: s.state.Now(), Method: "response_url", Status: status, Error: code, Took: time.Since(started)})
	s.unlock()
	if dropped {
		cut(w)
		return
	}
	writeResponse(w, err)
}

// writeResponse answers as Slack does: a bare ok, or JSON with the error.
func writeResponse(w http.ResponseWriter, err error) {
	if err == nil {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "ok")
		return
	}
	e := asAPIError(err)
	if e.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(e.RetryAfter))
	}
	status, _ := verdict(err)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	io.WriteString(w, toJSON(e.body()))
}

func (s *Server) respond(r *http.Request) error {
	raw, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil || r.Method != http.MethodPost {
		return fail("invalid_payload")
	}
	var body kit.Object
	if json.Unmarshal(raw, &body) != nil {
		return fail("invalid_payload")
	}
	s.lock()
	defer s.unlock()
	h := s.responseURLs[r.URL.Path]
	switch {
	case h == nil:
		return &apiError{Code: "no_such_url", Status: http.StatusNotFound}
	case s.state.Now().After(h.expires):
		return &apiError{Code: "expired_url", Status: http.StatusNotFound}
	case h.uses >= responseUses:
		return &apiError{Code: "used_url", Status: http.StatusNotFound}
	}
	h.uses++
	return s.reply(h, body)
}

// reply carries out a response URL call or the payload of a slash
// acknowledgement.
func (s *Server) reply(h *responseURL, body kit.Object) error {
	origin := s.state.MessageAt(h.channel, h.origin)
	if kit.Flag(body, "delete_original") && origin != nil {
		s.state.Delete(origin)
		return nil
	}
	c := &call{args: args(body), method: "response_url"}
	said, err := s.content(c)
	if err != nil {
		return err
	}
	if said.Empty() {
		return fail("no_text")
	}
	if kit.Flag(body, "replace_original") && origin != nil {
		s.state.Edit(origin, said)
		return nil
	}
	s.postReply(h, said, kit.Str(body, "response_type") == "in_channel", kit.Str(body, "thread_ts"))
	return nil
}

func (s *Server) postReply(h *responseURL, said world.Content, public bool, thread string) *world.Message {
	m := world.Message{
		Channel: h.channel, ThreadTS: h.thread, User: s.cfg.BotUserID, BotID: s.cfg.BotID, Text: said.Text,
		Blocks: said.Blocks, Attachments: said.Attachments, Ephemeral: !public,
	}
	if thread != "" {
		m.ThreadTS = thread
	}
	if !public {
		m.Viewer = h.user
	}
	return s.state.Post(m)
}
