package app

import (
	"net/http"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/requests"
)

// Holding is what an offboarding ends and cancels.
type Holding = requests.Holding

// Pause is a time in which no new access is given.
type Pause = access.Pause

// ParseDuration reads how long something is to last, as people write it.
func ParseDuration(text string) (time.Duration, error) { return catalog.ParseDuration(text) }

// FormatDuration says how long something lasts.
func FormatDuration(d time.Duration) string { return catalog.FormatDuration(d) }

func (s adminServer) holdings(r *http.Request) (any, error) {
	who, err := s.workflow.People.Had(r.Context(), access.NewEmail(r.FormValue("person")))
	if err != nil {
		return nil, err
	}
	return s.workflow.Controls.Holdings(r.Context(), who.ID, operator(r))
}

func (s adminServer) offboard(r *http.Request) (any, error) {
	who, err := s.workflow.People.Had(r.Context(), access.NewEmail(r.FormValue("person")))
	if err != nil {
		return nil, err
	}
	return s.workflow.Controls.Offboard(r.Context(), who.ID, r.FormValue("reason"), operator(r))
}

func (s adminServer) pause(r *http.Request) (any, error) {
	wanted, err := time.ParseDuration(r.FormValue("for"))
	if err != nil {
		return nil, access.Refuse(access.Invalid, "duration", "A pause needs a duration, such as 30m.")
	}
	return s.workflow.Controls.Pause(r.Context(), wanted, r.FormValue("reason"), operator(r))
}

func (s adminServer) resume(r *http.Request) (any, error) {
	return s.workflow.Controls.Resume(r.Context(), operator(r))
}

// RestoredQuarantine is what keeps a restored store from adding anybody.
type RestoredQuarantine = store.Quarantine

func (s adminServer) acceptRestored(r *http.Request) (any, error) {
	return s.workflow.Controls.Accept(r.Context(), operator(r))
}
