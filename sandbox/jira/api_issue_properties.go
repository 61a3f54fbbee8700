package jira

import (
	"bytes"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"latchkey/sandbox/jira/world"
)

func getPropertyKeys(c *call) (reply, error) {
	is, err := c.pathIssue()
	if err != nil {
		return reply{}, err
	}
	keys := []any{}
	for _, k := range slices.Sorted(maps.Keys(is.Properties)) {
		keys = append(keys, obj{"key": k, "self": c.api() + "/issue/" + strconv.Itoa(is.ID) + "/properties/" + k})
	}
	return ok(obj{"keys": keys}), nil
}

func getProperty(c *call) (reply, error) {
	is, err := c.pathIssue()
	if err != nil {
		return reply{}, err
	}
	key := c.vars["propertyKey"]
	value, known := is.Properties[key]
	if !known {
		return reply{}, world.NoProperty(key)
	}
	return ok(obj{"key": key, "value": value}), nil
}

// putProperty answers 201 for a new key and 200 for a replaced one, without a
// body.
func putProperty(c *call) (reply, error) {
	is, err := c.writeIssue()
	if err != nil {
		return reply{}, err
	}
	if err := c.mayEdit(http.StatusForbidden); err != nil {
		return reply{}, err
	}
	p := world.Property{Key: c.vars["propertyKey"], Value: bytes.Clone(c.body)}
	if err := p.Check(); err != nil {
		return reply{}, err
	}
	if c.site.SetProperty(is, p) {
		return status(http.StatusCreated), nil
	}
	return status(http.StatusOK), nil
}

func deleteProperty(c *call) (reply, error) {
	is, err := c.writeIssue()
	if err != nil {
		return reply{}, err
	}
	if err := c.mayEdit(http.StatusNotFound); err != nil {
		return reply{}, err
	}
	return noContent(), c.site.DeleteProperty(is, c.vars["propertyKey"])
}
