package world

import (
	"bytes"
	"encoding/json"
	"slices"
	"unicode/utf8"
)

// Limits of entity properties: characters of JSON, and bytes of the key.
const (
	propertyLimit    = 32768
	propertyKeyLimit = 255
)

// Property is an entity property of an issue or a comment.
type Property struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

// Check refuses keys and values that the vendor refuses.
func (p Property) Check() error {
	switch {
	case p.Key == "" || len(p.Key) > propertyKeyLimit:
		return invalid("The property key must not be empty and must not exceed %d characters.", propertyKeyLimit)
	case len(bytes.TrimSpace(p.Value)) == 0 || !json.Valid(p.Value):
		return invalid("The property value must be a valid, non-empty JSON.")
	case utf8.RuneCount(p.Value) > propertyLimit:
		return invalid("The property value cannot exceed %d characters.", propertyLimit)
	}
	return nil
}

// CheckProperties checks each of them.
func CheckProperties(props []Property) error {
	for _, p := range props {
		if err := p.Check(); err != nil {
			return err
		}
	}
	return nil
}

// SetProperty replaces the whole value. Properties are neither in the
// changelog nor in JQL and do not bump "updated".
func (s *State) SetProperty(is *LiveIssue, p Property) (created bool) {
	_, known := is.Properties[p.Key]
	is.Properties[p.Key] = slices.Clone(p.Value)
	s.note("property.set", is.Key+"/"+p.Key)
	return !known
}

// DeleteProperty deletes a property; one that is not there is an error.
func (s *State) DeleteProperty(is *LiveIssue, key string) error {
	if _, known := is.Properties[key]; !known {
		return NoProperty(key)
	}
	delete(is.Properties, key)
	s.note("property.deleted", is.Key+"/"+key)
	return nil
}

// NoProperty refuses a key that the issue has no property under.
func NoProperty(key string) *Refusal {
	return notFound("The property with key '%s' does not exist.", key)
}
