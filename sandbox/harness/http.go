package harness

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"

	"latchkey/sandbox/loopback"
)

// answer is what a line came to.
type answer struct {
	OK  bool   `json:"ok"`
	Saw string `json:"saw"`
}

// Handler lets a line be acted out over HTTP: POST /do with the line as body.
// The answer is JSON; a line that fails is 422, with what went wrong. GET
// /violations lists what the services held against the bot, and GET /help, or / itself, says what a line can be. Pages of others can't act.
func Handler(h *Harness) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /do", func(w http.ResponseWriter, r *http.Request) {
		line, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
		if err != nil {
			reply(w, http.StatusBadRequest, answer{Saw: err.Error()})
			return
		}
		words, err := Line(string(line))
		if err != nil {
			reply(w, http.StatusBadRequest, answer{Saw: err.Error()})
			return
		}
		saw, err := h.Do(r.Context(), words...)
		if err != nil {
			reply(w, http.StatusUnprocessableEntity, answer{Saw: err.Error()})
			return
		}
		reply(w, http.StatusOK, answer{OK: true, Saw: saw})
	})
	help := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, Help())
	}
	mux.HandleFunc("GET /help", help)
	mux.HandleFunc("GET /{$}", help)
	mux.HandleFunc("GET /violations", func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, h.Violations()) })
	return loopback.Guard(mux)
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the caller has gone if this fails
}

// Violations is what the emulated services held against the bot.
func (h *Harness) Violations() []string {
	out := []string{}
	lists := map[string][]string{"slack": h.World.Slack.Violations(), "jira": h.World.Jira.Violations()}
	for _, d := range h.World.Directories() {
		lists[d.ID] = d.Violations()
	}
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		for _, v := range lists[name] {
			out = append(out, name+": "+v)
		}
	}
	return out
}
