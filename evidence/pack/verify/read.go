package verify

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"latchkey/evidence/note"
	"latchkey/evidence/pack"
)

// OwnKeys are the public keys that a pack says it is signed with. They prove nothing:
// whoever makes a pack writes them.
func OwnKeys(files fs.FS) ([]string, error) {
	head, err := readCampaign(files, nil)
	return head.Tool.Keys, err
}

// readHead is what is read of campaign.json beside its rows.
type readHead struct {
	Form string
	ID   string
	Tool pack.Tool
	Rows int // how many there are
}

var errForm = errors.New("it is no campaign as a pack has it")

// readCampaign reads campaign.json piece by piece. each gets the rows; with nil reading ends
// where they begin.
func readCampaign(files fs.FS, each func(pack.Row)) (head readHead, err error) {
	f, err := files.Open(pack.JSONFile)
	if err != nil {
		return head, err
	}
	defer f.Close()
	d := json.NewDecoder(bufio.NewReaderSize(f, 1<<16))
	if err := expect(d, '{'); err != nil {
		return head, err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return head, err
		}
		if name == "rows" && each == nil {
			return head, nil
		}
		if err := head.field(d, name, each); err != nil {
			return head, fmt.Errorf("%v: %w", name, err)
		}
	}
	if err := expect(d, '}'); err != nil {
		return head, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return head, errForm
	}
	return head, nil
}

// field reads the value of one field.
func (h *readHead) field(d *json.Decoder, name json.Token, each func(pack.Row)) error {
	switch name {
	case "form":
		return d.Decode(&h.Form)
	case "id":
		return d.Decode(&h.ID)
	case "tool":
		return d.Decode(&h.Tool)
	case "rows":
		return h.rows(d, each)
	}
	return d.Decode(new(json.RawMessage))
}

func (h *readHead) rows(d *json.Decoder, each func(pack.Row)) error {
	if err := expect(d, '['); err != nil {
		return err
	}
	for d.More() {
		var r pack.Row
		if err := d.Decode(&r); err != nil {
			return fmt.Errorf("row %d: %w", h.Rows+1, err)
		}
		h.Rows++
		each(r)
	}
	return expect(d, ']')
}

func expect(d *json.Decoder, want json.Delim) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	if t != want {
		return errForm
	}
	return nil
}

// readEvents reads events.jsonl line by line.
func readEvents(files fs.FS, each func(pack.Event) error) error {
	f, err := files.Open(pack.EventsFile)
	if err != nil {
		return err
	}
	defer f.Close()
	for d := json.NewDecoder(bufio.NewReaderSize(f, 1<<16)); ; {
		var w pack.EventLine
		if err := d.Decode(&w); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		e, err := w.Event()
		if err == nil {
			err = each(e)
		}
		if err != nil {
			return err
		}
	}
}

// openManifest opens the manifest and says who signed it.
func openManifest(files fs.FS, trust note.Trust) (m pack.Manifest, by note.Opened, err error) {
	text, err := readShort(files, pack.ManifestFile)
	if err != nil {
		return m, by, err
	}
	if by, err = trust.Open(note.Pack, string(text)); err != nil {
		return m, by, err
	}
	return m, by, by.Decode(&m)
}

// short is how many bytes a file has at most that is read at once: more than any pack needs.
const short = 4 << 20

// readShort reads a file at once that may come from anybody.
func readShort(files fs.FS, name string) ([]byte, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, short+1))
	if len(text) > short {
		err = errors.Join(err, fmt.Errorf("it is longer than any pack's (%d bytes)", short))
	}
	return text, errors.Join(err, f.Close())
}
