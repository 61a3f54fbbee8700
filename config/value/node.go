package value

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Node is one value of the file and the path that leads to it. A key
// that is not there has a value without a node.
type Node struct {
	doc   *Document
	path  string
	node  *yaml.Node
	taken []string // keys that somebody else reads
}

// Path leads to the value, as in "apps[2].roles[0].route".
func (v Node) Path() string { return v.path }

// Except is a mapping without the keys that somebody else reads.
func (v Node) Except(keys ...string) Node {
	v.taken = slices.Concat(v.taken, keys)
	return v
}

// At is the same value under the path of something else that it stands for.
func (v Node) At(path string) Node {
	v.path = path
	return v
}

// AlsoAt has what is said about another path stand where the value does.
func (v Node) AlsoAt(path string) { v.doc.at[path] = v.doc.at[v.path] }

// Fault reports a problem with the value.
func (v Node) Fault(format string, args ...any) { v.doc.Fault(v.path, format, args...) }

// Line is where the value stands in the file, from 1; 0 where it isn't there.
func (v Node) Line() int {
	if !v.Present() {
		return 0
	}
	return v.target().Line
}

// Faulty tells whether a fault has been reported about the value or inside it.
func (v Node) Faulty() bool { return v.doc.FaultyUnder(v.path) }

// DidYouMean names the nearest known word, or else all of them.
func (v Node) DidYouMean(word string, known []string) string { return v.doc.DidYouMean(word, known) }

// target follows an alias to what it stands for.
func (v Node) target() *yaml.Node {
	if v.node.Kind == yaml.AliasNode {
		return v.node.Alias
	}
	return v.node
}

// Present tells whether the value is in the file.
func (v Node) Present() bool { return v.node != nil }

// IsMapping tells whether the value has keys.
func (v Node) IsMapping() bool { return v.Present() && v.target().Kind == yaml.MappingNode }

// IsList tells whether the value is a list.
func (v Node) IsList() bool { return v.Present() && v.target().Kind == yaml.SequenceNode }

// IsSingle tells whether the value is neither a mapping nor a list.
func (v Node) IsSingle() bool { return v.Present() && v.target().Kind == yaml.ScalarNode }

func null(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

// kindOf says what a value is, for a sentence.
func kindOf(n *yaml.Node) string {
	switch {
	case null(n):
		return "empty"
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.ShortTag() == "!!int" || n.ShortTag() == "!!float":
		return "a number"
	case n.ShortTag() == "!!bool":
		return "true or false"
	case n.ShortTag() == "!!timestamp":
		return "a date"
	default:
		return "text"
	}
}

// Member is a key of a mapping and its value.
type Member struct {
	Key   string
	Value Node
}

// Members lists a mapping in file order. An absent or empty mapping has none.
// Whoever reads only some keys names them, for the sentence on what is no mapping.
func (v Node) Members(known ...string) []Member {
	if len(known) == 0 {
		v.doc.used(Use{Path: v.path, Free: true})
	}
	return v.members(known)
}

func (v Node) members(known []string) []Member {
	if !v.Present() || null(v.target()) {
		return nil
	}
	n := v.target()
	if n.Kind != yaml.MappingNode {
		v.Fault("%s has to be a mapping of keys to values, but is %s%s", cmp.Or(v.path, "the file"), kindOf(n), asMapping(n, known))
		return nil
	}
	var out []Member
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if m, ok := v.member(key, value, seen); ok {
			out = append(out, m)
		}
	}
	return out
}

// asMapping says how something is written that has to have keys.
func asMapping(n *yaml.Node, known []string) string {
	if len(known) == 0 {
		return ""
	}
	what := "…"
	if n.Kind == yaml.ScalarNode && n.Value != "" && n.ShortTag() != "!!bool" && !strings.Contains(n.Value, "${") {
		what = n.Value
	}
	return fmt.Sprintf(": write it under one of its keys, as in {%s: %s}; they are %s", known[0], what, strings.Join(known, ", "))
}

// member registers one key and where it stands, and refuses keys that are not
// text, merge keys and repeated keys.
func (v Node) member(key, value *yaml.Node, seen map[string]int) (Member, bool) {
	d := v.doc
	complain := func(format string, args ...any) {
		d.faults = append(d.faults, Fault{
			Line: key.Line, Column: key.Column, Path: JoinPath(v.path, key.Value), Problem: fmt.Sprintf(format, args...),
		})
	}
	switch {
	case key.Kind != yaml.ScalarNode:
		complain("a key has to be text: if this is ${…}, put it in quotes")
		return Member{}, false
	case key.ShortTag() == "!!merge":
		complain("merge keys (<<) are not read here: write the values out, or use an alias for a whole value")
		return Member{}, false
	case seen[key.Value] > 0:
		complain("%q is here twice, first on line %d: keep one", key.Value, seen[key.Value])
		return Member{}, false
	}
	seen[key.Value] = key.Line
	name := key.Value
	if problem := d.unreadable(name); problem != "" {
		complain("the key %q %s", name, problem)
		name = d.seen(name) // which key is meant is clear all the same
	}
	if slices.Contains(v.taken, name) {
		return Member{}, false
	}
	child := Node{doc: d, path: JoinPath(v.path, name), node: value}
	d.at[child.path] = placeOf(key, value)
	return Member{name, child}, true
}

// placeOf points at a value; at its key when there is nothing to point at, or
// the value is a block below it.
func placeOf(key, value *yaml.Node) position {
	nothing := value.Kind == yaml.ScalarNode && value.Value == "" && value.ShortTag() == "!!null"
	if nothing || value.Line != key.Line {
		return position{key.Line, key.Column}
	}
	return position{value.Line, value.Column}
}

// JoinPath adds a key to a path.
func JoinPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
