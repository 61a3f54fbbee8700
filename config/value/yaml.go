package value

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// parseYAML reads one document. The parser's own errors name a place, but speak
// of grammar; the sentence adds what usually is behind them.
func parseYAML(source []byte) (*yaml.Node, *Fault) {
	var document yaml.Node
	err := yaml.Load(source, &document)
	if err == nil && len(document.Content) == 1 {
		return document.Content[0], nil
	}
	fault := &Fault{Line: 1, Column: 1, Problem: "the file holds nothing to read: start from the example config.yaml"}
	first := firstLoadError(err)
	if first == nil {
		return nil, fault
	}
	fault.Line, fault.Column = max(1, first.Mark.Line), max(1, first.Mark.Column)
	fault.Problem = fmt.Sprintf("this is not valid YAML (%s)%s", plainLoadError(first), yamlRemedy(source, first.Mark.Line))
	return nil, fault
}

func firstLoadError(err error) *yaml.LoadError {
	if all := (*yaml.LoadErrors)(nil); errors.As(err, &all) && len(all.Errors) > 0 {
		return all.Errors[0]
	}
	if one := (*yaml.LoadError)(nil); errors.As(err, &one) {
		return one
	}
	return nil
}

func plainLoadError(e *yaml.LoadError) string {
	message := strings.TrimPrefix(e.Message, "yaml: ")
	if message == "" && e.Unwrap() != nil {
		message = strings.TrimPrefix(e.Unwrap().Error(), "yaml: ")
	}
	if e.ContextMsg != "" {
		message += " " + e.ContextMsg
	}
	return message
}

// yamlRemedy knows the two slips that explain most syntax errors here.
func yamlRemedy(source []byte, line int) string {
	lines := strings.Split(string(source), "\n")
	if line < 1 || line > len(lines) {
		return ": write one UTF-8 document"
	}
	text := lines[line-1]
	switch {
	case strings.Contains(text, "${") && strings.ContainsAny(strings.ReplaceAll(text, "${", ""), "{["):
		return ": inside { } and [ ] put ${…} in quotes"
	case strings.Contains(text, "\t"):
		return ": indent with spaces, not tabs"
	}
	return ": check the indentation, brackets and quotes here and just above"
}
