package config

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// standardIndent is how far the items of a new list are moved to the right.
const standardIndent = 2

// InsertApps puts items at the head of the list of apps that a file has, or makes the list, and leaves every other line as it
// is. items writes them, indented by so many spaces. The list has to stand in lines of its own.
func InsertApps(source []byte, items func(indent int) string) ([]byte, error) {
	root, err := rootOf(source)
	if err != nil {
		return nil, err
	}
	if key, list := under(root, "apps"); key != nil {
		return into(source, key, list, items)
	}
	text := bytes.TrimRight(source, "\n")
	return fmt.Appendf(text, "\n\napps:\n%s", items(standardIndent)), nil
}

// InsertRoles is InsertApps for the roles of an app, which has to be there.
func InsertRoles(source []byte, app string, items func(indent int) string) ([]byte, error) {
	root, err := rootOf(source)
	if err != nil {
		return nil, err
	}
	if _, apps := under(root, "apps"); apps != nil {
		for _, a := range apps.Content {
			if _, id := under(a, "id"); id == nil || id.Value != app {
				continue
			}
			if key, list := under(a, "roles"); key != nil {
				return into(source, key, list, items)
			}
		}
	}
	return nil, fmt.Errorf("the app %s has no roles in lines of their own", app)
}

func rootOf(source []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(source, &doc); err != nil {
		return nil, fmt.Errorf("the file is not YAML: %w", err)
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode || doc.Content[0].Style&yaml.FlowStyle != 0 {
		return nil, errors.New("the file has no keys in lines of their own: write it as the example config.yaml is written")
	}
	return doc.Content[0], nil
}

// under is a key of a mapping and what it has; nil if it isn't there.
func under(m *yaml.Node, key string) (*yaml.Node, *yaml.Node) {
	for i := 0; m.Kind == yaml.MappingNode && i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			return m.Content[i], m.Content[i+1]
		}
	}
	return nil, nil
}

// into puts items below the line of a key.
func into(source []byte, key, list *yaml.Node, items func(indent int) string) ([]byte, error) {
	lines := strings.SplitAfter(string(source), "\n")
	indent := standardIndent
	line, empty := emptied(lines[key.Line-1], list)
	switch {
	case empty && list.Line == key.Line:
		lines[key.Line-1] = line
	case list.Kind == yaml.ScalarNode && list.Tag == "!!null":
	case list.Kind != yaml.SequenceNode:
		return nil, fmt.Errorf("line %d: %s is no list: write each item in a line of its own, after a dash", key.Line, key.Value)
	case list.Style&yaml.FlowStyle != 0:
		return nil, fmt.Errorf("line %d: the list under %s stands in brackets: write each item in a line of its own, after a dash", key.Line, key.Value)
	default:
		indent = list.Column - 1
	}
	head := strings.Join(lines[:key.Line], "")
	if !strings.HasSuffix(head, "\n") {
		head += "\n"
	}
	return []byte(head + items(indent) + strings.Join(lines[key.Line:], "")), nil
}

// emptied is a line without the brackets of a list that has nothing in it.
func emptied(line string, list *yaml.Node) (string, bool) {
	const none = "[]"
	at := list.Column - 1
	if list.Kind != yaml.SequenceNode || len(list.Content) > 0 || at > len(line) || !strings.HasPrefix(line[at:], none) {
		return line, false
	}
	return strings.TrimRight(line[:at], " ") + line[at+len(none):], true
}
