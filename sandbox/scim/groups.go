package scim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/elimity-com/scim"
	"github.com/elimity-com/scim/errors"
	filter "github.com/scim2/filter-parser/v2"
)

// groups serves groups, whose members alone can be changed here.
type groups struct{ s *Server }

// Create implements scim.ResourceHandler.
func (groups) Create(*http.Request, scim.ResourceAttributes) (scim.Resource, error) {
	return scim.Resource{}, notModelled()
}

// Replace implements scim.ResourceHandler.
func (groups) Replace(*http.Request, string, scim.ResourceAttributes) (scim.Resource, error) {
	return scim.Resource{}, notModelled()
}

// Delete implements scim.ResourceHandler.
func (groups) Delete(*http.Request, string) error { return notModelled() }

// Get implements scim.ResourceHandler.
func (h groups) Get(r *http.Request, id string) (scim.Resource, error) {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	g := h.s.group(id)
	if g == nil {
		return scim.Resource{}, errors.ScimErrorResourceNotFound(id)
	}
	return h.s.shownGroup(r, h.s.seen(g)), nil
}

// GetAll implements scim.ResourceHandler.
func (h groups) GetAll(r *http.Request, asked scim.ListRequestParams) (scim.Page, error) {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	var all []scim.Resource
	for _, g := range h.s.groups {
		all = append(all, h.s.shownGroup(r, g))
	}
	return h.s.page(r, all, asked)
}

// shownGroup is a group as the API shows it. The caller holds the lock.
func (s *Server) shownGroup(r *http.Request, g *Group) scim.Resource {
	attributes := scim.ResourceAttributes{"displayName": g.Name}
	if g.Source != "" {
		attributes[GroupExtension] = map[string]any{"source": g.Source}
	}
	asked := strings.Contains(r.URL.Query().Get("attributes"), "members")
	switch {
	case s.cfg.HideMembers:
		attributes["members"] = []any{}
	case strings.Contains(r.URL.Query().Get("excludedAttributes"), "members"), s.cfg.OmitMembers && !asked:
	case len(g.Members)+len(g.Nested) > 0:
		var members []any
		for _, id := range g.Members {
			members = append(members, map[string]any{"value": id, "$ref": "Users/" + id, "type": "User"})
		}
		for _, id := range g.Nested {
			members = append(members, map[string]any{"value": id, "$ref": "Groups/" + id, "type": "Group"})
		}
		attributes["members"] = members
	}
	shown := scim.Resource{ID: g.ID, Attributes: attributes}
	if !s.cfg.NoVersions {
		shown.Meta.Version = version(g)
	}
	return shown
}

func version(g *Group) string { return fmt.Sprintf(`W/"%d"`, g.version) }

// Patch implements scim.ResourceHandler. The whole request counts, or nothing of it.
func (h groups) Patch(r *http.Request, id string, ops []scim.PatchOperation) (scim.Resource, error) {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	g := h.s.group(id)
	switch {
	case h.s.cfg.NoPatch:
		return scim.Resource{}, errors.ScimError{Status: http.StatusNotImplemented, Detail: "PATCH is not supported"}
	case g == nil:
		return scim.Resource{}, errors.ScimErrorResourceNotFound(id)
	case g.Source != "":
		return scim.Resource{}, errors.ScimErrorMutability
	}
	if h.s.meddle[id] > 0 {
		h.s.meddle[id]--
		g.version++
	}
	if match := r.Header.Get("If-Match"); match != "" && match != version(g) {
		return scim.Resource{}, errors.ScimError{Status: http.StatusPreconditionFailed, Detail: "the resource has changed"}
	}
	h.s.remember(g)
	changed := *g
	for _, op := range ops {
		if err := h.s.apply(&changed, op); err != nil {
			return scim.Resource{}, err
		}
	}
	if !g.sticky || len(changed.Members) > len(g.Members) {
		*g = changed
	}
	if h.s.cfg.NoContent {
		return scim.Resource{}, nil
	}
	return h.s.shownGroup(r, g), nil
}

// apply carries one operation out.
func (s *Server) apply(g *Group, op scim.PatchOperation) error {
	if op.Path == nil || !strings.EqualFold(op.Path.AttributePath.AttributeName, "members") {
		return notModelled()
	}
	switch op.Op {
	case scim.PatchOperationAdd:
		return s.add(g, op)
	case scim.PatchOperationRemove:
		return s.remove(g, op)
	}
	return notModelled()
}

func (s *Server) add(g *Group, op scim.PatchOperation) error {
	for _, id := range valuesOf(op.Value) {
		switch {
		case s.user(id) != nil:
			g.set(id, true)
		case !s.cfg.DropUnknown:
			return errors.ScimErrorInvalidValue
		}
	}
	return nil
}

// remove takes out whom the filter in the path names. A path without one means all members (RFC 7644, 3.5.2.2),
// also if there is a value beside it, except on a server that reads that.
func (s *Server) remove(g *Group, op scim.PatchOperation) error {
	if op.Path.ValueExpression == nil {
		if s.cfg.NeedsArray {
			for _, id := range valuesOf(op.Value) {
				g.set(id, false)
			}
			return nil
		}
		g.Members, g.version = nil, g.version+1
		return nil
	}
	e, simple := op.Path.ValueExpression.(*filter.AttributeExpression)
	value, text := "", false
	if simple {
		value, text = e.CompareValue.(string)
	}
	if s.cfg.NeedsArray || !text || e.Operator != filter.EQ || e.AttributePath.AttributeName != "value" {
		return errors.ScimErrorInvalidPath
	}
	if !slices.Contains(g.Members, value) {
		return errors.ScimErrorNoTarget
	}
	g.set(value, false)
	return nil
}

// valuesOf are the ids in a list of members.
func valuesOf(list any) (ids []string) {
	all, _ := list.([]any)
	for _, one := range all {
		if m, ok := one.(map[string]any); ok {
			id, _ := m["value"].(string)
			ids = append(ids, id)
		}
	}
	return ids
}
