package write

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"latchkey/evidence/pack"
	"latchkey/evidence/pack/summary"
)

// json writes campaign.json: one object, whose rows come last, each on a line of its own,
// so that it can be read piece by piece.
func (p *press) json(w io.Writer) error {
	head, err := json.MarshalIndent(struct {
		Form string `json:"form"`
		pack.Campaign
		Summary summary.Summary `json:"summary"`
	}{pack.Version, p.r.Campaign, p.r.Summary}, "", " ")
	if err != nil {
		return fmt.Errorf("write down the campaign: %w", err)
	}
	if _, err := w.Write(bytes.TrimSuffix(head, []byte("\n}"))); err != nil {
		return err
	}
	if _, err := io.WriteString(w, ",\n \"rows\": ["); err != nil {
		return err
	}
	comma := "\n"
	err = p.r.Each(p.ctx, func(r pack.Row) error {
		line, err := json.Marshal(r.Whole())
		if err != nil {
			return fmt.Errorf("write down the row %s: %w", r.ID, err)
		}
		if _, err = io.WriteString(w, comma); err == nil {
			_, err = w.Write(line)
		}
		comma = ",\n"
		return err
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n ]\n}\n")
	return err
}

// eventLines writes events.jsonl: an event a line.
func (p *press) eventLines(w io.Writer) error {
	enc := json.NewEncoder(w)
	p.events = 0
	for e, err := range p.r.Campaign.Events {
		if err == nil {
			err = p.ctx.Err()
		}
		if err == nil {
			err = enc.Encode(e.Line())
		}
		if err != nil {
			return err
		}
		p.events++
	}
	return nil
}
