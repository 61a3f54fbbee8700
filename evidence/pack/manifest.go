package pack

import (
	"io/fs"
	"time"

	"latchkey/access"
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

// Holds reports whether there is a pack in a folder, by the name of its manifest.
func Holds(files fs.FS) bool {
	info, err := fs.Stat(files, ManifestFile)
	return err == nil && info.Mode().IsRegular()
}
