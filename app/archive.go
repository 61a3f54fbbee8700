package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"latchkey/store"
)

// archiveFault is the trailer that says why an archive that was begun has no end.
const archiveFault = "Latchkey-Fault"

// archiveStall is how long nobody may take anything of an archive: while it is read,
// what is deleted in the store takes up room all the same.
const archiveStall = time.Minute

// archiver sends the copy of a store. The one who asked writes and checks it.
type archiver struct {
	store store.Store
	now   func() time.Time
}

func (a archiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/x-tar")
	sending(func(r *http.Request, out io.Writer) error { return archive(r.Context(), a.store, out, a.now()) })(w, r)
}

// sending answers with what fill writes, as it is written. What goes wrong after the first byte is told in a trailer.
func sending(fill func(*http.Request, io.Writer) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { send(w, r, fill) }
}

func send(w http.ResponseWriter, r *http.Request, fill func(*http.Request, io.Writer) error) {
	w.Header().Set("Trailer", archiveFault)
	control := http.NewResponseController(w)
	out := writerFunc(func(p []byte) (int, error) {
		_ = control.SetWriteDeadline(time.Now().Add(archiveStall)) // without one it waits for longer
		return w.Write(p)
	})
	if err := fill(r, out); err != nil {
		w.Header().Set(archiveFault, url.QueryEscape(Sentence(err)))
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// fetchArchive has the bot that runs here send the copy of its store.
func fetchArchive(ctx context.Context, client *http.Client, w io.Writer) error {
	return fetch(ctx, client, "/backup", w)
}

// fetch has the bot that runs here send something.
func fetch(ctx context.Context, client *http.Client, path string, w io.Writer) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://latchkey"+path, nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("the bot that runs here does not answer: %w; try again, or stop it first", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the bot that runs here answered %s: is it of the same version?", resp.Status)
	}
	if _, err := io.Copy(w, resp.Body); err != nil {
		return fmt.Errorf("the copy broke off: %w", err)
	}
	if said, err := url.QueryUnescape(resp.Trailer.Get(archiveFault)); said != "" || err != nil {
		return errors.New(said)
	}
	return nil
}
