package config

import (
	"net/url"
	"path/filepath"

	"latchkey/config/value"
	"latchkey/evidence/witness"
)

// Anchor is a further place where the log's head is kept: a file or a witness.
type Anchor struct {
	File    string
	Witness string // its address
	Key     witness.Key
}

func anchors(v value.Node) (all []Anchor) {
	files, names := map[string]bool{}, map[string]bool{}
	for _, item := range v.List() {
		a := anchor(item)
		if a.File != "" && files[a.File] || a.Witness != "" && names[a.Key.Name()] {
			item.Fault("%s is there twice: keep one", item.Path())
		}
		files[a.File], names[a.Key.Name()] = true, true
		all = append(all, a)
	}
	return all
}

func anchor(v value.Node) (a Anchor) {
	o := v.Object("file", "witness", "key")
	file, at := o.Get("file"), o.Get("witness")
	switch {
	case file.Present() == at.Present():
		v.Fault("%s needs one of the two: file, a path on another disk or host, or witness, the address of one", v.Path())
	case file.Present():
		if o.Get("key").Present() {
			o.Get("key").Fault("%s.key is a witness's: a file has none", v.Path())
		}
		a.File, _ = file.Needed("write the path of a file")
		if a.File != "" && !filepath.IsAbs(a.File) {
			file.Fault("%s.file has to be a whole path, such as /mnt/backup/latchkey.anchors: it is to be on another disk or host than the store", v.Path())
		}
	default:
		a.Witness, a.Key = witnessAt(v, at, o.Get("key"))
	}
	return a
}

func witnessAt(v, at, key value.Node) (address string, k witness.Key) {
	address, _ = at.Needed("write the witness's address, for example https://witness.example/add")
	if u, err := url.Parse(address); address != "" && (err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Scheme != "https" && !loopback(u.Hostname())) {
		at.Fault("%s.witness can't be %q: write an address that begins with https://, without a token in it: a witness is told nothing secret", v.Path(), value.ShownURL(address))
	}
	text, ok := key.Needed("write the witness's public key, as it gives it out")
	if !ok {
		return address, k
	}
	k, err := witness.ParseKey(text)
	if err != nil {
		key.Fault("%v", err)
	}
	return address, k
}

func loopback(host string) bool { return host == "127.0.0.1" || host == "localhost" || host == "::1" }
