package bolt

import "latchkey/config/value"

// Settings are what config.yaml says about the file.
type Settings struct {
	Path string
}

// Decode reads store, apart from its type.
func Decode(n value.Node) Settings {
	path := n.Object("path").Get("path")
	s := Settings{Path: path.TextOr("latchkey.db")}
	if s.Path == "" && !path.Faulty() {
		path.Fault("store.path is empty: name a file, for example latchkey.db")
	}
	return s
}

// File is the one file the store is in; one process can have it open.
func (s Settings) File() string { return s.Path }
