package value

import (
	"bytes"
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Source is a configuration file and what it may draw on.
type Source struct {
	Name string // for messages; files that it refers to are looked up beside it
	Text []byte
	Env  func(string) (string, bool) // as os.LookupEnv

	// Nearest gives the word of known that somebody most likely meant, or "". Nil:
	// nobody is asked whether they meant something else.
	Nearest func(word string, known []string) string

	// Unreadable names a character of a text that nobody can see; "" if there is none.
	// Nil: nothing is looked for.
	Unreadable func(text string) string

	// Seen hears how each value is read, for whoever describes the file. Nil: nobody does.
	Seen func(Use)
}

// Use is how a value of a file is read: as a mapping with known keys, as one with keys of any name, or as one of some words.
type Use struct {
	Path   string
	Keys   []string
	Closed bool // nobody reads other keys
	Free   bool // keys are names that whoever writes the file gives
	Words  []string
}

func (d *Document) used(u Use) {
	if d.source.Seen != nil {
		d.source.Seen(u)
	}
}

// Document is a configuration file on its way to being decoded. It collects every
// fault instead of stopping at the first.
type Document struct {
	source  Source
	refs    references
	faults  []Fault
	warned  []Fault             // what isn't wrong for certain
	missing []Fault             // secrets that are referred to but not there
	at      map[string]position // where each path stands
	secrets *Secrets
}

// Read reads a file into a tree, whose root is absent if it is not YAML.
func Read(s Source) (*Document, Node) {
	d := &Document{
		source: s, refs: references{env: s.Env, dir: filepath.Dir(s.Name)},
		at: map[string]position{"": {1, 1}}, secrets: &Secrets{},
	}
	root := Node{doc: d}
	if len(bytes.TrimSpace(s.Text)) == 0 {
		d.faults = append(d.faults, Fault{Line: 1, Column: 1, Problem: "the file is empty: start from the example config.yaml"})
		return d, root
	}
	node, fault := parseYAML(s.Text)
	if fault != nil {
		d.faults = append(d.faults, *fault)
		return d, root
	}
	root.node = node
	return d, root
}

// Err holds every fault of the file, in file order; nil if there is none.
func (d *Document) Err() error {
	if len(d.faults) == 0 {
		return nil
	}
	return &Error{File: d.source.Name, Faults: d.sorted(d.faults)}
}

// sorted puts faults into file order, each one once, with nothing in them that
// came from the environment or a file.
func (d *Document) sorted(faults []Fault) []Fault {
	out := slices.Clone(faults)
	for i := range out {
		out[i].Problem = d.refs.conceal(out[i].Problem)
	}
	slices.SortStableFunc(out, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Problem, b.Problem))
	})
	return slices.CompactFunc(out, func(a, b Fault) bool {
		return a.Line == b.Line && a.Column == b.Column && a.Problem == b.Problem
	})
}

// unreadable says what nobody can see in a text; "" if there is nothing.
func (d *Document) unreadable(text string) string {
	if d.source.Unreadable != nil {
		if what := d.source.Unreadable(text); what != "" {
			return "has " + what + " in it: delete it and type it anew"
		}
	}
	return ""
}

// seen is what people see of a key.
func (d *Document) seen(key string) string {
	return strings.Map(func(r rune) rune {
		if d.source.Unreadable(string(r)) != "" {
			return -1
		}
		return r
	}, key)
}

// Missing lists the secrets that the file refers to but that are not there.
func (d *Document) Missing() []Fault { return d.sorted(d.missing) }

// Secrets are the secrets that were decoded.
func (d *Document) Secrets() *Secrets { return d.secrets }

// Fault reports a problem where path stands, or where it would have to stand:
// at the nearest part of it that is there.
func (d *Document) Fault(path, format string, args ...any) {
	d.faults = append(d.faults, d.locate(path, fmt.Sprintf(format, args...)))
}

// Warn notes what isn't wrong for certain, where path stands.
func (d *Document) Warn(path, format string, args ...any) {
	d.warned = append(d.warned, d.locate(path, fmt.Sprintf(format, args...)))
}

// Warnings lists what isn't wrong for certain, in file order.
func (d *Document) Warnings() []Fault { return d.sorted(d.warned) }

// FaultyUnder tells whether a fault has been reported at path or inside it.
func (d *Document) FaultyUnder(path string) bool {
	return slices.ContainsFunc(d.faults, func(f Fault) bool { return Within(f.Path, path) })
}

// Follows tells whether a problem at path is likely to come of a fault that has been reported: of what it is a part
// of as a whole, or of a key beside it that may have been meant by it.
func (d *Document) Follows(path string) bool {
	_, there := d.at[path]
	return slices.ContainsFunc(d.faults, func(f Fault) bool {
		return f.misnamed && !there && parentPath(f.Path) == parentPath(path) || !f.misnamed && f.Path != "" && Within(path, f.Path)
	})
}

func (d *Document) locate(path, problem string) Fault {
	for at := path; ; at = parentPath(at) {
		if p, ok := d.at[at]; ok || at == "" {
			return Fault{Line: p.line, Column: p.column, Path: path, Problem: problem}
		}
	}
}

// parentPath cuts the last key or index off a path.
func parentPath(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}

// Within tells whether path is outer or lies inside it.
func Within(path, outer string) bool {
	rest, ok := strings.CutPrefix(path, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// DidYouMean names the nearest known word, or else all of them.
func (d *Document) DidYouMean(word string, known []string) string {
	if d.source.Nearest != nil {
		if near := d.source.Nearest(word, known); near != "" {
			return fmt.Sprintf("did you mean %q?", near)
		}
	}
	if len(known) == 0 {
		return "there is nothing to choose from"
	}
	return "known are " + strings.Join(known, ", ")
}
