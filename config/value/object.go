package value

import (
	"fmt"
	"slices"
)

// Object is a mapping whose keys are known.
type Object struct {
	of     Node
	values map[string]Node
}

// Object reads a mapping and reports keys that nobody reads.
func (v Node) Object(known ...string) Object {
	o, others := part(v, known)
	v.doc.used(Use{Path: v.path, Keys: known, Closed: true})
	for _, m := range others {
		o.unknown(m, slices.Concat(v.taken, known))
	}
	return o
}

// Part reads some keys of a mapping and leaves the others to somebody else.
func (v Node) Part(keys ...string) Object {
	o, _ := part(v, keys)
	v.doc.used(Use{Path: v.path, Keys: keys})
	return o
}

// part reads some keys of a mapping, and gives the others beside them.
func part(v Node, keys []string) (o Object, others []Member) {
	o = Object{of: v, values: map[string]Node{}}
	for _, m := range v.members(keys) {
		if !slices.Contains(keys, m.Key) {
			others = append(others, m)
			continue
		}
		o.values[m.Key] = m.Value
	}
	return o, others
}

// Path leads to the mapping.
func (o Object) Path() string { return o.of.path }

// Fault reports a problem with the mapping as a whole.
func (o Object) Fault(format string, args ...any) { o.of.Fault(format, args...) }

func (o Object) unknown(m Member, known []string) {
	place := o.keyPlace(m.Key)
	problem := fmt.Sprintf("%q is not a key %s: %s", m.Key, inside(o.of.path), o.of.DidYouMean(m.Key, known))
	o.of.doc.faults = append(o.of.doc.faults,
		Fault{Line: place.line, Column: place.column, Path: m.Value.path, Problem: problem, misnamed: true})
}

func (o Object) keyPlace(name string) position {
	n := o.of.target()
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return position{n.Content[i].Line, n.Content[i].Column}
		}
	}
	return position{n.Line, n.Column}
}

// Get gives the value of a key, present or not.
func (o Object) Get(key string) Node {
	if v, ok := o.values[key]; ok {
		return v
	}
	return Node{doc: o.of.doc, path: JoinPath(o.of.path, key)}
}

func inside(path string) string {
	if path == "" {
		return "of this file"
	}
	return "of " + path
}
