package pack

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"latchkey/access"
	"latchkey/evidence/note"
)

// Manifest is what is signed of a pack. Through the sum of the sums it vouches for every
// byte of every file.
type Manifest struct {
	Form     string      `json:"form"` // Version
	Campaign string      `json:"campaign"`
	Run      int         `json:"run"`
	Status   Status      `json:"status"`
	Made     time.Time   `json:"made"`
	Version  string      `json:"version"` // of Latchkey
	Rows     int         `json:"rows"`
	Files    int         `json:"files"`              // that SumsFile names
	Sums     string      `json:"sums"`               // SHA-256 of SumsFile, in hex
	Chain    Head        `json:"chain"`              // of the campaign
	Size     uint64      `json:"log_size,omitempty"` // events under the checkpoint
	Root     access.Hash `json:"log_root,omitzero"`  // of their tree
	Events   int         `json:"events,omitempty"`   // in EventsFile
}

func (p *press) manifest(files int) Manifest {
	m := Manifest{
		Form: Version, Campaign: p.c.ID, Run: p.c.Run, Status: p.c.Status, Made: p.c.Times.Made.UTC(), Version: p.c.Tool.Version,
		Rows: p.tally.Rows, Files: files, Sums: p.sums[len(p.sums)-1].hash, Chain: p.c.Tool.Chain, Events: p.tally.events,
	}
	m.Size, m.Root = p.head.Size, p.head.Root
	return m
}

// Holds reports whether there is a pack in a folder, by the name of its manifest.
func Holds(files fs.FS) bool {
	info, err := fs.Stat(files, ManifestFile)
	return err == nil && info.Mode().IsRegular()
}

// openManifest opens the manifest and says who signed it.
func openManifest(files fs.FS, trust note.Trust) (m Manifest, by note.Opened, err error) {
	text, err := readShort(files, ManifestFile)
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
