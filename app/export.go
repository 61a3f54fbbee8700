package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"

	"latchkey/config"
	"latchkey/evidence"
	"latchkey/evidence/anchor"
)

// Exporting is what is asked of an export.
type Exporting struct {
	evidence.ExportOptions
	// Who is whose requests and access alone are written, by an address, now or at an earlier time, or by their id; "": everybody's.
	Who string
}

// Export writes out what the store holds, also while the bot runs. It gives the newest
// signed head of the log, if there is one.
func Export(ctx context.Context, c *config.Config, w io.Writer, o Exporting) (checkpoint string, err error) {
	asked, err := json.Marshal(o.ExportOptions)
	if err != nil {
		return "", err
	}
	err = withLog(ctx, c, func(a *AdminClient) error {
		if err := a.stream(ctx, "/export", url.Values{"options": {string(asked)}, "person": {o.Who}}, w); err != nil {
			return err
		}
		now, err := a.Checkpoint(ctx, false)
		if err == nil {
			checkpoint = now.Checkpoint
		}
		return nil // that there is none yet is no fault of the export
	})
	return checkpoint, err
}

// Bundle writes out the log with what is anchored of it, also while the bot runs.
func Bundle(ctx context.Context, c *config.Config, w io.Writer, nameless bool) error {
	asked := url.Values{}
	if nameless {
		asked.Set("nameless", "yes")
	}
	return withLog(ctx, c, func(a *AdminClient) error { return a.stream(ctx, "/bundle", asked, w) })
}

// streams are what is sent as it is written, by the paths under which it is asked for.
func (s adminServer) streams() map[string]func(*http.Request, io.Writer) error {
	return map[string]func(*http.Request, io.Writer) error{"/export": s.export, "/bundle": s.bundle}
}

// export sends what was asked for.
func (s adminServer) export(r *http.Request, w io.Writer) error {
	var o evidence.ExportOptions
	err := json.Unmarshal([]byte(r.FormValue("options")), &o)
	if err == nil && r.FormValue("person") != "" {
		o.Only.Person, err = whom(r, s.workflow.People)
	}
	if err != nil {
		return err
	}
	return evidence.Export(r.Context(), s.store, w, o)
}

// bundle sends the log with what is anchored of it.
func (s adminServer) bundle(r *http.Request, w io.Writer) error {
	b := anchor.Bundling{Made: s.now(), Nameless: r.FormValue("nameless") != ""}
	b.Keys = s.seal().Keys
	return anchor.WriteBundle(r.Context(), s.store, w, b)
}

// HasStore tells whether there is a store: the bot ran here before.
func HasStore(c *config.Config) bool { return storeThere(c) == nil }

// storeThere keeps commands that only read from making an empty store where
// there is none.
func storeThere(c *config.Config) error {
	file := storeFile(c)
	if file == "" {
		return nil
	}
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no store at %s: run this where the bot runs, or name its configuration with --config", file)
	}
	return nil
}
