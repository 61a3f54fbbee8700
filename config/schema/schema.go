// Package schema describes config.yaml for editors, as a JSON Schema: which keys there are, which words can stand where, and
// what config.yaml's own comments say of them. It is made of what the program reads, so it can't say anything else; it says
// nothing of values, which latchkey check does better.
package schema

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	_ "embed"

	"latchkey/config/value"
)

//go:embed latchkey.schema.json
var text []byte

// Text is the schema, in JSON.
func Text() []byte { return slices.Clone(text) }

// Shape is what was seen of how files are read. The zero value has seen nothing.
type Shape struct{ root part }

// part is one place in a file.
type part struct {
	keys   map[string]*part // by name
	closed bool             // there are no other keys
	free   bool             // keys are names of somebody's own
	items  *part            // of a list
	words  map[string]bool
}

// Saw notes a use.
func (s *Shape) Saw(u value.Use) {
	p := s.root.at(u.Path)
	p.closed, p.free = p.closed || u.Closed, p.free || u.Free
	for _, k := range u.Keys {
		p.key(k)
	}
	for _, w := range u.Words {
		if p.words == nil {
			p.words = map[string]bool{}
		}
		p.words[w] = true
	}
}

var index = regexp.MustCompile(`\[\d+\]`)

// at is the place that a path leads to, such as apps[2].roles[0].groups.
func (p *part) at(path string) *part {
	for step := range strings.SplitSeq(index.ReplaceAllString(path, ".[]"), ".") {
		switch step {
		case "":
		case "[]":
			if p.items == nil {
				p.items = &part{}
			}
			p = p.items
		default:
			p = p.key(step)
		}
	}
	return p
}

func (p *part) key(name string) *part {
	if p.keys == nil {
		p.keys = map[string]*part{}
	}
	if p.keys[name] == nil {
		p.keys[name] = &part{}
	}
	return p.keys[name]
}

// JSON is the schema of what was seen, with what is said of each place.
func (s *Shape) JSON(said map[string]string) ([]byte, error) {
	root := s.root.json("", said)
	root["$schema"], root["title"] = "https://json-schema.org/draft/2020-12/schema", "Latchkey's configuration"
	out, err := json.MarshalIndent(root, "", " ")
	return append(out, '\n'), err
}

// json describes a place. No kind is demanded anywhere: many values can be written in more than one way.
func (p *part) json(path string, said map[string]string) map[string]any {
	out := map[string]any{}
	if text := said[path]; text != "" {
		out["description"] = text
	}
	if len(p.words) > 0 {
		out["anyOf"] = []any{ // a word, one from outside, or what is no word
			map[string]any{"enum": slices.Sorted(maps.Keys(p.words))},
			map[string]any{"type": "string", "pattern": `\$\{`},
			map[string]any{"type": []string{"object", "array", "null"}},
		}
	}
	switch {
	case p.free:
		any := part{}
		for _, k := range slices.Sorted(maps.Keys(p.keys)) {
			any.merge(p.keys[k])
		}
		out["additionalProperties"] = any.json(path+".*", said)
	case len(p.keys) > 0:
		properties := map[string]any{}
		for k, v := range p.keys {
			properties[k] = v.json(strings.TrimPrefix(path+"."+k, "."), said)
		}
		out["properties"] = properties
		if p.closed {
			out["additionalProperties"] = false
		}
	}
	if p.items != nil {
		out["items"] = p.items.json(path+"[]", said)
	}
	return out
}

// merge takes in what was seen of another place of the same kind.
func (p *part) merge(o *part) {
	p.closed, p.free = p.closed || o.closed, p.free || o.free
	for k, v := range o.keys {
		p.key(k).merge(v)
	}
	for w := range o.words {
		if p.words == nil {
			p.words = map[string]bool{}
		}
		p.words[w] = true
	}
	if o.items != nil {
		if p.items == nil {
			p.items = &part{}
		}
		p.items.merge(o.items)
	}
}
