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
	at, remedy := behind(string(source), position{max(1, first.Mark.Line), max(1, first.Mark.Column)}, plainLoadError(first))
	fault.Line, fault.Column = at.line, at.column
	fault.Problem = fmt.Sprintf("this is not valid YAML (%s): %s", plainLoadError(first), remedy)
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
