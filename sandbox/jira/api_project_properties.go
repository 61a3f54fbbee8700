package jira

import (
	"bytes"
	"net/http"

	"latchkey/sandbox/jira/world"
)

func getProjectProperty(c *call) (reply, error) {
	p, err := c.pathProject()
	if err != nil {
		return reply{}, err
	}
	key := c.vars["propertyKey"]
	v, known := p.Properties[key]
	if !known || !c.who.Browses() {
		return reply{}, refuse(http.StatusNotFound, "The property with key '%s' does not exist.", key)
	}
	return ok(obj{"key": key, "value": v}), nil
}

func putProjectProperty(c *call) (reply, error) {
	p, err := c.pathProject()
	if err != nil {
		return reply{}, err
	}
	if !c.who.Admin {
		return reply{}, refuse(http.StatusForbidden, "You do not have permission to administer this project.")
	}
	prop := world.Property{Key: c.vars["propertyKey"], Value: bytes.Clone(c.body)}
	if err := prop.Check(); err != nil {
		return reply{}, err
	}
	if p.SetProperty(prop) {
		return status(http.StatusCreated), nil
	}
	return status(http.StatusOK), nil
}
