package app

import (
	"encoding/json"
	"io"
	"net/http"
	"time"

	"latchkey/evidence"
	"latchkey/evidence/anchor"
	"latchkey/store"
	"latchkey/workflow/campaigns/export"
	"latchkey/workflow/people"
)

// streams are what is sent as it is written.
type streams struct {
	store  store.Store
	people *people.Service
	seal   func() export.Sealing
	now    func() time.Time
}

// byPath are the streams by the paths under which they are asked for.
func (s streams) byPath() map[string]func(*http.Request, io.Writer) error {
	return map[string]func(*http.Request, io.Writer) error{"/export": s.export, "/bundle": s.bundle}
}

// export sends what was asked for.
func (s streams) export(r *http.Request, w io.Writer) error {
	var o evidence.ExportOptions
	err := json.Unmarshal([]byte(r.FormValue("options")), &o)
	if err == nil && r.FormValue("person") != "" {
		o.Only.Person, err = whom(r, s.people)
	}
	if err != nil {
		return err
	}
	return evidence.Export(r.Context(), s.store, w, o)
}

// bundle sends the log with what is anchored of it.
func (s streams) bundle(r *http.Request, w io.Writer) error {
	b := anchor.Bundling{Made: s.now(), Nameless: r.FormValue("nameless") != "", Keys: s.seal().Keys}
	return anchor.WriteBundle(r.Context(), s.store, w, b)
}
