package jira

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"unicode/utf8"
)

// Limits of entity properties: characters of JSON, and bytes of the key.
const (
	propertyLimit    = 32768
	propertyKeyLimit = 255
)

type property struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

func (p property) check() error {
	switch {
	case p.Key == "" || len(p.Key) > propertyKeyLimit:
		return refuse(http.StatusBadRequest, "The property key must not be empty and must not exceed %d characters.", propertyKeyLimit)
	case len(bytes.TrimSpace(p.Value)) == 0 || !json.Valid(p.Value):
		return refuse(http.StatusBadRequest, "The property value must be a valid, non-empty JSON.")
	case utf8.RuneCount(p.Value) > propertyLimit:
		return refuse(http.StatusBadRequest, "The property value cannot exceed %d characters.", propertyLimit)
	}
	return nil
}

func checkAll(props []property) error {
	for _, p := range props {
		if err := p.check(); err != nil {
			return err
		}
	}
	return nil
}

// setProperty replaces the whole value. Properties are neither in the
// changelog nor in JQL and do not bump "updated".
func (w *world) setProperty(is *issue, p property) (created bool) {
	_, known := is.props[p.Key]
	is.props[p.Key] = slices.Clone(p.Value)
	w.changed = true
	return !known
}

func (w *world) deleteProperty(is *issue, key string) error {
	if _, known := is.props[key]; !known {
		return noProperty(key)
	}
	delete(is.props, key)
	w.changed = true
	return nil
}

func noProperty(key string) *problem {
	return refuse(http.StatusNotFound, "The property with key '%s' does not exist.", key)
}
