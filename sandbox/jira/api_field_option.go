package jira

import (
	"net/http"
	"slices"
	"strconv"

	"latchkey/sandbox/jira/world"
)

// optionField is the field of the path, for administrators.
func (c *call) optionField() (*world.Field, error) {
	if !c.who.Admin {
		return nil, refuse(http.StatusForbidden, "You are not authorized to perform this operation. Administrator privileges are required.")
	}
	f := c.site.FieldByID(c.vars["fieldId"])
	if f == nil || !f.HasOptions() {
		return nil, refuse(http.StatusNotFound, "The custom field was not found.")
	}
	if id := c.vars["contextId"]; id != "" && id != f.ContextID() {
		return nil, refuse(http.StatusNotFound, "The context was not found.")
	}
	return f, nil
}

func getFieldContexts(c *call) (reply, error) {
	f, err := c.optionField()
	if err != nil {
		return reply{}, err
	}
	return c.platformPage([]any{obj{"id": f.ContextID(), "name": "Default Configuration Scheme for " + f.Name, "description": "",
		"isGlobalContext": f.Global, "isAnyIssueType": true}})
}

func getContextProjects(c *call) (reply, error) {
	f, err := c.optionField()
	if err != nil {
		return reply{}, err
	}
	if f.Global {
		return c.platformPage([]any{obj{"contextId": f.ContextID(), "isGlobalContext": true}})
	}
	var all []any
	for _, p := range c.site.Projects {
		if p.Key == c.s.cfg.ProjectKey {
			all = append(all, obj{"contextId": f.ContextID(), "projectId": strconv.Itoa(p.ID)})
		}
	}
	return c.platformPage(all)
}

// optionOf renders the option in a place.
func optionOf(f *world.Field, i int) obj {
	return obj{"id": world.OptionID(f, i), "value": f.Options[i], "disabled": slices.Contains(f.Disabled, f.Options[i])}
}

func getFieldOptions(c *call) (reply, error) {
	f, err := c.optionField()
	if err != nil {
		return reply{}, err
	}
	all := []any{}
	for _, i := range f.Listed() {
		all = append(all, optionOf(f, i))
	}
	return c.platformPage(all)
}

type optionChange struct {
	ID       string  `json:"id"`
	Value    *string `json:"value"`
	Disabled *bool   `json:"disabled"`
}

// changedOptions reads the options that a call brings.
func (c *call) changedOptions() (*world.Field, []world.Option, error) {
	f, err := c.optionField()
	if err != nil {
		return nil, nil, err
	}
	var in struct{ Options []optionChange }
	if err := c.decode(&in, false); err != nil {
		return nil, nil, err
	}
	if f.Global {
		return nil, nil, refuse(http.StatusBadRequest, "The options of a global context can't be changed.")
	}
	out := make([]world.Option, len(in.Options))
	for i, o := range in.Options {
		out[i] = world.Option(o)
	}
	return f, out, nil
}

func addFieldOptions(c *call) (reply, error) {
	f, add, err := c.changedOptions()
	if err != nil {
		return reply{}, err
	}
	first := len(f.Options)
	if err := c.site.AddOptions(f, add); err != nil {
		return reply{}, err
	}
	made := []any{}
	for i := first; i < len(f.Options); i++ {
		made = append(made, optionOf(f, i))
	}
	return ok(obj{"options": made}), nil
}

// changeFieldOptions changes all of the options that a call names, or none.
func changeFieldOptions(c *call) (reply, error) {
	f, change, err := c.changedOptions()
	if err != nil {
		return reply{}, err
	}
	changed, there, err := c.site.ChangeOptions(f, change)
	switch {
	case err != nil:
		return reply{}, err
	case !there:
		return reply{}, refuse(http.StatusNotFound, "One or more options were not found.")
	}
	out := []any{}
	for _, i := range changed {
		out = append(out, optionOf(f, i))
	}
	return ok(obj{"options": out}), nil
}

func moveFieldOptions(c *call) (reply, error) {
	f, err := c.optionField()
	if err != nil {
		return reply{}, err
	}
	var in struct {
		CustomFieldOptionIDs []string `json:"customFieldOptionIds"`
		After, Position      string
	}
	if err := c.decode(&in, false); err != nil {
		return reply{}, err
	}
	if f.Global || len(in.CustomFieldOptionIDs) == 0 {
		return reply{}, refuse(http.StatusBadRequest, "The options can't be moved.")
	}
	there, err := c.site.MoveOptions(f, in.CustomFieldOptionIDs, in.After, in.Position)
	if err == nil && !there {
		err = refuse(http.StatusNotFound, "One or more options were not found.")
	}
	return noContent(), err
}
