package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"latchkey/catalog"

	"go.yaml.in/yaml/v4"
)

// configDecoder walks the tree of a configuration file by its schema and
// collects every fault instead of stopping at the first.
type configDecoder struct {
	refs        references
	stores      []string // store types of this build
	directories []string // directory types of this build
	faults      []Fault
	missing     []Fault                   // secrets that are referred to but not there
	at          map[string]configPosition // where each path stands
	inherited   map[string]string         // a role's path -> the app's path it takes its value from
	everywhere  Reconcile                 // what holds for apps that say nothing about it
}

type configPosition struct{ line, column int }

// fault reports a problem where path stands, or where it would have to stand:
// at the nearest part of it that is there.
func (d *configDecoder) fault(path, format string, args ...any) {
	d.faults = append(d.faults, d.locate(path, fmt.Sprintf(format, args...)))
}

func (d *configDecoder) locate(path, problem string) Fault {
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

// faultyUnder tells whether a fault has been reported at path or inside it.
func (d *configDecoder) faultyUnder(path string) bool {
	return slices.ContainsFunc(d.faults, func(f Fault) bool { return within(f.Path, path) })
}

// within tells whether path is outer or lies inside it.
func within(path, outer string) bool {
	rest, ok := strings.CutPrefix(path, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// configValue is one value of the file and the path that leads to it. A key
// that is not there has a value without a node.
type configValue struct {
	decoder *configDecoder
	path    string
	node    *yaml.Node
}

func (v configValue) fault(format string, args ...any) { v.decoder.fault(v.path, format, args...) }

// target follows an alias to what it stands for.
func (v configValue) target() *yaml.Node {
	if v.node.Kind == yaml.AliasNode {
		return v.node.Alias
	}
	return v.node
}

func (v configValue) present() bool { return v.node != nil }

func (v configValue) null() bool {
	return v.target().Kind == yaml.ScalarNode && v.target().ShortTag() == "!!null"
}

// kind says what a value is, for a sentence.
func (v configValue) kind() string {
	switch n := v.target(); {
	case v.null():
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

// configMember is a key of a mapping and its value.
type configMember struct {
	key   string
	value configValue
}

// members lists a mapping in file order. An absent or empty mapping has none.
func (v configValue) members() []configMember {
	if !v.present() || v.null() {
		return nil
	}
	n := v.target()
	if n.Kind != yaml.MappingNode {
		v.fault("%s has to be a mapping of keys to values, but is %s", cmp.Or(v.path, "the file"), v.kind())
		return nil
	}
	var out []configMember
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if m, ok := v.member(key, value, seen); ok {
			out = append(out, m)
		}
	}
	return out
}

// member registers one key and where it stands, and refuses keys that are not
// text, merge keys and repeated keys.
func (v configValue) member(key, value *yaml.Node, seen map[string]int) (configMember, bool) {
	d := v.decoder
	complain := func(format string, args ...any) {
		d.faults = append(d.faults, Fault{
			Line: key.Line, Column: key.Column, Path: joinPath(v.path, key.Value), Problem: fmt.Sprintf(format, args...),
		})
	}
	switch {
	case key.Kind != yaml.ScalarNode:
		complain("a key has to be text: if this is ${…}, put it in quotes")
		return configMember{}, false
	case key.ShortTag() == "!!merge":
		complain("merge keys (<<) are not read here: write the values out, or use an alias for a whole value")
		return configMember{}, false
	case seen[key.Value] > 0:
		complain("%q is here twice, first on line %d: keep one", key.Value, seen[key.Value])
		return configMember{}, false
	}
	seen[key.Value] = key.Line
	child := configValue{d, joinPath(v.path, key.Value), value}
	d.at[child.path] = placeOf(key, value)
	return configMember{key.Value, child}, true
}

// placeOf points at a value; at its key when there is nothing to point at, or
// the value is a block below it.
func placeOf(key, value *yaml.Node) configPosition {
	nothing := value.Kind == yaml.ScalarNode && value.Value == "" && value.ShortTag() == "!!null"
	if nothing || value.Line != key.Line {
		return configPosition{key.Line, key.Column}
	}
	return configPosition{value.Line, value.Column}
}

func joinPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// configObject is a mapping whose keys are known.
type configObject struct {
	of     configValue
	values map[string]configValue
}

// object reads a mapping and reports keys that nobody reads.
func (v configValue) object(known ...string) configObject {
	o := configObject{of: v, values: map[string]configValue{}}
	isKnown := map[string]bool{}
	for _, k := range known {
		isKnown[k] = true
	}
	for _, m := range v.members() {
		if !isKnown[m.key] {
			o.unknown(m, known)
			continue
		}
		o.values[m.key] = m.value
	}
	return o
}

func (o configObject) unknown(m configMember, known []string) {
	place := o.keyPlace(m.key)
	problem := fmt.Sprintf("%q is not a key %s: %s", m.key, inside(o.of.path), didYouMean(m.key, known))
	o.of.decoder.faults = append(o.of.decoder.faults,
		Fault{Line: place.line, Column: place.column, Path: m.value.path, Problem: problem})
}

func (o configObject) keyPlace(name string) configPosition {
	n := o.of.target()
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return configPosition{n.Content[i].Line, n.Content[i].Column}
		}
	}
	return configPosition{n.Line, n.Column}
}

// get gives the value of a key, present or not.
func (o configObject) get(key string) configValue {
	if v, ok := o.values[key]; ok {
		return v
	}
	return configValue{decoder: o.of.decoder, path: joinPath(o.of.path, key)}
}

func inside(path string) string {
	if path == "" {
		return "of this file"
	}
	return "of " + path
}

// didYouMean names the nearest known word, or else all of them.
func didYouMean(word string, known []string) string {
	if near := catalog.Nearest(word, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(known) == 0 {
		return "there is nothing to choose from"
	}
	return "known are " + strings.Join(known, ", ")
}
