package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"

	"latchkey/access"
	"latchkey/evidence/note"
	"latchkey/evidence/pack/write"
	"latchkey/workflow/campaigns/export"
)

// sealing is what evidence is signed with. Without a key it says so where it signs.
func sealing(sign func(context.Context, string, note.Kind, string) (string, error), trust note.Trust) export.Sealing {
	s := export.Sealing{Sign: sign}
	for _, k := range trust.Keys() {
		s.Keys = append(s.Keys, k.String())
	}
	return s
}

// sealOf is sealing by the keys of a configuration, where no bot runs.
func sealOf(k note.Keys) func() export.Sealing {
	return func() export.Sealing {
		if k.Signer == nil {
			return export.Sealing{}
		}
		return sealing(k.Signer.Sign, k.Trust)
	}
}

// exportReview answers with the evidence of a review as a ZIP file, and writes down that it was made if the review is closed.
func (s adminServer) exportReview(w http.ResponseWriter, r *http.Request) {
	file, err := os.CreateTemp("", "latchkey-review-") // what goes wrong has to be told before the first byte of it
	if err == nil {
		err = s.writeReview(r, file)
	}
	if err != nil {
		answer(func(*http.Request) (any, error) { return nil, err })(w, r)
	} else {
		w.Header().Set("Content-Type", "application/zip")
		_, _ = io.Copy(w, file) // whoever asked has gone
	}
	if file != nil {
		_ = errors.Join(file.Close(), os.Remove(file.Name())) // the folder of such files is emptied by the system
	}
}

func (s adminServer) writeReview(r *http.Request, file *os.File) error {
	ctx, id := r.Context(), r.FormValue("id")
	c, err := s.workflow.Campaigns.Campaign(ctx, id)
	if err != nil {
		return err
	}
	archive := write.NewArchive(file, s.now())
	hash, err := s.workflow.Campaigns.Export.Write(ctx, id, s.seal(), archive)
	if err = errors.Join(err, archive.Close()); err != nil {
		return err
	}
	if c.State == access.CampaignClosed {
		if err := s.workflow.Campaigns.Export.Made(ctx, operator(r), id, hash); err != nil {
			return err
		}
	}
	_, err = file.Seek(0, io.SeekStart)
	return err
}

// ExportReview writes the evidence of a review: a ZIP file.
func (c *AdminClient) ExportReview(ctx context.Context, id, by string, w io.Writer) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://latchkey/review/export?"+url.Values{"id": {id}, "by": {by}}.Encode(), nil)
	if err != nil {
		return err
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return fmt.Errorf("the bot that runs here does not answer: %w; try again, or stop it first", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusOK {
		_, err := io.Copy(w, resp.Body)
		return err
	}
	var t trouble
	if err := json.NewDecoder(resp.Body).Decode(&t); err != nil || t.Error == "" {
		return fmt.Errorf("the bot that runs here answered %s: is it of the same version?", resp.Status)
	}
	return errors.New(t.Error)
}
