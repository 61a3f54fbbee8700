package app

import (
	"context"
	"encoding/json"
	"io"
	"net/url"

	"latchkey/config"
	"latchkey/evidence"
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
